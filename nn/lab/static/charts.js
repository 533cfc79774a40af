// Loss, accuracy, weights, biases and gradients over time, linked both ways with the clock and the network.
import { useEffect, useRef } from "./vendor/hooks.js";
import { html } from "./view.js";
import { short } from "./data.js";

const POINTS = 600; // more cannot be told apart on a screen
const HUES = ["#195ca8", "#be5808", "#0a7d68", "#8a3f8f", "#7a6a00", "#c2356e", "#2a8fb5", "#5b5b5b"];
const LIGHT = ["#6db0f5", "#f0a056", "#4cc9ac", "#d08bd6", "#d4c24a", "#f587b0", "#7fd0ef", "#b5b5b5"]; // on a dark ground

/** Which columns of the history a chart shows. */
export function charts(run) {
  const size = run.names.length, all = run.names.map((name, index) => ({ name, column: index }));
  const of = (letter, shift, mark) => all.filter(({ name }) => name.startsWith(letter)).map(({ name, column }) => ({ name, label: mark + name, column: column + shift }));
  return [
    { title: "Loss", series: [{ name: null, label: "loss", column: 2 * size }] },
    { title: "Accuracy", series: [{ name: null, label: "accuracy", column: 2 * size + 1 }] },
    { title: "Weights", series: of("W", 0, "") },
    { title: "Biases", series: of("b", 0, "") },
    { title: "Gradients of the weights", series: of("W", size, "dL/d") },
    { title: "Gradients of the biases", series: of("b", size, "dL/d") },
  ].filter(({ title }) => title !== "Accuracy" || run.settings.head !== 2);
}

/** Steps and values, thinned to what can be seen; the newest is always there. */
function columns(run, series) {
  const every = Math.max(1, Math.ceil(run.rows.count / POINTS)), at = [];
  for (let i = 0; i < run.rows.count; i += every) at.push(i);
  if (at.at(-1) !== run.rows.count - 1) at.push(run.rows.count - 1);
  const width = run.rows.width, memory = run.rows.memory;
  const finite = (value) => (Number.isFinite(value) ? value : null);
  return [at.map((i) => run.first + i * run.stride), ...series.map(({ column }) => at.map((i) => finite(memory[i * width + column])))];
}

/** Round numbers between two values: few enough to be read. */
export function ticks(low, high, most = 4) {
  const rough = (high - low) / most || 1, power = 10 ** Math.floor(Math.log10(rough)), step = power * ([1, 2, 5].find((each) => each * power >= rough) ?? 10);
  const found = [];
  for (let value = Math.ceil(low / step) * step; value <= high + step * 1e-9; value += step) found.push(Number(value.toPrecision(12)));
  return found;
}

const LEFT = 44, BOTTOM = 20, TOP = 6, RIGHT = 8, HEIGHT = 150;

/** Where a value lies on the canvas, in both directions. */
function scales(data, width) {
  const steps = data[0], all = data.slice(1).flat().filter((value) => value !== null);
  let [low, high] = all.reduce(([l, h], value) => [Math.min(l, value), Math.max(h, value)], [Infinity, -Infinity]);
  if (!(low < high)) [low, high] = Number.isFinite(low) ? [low - 0.5, low + 0.5] : [0, 1];
  const [first, last] = [steps[0], Math.max(steps.at(-1), steps[0] + 1)], across = width - LEFT - RIGHT, down = HEIGHT - TOP - BOTTOM;
  return { low, high, first, last, x: (step) => LEFT + ((step - first) / (last - first)) * across, y: (value) => TOP + ((high - value) / (high - low)) * down, step: (x) => first + ((x - LEFT) / across) * (last - first) };
}

