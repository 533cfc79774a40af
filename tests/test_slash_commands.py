"""The slash commands in the real client, against a scripted stand-in for the Messages API on the loopback."""

import json
import os
import shutil
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
CLAUDE = shutil.which("claude", path=f"{ROOT / 'node_modules' / '.bin'}{os.pathsep}{os.environ.get('PATH', '')}")
EVENTS = (
    {"type": "message_start", "message": {"id": "m", "type": "message", "role": "assistant", "model": "stand-in"}},
    {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}},
    {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": "understood"}},
    {"type": "content_block_stop", "index": 0},
    {"type": "message_delta", "delta": {"stop_reason": "end_turn", "stop_sequence": None}},
    {"type": "message_stop"},
)
USAGE = {"input_tokens": 1, "output_tokens": 1}


class StandIn(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.path.startswith("/v1/messages") and "count_tokens" not in self.path:
            self.server.requests.append(json.loads(body))
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        for event in EVENTS:
            event = json.loads(json.dumps(event))
            if event["type"] == "message_start":
                event["message"] |= {"content": [], "stop_reason": None, "stop_sequence": None, "usage": USAGE}
            if event["type"] == "message_delta":
                event["usage"] = USAGE
            self.wfile.write(f"event: {event['type']}\ndata: {json.dumps(event)}\n\n".encode())

    def log_message(self, *_):
        pass


@pytest.fixture
def stand_in():
    server = ThreadingHTTPServer(("127.0.0.1", 0), StandIn)
    server.requests = []
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()


@pytest.fixture
def claude(stand_in, repository, tmp_path):
    if CLAUDE is None:
        assert not os.environ.get("CI"), "CI must have the client: .ci/run installs it"
        pytest.skip("Claude Code is not installed")
    shutil.copytree(ROOT / ".claude" / "commands", repository.path / ".claude" / "commands")

    def ask(prompt):
        env = {
            "HOME": str(tmp_path / "home"),
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            "ANTHROPIC_BASE_URL": f"http://127.0.0.1:{stand_in.server_port}",
            "ANTHROPIC_API_KEY": "dummy",
            "DISABLE_TELEMETRY": "1",
            "DISABLE_ERROR_REPORTING": "1",
            "DISABLE_AUTOUPDATER": "1",
            "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC": "1",
        }
        argv = [CLAUDE, "-p", prompt, "--output-format", "json"]
        done = subprocess.run(
            argv, cwd=repository.path, env=env, capture_output=True, timeout=60, stdin=subprocess.DEVNULL, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return [json.dumps(request["messages"], ensure_ascii=False) for request in stand_in.requests]

    return ask


def test_hygiene_is_one_request_that_holds_the_verdict(claude, repository):
    repository.put("test_a.py", "def test_a():\n    assert 1 == 2\n")
    requests = [text for text in claude("/hygiene --only tests") if "red: tests" in text]
    assert len(requests) == 1
    assert "test_a.py::test_a:2 " in requests[0]
    assert "assert 1 == 2" in requests[0]


def test_commit_is_one_request_that_holds_all_that_a_message_needs(claude, repository):
    repository.put("a.py", "def f():\n    return 1\n")
    repository.git("add", "a.py")
    requests = [text for text in claude("/commit the parser") if "staged on main" in text]
    assert len(requests) == 1
    for words in ("staged on main: 1 of 3 files, 2 of at most 499 lines", "+    return 1", "Asked for: the parser"):
        assert words in requests[0]


def test_learn_is_one_request_that_holds_the_insight_and_its_commit(claude, repository):
    repository.put("a", "1")
    commit = repository.commit("feat: cache\n\nInsight: Caches guess at ages")
    repository.put("LEARNINGS.md", "# Learnings\n\n- Caches guess at ages.\n")
    requests = [text for text in claude("/learn cached guesses") if "1 hit" in text]
    assert len(requests) == 1
    assert "Caches guess at ages." in requests[0]
    assert f"{commit[:9]} " in requests[0]


def test_bare_learn_lists_what_there_is(claude, repository):
    repository.put("LEARNINGS.md", "# Learnings\n\n## Speed\n\n- Caches guess.\n")
    requests = [text for text in claude("/learn") if "1 insight in 1 topic" in text]
    assert len(requests) == 1
    assert "- Caches guess." in requests[0]


def test_history_is_one_request_that_holds_the_concepts(claude, repository):
    repository.put("a", "1")
    repository.commit("feat(cache): expire\n\nInsight: Caches guess\nTDD: red->green (2 tests)")
    requests = [text for text in claude("/history expire") if "1 red->green cycle" in text]
    assert len(requests) == 1
    for words in ("expire [red->green, 2 tests]", "insight: Caches guess"):
        assert words in requests[0]


def test_every_slash_file_is_short_and_pre_executes_our_program():
    for path in (ROOT / ".claude" / "commands").glob("*.md"):
        text = path.read_text()
        assert len(text.splitlines()) <= 25
        assert f"!`devtools {path.stem} --exit-zero" in text
