// One training: its settings, the programs that compute it, and every step that was taken.
import { Machine } from "./arithmetic.js";
import { random, unpacked } from "./data.js";

export const HEADS = [["sigmoid", "binary_cross_entropy"], ["softmax", "categorical_cross_entropy"], ["identity", "mean_squared_error"]];
export const DEFAULTS = { data: "xor", own: null, hidden: [["tanh", 4]], head: 0, optimiser: "sgd", init: "xavier", rate: 0.5, l1: 0, l2: 0, noise: 0, seed: 1 };
const KEPT = 4e6; // numbers of history; beyond it every second step is dropped

/** A growing list of rows of equal length. */
class Rows {
  constructor(width) { this.width = width; this.count = 0; this.memory = new Float64Array(width * 64); }
  push(row) {
    if ((this.count + 1) * this.width > this.memory.length) { const wider = new Float64Array(this.memory.length * 2); wider.set(this.memory); this.memory = wider; }
    this.memory.set(row, this.count++ * this.width);
  }
  row(index) { return this.memory.subarray(index * this.width, (index + 1) * this.width); }
  thin() { const kept = new Rows(this.width); for (let i = 0; i < this.count; i += 2) kept.push(this.row(i)); Object.assign(this, kept); }
}

export class Run {
  constructor(menu, settings) {
    this.menu = menu;
    this.settings = { ...DEFAULTS, ...settings };
    this.samples();
    this.build();
    this.begin(this.drawn());
  }

  get widths() { return [this.features, ...this.settings.hidden.map(([, units]) => units), this.outputs]; }
  get last() { return this.first + (this.rows.count - 1) * this.stride; }

  /** x and y as they are learned, with noise: labels that are flipped, or targets that are moved. */
  samples() {
    const { data, own, noise, seed } = this.settings;
    const source = own ?? this.menu.data[data];
    const [x, y] = [source.x, source.y].map((numbers) => (typeof numbers === "string" ? unpacked(numbers) : Float64Array.from(numbers)));
    Object.assign(this, { x, y: Float64Array.from(y), features: source.features, outputs: source.outputs, n: x.length / source.features });
    const draw = random(seed + 7919), k = this.outputs;
    for (let i = 0; i < this.n && noise > 0; i++) {
      const flips = draw() < noise, shift = Math.floor(draw() * Math.max(1, k - 1)) + 1;
      if (!flips) continue;
      if (this.settings.head === 2) this.y[i] += draw() * 2 - 1;
      else if (k === 1) this.y[i] = 1 - this.y[i];
      else { const old = this.y.slice(i * k, i * k + k); for (let j = 0; j < k; j++) this.y[i * k + ((j + shift) % k)] = old[j]; }
    }
  }

  /** The listing of this architecture, or undefined where the menu has none. */
  get listing() { return this.menu.programs[[...this.settings.hidden.map(([name]) => name), ...HEADS[this.settings.head]].join(" ")]; }

  symbols(n) { return Object.fromEntries([["n", n], ...this.widths.map((width, layer) => [`w${layer}`, width])]); }

  /** A pass over so many samples that reads `parameters` and writes `gradient`. */
  pass(n, parameters, gradient) { return new Machine(this.listing, this.symbols(n), { parameters, gradient }); }

  build() {
    if (!this.listing) throw new Error(`The menu has no program for ${this.settings.hidden.map(([name]) => name).join(", ")} and this output.`);
    this.names = [];
    for (const [name, shape] of Object.entries(this.listing.parameters)) {
      const [rows, columns] = shape.map((written) => this.symbols(this.n)[written] ?? written);
      for (let i = 0; i < rows; i++) for (let j = 0; j < (columns ?? 1); j++) this.names.push(columns ? `${name}[${i},${j}]` : `${name}[${i}]`);
    }
    const size = this.names.length;
    this.parameters = new Float64Array(size);
    this.gradient = new Float64Array(size);
    this.machine = this.pass(this.n, this.parameters, this.gradient);
    this.machine.fill("x", this.x);
    this.machine.fill("y", this.y);
    this.penalty = new Machine(this.menu.penalties[this.settings.hidden.length], this.symbols(this.n), { parameters: this.parameters, gradient: this.gradient });
    this.optimise();
  }

