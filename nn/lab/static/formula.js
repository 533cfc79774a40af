// Formulas of the trace as MathML, which browsers draw and screen readers read. No library: their grammar is small.

const TOKEN = /\s*(dL\/d(?:[A-Za-z][\w.]*(?:\+l[12]\(W\d+\))?)|[A-Za-z_][\w.]*|\d+(?:\.\d+)?|\*|@|\^|.)/gy;

/** A formula as a tree of arrays: [tag, ...children], which the page turns into MathML. */
export function tree(text) {
  const tokens = [];
  TOKEN.lastIndex = 0;
  for (let match; TOKEN.lastIndex < text.length && (match = TOKEN.exec(text)); ) tokens.push(match[1]);
  let at = 0;
  const peek = () => tokens[at], next = () => tokens[at++];

  function sum() {
    const row = ["mrow", product()];
    while (at < tokens.length && !["/", "*", "@", ")", "]", "^"].includes(peek())) {
      if (peek() === "|" && inside) break;
      if (["+", "-", ">", ",", "="].includes(peek())) row.push(["mo", next() === "-" ? "−" : tokens[at - 1]]);
      row.push(product());
    }
    return row;
  }
  function product() {
    let left = power();
    for (;;) {
      if (peek() === "*") { next(); left = ["mrow", left, ["mo", "·"], power()]; }
      else if (peek() === "@") { next(); left = ["mrow", left, ["mo", "\u2062"], power()]; }
      else if (peek() === "/") { next(); left = ["mfrac", bare(left), bare(power())]; }
      else return left;
    }
  }
  function power() {
    let base = atom();
    while (peek() === "^") { next(); base = ["msup", base, atom()]; }
    return base;
  }
  let inside = false;
  function atom() {
    const token = next();
    if (token === undefined) return ["mrow"];
    if (token === "-") return ["mrow", ["mo", "−"], power()];
    if (token === "(" || token === "[") { const kept = inside; inside = false; const row = ["mrow", ["mo", token], sum()]; inside = kept; row.push(["mo", next() ?? ")"]); return row; }
    if (token === "|") { inside = true; const row = ["mrow", ["mo", "|"], sum(), ["mo", "|"]]; inside = false; next(); return row; }
    if (/^\d/.test(token)) return ["mn", token];
    if (token.startsWith("dL/d")) return ["mfrac", ["mrow", ["mo", "∂"], ["mi", "L"]], ["mrow", ["mo", "∂"], name(token.slice(4))]];
    if (/^[A-Za-z_]/.test(token)) {
      if (token === "sqrt" && peek() === "(") { next(); const row = ["msqrt", sum()]; next(); return row; }
      if (peek() === "(") { next(); const row = ["mrow", ["mi", token], ["mo", "("], sum(), ["mo", ")"]]; next(); return row; }
      return name(token);
    }
    return ["mo", token];
  }
  const made = ["mrow"];
  while (at < tokens.length) { const before = at; made.push(sum()); if (at === before) next(); else if (at < tokens.length) made.push(["mo", next()]); }
  return made;
}

/** A sum without the brackets around it: a fraction needs none. */
function bare(part) {
  return part[0] === "mrow" && part.length === 4 && part[1][1] === "(" ? part[2] : part;
}

/** z1 as z with the index 1, W2.T as its transpose. */
function name(token) {
  if (token.endsWith(".T")) return ["msup", name(token.slice(0, -2)), ["mi", "T"]];
  const [, letters, number] = /^([A-Za-z_]+)[.]?(\d*)$/.exec(token) ?? [null, token, ""];
  return number ? ["msub", ["mi", letters], ["mn", number]] : ["mi", letters];
}
