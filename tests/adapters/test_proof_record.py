from devtools.adapters import proof_record
from devtools.adapters.project import load
from devtools.adapters.store import Store
from devtools.core.model import Problem
from devtools.core.proof import Proof


def test_a_proof_is_asked_for_once_and_a_fault_again(repository, monkeypatch):
    asked, handed = [], []
    answers = {
        "feat": Proof("unproved", (Problem("unproved", "words", "a.py", 3),), ("t",)),
        "fix": Proof("error", fault="x"),
    }

    def prove(project, parent, new, kind, passed):
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
