import pytest

from devtools.cli import run
from devtools.errors import ToolError
from devtools.project.project import load
from devtools.proof import gate as commit_proof
from devtools.proof import record as proof_record
from devtools.system.store import Store


@pytest.fixture
def judged(repository):
    """Judges the working tree against the last commit, in a mode."""
    repository.put("a.py", "def f():\n    return 1\n")
    repository.put("test_a.py", "import a\n\n\ndef test_f():\n    assert a.f() == 1\n")
    repository.put(".gitignore", "__pycache__/\n.*_cache/\n")
    repository.commit()

    def call(mode, kind="feat"):
        repository.put("devtools.toml", f"[tdd]\nmode = '{mode}'\n")
        parent = repository.git("rev-parse", "HEAD^{tree}").strip()
        repository.git("add", "a.py", "test_a.py")
        tree = repository.git("write-tree").strip()
        project = load(str(repository.path))
        return commit_proof.judge(project, Store(project.root), parent, tree, kind)

    return call


def test_a_change_with_its_failing_test_is_proved(judged, repository):
    repository.put("a.py", "def f():\n    return 2\n")
    repository.put("test_a.py", "import a\n\n\ndef test_f():\n    assert a.f() == 2\n")
    assert judged("strict") == commit_proof.Judged("proved", expectations=("test_a.py::test_f",))
    assert judged("warn").expectations == ("test_a.py::test_f",)


def test_a_commit_tells_whose_expectation_it_changes(judged, repository, capsys):
    quiet = "".join(f"{name} = 'true'\n" for name in ("lint", "format", "types", "tests"))
    repository.put("devtools.toml", f"[checks]\n{quiet}")
    repository.put("a.py", "def f():\n    return 2\n")
    repository.put("test_a.py", "import a\n\n\ndef test_f():\n    assert a.f() == 2\n")
    assert run(["commit", "-m", "feat: two\n\nMore.", "a.py", "test_a.py"]) == 0
    assert "; changes the expectation of 1 test" in capsys.readouterr().out
    assert repository.git("log", "-1", "--format=%(trailers)").strip() == "Changes-Expectation: 1 test"


def test_a_change_without_a_test_refuses_in_strict_is_told_in_warn_and_passes_in_off(judged, repository):
    repository.put("a.py", "def f():\n    return 1\n\n\ndef g():\n    return 2\n")
    strict = judged("strict")
    assert strict.verdict == "unproved"
    assert "unproved" in {problem.code for problem in strict.problems}
    stored = Store(str(repository.path)).run(strict.run)
    assert (stored["command"], stored["checks"][0]["name"], stored["checks"][0]["summary"]) == (
        "commit",
        "proof",
        "unproved",
    )
    assert stored["checks"][0]["findings"][0]["message"].startswith(f"{strict.problems[0].code}: ")
    warned = judged("warn")
    assert (warned.problems, warned.note.startswith(f"not proved: {strict.problems[0].code}: ")) == ((), True)
    assert judged("off") == commit_proof.Judged()


def test_a_proof_that_cannot_be_made_is_a_fault_and_no_verdict_of_guilt(judged, repository, monkeypatch):
    def fails(*_):
        raise ToolError("pytest is missing", "pip install pytest")

    monkeypatch.setattr(proof_record, "prove", fails)
    repository.put("a.py", "def f():\n    return 3\n")
    strict = judged("strict")
    assert (strict.verdict, strict.problems, strict.fault) == ("error", (), "pytest is missing: pip install pytest")
    assert judged("warn").note == "not proved: pytest is missing: pip install pytest"


@pytest.mark.parametrize("mode", ["strict", "warn"])
def test_a_test_that_does_not_look_is_a_warning_that_refuses_nothing(judged, repository, mode):
    repository.put("a.py", "def f(x=0):\n    if x > 9:\n        return 2\n    return 1\n")
    repository.put("test_a.py", "import a\n\n\ndef test_f():\n    assert (a.f(), a.f(99)) == (1, 2)\n")
    found = judged(mode)
    assert (found.verdict, found.problems, found.untried) == ("proved", (), 0)
    assert [(each.code, each.path, each.line) for each in found.warnings] == [("weak-test", "a.py", 2)]
