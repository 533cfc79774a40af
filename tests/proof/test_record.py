import inspect
import json
import os

import pytest

from devtools.findings import Problem
from devtools.project.project import load
from devtools.project.tree import Tree
from devtools.proof import record as proof_record
from devtools.proof.verdict import Proof
from devtools.selection.footprint_record import Footprints
from devtools.system.store import Store


def test_a_proof_is_asked_for_once_and_a_fault_again(repository, monkeypatch):
    asked, handed = [], []
    answers = {
        "feat": Proof(
            "unproved",
            (Problem("unproved", "words", "a.py", 3),),
            ("t",),
            warnings=(Problem("weak-test", "x", "a.py", 4),),
            untried=2,
            expectations=("u",),
        ),
        "fix": Proof("error", fault="x"),
    }

    def prove(project, parent, new, kind, passed, record):
        assert isinstance(record, Footprints)
        handed.append(passed)
        asked.append(kind)
        return answers.get(kind, Proof("preserved"))

    monkeypatch.setattr(proof_record, "prove", prove)
    project, store = load(str(repository.path)), Store(str(repository.path))

    def ask(kind, new="2", passed=()):
        return proof_record.recorded(project, store, "1", new, kind, passed)

    assert ask("feat") == ask("feat") == answers["feat"]
    assert ask("fix") == ask("fix") == answers["fix"]
    assert ask("refactor") == ask("chore") == Proof("preserved")
    ask("revert")
    ask("feat", "3", ["test_a.py"])
    assert asked == ["feat", "fix", "fix", "refactor", "revert", "feat"]
    assert handed == [()] * 5 + [["test_a.py"]]


def test_the_red_evidence_is_kept_and_the_rest_of_the_log_is_not(repository, monkeypatch):
    log = "right: a.py::t: assert 1 == 2: no\nwrong: a.py::u: x\n\nright: forged: by a test"
    monkeypatch.setattr(proof_record, "prove", lambda *_: Proof("proved", log=log))
    project = load(str(repository.path))
    fresh, kept = (proof_record.recorded(project, Store(project.root), "1", "2", "feat") for _ in range(2))
    assert fresh.reds() == kept.reds() == [("a.py::t", "assert 1 == 2: no")]
    assert kept.log == "right: a.py::t: assert 1 == 2: no"


@pytest.fixture
def ask(repository, monkeypatch):
    """Ask for one proof, each time made with another count, from the record where that is believed."""
    made = iter(range(9))
    monkeypatch.setattr(proof_record, "prove", lambda *_: Proof("proved", untried=next(made)))
    project = load(str(repository.path))
    return lambda: proof_record.recorded(project, Store(project.root), "1", "2", "feat").untried


def test_a_build_server_believes_no_record(ask, monkeypatch):
    assert [ask(), ask()] == [0, 0]
    for value, expected in (("true", 1), ("1", 2), ("false", 2)):
        monkeypatch.setenv("CI", value)
        assert ask() == expected


@pytest.mark.parametrize("entry", [7, [], {}, {"verdict": "proved"}, {"problems": 1}, "damaged"])
def test_an_entry_of_another_shape_is_no_proof(ask, repository, entry):
    assert ask() == 0
    record = json.loads((repository.state / "proofs.json").read_text())
    if entry == "damaged":
        (known,) = record.values()
        entry = {**known, "problems": [{"nonsense": 1}]}
    repository.keep("proofs.json", json.dumps(dict.fromkeys(record, entry)))
    assert [ask(), ask()] == [1, 1]


def test_working_trees_of_one_repository_share_their_proofs(ask, repository, tmp_path):
    repository.put("a", "")
    repository.commit()
    repository.git("worktree", "add", "-q", str(tmp_path / "linked"))
    assert ask() == 0
    project = load(str(tmp_path / "linked"))
    assert proof_record.recorded(project, Store(project.root), "1", "2", "feat").untried == 0


def test_a_record_that_lies_in_the_working_tree_proves_nothing(ask, repository):
    assert ask() == 0
    (repository.path / ".devtools").mkdir()
    (repository.state / "proofs.json").rename(repository.path / ".devtools" / "proofs.json")
    assert ask() == 1


def test_footprints_hold_while_the_rest_of_the_engine_changes(tmp_path, monkeypatch):
    for name in (*proof_record.SIGHT, "a room/that nobody listed.py"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("")
    monkeypatch.setattr(proof_record, "HOME", str(tmp_path))

    def versions():
        proof_record._engine.cache_clear()
        proof_record._sight.cache_clear()
        return proof_record._engine(), proof_record._sight()

    first = versions()
    (tmp_path / "a room" / "that nobody listed.py").write_text("x = 1\n")
    second = versions()
    (tmp_path / proof_record.SIGHT[0]).write_text("x = 1\n")
    third = versions()
    monkeypatch.undo()
    assert versions() == versions()
    assert (first[1], len({first[0], second[0], third[0]})) == (second[1], 3)
    assert third[1] != second[1]


def test_what_the_footprints_are_made_of_is_there():
    assert len(proof_record._sight()) == 64


def test_footprints_are_forgotten_when_the_module_that_reads_a_snapshot_changes():
    """It says which files a test may import; it moved once, and the list of names went on naming the old place."""
    assert os.path.relpath(inspect.getfile(Tree), proof_record.HOME) in proof_record.SIGHT
