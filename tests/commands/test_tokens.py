"""devtools tokens, from transcripts as the client writes them."""

import json
import os

import pytest

from devtools.cli import run
from devtools.client.transcripts import slug_of


@pytest.fixture
def transcript(repository, tmp_path, monkeypatch):
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "devtools").write_text("#!/bin/sh\n")
    (tmp_path / "bin" / "devtools").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:{os.environ['PATH']}")
    monkeypatch.setenv("CLAUDE_CONFIG_DIR", str(tmp_path))
    folder = tmp_path / "projects" / slug_of(str(repository.path))
    folder.mkdir(parents=True)
    usage = {"input_tokens": 1000, "cache_read_input_tokens": 50_000, "output_tokens": 20}
    calls = [
        {"type": "tool_use", "id": str(number), "name": "Bash", "input": {"command": line}}
        for number, line in enumerate(("pytest -q", "devtools run -- pytest -q", "ls"))
    ]
    entries = [
        {"message": {"role": "user", "content": "<command-name>/hygiene</command-name>"}},
        {
            "timestamp": "2026-11-25T08:00:00Z",
            "message": {"role": "assistant", "id": "m", "usage": usage, "content": calls},
        },
        *(
            {
                "message": {
                    "role": "user",
                    "content": [{"type": "tool_result", "tool_use_id": str(n), "content": "x" * 600}],
                }
            }
            for n in range(3)
        ),
    ]
    text = "\n".join(json.dumps(entry) for entry in entries)
    (folder / "s.jsonl").write_text(f'{text}\n{{"usage": broken\n')


def test_tokens_are_told_by_slash_command_tool_and_day(transcript, capsys):
    assert run(["tokens"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "1 transcript: 1 request, 1,000 uncached, 50,000 cached and 20 written tokens, 1 broken line left out",
        "/hygiene: 1 request, 1,000 uncached, 50,000 cached and 20 written tokens",
        "Bash: 3 calls, about 27 tokens in and 600 back",
        "missed: pytest called 1 time without devtools, about 200 tokens shown",
        f"2026-11-25 {'█' * 30} 1,020",
    ]


def test_what_was_saved_is_told_too(transcript, repository, capsys):
    repository.keep("savings.json", '{"2026-11-25": {"pytest": {"runs": 2, "raw": 900, "ours": 30}}}')
    assert run(["tokens", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["saved"]["2026-11-25"]["pytest"]["raw"] == 900
    assert (said["total"]["cached"], said["broken"], said["missed"]["pytest"]["calls"]) == (50_000, 1, 1)
    assert run(["tokens"]) == 0
    assert "saved: 2 runs showed about 30 tokens in the place of 900" in capsys.readouterr().out


def test_a_project_without_transcripts_says_so(repository, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("CLAUDE_CONFIG_DIR", str(tmp_path))
    assert run(["tokens"]) == 0
    assert capsys.readouterr().out == "no transcript of this project is on this machine\n"
