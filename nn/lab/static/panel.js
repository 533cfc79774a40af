// The computation panel: forward, loss, backward and update of the shown step, formula first, then every number.
import { html, Formula, Numbers, Value } from "./view.js";
import { label, origin } from "./inspect.js";
import { short } from "./data.js";

/** The rows of the story in the order in which they are computed, the update last. */
export function story(pane) {
  const { rows, pass, whole, update, moved, formulas } = pane.explained.value;
  const told = rows.filter(({ phase }) => phase !== "input").map((row) => ({ ...row, machine: row.phase === "backward" && pass !== whole ? pass : pass, values: pass.view(row.total ?? row.view) }));
  const merged = told.filter((row, index) => row.phase !== "backward" || told.findLastIndex(({ name }) => name === row.name) === index);
  const params = Object.keys(pane.run.listing.parameters).map((name) => {
    const view = whole.view(rows.find((row) => row.name === name).view);
    return { phase: "update", name, formulas, values: { memory: moved.memory, shape: view.shape, at: view.at.map((place) => moved.at[place]) }, read: [] };
  });
  return [...merged, ...params];
}

const PHASES = { forward: "Forward: from the inputs to the loss", backward: "Backward: how the loss changes with each number", update: "Update: the next parameters" };

export function Computation({ pane }) {
  const { lab } = pane, all = story(pane), inner = lab.inner.value, shown = pane.shown.value;
  const upto = inner === null ? all.length : inner + 1;
  const chosen = lab.chosen.value, unit = lab.unit.value;
  const mark = (row) => (at) => {
    const place = row.name.replace(/^dL\/d/, "") + at;
    if (chosen && (place === chosen || row.name + at === chosen)) return true;
    const found = /^(?:dL\/d)?([az])(\d+)$/.exec(row.name), edge = /^[Wb](\d+)\[(?:\d+,)?(\d+)\]$/.exec(chosen ?? "");
    const [layer, column] = unit ?? (edge ? [Number(edge[1]), Number(edge[2])] : []);
    return found && Number(found[2]) === layer && at.endsWith(`,${column}]`);
  };
  const group = (phase) => all.map((row, index) => [row, index]).filter(([row, index]) => row.phase === phase && index < upto);
  const n = lab.sample.value >= 0 ? 1 : pane.run.n;
  return html`<section class="card wide" aria-label="Computation"><h2>How step ${shown.step} is computed</h2>
    <p class="hint">${lab.sample.value >= 0 ? `Forward and backward of sample ${lab.sample.value + 1} alone (n = 1); the update uses all ${pane.run.n} samples.` : `All ${n} samples at once; choose a sample above to see it alone.`} Press a number to see where it comes from.</p>
    <div class="inner" role="group" aria-label="Step inside the step">
      <button type="button" onClick=${() => { lab.inner.value = inner === null ? 0 : Math.max(0, inner - 1); }}>‹ part</button>
      <button type="button" onClick=${() => { lab.inner.value = inner === null ? 0 : inner + 1 >= all.length ? (pane.forward(1), 0) : inner + 1; }}>part ›</button>
      <button type="button" aria-pressed=${inner === null} onClick=${() => { lab.inner.value = null; }}>whole step</button>
      <span role="status">${inner === null ? "" : `part ${inner + 1} of ${all.length}: ${all[Math.min(inner, all.length - 1)].name}`}</span></div>
    <${Chosen} pane=${pane} /><${Origin} pane=${pane} />
    ${Object.entries(PHASES).map(([phase, title]) => html`<details key=${phase} open><summary><h3>${title}</h3></summary>
      ${group(phase).map(([row, index]) => html`<article key=${row.name} class=${inner === index ? "row now" : "row"}>
        <div class="formula" role="group" tabindex="0" aria-label=${`formula of ${row.name}`}>${row.formulas ? row.formulas.map((text) => (text.includes(" = ") ? html`<${Formula} left=${text.split(" = ")[0]} text=${text.split(" = ")[1].replace(/\bg\b/g, `dL/d${row.name}`)} />` : html`<${Formula} left=${`${row.name}`} text=${text.replace(/\bw\b/g, row.name).replace(/\bg\b/g, `dL/d${row.name}`)} />`)) : html`<${Formula} left=${row.name} text=${row.formula} />`}</div>
        ${row.note ? html`<p class="hint">${row.note}</p>` : ""}
        <${Numbers} lab=${lab} view=${row.values} name=${row.name} mark=${mark(row)} /></article>`)}</details>`)}
  </section>`;
}

/** The chosen weight or bias through the whole step: what it is, its gradient, what it becomes; each number opens. */
function Chosen({ pane }) {
  const { lab } = pane, { whole, parameters, moved, rows } = pane.explained.value, place = pane.run.names.indexOf(lab.chosen.value);
  if (place < 0) return null;
  const gradient = whole.buffers[whole.view(whole.names.get("gradient")).buffer];
  const name = lab.chosen.value;
  return html`<p class="chosen-line"><strong>${name}</strong> is <${Value} lab=${lab} memory=${parameters} place=${place} name=${name} />, its gradient <${Value} lab=${lab} memory=${gradient} place=${place} name=${`dL/d${name}`} />, after this step <${Value} lab=${lab} memory=${moved.memory} place=${moved.at[place]} name=${`${name} after the step`} /></p>`;
}

/** The opened number, taken apart; each part leads on. */
function Origin({ pane }) {
  const { lab } = pane, opened = lab.number.value, { machines, moved } = pane.explained.value;
  if (!opened) return null;
  const after = opened.memory === moved.memory ? pane.run.names[moved.at.indexOf(opened.place)] : null;
  const known = machines.some(({ machine }) => machine.buffers.includes(opened.memory));
  if (!known) return null;
  const found = origin(machines, opened.memory, opened.place);
  return html`<div class="origin" role="region" aria-live="polite" aria-label="Where the number comes from"><strong>${after ? `${after} after the step` : found.name || "a number on the way"}</strong> = ${short(found.value)}${" "}
    ${found.kind === "given" ? html`<span class="hint">is given: ${given(found.name)}</span>` : html`<span>${found.kind ? `is ${found.kind}` : "="} ${found.parts.map((part, index) => (typeof part === "string" ? html`<span key=${index} class="sign">${part}</span>` : html`<span key=${index} class="part"><${Value} lab=${lab} memory=${part.memory} place=${part.place} name=${part.name} />${part.name ? html`<small>${part.name}</small>` : ""}</span>`))}</span>`}
    <button type="button" class="close" aria-label="close" onClick=${() => { lab.number.value = null; }}>×</button></div>`;
}

function given(name) {
  if (/^[Wb]\d/.test(name)) return "the parameter as the last step left it";
  if (name.startsWith("x")) return "the sample";
  if (name.startsWith("y")) return "the target";
  if (name === "rate") return "the learning rate";
  return "it never changes";
}
