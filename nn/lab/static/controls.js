// The clock and everything that can be set.
import { html } from "./view.js";
import { labelled, parsed, short } from "./data.js";
import { SPEEDS } from "./state.js";
import { useRef, useState } from "./vendor/hooks.js";

const RATES = [0.001, 0.01, 0.03, 0.1, 0.3, 0.5, 1, 3, 10, 100];
const NAMES = ["yes or no: sigmoid, cross-entropy", "classes: softmax, cross-entropy", "a number: identity, squared error"];

export function Clock({ lab }) {
  const pane = lab.panes.value[0], { run } = pane, shown = pane.shown.value, each = (act) => () => { for (const one of lab.panes.value) act(one); };
  const play = () => { lab.playing.value = !lab.playing.value; };
  const stop = (act) => () => { lab.playing.value = false; each(act)(); };
  return html`<div class="clock" role="toolbar" aria-label="Clock">
    <button type="button" class="main" id="play" onClick=${play}>${lab.playing.value ? "Pause" : "Play"}</button>
    <button type="button" onClick=${stop((one) => one.seek(one.step.value - one.run.stride))} disabled=${shown.step <= run.first}>Back</button>
    <button type="button" onClick=${stop((one) => one.forward(1))}>Step</button>
    <label>Speed <select value=${lab.speed.value} onChange=${(event) => { lab.speed.value = Number(event.target.value); }}>${SPEEDS.map((speed, index) => html`<option key=${index} value=${index} selected=${index === lab.speed.value}>${Number.isFinite(speed) ? `${speed} a second` : "as fast as it can"}</option>`)}</select></label>
    <label class="scrub">Step <input type="range" min=${run.first} max=${run.last} step=${run.stride} value=${shown.step} onInput=${(event) => { lab.playing.value = false; for (const one of lab.panes.value) one.seek(Number(event.target.value)); }} /><output>${shown.step} of ${run.last}</output></label>
    <button type="button" onClick=${stop((one) => one.rewind())} title="Back to the same first weights; settings stay">Rewind</button>
  </div>`;
}

export function Facts({ pane }) {
  const { run } = pane, shown = pane.shown.value, { diverged } = run;
  return html`<p class="facts"><span>step <b>${shown.step}</b></span> <span>loss <b>${short(shown.loss)}</b></span> ${run.settings.head === 2 ? "" : html`<span>accuracy <b>${(100 * shown.accuracy).toFixed(1)} %</b></span>`} <span>${run.n} samples</span> <span>${run.names.length} parameters</span>
    ${diverged ? html`<strong class="bad" role="alert">diverged at step ${diverged.step} because ${diverged.why}</strong>` : ""}</p>`;
}

const field = (name, control) => html`<label>${name}${control}</label>`;
const choice = (pane, name, options, value, act) => field(name, html`<select onChange=${(event) => act(event.target.value)}>${options.map(([key, text]) => html`<option key=${key} value=${key} selected=${String(key) === String(value)}>${text}</option>`)}</select>`);

