"""The record of a run: one signed line an event, and the key is nowhere where a test could read it."""

import os
import subprocess
import sys

import pytest

from devtools.runner.inside import record as pytest_record
from devtools.runner.inside.startup import channel

RUN = f"""
import os, sys
sys.path[:0] = {[os.path.dirname(module.__file__) for module in (pytest_record, channel)]!r}
import channel
import {pytest_record.__name__.rpartition(".")[2]} as record
send, end, give = record.opened(sys.argv[1], channel)
send("start", id=sys.stdin.read())
send("end", code=0)
if os.fork() == 0:
    send("start", id="child")
    os._exit(0)
os.wait()
give("gw0")
end("end", code=1)
"""


@pytest.fixture
def results(tmp_path):
    """A record with a key for one worker, written by a process of its own."""
    path = str(tmp_path / "results")
    subprocess.run([sys.executable, "-c", RUN, path], input=b"key1".hex().encode(), check=True)
    return path


def lines(path):
    with open(path, "rb") as stream:
        return stream.read().splitlines(keepends=True)


def test_a_hook_writes_no_end_and_a_forked_child_writes_nothing(results):
    assert channel.received(lines(results), b"key1") == (
        [{"event": "start", "id": ""}, {"event": "end", "code": 1}],
        "",
    )


def test_a_worker_takes_its_key_once_and_signs_with_it(results, monkeypatch):
    monkeypatch.setenv("PYTEST_XDIST_WORKER", "gw0")
    assert os.stat(f"{results}.gw0.key").st_mode & 0o77 == 0
    send = pytest_record.entered(results, channel)
    send("over", code=0)
    send("end", code=0)
    assert not os.path.exists(f"{results}.gw0.key")
    assert pytest_record.entered(results, channel) is None
    expected = ([{"event": "over", "code": 0}], "")
    assert channel.received(lines(f"{results}.gw0"), channel.derived(b"key1", "gw0")) == expected
