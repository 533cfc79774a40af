// What every panel uses: markup, MathML, colours, a number that can be opened.
import { createElement, Fragment } from "./vendor/preact.js";
import htm from "./vendor/htm.js";
import { short } from "./data.js";
import { indices } from "./inspect.js";
import { tree } from "./formula.js";

export const html = htm.bind(createElement);
export { Fragment };

const MATH = "http://www.w3.org/1998/Math/MathML";
const element = ([tag, ...children]) => createElement(tag, null, ...children.map((child) => (Array.isArray(child) ? element(child) : child)));

/** A formula of the trace, typeset; `left` = `text`. */
export function Formula({ left, text }) {
  const whole = left ? ["mrow", tree(left), ["mo", "="], tree(text)] : tree(text);
  return createElement("math", { xmlns: MATH, display: "block", "aria-label": left ? `${left} = ${text}` : text }, element(whole));
}

/** Blue for positive, orange for negative: told apart by people who do not tell red from green. */
export function colour(value, most, strength = 1) {
  const share = most > 0 && Number.isFinite(value) ? Math.min(1, Math.abs(value) / most) * strength : 0;
  return value < 0 ? mix([250, 250, 247], [190, 88, 8], share) : mix([250, 250, 247], [25, 92, 168], share);
}
function mix(from, to, share) { return `rgb(${from.map((value, i) => Math.round(value + (to[i] - value) * share)).join(",")})`; }

/** A number that opens: where it comes from is shown when it is pressed. */
export function Value({ lab, memory, place, marked, name }) {
  const open = () => { lab.number.value = { memory, place }; };
  return html`<button type="button" class=${marked ? "number marked" : "number"} onClick=${open} aria-label=${`${name ?? ""} ${short(memory[place])}, show where it comes from`}>${short(memory[place])}</button>`;
}

/** An array as a table of numbers; of a large one the first rows, and a way to the rest. */
export function Numbers({ lab, view, name, mark, rows = 8 }) {
  const columns = view.shape.at(-1) ?? 1, count = view.at.length / columns, all = lab.opened?.value?.has(name);
  const shownRows = all ? count : Math.min(rows, count);
  const more = () => { lab.opened.value = new Set([...lab.opened.value, name]); };
  return html`<div class="numbers" role="group" tabindex="0" aria-label=${`the numbers of ${name}`}><table><caption class="hidden">${name}</caption><tbody>
    ${Array.from({ length: shownRows }, (_, i) => html`<tr key=${i}>${Array.from({ length: columns }, (_, j) => {
      const element = i * columns + j, at = indices(view.shape, element);
      return html`<td key=${j}><${Value} lab=${lab} memory=${view.memory} place=${view.at[element]} marked=${mark?.(at, view.at[element])} name=${name + at} /></td>`;
    })}</tr>`)}
  </tbody></table>${shownRows < count ? html`<button type="button" onClick=${more}>${count - shownRows} more rows</button>` : ""}</div>`;
}
