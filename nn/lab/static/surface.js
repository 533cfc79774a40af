// What the network answers everywhere, and what each hidden unit has learned to see.
import { useEffect, useRef } from "./vendor/hooks.js";
import { html } from "./view.js";
import { short } from "./data.js";

const SIDE = 36;

function bounds(run) {
  const found = [];
  for (let axis = 0; axis < 2; axis++) {
    let [low, high] = [Infinity, -Infinity];
    for (let i = 0; i < run.n; i++) { low = Math.min(low, run.x[i * 2 + axis]); high = Math.max(high, run.x[i * 2 + axis]); }
    const room = (high - low || 1) * 0.2;
    found.push([low - room, high + room]);
  }
  return found;
}

/** The program over a grid of points: the very calls that train, run up to the output. */
function grid(run) {
  if (run.gridded?.listing === run.listing) return run.gridded;
  const parameters = new Float64Array(run.names.length), machine = run.pass(SIDE * SIDE, parameters, new Float64Array(parameters.length));
  const [[left, right], [low, high]] = bounds(run), points = [];
  for (let i = 0; i < SIDE; i++) for (let j = 0; j < SIDE; j++) points.push(left + ((j + 0.5) * (right - left)) / SIDE, high - ((i + 0.5) * (high - low)) / SIDE);
  machine.fill("x", points);
  const output = machine.names.get("output"), upto = machine.calls.findLastIndex((call) => call.out === output) + 1;
  return (run.gridded = { listing: run.listing, machine, parameters, upto, output, bounds: [[left, right], [low, high]] });
}

function paint(canvas, numbers, middle, reach) {
  const context = canvas.getContext("2d"), image = context.createImageData(SIDE, SIDE);
  for (let i = 0; i < SIDE * SIDE; i++) {
    const share = Math.max(-1, Math.min(1, (numbers(i) - middle) / reach)), strength = Math.abs(share) || 0;
    const to = share < 0 ? [217, 116, 30] : [52, 120, 200];
    for (let k = 0; k < 3; k++) image.data[4 * i + k] = 247 + (to[k] - 247) * strength;
    image.data[4 * i + 3] = 255;
  }
  context.putImageData(image, 0, 0);
}

export function Surface({ pane }) {
  const run = pane.run, { parameters } = pane.shown.value, { lab } = pane, canvases = useRef(new Map());
  const flat = run.features === 2;
  const layers = run.settings.hidden;
  useEffect(() => {
    if (!flat) return;
    const made = grid(run);
    made.parameters.set(parameters);
    made.machine.run(0, made.upto);
    const out = made.machine.view(made.output), k = run.outputs;
    const draw = (key, numbers, middle, reach) => canvases.current.get(key) && paint(canvases.current.get(key), numbers, middle, reach);
    const classes = k > 1;
    draw("out", (i) => (classes ? Math.max(...Array.from({ length: k }, (_, j) => out.memory[out.at[i * k + j]])) - 0.5 + 0.5 : out.memory[out.at[i]]), run.settings.head === 2 ? 0 : 0.5, run.settings.head === 2 ? 1 : 0.5);
    layers.forEach(([, units], index) => {
      const row = run.listing.rows.find(({ name }) => name === `a${index + 1}`), view = made.machine.view(row.view);
      for (let unit = 0; unit < units; unit++) {
        let most = 1e-9;
        for (let i = 0; i < SIDE * SIDE; i++) most = Math.max(most, Math.abs(view.memory[view.at[i * units + unit]]));
        draw(`${index}.${unit}`, (i) => view.memory[view.at[i * units + unit]], 0, most);
      }
    });
  });
  const keep = (key) => (canvas) => { canvas ? canvases.current.set(key, canvas) : canvases.current.delete(key); };
  const made = flat && grid(run), at = (i, axis) => { const [low, high] = made.bounds[axis]; const share = (run.x[i * 2 + axis] - low) / (high - low); return 100 * (axis ? 1 - share : share); };
  const outputs = pane.explained.value.whole, out = outputs.read(outputs.names.get("output")), k = run.outputs;
  const target = (i) => (k === 1 ? short(run.y[i]) : [...run.y.slice(i * k, i * k + k)].indexOf(1));
  const answer = (i) => (k === 1 ? short(out[i]) : [...out.slice(i * k, i * k + k)].map(short).join(", "));
  const few = Math.min(run.n, lab.every?.value ? run.n : 8);
  return html`<section class="card" aria-label="Answers"><h2>What it answers</h2>
    ${flat ? html`<div class="surface"><canvas ref=${keep("out")} width=${SIDE} height=${SIDE} role="img" aria-label="The answer over the plane of both inputs: blue is 1, orange is 0. The table below has the answers for the samples."></canvas>
      <svg viewBox="0 0 100 100" aria-hidden="true">${Array.from({ length: run.n }, (_, i) => { const yes = k === 1 ? run.y[i] > 0.5 : target(i) > 0; return yes ? html`<circle key=${i} class=${lab.sample.value === i ? "chosen" : ""} cx=${at(i, 0)} cy=${at(i, 1)} r="1.8" />` : html`<rect key=${i} class=${lab.sample.value === i ? "chosen" : ""} x=${at(i, 0) - 1.6} y=${at(i, 1) - 1.6} width="3.2" height="3.2" />`; })}</svg></div>
      <p class="legend"><span class="dot"></span> target 1 <span class="square"></span> target 0; blue answers 1, orange 0.</p>
      <div class="features" role="group" aria-label="What each hidden unit answers">${layers.flatMap(([, units], index) => Array.from({ length: units }, (_, unit) => html`<figure key=${`${index}.${unit}`}><canvas ref=${keep(`${index}.${unit}`)} width=${SIDE} height=${SIDE} role="img" aria-label=${`unit ${unit} of hidden layer ${index + 1} over the plane`}></canvas><figcaption>${layers.length > 1 ? `${index + 1}.` : ""}h${unit}</figcaption></figure>`))}</div>` : html`<p class="hint">A surface needs two inputs; this data has ${run.features}.</p>`}
    <table class="plain"><caption>Samples, targets and answers; choose one to see its numbers</caption><thead><tr><th scope="col">sample</th><th scope="col">x</th><th scope="col">target</th><th scope="col">answer</th></tr></thead><tbody>
    ${Array.from({ length: few }, (_, i) => html`<tr key=${i} class=${lab.sample.value === i ? "marked" : ""}><td><button type="button" aria-pressed=${lab.sample.value === i} onClick=${() => { lab.sample.value = lab.sample.value === i ? -1 : i; lab.number.value = null; }}>${i + 1}</button></td>
      <td>${[...run.x.slice(i * run.features, (i + 1) * run.features)].map(short).join(", ")}</td><td>${target(i)}</td><td>${answer(i)}</td></tr>`)}</tbody></table>
    ${few < run.n ? html`<button type="button" onClick=${() => { lab.every.value = true; }}>${run.n - few} more samples</button>` : ""}
  </section>`;
}