  optimise() {
    const listing = this.menu.optimisers[this.settings.optimiser], n = this.names.length;
    this.state = listing.state;
    this.optimiser = new Machine(listing, { n }, { w: this.parameters, g: this.gradient });
  }

  /** First weights of the seed, as numpy would draw them; biases are 0. */
  drawn() {
    const { init, seed } = this.settings, listing = this.menu.inits[init], made = [];
    const stream = this.menu.streams[listing.stream][seed], known = stream ? [...unpacked(stream)] : [];
    this.foreign = 0; // numbers that are not those of numpy
    const more = random(seed + 104729);
    for (let layer = 1; layer < this.widths.length; layer++) {
      const [inputs, outputs] = [this.widths[layer - 1], this.widths[layer]], n = inputs * outputs;
      const numbers = Array.from({ length: n }, () => {
        if (known.length) return known.shift();
        this.foreign++;
        return listing.stream === "uniform" ? more() : Math.sqrt(-2 * Math.log(1 - more())) * Math.cos(2 * Math.PI * more());
      });
      const machine = new Machine(listing, { n });
      machine.fill("drawn", numbers); machine.fill("inputs", [inputs]); machine.fill("outputs", [outputs]);
      machine.run();
      made.push(...machine.read(listing.names.weights), ...new Array(outputs).fill(0));
    }
    return Float64Array.from(made);
  }

  /** Start at these parameters, as step `first`. */
  begin(parameters, first = 0, state = null, start = parameters) {
    this.start = Float64Array.from(start);
    this.first = first; this.stride = 1; this.taken = first; this.diverged = null;
    this.optimise();
    this.rows = new Rows(2 * this.names.length + 2 + this.stateWidth);
    this.parameters.set(parameters);
    if (state) this.load(state);
    this.measure();
    this.keep();
  }

  get stateWidth() { return this.state.reduce((sum, name) => sum + this.optimiser.named(name).at.length, 0); }
  get stateNow() { return this.state.flatMap((name) => [...this.optimiser.read(this.optimiser.names.get(name))]); }
  load(numbers) { let at = 0; for (const name of this.state) { const count = this.optimiser.named(name).at.length; this.optimiser.fill(name, numbers.slice(at, at + count)); at += count; } }

  /** Loss and gradient at the present parameters. */
  measure() {
    this.machine.run();
    this.loss = this.machine.read(this.machine.names.get("loss"))[0];
    const { l1, l2 } = this.settings;
    if (!l1 && !l2) return;
    for (const [name, value] of [["L", this.loss], ["l1", l1], ["l2", l2]]) this.penalty.fill(name, [value]);
    this.penalty.run();
    this.loss = this.penalty.read(this.penalty.names.get("loss"))[0];
  }

  /** The share of samples that are decided rightly. */
  accuracy() {
    const out = this.machine.read(this.machine.names.get("output")), k = this.outputs;
    let right = 0;
    for (let i = 0; i < this.n; i++) {
      if (k === 1) right += this.settings.head === 2 ? 0 : (out[i] > 0.5) === (this.y[i] > 0.5);
      else { const best = (list) => list.indexOf(Math.max(...list)); right += best([...out.slice(i * k, i * k + k)]) === best([...this.y.slice(i * k, i * k + k)]); }
    }
    return this.settings.head === 2 ? NaN : right / this.n;
  }

  keep() {
    if ((this.taken - this.first) % this.stride) return;
    this.rows.push([...this.parameters, ...this.gradient, this.loss, this.accuracy(), ...this.stateNow]);
    if (this.rows.count * this.rows.width > KEPT) { this.rows.thin(); this.stride *= 2; }
  }

