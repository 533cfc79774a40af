// Where a number comes from: the call that wrote it, and the numbers that this call read.
import { groups, matrices, spread } from "./arithmetic.js";

const SIGNS = { add: "+", subtract: "−", multiply: "·", divide: "/", power: "^", greater: ">" };

/** Which call of these machines wrote the number at `place` of `memory`, before anything is moved. */
export function writer(machines, memory, place) {
  for (const { machine, computed } of machines) {
    for (let index = computed - 1; index >= 0; index--) {
      const call = machine.calls[index], out = machine.view(call.out);
      if (out.memory !== memory) continue;
      const element = out.at.indexOf(place);
      if (element >= 0) return { machine, call, element };
    }
  }
  return null;
}

/** What a number is called: "z1[0,2]", by the smallest named view that shows it. */
export function label(machines, memory, place) {
  let best = null;
  for (const { machine, names } of machines) {
    for (const [index, name] of names) {
      const view = machine.view(index);
      if (view.memory !== memory || (best && best.size <= view.at.length)) continue;
      const element = view.at.indexOf(place);
      if (element >= 0) best = { size: view.at.length, text: name + indices(view.shape, element) };
    }
  }
  return best?.text ?? "";
}

/** "[0,2]" for an element of an array of this shape; nothing for a single number. */
export function indices(shape, element) {
  const found = [];
  for (let axis = shape.length - 1; axis >= 0; axis--) { found.unshift(element % shape[axis]); element = Math.floor(element / shape[axis]); }
  return found.length ? `[${found.join(",")}]` : "";
}

/** A number taken apart: `parts` are signs, texts and numbers of memory in reading order. */
export function origin(machines, memory, place) {
  const found = writer(machines, memory, place);
  const value = memory[place], name = label(machines, memory, place);
  if (!found) return { name, value, kind: "given", parts: [] };
  const { machine, call, element } = found;
  const [a, b] = call.read.map((index) => machine.view(index)), out = machine.view(call.out);
  const number = (view, at) => ({ memory: view.memory, place: at, value: view.memory[at], name: label(machines, view.memory, at) });
  if (call.name === "sum" || call.name === "largest") {
    const members = groups(a, out, call.axes)[element].map((at) => number(a, at));
    return { name, value, kind: call.name === "sum" ? "the sum of" : "the largest of", parts: joined(members.map((member) => [member]), call.name === "sum" ? "+" : ",") };
  }
  if (call.name === "dot" || call.name === "matmul") {
    const { m, k, n, a: stepA, b: stepB } = matrices(a, b, out);
    const block = Math.floor(element / (m * n)), i = Math.floor((element % (m * n)) / n), j = element % n;
    const terms = Array.from({ length: k }, (_, l) => [number(a, a.at[block * stepA + i * k + l]), "·", number(b, b.at[block * stepB + l * n + j])]);
    return { name, value, kind: "a sum of products", parts: joined(terms, "+") };
  }
  if (call.name === "take") {
    const width = a.at.length / a.shape[0];
    return { name, value, kind: "a row of the table", parts: [number(a, a.at[b.memory[b.at[Math.floor(element / width)]] * width + (element % width)])] };
  }
  if (call.name === "scattered") {
    const width = out.at.length / out.shape[0], row = Math.floor(element / width);
    const terms = [...b.at].flatMap((at, i) => (b.memory[at] === row ? [[number(a, a.at[i * width + (element % width)])]] : []));
    return { name, value, kind: "the sum of all places with this token", parts: joined(terms, "+") };
  }
  const first = number(a, spread(a, out)[element]);
  if (!b) return { name, value, kind: "", parts: [call.name === "negative" ? "−" : call.name === "positive" ? "" : call.name, "(", first, ")"] };
  const second = number(b, spread(b, out)[element]);
  if (call.name === "maximum") return { name, value, kind: "", parts: ["max(", first, ",", second, ")"] };
  return { name, value, kind: "", parts: [first, SIGNS[call.name], second] };
}

function joined(terms, sign) {
  return terms.flatMap((term, index) => (index ? [sign, ...term] : term));
}
