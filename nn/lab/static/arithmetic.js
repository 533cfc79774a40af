// Replays a listing of array functions. It knows arithmetic on arrays, and nothing of networks or derivatives.
// A listing is data from outside: names of functions are looked up in the table, and every view must lie in its buffer.

const LARGEST = 5e7; // numbers in one listing: more is no listing of ours

// A loop for each function, not one loop that is handed a function: that is several times as fast.
const ONE = {
  negative: (n, O, o, A, a) => { for (let i = 0; i < n; i++) O[o[i]] = -A[a[i]]; },
  positive: (n, O, o, A, a) => { for (let i = 0; i < n; i++) O[o[i]] = A[a[i]]; },
  absolute: (n, O, o, A, a) => { for (let i = 0; i < n; i++) O[o[i]] = Math.abs(A[a[i]]); },
  sign: (n, O, o, A, a) => { for (let i = 0; i < n; i++) O[o[i]] = Math.sign(A[a[i]]); },
  exp: (n, O, o, A, a) => { for (let i = 0; i < n; i++) O[o[i]] = Math.exp(A[a[i]]); },
  log: (n, O, o, A, a) => { for (let i = 0; i < n; i++) O[o[i]] = Math.log(A[a[i]]); },
  log1p: (n, O, o, A, a) => { for (let i = 0; i < n; i++) O[o[i]] = Math.log1p(A[a[i]]); },
  sqrt: (n, O, o, A, a) => { for (let i = 0; i < n; i++) O[o[i]] = Math.sqrt(A[a[i]]); },
  reciprocal: (n, O, o, A, a) => { for (let i = 0; i < n; i++) O[o[i]] = 1 / A[a[i]]; },
  tanh: (n, O, o, A, a) => { for (let i = 0; i < n; i++) O[o[i]] = Math.tanh(A[a[i]]); },
  copy: (n, O, o, A, a) => { for (let i = 0; i < n; i++) O[o[i]] = A[a[i]]; },
};
const TWO = {
  add: (n, O, o, A, a, B, b) => { for (let i = 0; i < n; i++) O[o[i]] = A[a[i]] + B[b[i]]; },
  subtract: (n, O, o, A, a, B, b) => { for (let i = 0; i < n; i++) O[o[i]] = A[a[i]] - B[b[i]]; },
  multiply: (n, O, o, A, a, B, b) => { for (let i = 0; i < n; i++) O[o[i]] = A[a[i]] * B[b[i]]; },
  divide: (n, O, o, A, a, B, b) => { for (let i = 0; i < n; i++) O[o[i]] = A[a[i]] / B[b[i]]; },
  maximum: (n, O, o, A, a, B, b) => { for (let i = 0; i < n; i++) O[o[i]] = A[a[i]] > B[b[i]] || A[a[i]] !== A[a[i]] ? A[a[i]] : B[b[i]]; },
  greater: (n, O, o, A, a, B, b) => { for (let i = 0; i < n; i++) O[o[i]] = A[a[i]] > B[b[i]] ? 1 : 0; },
  power: (n, O, o, A, a, B, b) => { for (let i = 0; i < n; i++) O[o[i]] = Math.pow(A[a[i]], B[b[i]]); },
};
export const FUNCTIONS = new Map([...Object.keys(ONE), ...Object.keys(TWO), "dot", "matmul", "sum", "largest", "take", "scattered"].map((name) => [name, name]));

/** The value of a size: a number, or a sum of products of symbols such as "2*n+w0*w1". */
export function size(written, symbols) {
  if (typeof written === "number") return whole(written);
  if (typeof written !== "string") throw new Error("a size is neither a number nor a text");
  const factor = (text) => (/^\d+$/.test(text) ? Number(text) : symbols instanceof Map ? symbols.get(text) : undefined);
  return written.split("+").reduce((sum, term) => sum + term.split("*").reduce((made, text) => made * whole(factor(text)), 1), 0);
}

function whole(number) {
  if (!Number.isInteger(number) || number < 0 || number > LARGEST) throw new Error(`${number} is no size`);
  return number;
}

