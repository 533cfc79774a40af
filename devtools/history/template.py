"""The page of `devtools history --html`: style, script and frame. No request leaves it."""

STYLE = """
:root {
  color-scheme: light dark;
  --paper: #fbfaf6; --card: #ffffff; --ink: #1f2628; --muted: #59646a; --line: #dedbd2; --accent: #0b6a5b;
  --added: #1a7f4e; --deleted: #b23a32; --glow: #fff6dd; --edge: #8a5407;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #14181a; --card: #1b2023; --ink: #e9e7e1; --muted: #a6b0b6; --line: #343b40; --accent: #74d4c1;
    --added: #5fc98f; --deleted: #f08c82; --glow: #2b2615; --edge: #e0ac4f;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 1rem/1.6 system-ui, sans-serif; }
h1, h2, h3 { font-family: Charter, "Bitstream Charter", Georgia, serif; line-height: 1.25; text-wrap: balance; }
a { color: var(--accent); }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; border-radius: 4px; }
.skip { position: absolute; left: -99rem; }
.skip:focus { left: 1rem; top: 1rem; background: var(--card); padding: .5rem 1rem; z-index: 2; }
header, main, footer { max-width: 46rem; margin: 0 auto; padding: 0 1.25rem; }
header { padding-top: 3.5rem; }
h1 { font-size: clamp(2rem, 6vw, 3rem); margin: 0; overflow-wrap: anywhere; }
.kind { color: var(--accent); font-weight: 600; letter-spacing: .04em; margin: 0 0 .25rem; }
.span, .count { color: var(--muted); }
.sums { display: flex; flex-wrap: wrap; gap: .75rem 2.25rem; margin: 1.5rem 0; padding: 0; list-style: none; }
.sums b { display: block; font: 600 1.75rem/1.1 Charter, "Bitstream Charter", Georgia, serif; }
.sums li { color: var(--muted); font-size: .9rem; }
.sums b { color: var(--ink); }
.strip { margin: 0 0 2rem; }
.strip svg { display: block; width: 100%; height: 72px; overflow: visible; }
.strip rect { fill: var(--accent); } .strip rect.dim { opacity: .45; }
.strip circle { fill: var(--edge); }
.strip figcaption { color: var(--muted); font-size: .85rem; margin-top: .5rem; }
form { display: flex; flex-wrap: wrap; gap: .75rem 1rem; align-items: end; margin: 0 0 1rem; }
form[hidden] { display: none; }
label { font-size: .85rem; color: var(--muted); }
.field { flex: 1 1 11rem; display: grid; gap: .25rem; }
input[type=search], select {
  font: inherit; color: var(--ink); background: var(--card); border: 1px solid var(--muted); border-radius: 8px;
  padding: .5rem .7rem; width: 100%; min-height: 2.75rem;
}
.check { display: flex; gap: .5rem; align-items: center; min-height: 2.75rem; color: var(--ink); font-size: 1rem; }
.check input { width: 1.15rem; height: 1.15rem; accent-color: var(--accent); }
.count { margin: 0 0 2rem; min-height: 1.6em; font-size: .9rem; }
.chapter { margin: 0 -.5rem 2.5rem; padding: 0 .5rem; content-visibility: auto; contain-intrinsic-size: auto 40rem; }
.chapter > h2 { font-size: 1.5rem; margin: 0 0 .25rem; overflow-wrap: anywhere; }
.chapter > p { color: var(--muted); margin: 0 0 1rem; font-size: .9rem; }
ol { list-style: none; margin: 0; padding: 0 0 0 1.25rem; border-left: 2px solid var(--line); }
.concept { position: relative; padding: 0 0 1.5rem; }
.concept::before {
  content: ""; position: absolute; left: calc(-1.25rem - 6px); top: .5rem; width: 10px; height: 10px;
  border-radius: 50%; background: var(--paper); border: 2px solid var(--accent);
}
.concept.taught::before { background: var(--edge); border-color: var(--edge); }
.concept h3 { font-size: 1.125rem; margin: 0 0 .2rem; overflow-wrap: anywhere; unicode-bidi: isolate; }
.facts { display: flex; flex-wrap: wrap; gap: .1rem .9rem; margin: 0; color: var(--muted); font-size: .85rem; }
.facts code { font-size: .95em; }
.plus { color: var(--added); } .minus { color: var(--deleted); }
.cycle { color: var(--ink); white-space: nowrap; }
.cycle i { display: inline-block; width: .6rem; height: .6rem; border-radius: 50%; margin-right: .3rem; }
.cycle i.red { background: var(--deleted); } .cycle i.green { background: var(--added); margin-left: .35rem; }
.bar { display: flex; height: 5px; max-width: 18rem; margin: .45rem 0 0; gap: 1px; }
.bar span { border-radius: 3px; } .bar .more { background: var(--added); } .bar .less { background: var(--deleted); }
.insight {
  margin: .75rem 0 0; padding: .65rem .9rem; background: var(--glow); border-left: 4px solid var(--edge);
  border-radius: 0 8px 8px 0; overflow-wrap: anywhere;
}
.insight b { color: var(--edge); font-size: .85rem; display: block; }
details { margin-top: .4rem; } summary { cursor: pointer; color: var(--muted); font-size: .9rem; padding: .2rem 0; }
.why { white-space: pre-wrap; overflow-wrap: anywhere; margin: .25rem 0 0; font-size: .95rem; }
footer { color: var(--muted); font-size: .85rem; padding-bottom: 3rem; border-top: 1px solid var(--line); }
[hidden] { display: none !important; }
@media (prefers-reduced-motion: no-preference) { html { scroll-behavior: smooth; } }
@media (max-width: 30rem) { header { padding-top: 2rem; } .sums { gap: .75rem 1.5rem; } }
@media print { form, .skip { display: none; } .chapter { content-visibility: visible; } }
"""

