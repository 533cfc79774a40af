"""A repository whose settings name programs, each of which would leave a trace."""

import io
import json
import sys

import pytest

from devtools.hooks import dispatch


class Trap:
    """Programs that git would run, and whether one has run."""

    def __init__(self, repository, folder):
        self.repository, self.trace = repository, folder / "trace"
        self.program = folder / "program"
        self.program.write_text(f'#!/bin/sh\necho "$0 $*" >> {self.trace}\ncat\n')
        self.program.chmod(0o755)

    def lay(self):
        """Name the program by every setting and attribute that git knows."""
        program = str(self.program)
        hooks = self.program.parent / "hooks"
        hooks.mkdir()
        for name in ("post-index-change", "reference-transaction", "post-checkout", "pre-commit", "fsmonitor-watchman"):
            (hooks / name).symlink_to(self.program)
        settings = {
            **dict.fromkeys(("core.fsmonitor", "core.pager", "pager.log", "pager.show", "diff.external"), program),
            **dict.fromkeys(("diff.evil.textconv", "diff.evil.command", "gpg.program", "core.sshCommand"), program),
            **dict.fromkeys(("filter.evil.clean", "filter.evil.smudge", "filter.a=b.c.clean"), program),
            **dict.fromkeys(("alias.status", "alias.log", "core.editor", "core.alternateRefsCommand"), f"!{program}"),
            "core.hooksPath": str(hooks),
            "log.showSignature": "true",
            "filter.a=b.c.required": "true",
            "filter.evil.process": program,
            "filter.evil.required": "true",
            "diff.evil.cachetextconv": "true",
        }
        config = self.repository.path / ".git" / "config"
        with open(config, "a") as stream:
            for key, value in settings.items():
                section, _, rest = key.partition(".")
                name, _, last = rest.rpartition(".")
                stream.write(f'[{section}{f" {json.dumps(name)}" if name else ""}]\n\t{last} = "{value}"\n')

    def sprung(self):
        return self.trace.read_text() if self.trace.exists() else ""


@pytest.fixture
def trap(repository, tmp_path):
    repository.put(".gitattributes", "*.py filter=evil diff=evil\n*.txt filter=a=b.c\n*.md filter=evil diff=evil\n")
    for name in ("a.py", "tests/test_a.py", "a.txt", "LEARNINGS.md"):
        repository.put(name, "- one\n" if name.endswith("md") else "")
    repository.commit("feat: one\n\nInsight: something was learned")
    repository.put("LEARNINGS.md", "- one\n- two\n")
    repository.commit("docs: two")
    folder = tmp_path / "evil"
    folder.mkdir()
    trap = Trap(repository, folder)
    trap.lay()
    for name in ("a.py", "a.txt", "new.py"):
        repository.put(name, "b = 1\n")
    return trap


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