/** Where each number of a view lies in its buffer, in the order of the shape; outside of the buffer is an error. */
function positions(offset, shape, strides, length) {
  let places = [offset];
  shape.forEach((count, axis) => {
    const next = new Array(places.length * count);
    for (let i = 0; i < places.length; i++) for (let j = 0; j < count; j++) next[i * count + j] = places[i] + j * strides[axis];
    places = next;
  });
  for (const place of places) if (!(place >= 0 && place < length)) throw new Error("a view leaves its buffer");
  return Int32Array.from(places);
}

/** A listing with its sizes settled. `shared` gives buffers of other machines by name, so that they read the same numbers. */
export class Machine {
  constructor(listing, symbols = {}, shared = {}) {
    const known = new Map(Object.entries(symbols));
    const given = new Map(Object.entries(shared).filter(([name]) => Object.hasOwn(listing.names, name)).map(([name, array]) => [listing.views[listing.names[name]][0], array]));
    let used = 0;
    this.buffers = listing.buffers.map(([count, numbers], index) => {
      const length = size(count, known);
      if ((used += length) > LARGEST) throw new Error("the listing is too large");
      if (given.has(index)) {
        if (given.get(index).length !== length) throw new Error("a shared buffer has another length");
        return given.get(index);
      }
      return filled(length, numbers, known);
    });
    this.views = listing.views.map(([buffer, offset, shape, strides]) => {
      const memory = this.buffers[buffer];
      if (!memory) throw new Error("a view has no buffer");
      const sizes = shape.map((each) => size(each, known));
      const places = positions(size(offset, known), sizes, strides.map((each) => size(each, known)), memory.length);
      return { buffer, memory, shape: sizes, at: places };
    });
    this.listing = listing;
    this.names = new Map(Object.entries(listing.names));
    this.calls = listing.calls.map(([name, read, out, axes]) => {
      if (!FUNCTIONS.has(name)) throw new Error(`${String(name).slice(0, 40)} is no function of the table`);
      const inputs = read.map((index) => this.view(index));
      return { name, read, out, axes, run: prepared(name, inputs, this.view(out), axes) };
    });
  }

  view(index) {
    const view = this.views[index];
    if (!view) throw new Error("a call reads a view that is not there");
    return view;
  }

  /** The view that bears a name. */
  named(name) {
    return this.view(this.names.get(name));
  }

  /** The numbers of a view, as an array of their own. */
  read(index) {
    const { memory, at } = this.view(index);
    return Float64Array.from(at, (place) => memory[place]);
  }

  /** Put numbers into the view that bears a name. */
  fill(name, numbers) {
    const { memory, at } = this.named(name);
    if (numbers.length !== at.length) throw new Error(`${name} has ${at.length} numbers, not ${numbers.length}`);
    for (let i = 0; i < at.length; i++) memory[at[i]] = numbers[i];
  }

  /** Run the calls from `from` up to, and without, `to`. */
  run(from = 0, to = this.calls.length) {
    for (let i = from; i < to; i++) this.calls[i].run();
  }
}

function filled(length, numbers, symbols) {
  const made = new Float64Array(length);
  if (Array.isArray(numbers)) made.set(numbers.slice(0, length));
  else if (typeof numbers === "number") made.fill(numbers);
  else if (numbers) made.fill(Number(numbers.times) / size(numbers.over, symbols));
  return made;
}

/** For each number of `out`, the place of the number of `view` that a broadcast pairs with it. */
export function spread(view, out) {
  if (view.at.length === out.at.length) return view.at;
  const lead = out.shape.length - view.shape.length;
  const places = new Int32Array(out.at.length);
  for (let i = 0; i < places.length; i++) {
    let rest = i, index = 0, step = 1;
    for (let axis = out.shape.length - 1; axis >= 0; axis--) {
      const here = rest % out.shape[axis];
      rest = Math.floor(rest / out.shape[axis]);
      if (axis < lead) continue;
      const own = view.shape[axis - lead];
      if (own !== 1 && own !== out.shape[axis]) throw new Error("shapes do not fit");
      index += (own === 1 ? 0 : here) * step;
      step *= own;
    }
    places[i] = view.at[index];
  }
  return places;
}

