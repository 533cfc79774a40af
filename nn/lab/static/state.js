// What the page shows: one or two runs, the clock, what is chosen. Everything that changes is a signal.
import { batch, computed, signal } from "./vendor/signals.js";
import { Machine } from "./arithmetic.js";
import { packed, unpacked } from "./data.js";
import { DEFAULTS, HEADS, Run } from "./run.js";

export const SPEEDS = [1, 5, 30, 300, 3000, Infinity];

/** One run on the page: the run, the step that is shown, and how often it has changed. */
export class Pane {
  constructor(lab, run) {
    this.lab = lab;
    this.run = run;
    this.step = signal(run.last);
    this.version = signal(0);
    this.chosen = signal(0); // how often a setting was changed
    this.shown = computed(() => (this.version.value, this.run.at(this.step.value)));
    this.explained = computed(() => explain(this.run, this.shown.value, lab.sample.value));
  }

  changed() { this.version.value++; }

  seek(step) { this.step.value = Math.max(this.run.first, Math.min(this.run.last, Math.round(step))); }

  /** Forward by `count` steps: through what is recorded, then by training on. */
  forward(count) {
    const left = this.run.last - this.step.value;
    if (this.stale && left > 0) this.run.cut(this.step.value);
    this.stale = false;
    const known = Math.min(count, this.run.last - this.step.value);
    if (count > known) this.run.train(count - known);
    batch(() => { this.changed(); this.seek(this.step.value + Math.max(count, this.run.stride)); });
  }

  /** Change settings. Rate, penalties and optimiser act from the shown step on; the others begin a run. */
  set(changes) {
    const settings = { ...this.run.settings, ...changes };
    const live = Object.keys(changes).every((name) => ["rate", "l1", "l2"].includes(name));
    try {
      if (live) {
        this.run.settings = settings;
        if (this.step.value < this.run.last || this.run.diverged) this.run.cut(this.step.value);
        else this.run.measure();
      } else if (Object.keys(changes).join() === "optimiser") {
        this.run.cut(this.step.value);
        this.run.settings = settings;
        this.run.begin(this.run.parameters.slice(), this.run.taken, null, this.run.start);
      } else this.run = new Run(this.lab.menu, settings);
      this.lab.said.value = live ? "The change acts from this step on." : "";
    } catch (error) { this.lab.said.value = error.message; }
    batch(() => { this.lab.settle(); this.chosen.value++; this.changed(); this.seek(this.run.last); });
  }

  /** Back to the very first weights, with the settings as they are. */
  rewind() {
    this.run.begin(this.run.start);
    batch(() => { this.changed(); this.seek(0); });
  }

  edit(place, value) {
    this.run.edit(this.step.value, place, value);
    batch(() => { this.changed(); this.seek(this.run.last); });
  }

  /** All that is needed to go on from the shown step, bit for bit. */
  state() {
    const { step, parameters, state } = this.shown.value;
    return { settings: this.run.settings, step, parameters: packed(parameters), state: packed(state), start: packed(this.run.start) };
  }
}

/** Settings from outside: only what is known, only of the kind and size that it must have. */
export function checked(given, menu) {
  const settings = { ...DEFAULTS, ...(given && typeof given === "object" ? given : {}) };
  const positive = (value) => typeof value === "number" && value >= 0 && Number.isFinite(value);
  const right = Object.hasOwn(menu.data, settings.data) && Object.hasOwn(menu.optimisers, settings.optimiser) && Object.hasOwn(menu.inits, settings.init)
    && Array.isArray(settings.hidden) && settings.hidden.length < 4 && settings.hidden.every((layer) => Array.isArray(layer) && typeof layer[0] === "string" && Number.isInteger(layer[1]) && layer[1] > 0 && layer[1] <= 16)
    && Object.hasOwn(HEADS, settings.head) && ["rate", "l1", "l2", "noise", "seed"].every((name) => positive(settings[name])) && Number.isInteger(settings.seed);
  if (!right) throw new Error("The settings are not those of a run.");
  return Object.fromEntries(Object.keys(DEFAULTS).map((name) => [name, settings[name]]));
}