export function Settings({ pane }) {
  pane.chosen.value; // drawn again when a setting changes, not with every step: a half-typed number must stay
  const { run, lab } = pane, { settings } = run, set = (name) => (value) => pane.set({ [name]: value });
  const number = (name, text, least, most, step) => field(text, html`<input type="number" min=${least} max=${most} step=${step} value=${settings[name]} onChange=${(event) => { const value = Number(event.target.value); if (event.target.value !== "" && value >= least && value <= most) set(name)(value); else { lab.said.value = `${text}: allowed are ${least} to ${most}.`; event.target.value = settings[name]; } }} />`);
  const layers = (hidden) => pane.set({ hidden });
  const curvature = () => {
    const found = run.curvature(pane.step.value), edge = { sgd: 2, momentum: 3.8 }[settings.optimiser];
    lab.said.value = edge && found > 0 ? `The largest curvature here is ${short(found)}: a rate above ${edge} / curvature = ${short(edge / found)} overshoots.` : `The largest curvature here is ${short(found)}.`;
  };
  return html`<details class="card settings" open><summary><h2>Settings</h2></summary><div class="fields">
    ${choice(pane, "Data", [...Object.keys(lab.menu.data).map((name) => [name, name]), ...(settings.own ? [["own", "your own"]] : [])], settings.own ? "own" : settings.data, (value) => { if (value !== "own") pane.set({ data: value, own: null, head: 0 }); })}
    ${number("noise", "Noise (share of labels)", 0, 0.5, 0.05)}
    ${number("seed", "Seed", 0, 999999, 1)}
    ${choice(pane, "First weights", Object.keys(lab.menu.inits).map((name) => [name, name]), settings.init, set("init"))}
    ${choice(pane, "Learns", NAMES.map((text, index) => [index, text]).filter(([index]) => (run.outputs > 1 ? index > 0 : index !== 1)), settings.head, (value) => set("head")(Number(value)))}
    ${choice(pane, "Optimiser", Object.keys(lab.menu.optimisers).map((name) => [name, name]), settings.optimiser, set("optimiser"))}
    ${number("rate", "Learning rate", 1e-6, 1e6, "any")}
    <label>Usual rates<select onChange=${(event) => event.target.value && set("rate")(Number(event.target.value))}><option value="">choose</option>${RATES.map((rate) => html`<option key=${rate} value=${rate} selected=${rate === settings.rate}>${rate}</option>`)}</select></label>
    ${number("l1", "L1 penalty", 0, 1, "any")}${number("l2", "L2 penalty", 0, 1, "any")}
    <fieldset><legend>Hidden layers</legend>${settings.hidden.map(([name, units], index) => html`<span class="layer" key=${index}>
      <select aria-label=${`activation of hidden layer ${index + 1}`} onChange=${(event) => layers(settings.hidden.map((layer, i) => (i === index ? [event.target.value, layer[1]] : layer)))}>${["tanh", "relu", "sigmoid", "gelu"].map((each) => html`<option key=${each} selected=${each === name}>${each}</option>`)}</select>
      <input type="number" min="1" max="16" value=${units} aria-label=${`units of hidden layer ${index + 1}`} onChange=${(event) => { const value = Math.round(Number(event.target.value)); if (value >= 1 && value <= 16) layers(settings.hidden.map((layer, i) => (i === index ? [layer[0], value] : layer))); else event.target.value = units; }} />
      <button type="button" aria-label=${`remove hidden layer ${index + 1}`} onClick=${() => layers(settings.hidden.filter((_, i) => i !== index))}>−</button></span>`)}
      <button type="button" disabled=${settings.hidden.length >= 3} onClick=${() => layers([...settings.hidden, settings.hidden.at(-1) ?? ["tanh", 4]])}>add a layer</button></fieldset>
    <div class="actions"><button type="button" onClick=${curvature}>Measure the curvature</button></div></div>
    ${run.foreign ? html`<p class="hint">${run.foreign} first weights of this seed were drawn by the page, not by numpy.</p>` : ""}
    <${Own} pane=${pane} /></details>`;
}

/** Own data: drawn, pasted or dropped as a file. */
function Own({ pane }) {
  const { lab } = pane, text = useRef(null), points = useRef([]), [kind, paint] = useState(0), [count, drawn] = useState(0);
  const use = (make) => {
    try {
      const made = make();
      const own = { x: [...made.x], y: [...made.y], features: made.features, outputs: made.outputs };
      pane.set({ own, head: made.head });
      lab.said.value = made.said;
    } catch (error) { lab.said.value = error.message; }
  };
  const read = async (file) => {
    if (!file) return;
    if (file.size > 2e6) { lab.said.value = "The file is larger than 2 MB."; return; }
    text.current.value = await file.text();
    use(() => parsed(text.current.value));
  };
  const draw = (event) => {
    const box = event.currentTarget.getBoundingClientRect();
    points.current.push([(event.clientX - box.left) / box.width, 1 - (event.clientY - box.top) / box.height, kind]);
    drawn(points.current.length);
  };
  return html`<details class="own" onDragOver=${(event) => event.preventDefault()} onDrop=${(event) => { event.preventDefault(); read(event.dataTransfer.files[0]); }}><summary>Your own data</summary>
    <label>Paste one sample a line; the last column is learned. Or drop a CSV file here.<textarea ref=${text} rows="4" placeholder="0.1, 0.9, yes"></textarea></label>
    <div class="actions"><button type="button" onClick=${() => use(() => parsed(text.current.value))}>Use these samples</button><label class="file">File <input type="file" accept=".csv,.tsv,.txt,text/*" onChange=${(event) => read(event.target.files[0])} /></label></div>
    <div class="actions"><span>Draw samples of class</span>${[0, 1, 2].map((each) => html`<button key=${each} type="button" aria-pressed=${kind === each} onClick=${() => paint(each)}>${each}</button>`)}</div>
    <svg class="board" viewBox="0 0 100 100" role="img" aria-label=${`a board with ${count} samples; keyboard users paste instead`} onPointerDown=${draw}>${points.current.map(([x, y, label], index) => html`<circle key=${index} class=${`class${label}`} cx=${100 * x} cy=${100 * (1 - y)} r="2.4" />`)}</svg>
    <div class="actions"><button type="button" disabled=${count < 2} onClick=${() => use(() => labelled(points.current.map(([x, y]) => [x, y]), points.current.map(([, , label]) => label)))}>Use the ${count} drawn</button><button type="button" onClick=${() => { points.current = []; drawn(0); }}>Clear</button></div></details>`;
}
