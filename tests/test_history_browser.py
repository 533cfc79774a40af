"""The history page in a real browser, driven over Chromium's DevTools pipe: no driver, no package."""

import base64
import json
import os
import shutil
import subprocess
from contextlib import contextmanager

import pytest

from devtools.history.concepts import Commit, concept
from devtools.history.page import render

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = "--headless=new --no-sandbox --disable-gpu --no-first-run --disable-background-networking --disable-sync"
FLAGS += " --disable-component-update --disable-dev-shm-usage --remote-debugging-pipe --hide-scrollbars"
EVIL = "</script><script>document.title = 'evil'</script><img src=x onerror=\"document.title='evil'\">"
CONTRAST = """
(() => {
  const light = colour => {
    const linear = v => v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4;
    const [r, g, b] = colour.match(/[\\d.]+/g).map(v => linear(v / 255));
    return .2126 * r + .7152 * g + .0722 * b;
  };
  const ground = node => {
    for (; node; node = node.parentElement) {
      const colour = getComputedStyle(node).backgroundColor;
      if (!/, 0\\)$/.test(colour) && colour !== "transparent") return colour;
    }
    return "rgb(255, 255, 255)";
  };
  const bad = [];
  for (const node of document.querySelectorAll("body *")) {
    if (node.tagName === "SCRIPT" || ![...node.childNodes].some(c => c.nodeType === 3 && c.data.trim())) continue;
    const [a, b] = [light(getComputedStyle(node).color), light(ground(node))].sort((x, y) => y - x);
    const contrast = (a + .05) / (b + .05);
    if (contrast < 4.5) bad.push(`${node.tagName} ${node.className} ${contrast.toFixed(2)}`);
  }
  return bad;
})()
"""


