// The network drawn: units with the values of the chosen sample, edges with their weights.
import { html } from "./view.js";
import { short } from "./data.js";
import { useState } from "./vendor/hooks.js";

/** Where a parameter begins in the vector, by its name. */
export function starts(run) {
  const found = new Map();
  run.names.forEach((name, place) => found.set(name, place));
  return found;
}

function unitView(explained, layer, last) {
  const row = explained.rows.find(({ name }) => name === (layer === 0 ? "x" : `a${layer}`));
  return row && explained.pass.view(row.view);
}

export function Network({ pane }) {
  const { lab } = pane, run = pane.run, { parameters } = pane.shown.value, explained = pane.explained.value;
  const widths = run.widths, places = starts(run), width = 560, height = Math.max(200, 52 * Math.max(...widths) + 30);
  const x = (layer) => 50 + (layer * (width - 110)) / (widths.length - 1);
  const y = (layer, unit) => ((unit + 1) * height) / (widths[layer] + 1);
  const most = Math.max(1e-12, ...parameters.map(Math.abs).filter(Number.isFinite));
  const choose = (name) => () => { lab.chosen.value = name; lab.unit.value = null; };
  const key = (act) => (event) => { if (event.key === "Enter" || event.key === " ") { event.preventDefault(); act(); } };
  const edges = [], units = [];
  for (let layer = 1; layer < widths.length; layer++) for (let i = 0; i < widths[layer - 1]; i++) for (let j = 0; j < widths[layer]; j++) {
    const name = `W${layer}[${i},${j}]`, value = parameters[places.get(name)], act = choose(name);
    const kind = `edge ${value < 0 ? "minus" : "plus"} ${lab.chosen.value === name ? "chosen" : ""}`;
    edges.push(html`<g key=${name} class=${kind} role="button" tabindex="0" aria-pressed=${lab.chosen.value === name} aria-label=${`${name} = ${short(value)}`} onClick=${act} onKeyDown=${key(act)}>
      <title>${name} = ${short(value)}</title>
      <line class="hit" x1=${x(layer - 1)} y1=${y(layer - 1, i)} x2=${x(layer)} y2=${y(layer, j)} />
      <line class="seen" x1=${x(layer - 1)} y1=${y(layer - 1, i)} x2=${x(layer)} y2=${y(layer, j)} stroke-width=${0.7 + (5 * Math.abs(value)) / most || 0.7} /></g>`);
  }
  for (let layer = 0; layer < widths.length; layer++) {
    const view = unitView(explained, layer);
    for (let j = 0; j < widths[layer]; j++) {
      const value = view ? view.memory[view.at[j]] : NaN, name = layer ? `b${layer}[${j}]` : `x[${j}]`;
      const act = () => { lab.chosen.value = layer ? name : null; lab.unit.value = [layer, j]; };
      const on = lab.unit.value?.[0] === layer && lab.unit.value[1] === j;
      const written = lab.sample.value >= 0 || run.n === 1 ? short(value) : layer ? "" : `x${j}`;
      const says = written === "" ? (layer === widths.length - 1 ? "out" : `h${j}`) : written.slice(0, 5);
      units.push(html`<g key=${name} class=${`unit ${on ? "chosen" : ""}`} role="button" tabindex="0" aria-pressed=${on} aria-label=${`${says}, ${layer ? `unit ${j} of layer ${layer}, bias ${short(parameters[places.get(name)])}` : `input ${j}`}`} onClick=${act} onKeyDown=${key(act)}>
        <circle cx=${x(layer)} cy=${y(layer, j)} r="19" /><text x=${x(layer)} y=${y(layer, j) + 4}>${says}</text></g>`);
    }
  }
  const place = places.get(lab.chosen.value);
  return html`<section class="card" aria-label="Network"><h2>Network</h2>
    <svg viewBox=${`0 0 ${width} ${height}`} role="group" aria-label="The network; choose a unit or a weight">${edges}${units}</svg>
    <p class="legend"><span class="key plus"></span> positive <span class="key minus"></span> negative (dashed); thick is large.</p>
    ${place === undefined ? html`<p class="hint">Choose a line to see and change its weight, a circle for its bias.</p>` : html`<label class="edit">${lab.chosen.value}
      <input type="number" step="any" value=${parameters[place]} onChange=${(event) => { const value = Number(event.target.value); if (event.target.value !== "" && Number.isFinite(value)) pane.edit(place, value); }} /></label>`}
    <${Paths} pane=${pane} />
  </section>`;
}

/** For each path from an input to the output through one hidden layer: the product of its weights, and what cutting it does. */
function Paths({ pane }) {
  const run = pane.run, { parameters } = pane.shown.value, places = starts(run), widths = run.widths;
  const [open, toggle] = useState(false);
  if (widths.length !== 3) return null;
  const rows = [], w = Float64Array.from(parameters), machine = open && run.pass(run.n, w, new Float64Array(w.length));
  if (open) { machine.fill("x", run.x); machine.fill("y", run.y); }
  for (let i = 0; open && i < widths[0]; i++) for (let h = 0; h < widths[1]; h++) for (let o = 0; o < widths[2]; o++) {
    const [first, second] = [`W1[${i},${h}]`, `W2[${h},${o}]`];
    rows.push({ text: `x${i} → h${h} → out${o}`, product: parameters[places.get(first)] * parameters[places.get(second)], first });
  }
  const cut = (name) => {
    w.set(parameters);
    const loss = () => { machine.run(); return machine.read(machine.names.get("loss"))[0]; };
    const before = loss();
    w[places.get(name)] = 0;
    return loss() - before;
  };
  return html`<details open=${open} onToggle=${(event) => toggle(event.currentTarget.open)}><summary>Path strengths</summary><table class="plain"><caption>The product of the weights along each path, and how the loss changes without its first weight</caption>
    <thead><tr><th scope="col">path</th><th scope="col">product</th><th scope="col">loss without it</th></tr></thead>
    <tbody>${rows.sort((a, b) => Math.abs(b.product) - Math.abs(a.product)).map((row) => html`<tr key=${row.text}><td>${row.text}</td><td>${short(row.product)}</td><td>${short(cut(row.first))}</td></tr>`)}</tbody></table></details>`;
}