/** For each number of the reduced `out`, the places of the numbers of `view` that go into it. */
export function groups(view, out, axes) {
  const kept = view.shape.map((count, axis) => (axes.includes(axis) ? 1 : count));
  const members = Array.from({ length: out.at.length }, () => []);
  for (let i = 0; i < view.at.length; i++) {
    let rest = i, index = 0, step = 1;
    for (let axis = view.shape.length - 1; axis >= 0; axis--) {
      const here = rest % view.shape[axis];
      rest = Math.floor(rest / view.shape[axis]);
      index += (kept[axis] === 1 ? 0 : here) * step;
      step *= kept[axis];
    }
    if (!members[index]) throw new Error("shapes do not fit");
    members[index].push(view.at[i]);
  }
  return members;
}

/** The two matrices of a product, for every leading index: where their rows and columns lie. */
export function matrices(a, b, out) {
  const [m, k, n] = [a.shape.at(-2), a.shape.at(-1), b.shape.at(-1)];
  const blocks = out.at.length / (m * n);
  if (b.shape.at(-2) !== k || out.shape.at(-2) !== m || out.shape.at(-1) !== n || !Number.isInteger(blocks)) throw new Error("shapes do not fit");
  const of = (view) => (view.at.length / (view.shape.at(-1) * view.shape.at(-2)) === blocks ? 1 : 0);
  if ((of(a) || a.shape.length === 2) && (of(b) || b.shape.length === 2)) return { m, k, n, blocks, a: of(a) * m * k, b: of(b) * k * n };
  throw new Error("shapes do not fit");
}

function prepared(name, inputs, out, axes) {
  const O = out.memory, o = out.at, count = o.length;
  const [first, second] = inputs;
  if (!first) throw new Error("a call reads nothing");
  const A = first.memory;
  if (Object.hasOwn(ONE, name)) {
    const loop = ONE[name], a = spread(first, out);
    return () => loop(count, O, o, A, a);
  }
  if (name === "sum" || name === "largest") {
    const members = groups(first, out, axes);
    return name === "sum" ? () => { for (let i = 0; i < count; i++) { let made = 0; for (const place of members[i]) made += A[place]; O[o[i]] = made; } }
      : () => { for (let i = 0; i < count; i++) { let made = -Infinity; for (const place of members[i]) if (A[place] > made || A[place] !== A[place]) made = A[place]; O[o[i]] = made; } };
  }
  if (!second) throw new Error("a call reads one view, and needs two");
  const B = second.memory;
  if (Object.hasOwn(TWO, name)) {
    const loop = TWO[name], a = spread(first, out), b = spread(second, out);
    return () => loop(count, O, o, A, a, B, b);
  }
  const a = first.at, b = second.at;
  if (name === "take" || name === "scattered") {
    const table = name === "take" ? first : out, width = table.at.length / table.shape[0];
    const rows = name === "take" ? count / width : a.length / width;
    if (b.length !== rows) throw new Error("shapes do not fit");
    const row = (i) => { const named = B[b[i]]; if (!(Number.isInteger(named) && named >= 0 && named < table.shape[0])) throw new Error("a row is not there"); return named * width; };
    if (name === "take") return () => { for (let i = 0; i < rows; i++) { const at = row(i); for (let j = 0; j < width; j++) O[o[i * width + j]] = A[a[at + j]]; } };
    return () => { for (const place of o) O[place] = 0; for (let i = 0; i < rows; i++) { const at = row(i); for (let j = 0; j < width; j++) O[o[at + j]] += A[a[i * width + j]]; } };
  }
  const { m, k, n, blocks, a: stepA, b: stepB } = matrices(first, second, out);
  return () => {
    for (let block = 0, t = 0; block < blocks; block++) for (let i = 0; i < m; i++) for (let j = 0; j < n; j++, t++) {
      let made = 0;
      for (let l = 0; l < k; l++) made += A[a[block * stepA + i * k + l]] * B[b[block * stepB + l * n + j]];
      O[o[t]] = made;
    }
  };
}
