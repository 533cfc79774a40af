"""The real client, headless, against a scripted stand-in for the Messages API on the loopback."""

import json
import os
import shutil
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
CLAUDE = shutil.which("claude", path=f"{ROOT / 'node_modules' / '.bin'}{os.pathsep}{os.environ.get('PATH', '')}")
REQUIRED = bool(os.environ.get("CI"))  # no test sees that variable
USAGE = {"input_tokens": 1, "output_tokens": 1}
SAID = "understood"


def events(answer, number):
    """What the API streams for one answer: a text, or the tool call that a dictionary of name and input describes."""
    call = isinstance(answer, dict)
    block = (
        {"type": "tool_use", "id": f"toolu_{number}", "input": {}, "name": answer["name"]} if call else {"type": "text"}
    )
    delta = (
        {"type": "input_json_delta", "partial_json": json.dumps(answer["input"])} if call else {"type": "text_delta"}
    )
    message = {"id": "m", "type": "message", "role": "assistant", "model": "stand-in", "content": [], "usage": USAGE}
    reason = {"stop_reason": "tool_use" if call else "end_turn", "stop_sequence": None}
    yield {"type": "message_start", "message": message | {"stop_reason": None, "stop_sequence": None}}
    yield {"type": "content_block_start", "index": 0, "content_block": block if call else block | {"text": ""}}
    yield {"type": "content_block_delta", "index": 0, "delta": delta if call else delta | {"text": answer}}
    yield {"type": "content_block_stop", "index": 0}
    yield {"type": "message_delta", "delta": reason, "usage": USAGE}
    yield {"type": "message_stop"}


class StandIn(BaseHTTPRequestHandler):
    """Logs each request, and answers those that offer tools from the script, in order."""

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        answer = SAID
        if self.path.startswith("/v1/messages") and "count_tokens" not in self.path:
            request = json.loads(body)
            self.server.requests.append(request)
            if request.get("tools") and self.server.script:
                answer = self.server.script.pop(0)
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        for event in events(answer, len(self.server.requests)):
            self.wfile.write(f"event: {event['type']}\ndata: {json.dumps(event)}\n\n".encode())

    def log_message(self, *_):
        pass


@pytest.fixture
def stand_in():
    server = ThreadingHTTPServer(("127.0.0.1", 0), StandIn)
    server.requests, server.script = [], []
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()  # how soon a shutdown is seen
    yield server
    server.shutdown()


@pytest.fixture
def claude(stand_in, repository, tmp_path):
    if CLAUDE is None:
        assert not REQUIRED, "CI must have the client: .ci/run installs it"
        pytest.skip("Claude Code is not installed")
    shutil.copytree(ROOT / ".claude" / "commands", repository.path / ".claude" / "commands")

    def ask(prompt, *options, script=(), path=""):
        """The messages of each request, as text. `script` is what the model answers, tool calls among it.

        `path` is the PATH of the client, by default with the devtools that runs these tests first.
        """
        stand_in.script[:] = script
        env = {
            "HOME": str(tmp_path / "home"),
            "PATH": path or f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            "ANTHROPIC_BASE_URL": f"http://127.0.0.1:{stand_in.server_port}",
            "ANTHROPIC_API_KEY": "dummy",
            "IS_SANDBOX": "1",  # or the client refuses bypassPermissions to root
            "DISABLE_TELEMETRY": "1",
            "DISABLE_ERROR_REPORTING": "1",
            "DISABLE_AUTOUPDATER": "1",
            "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC": "1",
        }
        argv = [CLAUDE, "-p", prompt, "--output-format", "json", *options]
        done = subprocess.run(
            argv, cwd=repository.path, env=env, capture_output=True, timeout=60, stdin=subprocess.DEVNULL, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return [json.dumps(request["messages"], ensure_ascii=False) for request in stand_in.requests]

    return ask