  /** Take `count` steps from the newest one. False where the training has diverged. */
  train(count) {
    this.optimiser.fill("rate", [this.settings.rate]);
    for (let i = 0; i < count; i++) {
      if (this.diverged) return false;
      this.optimiser.run();
      this.measure();
      this.taken++;
      this.keep();
      if (!Number.isFinite(this.loss)) this.diverged = { step: this.taken, why: this.why() };
    }
    return true;
  }

  /** What is known of a step: its parameters, gradients, loss and accuracy. */
  at(step) {
    const index = Math.max(0, Math.min(this.rows.count - 1, Math.round((step - this.first) / this.stride)));
    const row = this.rows.row(index), size = this.names.length;
    return { step: this.first + index * this.stride, parameters: row.subarray(0, size), gradient: row.subarray(size, 2 * size), loss: row[2 * size], accuracy: row[2 * size + 1], state: row.subarray(2 * size + 2) };
  }

  /** Take over a recorded run: the parameters of every step as Python had them; the rest is computed from them. */
  replay(numbers) {
    const size = this.names.length;
    if (!numbers.length || numbers.length % size) throw new Error("The recorded steps are not those of this network.");
    this.begin(numbers.slice(0, size));
    this.optimiser.fill("rate", [this.settings.rate]);
    for (let at = size; at < numbers.length; at += size) {
      this.optimiser.run(); // for the state of the optimiser; its step is the recorded one
      this.parameters.set(numbers.subarray(at, at + size));
      this.measure();
      this.taken++;
      this.keep();
    }
    if (!Number.isFinite(this.loss)) this.diverged = { step: this.taken, why: this.why() };
  }

  /** Forget what came after `step`, and go on from there. */
  cut(step) {
    const { step: there, parameters, state } = this.at(step);
    this.parameters.set(parameters); this.load([...state]);
    this.rows.count = Math.round((there - this.first) / this.stride) + 1;
    this.taken = there; this.diverged = null;
    this.measure();
  }

  /** Set one parameter at `step`; what came after it is forgotten. */
  edit(step, place, value) {
    this.cut(step);
    this.parameters[place] = value;
    this.measure();
    this.rows.count--;
    this.rows.push([...this.parameters, ...this.gradient, this.loss, this.accuracy(), ...this.stateNow]);
    if (this.taken === this.first) this.start[place] = value;
  }

  /** The largest curvature of the loss at `step`, by power iteration on differences of gradients. */
  curvature(step) {
    const { parameters } = this.at(step), size = parameters.length, draw = random(1);
    const w = new Float64Array(size), g = new Float64Array(size), machine = this.pass(this.n, w, g);
    machine.fill("x", this.x); machine.fill("y", this.y);
    let v = Array.from({ length: size }, () => draw() - 0.5), found = 0;
    for (let i = 0; i < 30; i++) {
      const length = Math.hypot(...v), small = 1e-5;
      if (!(length > 0)) return 0;
      v = v.map((value) => value / length);
      const side = (sign) => { for (let j = 0; j < size; j++) w[j] = parameters[j] + sign * small * v[j]; machine.run(); return Float64Array.from(g); };
      const [up, down] = [side(1), side(-1)];
      const Hv = v.map((_, j) => (up[j] - down[j]) / (2 * small));
      found = Hv.reduce((sum, value, j) => sum + value * v[j], 0);
      v = Hv;
    }
    return found;
  }

  why() {
    const edge = { sgd: 2, momentum: 3.8 }[this.settings.optimiser];
    if (!edge) return "its numbers are too large to be computed with";
    let highest = 0;
    for (let i = 0; i < Math.min(this.rows.count, 40); i++) {
      const found = this.curvature(this.first + i * this.stride);
      if (Number.isFinite(found)) highest = Math.max(highest, found);
    }
    const limit = edge / highest;
    return this.settings.rate > limit ? `the rate ${this.settings.rate} is above ${edge} / curvature = ${limit.toPrecision(3)}` : "its numbers are too large to be computed with";
  }
}