SCRIPT = """
"use strict";
const form = document.querySelector("form"), count = document.querySelector(".count");
const chapters = [...document.querySelectorAll(".chapter")].map(node => ({
  node, topic: node.dataset.topic, concepts: [...node.querySelectorAll(".concept")].map(
    item => ({node: item, taught: item.classList.contains("taught"), text: item.textContent.toLowerCase()}))
}));
const total = chapters.reduce((sum, chapter) => sum + chapter.concepts.length, 0);
function show() {
  const words = form.words.value.toLowerCase().split(/\\s+/).filter(Boolean);
  const topic = form.topic.value, taught = form.taught.checked;
  let shown = 0;
  for (const chapter of chapters) {
    let here = 0;
    const fits = !topic || chapter.topic === topic;
    const name = chapter.topic.toLowerCase();
    for (const concept of chapter.concepts) {
      const visible = fits && (!taught || concept.taught)
        && words.every(word => concept.text.includes(word) || name.includes(word));
      concept.node.hidden = !visible;
      here += visible;
    }
    chapter.node.hidden = !here;
    shown += here;
  }
  const filtered = words.length || topic || taught;
  count.textContent = filtered ? `${shown.toLocaleString("en")} of ${total.toLocaleString("en")} commits` : "";
}
let waiting = 0;
form.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(show, 80); });
form.addEventListener("submit", event => { event.preventDefault(); show(); });
form.addEventListener("reset", () => setTimeout(show));
form.hidden = false;
"""

# The head of each page: it says that the file is ours and may be replaced.
MARK = "<!doctype html>\n<!-- devtools history -->\n"
PAGE = (
    MARK
    + """<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy"
 content="default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{digest}'; base-uri 'none'">
<title>{name}: what its commits taught</title>
<style>{style}</style>
</head>
<body>
<a class="skip" href="#timeline">Skip to the timeline</a>
<header>
<p class="kind">Learning history</p>
<h1 dir="auto">{name}</h1>
<p class="span">{span}</p>
<ul class="sums">{sums}</ul>
{strip}
<form role="search" aria-label="Filter the timeline" hidden>
<p class="field" style="margin:0"><label for="words">Words</label><input type="search" id="words" name="words"></p>
<p class="field" style="margin:0"><label for="topic">Topic</label>
<select id="topic" name="topic"><option value="">All topics</option>{topics}</select></p>
<label class="check"><input type="checkbox" name="taught"> Only with an insight</label>
</form>
<p class="count" role="status" aria-live="polite"></p>
</header>
<main id="timeline" tabindex="-1" aria-label="Timeline">
{chapters}
</main>
<footer><p>Written by <code>devtools history --html</code> from the git log.</p></footer>
<script>{script}</script>
</body>
</html>
"""
)
