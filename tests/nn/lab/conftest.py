"""Two who replay a listing, numpy here and the page's own interpreter in a real browser, and that browser."""

import math
import os
import shutil
from pathlib import Path

import numpy as np
import pytest

from nn.lab.listing import FUNCTIONS

STATIC = Path(__file__).parents[3] / "nn" / "lab" / "static"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


class Replay:
    """A listing on numpy: `run` gives what every call wrote."""

    def __init__(self, listing, symbols=None):
        self.listing, self.symbols = listing, symbols or {}
        self.buffers = [self._filled(*entry) for entry in listing["buffers"]]
        self.views = [self._view(*entry) for entry in listing["views"]]
        self.names = {name: self.views[index] for name, index in listing["names"].items()}

    def size(self, written):
        if isinstance(written, int):
            return written
        terms = (math.prod(self.symbols.get(f) or int(f) for f in term.split("*")) for term in written.split("+"))
        return sum(terms)

    def _filled(self, count, numbers=0.0):
        if isinstance(numbers, dict):
            numbers = numbers["times"] / self.size(numbers["over"])
        return np.broadcast_to(numbers, self.size(count)).astype(float)

    def _view(self, buffer, offset, shape, strides):
        start = self.buffers[buffer][self.size(offset) :]
        return np.lib.stride_tricks.as_strided(start, [*map(self.size, shape)], [8 * self.size(s) for s in strides])

    def run(self):
        written = []
        for name, read, out, *axes in self.listing["calls"]:
            inputs = [self.views[index] for index in read]
            if axes:
                shape = [1 if i in axes[0] else n for i, n in enumerate(inputs[0].shape)]
                made = FUNCTIONS[name](inputs[0], axis=tuple(axes[0])).reshape(self.views[out].shape)
                assert made.size == np.prod(shape)
            elif name == "copy":
                made = inputs[0]
            elif name == "take":
                made = np.take(inputs[0], inputs[1].astype(int), 0)
            elif name == "scattered":
                made = FUNCTIONS[name](inputs[0], inputs[1].astype(int), len(self.views[out]))
            else:
                made = FUNCTIONS[name](*inputs)
            self.views[out][...] = made
            written.append(np.array(made, float).ravel().tolist())
        return written


@pytest.fixture
def replay():
    return Replay


# Of the module, not of the session: while Playwright is started an event loop runs here, and asyncio.run() is refused.
@pytest.fixture(scope="module")
def chromium():
    if CHROMIUM is None:
        assert not os.environ.get("CI"), "CI must have Chromium: .ci/run installs it"
        pytest.skip("Chromium is not installed")
    if not os.environ.get("CI"):
        pytest.importorskip("playwright")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as started:
        launched = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield launched
        launched.close()


@pytest.fixture(scope="module")
def interpreter(chromium, tmp_path_factory):
    """A page that has the interpreter and nothing else; what it exports is `lab`."""
    folder = tmp_path_factory.mktemp("interpreter")
    source = (STATIC / "arithmetic.js").read_text().replace("export ", "")
    shown = "globalThis.lab = { Machine, FUNCTIONS, size };"
    (folder / "page.html").write_text(f"<!doctype html><title>x</title><script>{source}{shown}</script>")
    page = chromium.new_page()
    page.goto((folder / "page.html").as_uri())
    yield page
    page.close()