function paint(canvas, data, chart, chosen) {
  const width = canvas.clientWidth || 300, dense = globalThis.devicePixelRatio || 1, context = canvas.getContext("2d"), at = scales(data, width), ink = getComputedStyle(canvas).color;
  const hues = matchMedia("(prefers-color-scheme: dark)").matches ? LIGHT : HUES;
  canvas.width = width * dense; canvas.height = HEIGHT * dense;
  context.scale(dense, dense);
  context.font = "11px system-ui"; context.fillStyle = ink; context.strokeStyle = "rgba(128,128,128,.3)";
  const line = (x1, y1, x2, y2) => { context.beginPath(); context.moveTo(x1, y1); context.lineTo(x2, y2); context.stroke(); };
  context.textAlign = "right";
  for (const value of ticks(at.low, at.high)) { line(LEFT, at.y(value), width - RIGHT, at.y(value)); context.fillText(short(value), LEFT - 5, at.y(value) + 4); }
  context.textAlign = "center";
  for (const value of ticks(at.first, at.last)) { if (Number.isInteger(value)) context.fillText(String(value), Math.min(at.x(value), width - 14), HEIGHT - 4); }
  chart.series.forEach(({ name }, index) => {
    const on = name && name === chosen;
    context.strokeStyle = hues[index % hues.length]; context.lineWidth = on ? 3.5 : 1.5; context.setLineDash(index % 16 > 7 ? [5, 3] : []);
    context.globalAlpha = chosen && !on && chart.series.some((series) => series.name === chosen) ? 0.35 : 1;
    context.beginPath();
    data[index + 1].forEach((value, i) => { if (value !== null) context.lineTo(at.x(data[0][i]), at.y(value)); });
    context.stroke();
  });
  return at;
}

/** The line of a chart that passes nearest to a point. */
function nearest(data, at, x, y) {
  let index = 0, best = null;
  while (index < data[0].length - 1 && at.x(data[0][index + 1]) <= x) index++;
  data.slice(1).forEach((values, series) => { const away = values[index] === null ? Infinity : Math.abs(at.y(values[index]) - y); if (away < 24 && (!best || away < best.away)) best = { series, away }; });
  return best?.series;
}

function Chart({ pane, chart }) {
  const { lab } = pane, canvas = useRef(null), marker = useRef(null), made = useRef(null);
  const version = pane.version.value, step = pane.step.value, chosen = lab.chosen.value, shown = pane.shown.value;
  const place = () => { if (made.current) marker.current.style.transform = `translateX(${made.current.at.x(pane.step.value)}px)`; };
  const redraw = () => { const data = columns(pane.run, chart.series); made.current = { data, at: paint(canvas.current, data, chart, lab.chosen.value) }; place(); };
  useEffect(() => { const watch = new ResizeObserver(redraw); watch.observe(canvas.current); return () => watch.disconnect(); }, [pane.run, chart.series.length]);
  useEffect(redraw, [version, chosen, pane.run]);
  useEffect(place, [step]); // scrubbing moves the marker and draws nothing
  const press = (event) => {
    const { data, at } = made.current, index = nearest(data, at, event.offsetX, event.offsetY), name = index === undefined ? null : chart.series[index].name;
    lab.playing.value = false;
    if (name) lab.chosen.value = name;
    pane.seek(at.step(event.offsetX));
  };
  const size = pane.run.names.length;
  const value = (column) => (column < size ? shown.parameters[column] : column < 2 * size ? shown.gradient[column - size] : column === 2 * size ? shown.loss : shown.accuracy);
  return html`<figure class="chart"><figcaption>${chart.title}${chart.series.length === 1 ? html`: ${short(value(chart.series[0].column))}` : ""}</figcaption>
    <div class="plot"><canvas ref=${canvas} role="img" onClick=${press} aria-label=${`${chart.title} over time; the values at step ${shown.step} are below`}></canvas><div class="marker" ref=${marker}></div></div>
    ${chart.series.length > 1 ? html`<details><summary>${chart.series.length} values at step ${shown.step}</summary><ul class="values">${chart.series.map(({ label, name, column }, index) => html`<li key=${label}><button type="button" aria-pressed=${chosen === name} onClick=${() => { lab.chosen.value = name; }}><i class=${`swatch hue${index % 8}`}></i>${label} = ${short(value(column))}</button></li>`)}</ul></details>` : ""}</figure>`;
}

export function Charts({ pane }) {
  pane.chosen.value;
  return html`<section class="card wide" aria-label="Over time"><h2>Over time</h2><p class="hint">Press a chart to go to that step; a line near the pointer is chosen.</p>
    <div class="charts">${charts(pane.run).map((chart) => html`<${Chart} key=${chart.title} pane=${pane} chart=${chart} />`)}</div></section>`;
}
