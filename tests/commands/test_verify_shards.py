"""A range may be proved by several machines: each commit by one of them, and none is left out of the whole."""

import json

import pytest

from devtools.cli import run
from devtools.commands import verify_shards as shards
from devtools.errors import ToolError, UsageError
from devtools.findings import Problem
from devtools.git.revisions import Revision

FOUND = [Revision(f"{number}" * 40, (), "t", "b", f"chore: {number}\n") for number in range(1, 6)]
ENTRY = {"subject": "feat: x", "files": 2, "added": 3, "deleted": 1, "tdd": "proved", "problems": []}


def entry(number, **fields):
    return {**ENTRY, "commit": f"{number}" * 40, **fields}


def written(path, *entries):
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps({"schema": 1, "command": "verify", "ok": True, "commits": entries}))
    return str(path)


@pytest.mark.parametrize("of", [1, 2, 3, 5, 7])
def test_each_commit_is_in_one_shard(of):
    parts = [shards.share(FOUND, f"{number}/{of}") for number in range(1, of + 1)]
    assert sorted(each.commit for part in parts for each in part) == [each.commit for each in FOUND]
    assert max(map(len, parts)) - min(map(len, parts)) <= 1


@pytest.mark.parametrize("shard", ["0/2", "3/2", "1", "1/0", "a/b", "1/2/3", "-1/2", "1/9999999"])
def test_a_shard_that_there_is_not_is_refused(shard):
    with pytest.raises(UsageError, match="no shard is"):
        shards.share(FOUND, shard)


def test_the_answers_of_files_and_folders_are_put_together(tmp_path):
    problem = {"code": "unproved", "message": "m", "path": "a.py", "line": 2}
    red = {"test": "a::t", "message": "no: x"}
    more = {"untried": 4, "expectations": ["e"], "settings": ["s"], "warnings": [{"code": "weak-test", "message": "w"}]}
    first = written(tmp_path / "1.json", entry(1, red=[red], **more), entry(3, problems=[problem], tdd="unproved"))
    written(tmp_path / "inner" / "2.json", entry(2, fault="no git", tdd="error"), entry(9))
    (tmp_path / "inner" / "x.txt").write_text("no JSON")
    told = [verdict for _, verdict in shards.merged(FOUND[:4], [first, str(tmp_path / "inner")])]
    assert [each.proof for each in told] == ["proved", "error", "unproved", "error"]
    assert (told[0].subject, told[0].size.files, told[0].size.added, told[0].size.deleted) == ("feat: x", 2, 3, 1)
    assert told[0].log == "right: a::t: no: x"
    assert (told[0].untried, told[0].expectations, told[0].settings) == (4, ("e",), ("s",))
    assert told[0].warnings == (Problem("weak-test", "w"),)
    assert (told[1].fault, told[1].problems) == ("no git", (Problem("tool", "no git"),))
    assert told[2].problems == (Problem("unproved", "m", "a.py", 2),)
    assert told[3].fault == "no shard reports this commit"


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"command": "hygiene", "commits": []}', '{"command": "verify", "commits": [1]}']
)
def test_a_file_that_is_no_answer_is_refused(tmp_path, text):
    (tmp_path / "1.json").write_text(text)
    with pytest.raises(UsageError, match="is not what devtools verify --json writes"):
        shards.merged(FOUND, [str(tmp_path)])


@pytest.mark.parametrize("first", [0, 1])
def test_of_two_answers_the_one_that_speaks_against_the_commit_counts(tmp_path, first):
    good, bad = entry(1), entry(1, problems=[{"code": "unproved", "message": "m"}], tdd="unproved")
    written(tmp_path / "1.json", (good, bad)[first])
    written(tmp_path / "2.json", (bad, good)[first])
    assert shards.merged(FOUND[:1], [str(tmp_path)])[0][1].proof == "unproved"


def test_no_file_and_one_that_cannot_be_read_are_refused(tmp_path):
    with pytest.raises(UsageError, match="no answer of a shard is there"):
        shards.merged(FOUND, [str(tmp_path)])
    with pytest.raises(UsageError, match="cannot read"):
        shards.merged(FOUND, [str(tmp_path / "none.json")])


def test_a_damaged_answer_is_no_verdict(tmp_path):
    path = written(tmp_path / "1.json", {"commit": "1" * 40})
    with pytest.raises(ToolError, match="a shard's answer on 111111111 is damaged"):
        shards.merged(FOUND, [path])


@pytest.fixture
def history(repository):
    """Three commits, of which the middle one is not proved."""
    repository.put("a.py", "x = 1\n")
    repository.commit()
    repository.put("a.py", "x = 1\n\n\ndef f():\n    return 1\n")
    repository.put("test_a.py", "from a import f\n\n\ndef test_f():\n    assert f() == 1\n")
    repository.commit("feat: f")
    repository.put("a.py", "x = 1\n\n\ndef f():\n    return 2 - 1\n")
    repository.commit("feat: g")
    repository.put("a.md", "x\n")
    repository.commit("docs: a")
    return repository


def test_the_shards_together_say_what_one_machine_says(history, capsys, tmp_path):
    def verify(*words):
        code = run(["verify", "HEAD~3..HEAD", *words])
        return code, capsys.readouterr().out

    whole = json.loads(verify("--format", "github", "--json")[1])
    (tmp_path / "answers").mkdir()
    for number, code in ((1, 0), (2, 1)):
        found, out = verify("--shard", f"{number}/2", "--json")
        assert found == code
        (tmp_path / "answers" / f"{number}.json").write_text(out)
    code, out = verify("--merge", str(tmp_path / "answers"), "--format", "github", "--json")
    assert (code, json.loads(out)["commits"]) == (1, whole["commits"])
    code, out = verify("--merge", str(tmp_path / "answers"))
    assert out.startswith("1 of 3 commits does not hold: 1 no-code, 1 proved, 1 unproved\n")
    (tmp_path / "answers" / "2.json").unlink()
    code, out = verify("--merge", str(tmp_path / "answers"))
    assert (code, "no shard reports this commit" in out) == (3, True)


def test_a_shard_and_a_merge_at_once_are_refused(history, capsys):
    assert run(["verify", "HEAD~1..HEAD", "--shard", "1/2", "--merge", "x"]) == 2
