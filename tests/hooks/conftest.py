"""Hook calls as Claude Code makes them: one JSON object on stdin, a reply or nothing on stdout, always exit 0."""

import io
import json
import sys

import pytest

from devtools.hooks import dispatch
from devtools.project.config import Config
from devtools.system import state
from devtools.tdd.cycle import Cycle, started, witnessed

TREE = "a" * 40


@pytest.fixture
def hook(repository, monkeypatch, capsys):
    def hook(event, **payload):
        payload = {"session_id": "s", "cwd": str(repository.path), "hook_event_name": event, **payload}
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(json.dumps(payload).encode())))
        capsys.readouterr()
        assert dispatch.main([event]) == 0
        out = capsys.readouterr().out
        return json.loads(out) if out else {}

    return hook


@pytest.fixture
def phase(repository):
    """Put the repository into a phase, by the state that `devtools tdd` would keep."""

    def phase(name, **changes):
        cycle = started(Cycle(), "adds two numbers", TREE, TREE, "", Config())
        if name == "green":
            cycle = witnessed(cycle, ("tests/test_a.py::test_add",), TREE)
        cycle = cycle.having(phase=name, **changes)
        repository.keep("cycle.json", json.dumps(cycle.to_json()))
        state.begin_here(str(repository.path))
        return cycle

    return phase