class Page:
    """One tab: commands by their name in the DevTools protocol."""

    def __init__(self, send, receive):
        self.send, self.receive, self.number, self.session, self.events = send, receive, 0, None, []

    def __call__(self, method, **parameters):
        self.number += 1
        message = {"id": self.number, "method": method, "params": parameters}
        if self.session:
            message["sessionId"] = self.session
        self.send.write(json.dumps(message).encode() + b"\0")
        self.send.flush()
        while True:
            answer = self._next()
            if answer.get("id") == self.number:
                assert "error" not in answer, answer
                return answer["result"]

    def _next(self):
        data = bytearray()
        while (byte := self.receive.read(1)) != b"\0":
            assert byte, "the browser ended"
            data += byte
        answer = json.loads(data)
        if "method" in answer:
            self.events.append((answer["method"], answer["params"]))
        return answer

    def run(self, script):
        answer = self("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in answer, answer
        return answer["result"].get("value")

    def open(self, address):
        target = self("Target.createTarget", url="about:blank")["targetId"]
        self.session = self("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Network", "Runtime", "Log", "Accessibility"):
            self(f"{domain}.enable")
        self("Page.navigate", url=address)
        self.run("new Promise(done => document.readyState === 'complete' ? done() : addEventListener('load', done))")

    def picture(self, path):
        path.write_bytes(base64.b64decode(self("Page.captureScreenshot", captureBeyondViewport=False)["data"]))


@contextmanager
def browser(folder):
    ours, theirs = os.pipe(), os.pipe()
    argv = f'exec "$0" {FLAGS} --user-data-dir="$1" 3<&{ours[0]} 4>&{theirs[1]}'
    process = subprocess.Popen(
        ["bash", "-c", argv, CHROMIUM, folder],
        pass_fds=(ours[0], theirs[1]),
        cwd="/",
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    os.close(ours[0])
    os.close(theirs[1])
    try:
        with open(ours[1], "wb") as send, open(theirs[0], "rb") as receive:
            page = Page(send, receive)
            yield page
            page.session = None
            page("Browser.close")
        process.wait(10)
    finally:
        process.kill()
        process.wait()


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    if CHROMIUM is None:
        assert not os.environ.get("CI"), "CI must have Chromium: .ci/run installs it"
        pytest.skip("Chromium is not installed")
    folder = tmp_path_factory.mktemp("browser")
    log = [
        Commit(
            "a" * 40, "2026-11-01", "feat(nn): trace", "why", "", ("numbers lie",), "red->green (2 tests)", 2, 90, 7
        ),
        Commit("b" * 40, "2026-11-02", f"fix(core): {EVIL} {'long' * 60}", EVIL, "", (EVIL,), "", 1, 400, 90),
        Commit("c" * 40, "2026-11-03", "docs: say so", "", "", (), "", 1, 3, 0),
    ]
    file = folder / "page.html"
    file.write_text(render("project", [concept(commit) for commit in log]), encoding="utf-8")
    with browser(str(folder / "profile")) as opened:
        opened.open(file.as_uri())
        yield opened


def set_view(page, width, scheme):
    page("Emulation.setDeviceMetricsOverride", width=width, height=844, deviceScaleFactor=1, mobile=width < 500)
    page("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 390, 1200])
def test_it_fits_phone_and_desktop_and_its_text_has_contrast(page, width, scheme, tmp_path):
    set_view(page, width, scheme)
    assert page.run("document.documentElement.scrollWidth") <= width
    assert page.run(CONTRAST) == []
    assert page.run("getComputedStyle(document.body).backgroundColor") == (
        "rgb(251, 250, 246)" if scheme == "light" else "rgb(20, 24, 26)"
    )
    page.picture(tmp_path / "page.png")
    assert (tmp_path / "page.png").stat().st_size > 5000


def test_what_a_message_holds_runs_nothing_and_the_page_asks_for_nothing(page):
    assert page.run("document.title") == "project: what its commits taught"
    asked = [event["request"]["url"] for name, event in page.events if name == "Network.requestWillBeSent"]
    assert all(address.startswith("file:") and address.endswith("/page.html") for address in asked)
    assert page.run("document.images.length") == 0
    complaints = [event for name, event in page.events if name in ("Log.entryAdded", "Runtime.exceptionThrown")]
    assert complaints == []


def filtered(page, words="", topic="", taught="false"):
    page.run(
        f"form.words.value = {words!r}; form.topic.value = {topic!r}; form.taught.checked = {taught};"
        "form.dispatchEvent(new Event('input')); new Promise(done => setTimeout(done, 200))"
    )
    visible = "[...document.querySelectorAll('.concept')].filter(node => node.checkVisibility()).length"
    return page.run(visible), page.run("document.querySelector('.count').textContent")


def test_words_topic_and_insights_filter_the_timeline_and_the_count_is_told(page):
    assert filtered(page) == (3, "")
    assert filtered(page, words="NUMBERS trace") == (1, "1 of 3 commits")
    assert filtered(page, topic="documents") == (1, "1 of 3 commits")
    assert filtered(page, taught="true") == (2, "2 of 3 commits")
    assert filtered(page, words="nowhere") == (0, "0 of 3 commits")
    assert filtered(page) == (3, "")


def test_the_keyboard_reaches_all_that_acts_and_focus_shows(page):
    page.run("document.activeElement.blur()")
    reached = []
    for _ in range(6):
        for kind in ("keyDown", "keyUp"):
            page("Input.dispatchKeyEvent", type=kind, key="Tab", code="Tab", windowsVirtualKeyCode=9)
        reached.append(
            page.run(
                "document.activeElement.className || document.activeElement.name || document.activeElement.tagName"
            )
        )
        assert page.run("getComputedStyle(document.activeElement).outlineStyle") != "none"
    assert reached == ["skip", "words", "topic", "taught", "SUMMARY", "SUMMARY"]


def test_a_screen_reader_finds_landmarks_headings_and_names(page):
    nodes = page("Accessibility.getFullAXTree")["nodes"]
    told = [
        (node.get("role", {}).get("value"), node.get("name", {}).get("value", ""))
        for node in nodes
        if not node["ignored"]
    ]
    roles = {role for role, _ in told}
    assert {"banner", "main", "contentinfo", "search", "status", "list", "listitem"} <= roles
    assert ("heading", "project") in told
    assert ("searchbox", "Words") in told
    assert ("checkbox", "Only with an insight") in told
    assert any(role in ("image", "img") and "Size of each commit" in name for role, name in told)
    assert all(name for role, name in told if role in ("heading", "combobox", "searchbox", "checkbox", "image", "link"))
