"""Transcripts are read whatever stands in them."""

import json

import pytest

from devtools.client import transcripts
from devtools.client.transcripts import Reader, files, slug_of

LINE = json.dumps({"type": "user", "message": {"role": "user", "content": "hi"}})


@pytest.fixture
def projects(tmp_path, monkeypatch):
    monkeypatch.setenv("CLAUDE_CONFIG_DIR", str(tmp_path))
    (tmp_path / "projects").mkdir()

    def put(folder, name, *lines):
        path = tmp_path / "projects" / folder / f"{name}.jsonl"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"".join(line.encode("utf-8", "surrogateescape") + b"\n" for line in lines))
        return str(path)

    return put


def test_broken_lines_are_counted_and_the_others_read(projects):
    reader = Reader([projects("p", "s", LINE, '{"usage": ', '["usage"]', "\udcff usage", "null", "", LINE), "/nowhere"])
    assert [entry["message"]["content"] for entry in reader.entries() if entry] == ["hi", "hi"]
    assert (reader.lines, reader.broken) == (7, 2)


def test_a_line_that_is_too_long_is_broken_and_the_next_one_read(projects, monkeypatch):
    monkeypatch.setattr(transcripts, "LONGEST", 100)
    reader = Reader([projects("p", "s", f'{{"usage": "{"x" * 950}"}}', LINE)])
    assert len(list(reader.entries())) == 1
    assert reader.broken == 1


def test_a_line_that_tells_of_no_tokens_is_not_decoded(projects):
    assert list(Reader([projects("p", "s", '{"type": "summary", broken')]).entries()) == []


def test_the_sessions_of_a_project_are_those_in_its_folder_and_below(projects):
    root = "/home/a b/x.y"
    assert slug_of(root) == "-home-a-b-x-y"
    own = [
        projects("-home-a-b-x-y", "s1", json.dumps({"cwd": root})),
        projects("-home-a-b-x-y-sub", "s2", json.dumps({"cwd": f"{root}/sub"})),
        projects("-home-a-b-x-y", "s3/subagents/agent", "{}"),
    ]
    projects("-home-a-b-x-y-sub", "s4", json.dumps({"cwd": f"{root}-sub"}))
    projects("-home-a-b", "s5", "{}")
    assert sorted(files(root)) == sorted(own)


def test_without_a_home_there_are_none(monkeypatch):
    monkeypatch.setenv("CLAUDE_CONFIG_DIR", "/nowhere")
    assert files("/x") == []