/** A run as it was recorded by Python, or as a link holds it. */
export function restored(menu, kept) {
  const run = new Run(menu, checked(kept.settings, menu));
  const numbers = (text) => (typeof text === "string" ? unpacked(text) : null);
  const parameters = numbers(kept.parameters);
  if (parameters) {
    if (parameters.length !== run.names.length) throw new Error("The parameters are not those of this network.");
    run.begin(parameters, Number.isInteger(kept.step) && kept.step >= 0 ? kept.step : 0, kept.state ? numbers(kept.state) : null, numbers(kept.start) ?? parameters);
  }
  if (kept.recorded) run.replay(numbers(kept.recorded));
  return run;
}

export function createLab(menu, kept = {}) {
  const lab = { menu, sample: signal(-1), chosen: signal(null), unit: signal(null), inner: signal(null), playing: signal(false), speed: signal(3), said: signal(""), number: signal(null), opened: signal(new Set()), every: signal(false), panes: signal([]), notes: kept.notes ?? null };
  lab.settle = () => { lab.sample.value = -1; lab.chosen.value = lab.unit.value = lab.inner.value = lab.number.value = null; };
  lab.panes.value = [new Pane(lab, restored(menu, kept))];
  if (kept.recorded) lab.panes.value[0].seek(Number(kept.shown) || 0);
  lab.compare = (on) => {
    const [first] = lab.panes.value;
    lab.panes.value = on ? [first, new Pane(lab, new Run(menu, first.run.settings))] : [first];
    if (on) lab.panes.value[1].run.begin(first.run.start);
  };
  return lab;
}

/** The shown step computed once more with all its numbers: a pass, the penalties, and the update, not yet taken. */
export function explain(run, shown, sample) {
  const { optimiser, rate, l1, l2 } = run.settings;
  if (run.explaining?.sample !== sample || run.explaining.optimiser !== optimiser) run.explaining = prepared(run, sample, optimiser);
  const { parameters, gradient, whole, pass, update, listing } = run.explaining;
  parameters.set(shown.parameters);
  whole.run();
  if (pass !== whole) pass.run();
  update.fill("rate", [rate]);
  let at = 0;
  for (const name of listing.state) { const count = update.named(name).at.length; update.fill(name, shown.state.slice(at, at + count)); at += count; }
  if (l1 || l2) gradient.set(shown.gradient);
  update.run(0, listing.computed);
  return { ...run.explaining };
}

/** The machines that explain the steps of a run; they are kept, since scrubbing asks for them sixty times a second. */
function prepared(run, sample, optimiser) {
  const size = run.names.length, parameters = new Float64Array(size), gradient = new Float64Array(size), rows = run.listing.rows;
  const named = (column) => rows.map((row) => [row[column] ?? row.view, row.name]);
  const one = (machine) => ({ machine, computed: machine.calls.length, names: [...named("view"), ...named("total")] });
  const whole = run.pass(run.n, parameters, gradient);
  whole.fill("x", run.x); whole.fill("y", run.y);
  const machines = [one(whole)];
  let pass = whole;
  if (sample >= 0) {
    pass = run.pass(1, parameters, new Float64Array(size));
    pass.fill("x", run.x.slice(sample * run.features, (sample + 1) * run.features));
    pass.fill("y", run.y.slice(sample * run.outputs, (sample + 1) * run.outputs));
    machines.unshift(one(pass));
  }
  const listing = run.menu.optimisers[optimiser], update = new Machine(listing, { n: size }, { w: parameters, g: gradient });
  machines.push({ machine: update, computed: listing.computed, names: Object.entries(listing.names).filter(([name]) => name !== "w" && name !== "g").map(([name, index]) => [index, name]) });
  const [, [moved]] = listing.calls.slice(listing.computed).find(([, , target]) => target === listing.names.w);
  return { sample, optimiser, listing, machines, pass, whole, rows, update, moved: update.view(moved), parameters, gradient, formulas: listing.formulas };
}
