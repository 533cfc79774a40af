"""How quick the exported page is in a real browser: python benchmarks/lab.py (needs the extra `browser` and Chromium).

Prints one line a figure: size, time until the page is ready, steps a second, and frames while scrubbing.
"""

import gzip
import shutil
import statistics
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from nn.lab.page import joined, page
from nn.lab.recording import menu_for, recorded

TRAIN = """count => { const { run } = nnLab.panes.value[0], from = performance.now(); run.train(count);
  return count / (performance.now() - from) * 1000; }"""
SCRUB = """async () => { const pane = nnLab.panes.value[0], times = []; let before = performance.now();
  for (let i = 0; i < 120; i++) { pane.seek(pane.run.last * i / 120); await new Promise(requestAnimationFrame);
    const now = performance.now(); times.push(now - before); before = now; }
  return times; }"""


def main() -> None:
    """Measure, and print."""
    kept = recorded()
    text, script = page(menu_for(kept), kept), joined("app.js").encode()
    browser_path = shutil.which("chromium") or shutil.which("google-chrome")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as started:
        file = Path(folder) / "run.html"
        file.write_text(text, encoding="utf-8")
        browser = started.chromium.launch(executable_path=browser_path, args=["--no-sandbox"])
        ready = []
        for _ in range(5):
            opened = browser.new_page()
            opened.goto(file.as_uri())
            opened.wait_for_function("document.documentElement.dataset.ready")
            ready.append(opened.evaluate("performance.now()"))
        rate = opened.evaluate(TRAIN, 9000)
        opened.evaluate("nnLab.panes.value[0].changed()")
        frames = sorted(opened.evaluate(SCRUB))
        browser.close()
    print(f"script {len(script) / 1000:.0f} kB, {len(gzip.compress(script)) / 1000:.0f} kB gzipped")
    print(f"export of 1,000 steps of XOR: {len(text) / 1000:.0f} kB")
    print(f"page ready after {statistics.median(ready):.0f} ms (median of 5)")
    print(f"{rate:,.0f} steps of XOR a second")
    median, late = statistics.median(frames), frames[int(len(frames) * 0.95)]
    print(f"scrubbing 17 weights over 10,000 steps: {median:.1f} ms a frame, 95 % under {late:.1f} ms")


if __name__ == "__main__":
    main()
