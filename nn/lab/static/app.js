// The page: everything about one run, or two side by side, under one clock.
import { render as draw } from "./vendor/preact.js";
import { html } from "./view.js";
import { Charts } from "./charts.js";
import { Clock, Facts, Settings } from "./controls.js";
import { Computation } from "./panel.js";
import { Network } from "./network.js";
import { Surface } from "./surface.js";
import { unsqueezed } from "./data.js";
import { createLab, restored, SPEEDS } from "./state.js";

function copied(lab, text, said) {
  navigator.clipboard?.writeText(text).then(() => { lab.said.value = said; }, () => { lab.said.value = "The browser did not let the page copy; the address has it."; });
}

function link(lab) {
  const hash = `#state=${encodeURIComponent(btoa(JSON.stringify(lab.panes.value[0].state())))}`;
  try { history.replaceState(null, "", hash); } catch { location.hash = hash; }
  copied(lab, location.href, "The address now holds this very state; it was copied.");
}

function saved(lab) {
  const { run } = lab.panes.value[0], shown = lab.panes.value[0].shown.value;
  const named = (numbers) => Object.fromEntries(run.names.map((name, place) => [name, numbers[place]]));
  const data = { schema: 1, settings: run.settings, layer_sizes: run.widths, step: shown.step, loss: shown.loss, accuracy: shown.accuracy, parameters: named(shown.parameters), gradient: named(shown.gradient), x: [...run.x], y: [...run.y] };
  const address = URL.createObjectURL(new Blob([JSON.stringify(data, null, 1)], { type: "application/json" }));
  Object.assign(document.createElement("a"), { href: address, download: `run-step-${shown.step}.json` }).click();
  setTimeout(() => URL.revokeObjectURL(address), 1000);
}

function Page({ lab }) {
  const panes = lab.panes.value, two = panes.length > 1;
  return html`<a class="skip" href="#computation">Go to the computation</a>
    <header><h1>nn lab</h1>${panes.map((pane, index) => html`<${Facts} key=${index} pane=${pane} />`)}<${Clock} lab=${lab} />
      <div class="actions"><button type="button" aria-pressed=${two} onClick=${() => lab.compare(!two)}>Two runs side by side</button><button type="button" onClick=${() => link(lab)}>Link to this state</button><button type="button" onClick=${() => saved(lab)}>Save as JSON</button>${lab.server ? html`<button type="button" onClick=${() => train(lab)}>Train with Python</button>` : ""}</div>
      <p class="said" role="status">${lab.said.value}</p></header>
    <main class=${two ? "two" : ""}>${panes.map((pane, index) => html`<div class="run" key=${index} role="group" aria-label=${`Run ${index + 1}`}>${two ? html`<h2>Run ${index + 1}</h2>` : ""}
      <${Settings} pane=${pane} /><${Network} pane=${pane} /><${Surface} pane=${pane} /><${Charts} pane=${pane} />
      ${index === 0 ? html`<div id="computation" class="wide" tabindex="-1"><${Computation} pane=${pane} /></div>` : ""}</div>`)}</main>`;
}

/** Ask the server now and then whether it is there; the page has all that it needs and goes on without it. */
function watch(lab) {
  let lost = false;
  setInterval(async () => {
    const there = await fetch("alive").then((answer) => answer.ok, () => false);
    if (there === !lost) return;
    lost = !there;
    lab.said.value = lost ? "The server is gone. The page keeps what it has and goes on training by itself." : "The server is back.";
  }, 1000);
}

/** Let numpy train with the present settings, and show what it recorded. */
async function train(lab) {
  const pane = lab.panes.value[0], { settings } = pane.run;
  if (settings.own || settings.head || settings.noise || settings.l1 || settings.l2) { lab.said.value = "Python trains the shipped data, yes or no, without noise and penalties."; return; }
  const wanted = { data: settings.data, units: settings.hidden.map(([, units]) => units), hidden: settings.hidden.map(([name]) => name), optimiser: settings.optimiser, rate: settings.rate, seed: settings.seed, steps: 1000 };
  lab.said.value = "Python is training.";
  try {
    const answer = await (await fetch("recording", { method: "POST", body: JSON.stringify(wanted) })).json();
    if (!answer.ok) throw new Error(answer.message);
    pane.run = restored(lab.menu, answer);
    pane.chosen.value++; pane.changed(); pane.seek(0);
    lab.said.value = "These are the steps of numpy.";
  } catch (error) { lab.said.value = `Python did not train: ${error.message}`; }
}

/** Let time pass while it plays: so many steps a second, and never longer than a frame may take. */
function pace(lab) {
  let owed = 0, before = performance.now();
  const frame = (now) => {
    const speed = SPEEDS[lab.speed.peek()], passed = Math.min(0.1, (now - before) / 1000);
    before = now;
    if (lab.playing.peek() && document.visibilityState === "visible") {
      owed = Number.isFinite(speed) ? owed + speed * passed : 1;
      if (owed >= 1) {
        const count = Math.floor(owed), end = performance.now() + 10;
        owed = Number.isFinite(speed) ? owed - count : 0;
        for (const pane of lab.panes.peek()) {
          if (Number.isFinite(speed)) pane.forward(count);
          else { while (performance.now() < end && !pane.run.diverged) pane.run.train(20); pane.changed(); pane.seek(pane.run.last); }
        }
        if (lab.panes.peek().every((pane) => pane.run.diverged && pane.step.peek() >= pane.run.last)) lab.playing.value = false;
      }
    } else owed = 0;
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
}

/** Show a lab in `root`; `kept` is a recorded run, or the state that a link holds. */
export function show(root, menu, kept, server = false) {
  const lab = createLab(menu, kept);
  lab.server = server;
  if (server) watch(lab);
  draw(html`<${Page} lab=${lab} />`, root);
  pace(lab);
  return lab;
}

/** Begin from the data that the page carries, and from the state in its address. */
export async function begin(root, text) {
  const { menu, kept } = await unsqueezed(text);
  let state = kept, said = "";
  const hash = /^#state=(.+)$/.exec(location.hash);
  if (hash) {
    try { state = JSON.parse(atob(decodeURIComponent(hash[1]))); } catch { said = "The link is damaged; the page begins as it was saved."; }
  }
  let lab;
  try { lab = show(root, menu, state, Boolean(kept.server)); } catch (error) { said = `The state cannot be restored: ${error.message}`; root.textContent = ""; lab = show(root, menu, {}, Boolean(kept.server)); }
  lab.said.value = said;
  addEventListener("keydown", (event) => {
    if (event.target.closest?.("input, select, textarea, button, [role=button]")) return;
    const pane = lab.panes.value[0];
    if (event.key === " ") { event.preventDefault(); lab.playing.value = !lab.playing.value; }
    if (event.key === "ArrowRight") pane.forward(1);
    if (event.key === "ArrowLeft") pane.seek(pane.step.value - 1);
  });
  return lab;
}
