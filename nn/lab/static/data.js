// Data that comes in: what Python packed, and what a person pastes, drops or draws.

/** The numbers of a text in base64, bit for bit. */
export function unpacked(text) {
  const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  return new Float64Array(bytes.buffer, 0, bytes.length >> 3);
}

/** Numbers as a text in base64, bit for bit. */
export function packed(numbers) {
  const bytes = new Uint8Array(Float64Array.from(numbers).buffer);
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}

/** JSON that was compressed and written in base64. */
export async function unsqueezed(text) {
  const bytes = Uint8Array.from(atob(text.trim()), (letter) => letter.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return JSON.parse(await new Response(stream).text());
}

/** Numbers between 0 and 1 that depend on the seed alone (mulberry32). */
export function random(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t = (t + Math.imul(t ^ (t >>> 7), t | 61)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const MOST = 5000;

/** Samples from text with a sample a line: all columns but the last are features, the last is what is to be learned. */
export function parsed(text) {
  const lines = text.split(/\r?\n/).map((line, number) => [number + 1, line.trim()]).filter(([, line]) => line && !line.startsWith("#"));
  if (!lines.length) throw new Error("There are no lines. Paste one sample a line, such as 0.5, 1.2, 1");
  const cut = (line) => line.split(/[,;\t]|\s+/).map((cell) => cell.trim());
  const isNumber = (cell) => cell !== "" && Number.isFinite(Number(cell));
  if (lines.length > 1 && cut(lines[0][1]).every((cell) => !isNumber(cell))) lines.shift(); // a line of headings
  if (lines.length > MOST) throw new Error(`There are ${lines.length} samples. Give at most ${MOST}.`);
  const rows = lines.map(([number, line]) => [number, cut(line)]);
  const width = rows[0][1].length;
  if (width < 2) throw new Error("A line needs at least one feature and a last column to learn.");
  for (const [number, row] of rows) {
    if (row.length !== width) throw new Error(`Line ${number} has ${row.length} columns, the first has ${width}.`);
    row.slice(0, -1).forEach((cell, column) => {
      if (!isNumber(cell)) throw new Error(`Line ${number}, column ${column + 1}: "${cell.slice(0, 20)}" is no number. Fill or remove it.`);
    });
    if (row.at(-1) === "") throw new Error(`Line ${number} has no last column.`);
  }
  return labelled(rows.map(([, row]) => row.slice(0, -1).map(Number)), rows.map(([, row]) => row.at(-1)));
}

/** Features scaled to mean 0 and deviation 1; labels as 0 and 1, or one column for each of up to six classes. */
export function labelled(features, labels) {
  const classes = [...new Set(labels)].sort();
  const count = features.length, width = features[0].length;
  const numbers = labels.every((label) => Number.isFinite(Number(label)));
  if (classes.length < 2) throw new Error("The last column has one value only. Give at least two.");
  if (classes.length > 6 && !numbers) throw new Error(`The last column has ${classes.length} classes. Give at most six.`);
  const means = [], deviations = [];
  for (let column = 0; column < width; column++) {
    const values = features.map((row) => row[column]);
    means.push(values.reduce((a, b) => a + b, 0) / count);
    deviations.push(Math.sqrt(values.reduce((sum, value) => sum + (value - means[column]) ** 2, 0) / count) || 1);
  }
  const x = features.flatMap((row) => row.map((value, column) => (value - means[column]) / deviations[column]));
  const said = `Each feature was scaled: minus its mean (${means.map(short)}), divided by its standard deviation (${deviations.map(short)}).`;
  if (classes.length > 6) {
    const values = labels.map(Number), mean = values.reduce((a, b) => a + b, 0) / count;
    const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / count) || 1;
    return { x, y: values.map((value) => (value - mean) / deviation), features: width, outputs: 1, head: 2, said: `${said} The last column was scaled alike (${short(mean)}, ${short(deviation)}).` };
  }
  const place = (label) => classes.indexOf(label);
  const names = classes.map((name, index) => `${String(name).slice(0, 20)} is ${index}`).join(", ");
  if (classes.length === 2) return { x, y: labels.map(place), features: width, outputs: 1, head: 0, said: `${said} ${names}.` };
  return { x, y: labels.flatMap((label) => classes.map((_, index) => (place(label) === index ? 1 : 0))), features: width, outputs: classes.length, head: 1, said: `${said} ${names}.` };
}

/** A number in at most six figures. */
export function short(number) {
  if (typeof number !== "number") return String(number);
  if (Number.isNaN(number)) return "NaN";
  if (!Number.isFinite(number)) return number > 0 ? "∞" : "−∞";
  const text = number !== 0 && (Math.abs(number) < 1e-4 || Math.abs(number) >= 1e6) ? number.toExponential(3) : String(Number(number.toPrecision(6)));
  return text.replace("-", "−");
}
