"""`nn lab` from the command line."""

import os
import socket
import subprocess
import sys

import pytest

from nn.cli import run

if not os.environ.get("CI"):
    pytest.importorskip("starlette")
    pytest.importorskip("uvicorn")


def test_a_port_in_use_is_one_line():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        argv = [sys.executable, "-m", "nn", "lab", "--port", str(taken.getsockname()[1])]
        done = subprocess.run(argv, capture_output=True, text=True, timeout=30)
    assert (done.returncode, len(done.stderr.splitlines())) == (2, 1)
    assert "cannot be used" in done.stderr


def test_without_the_extra_it_says_what_to_install(monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "uvicorn", None)
    monkeypatch.delitem(sys.modules, "nn.lab.server", raising=False)
    assert run(["lab"]) == 2
    assert "pip install 'claude-devtools[lab]'" in capsys.readouterr().err
