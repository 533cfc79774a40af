import pytest

from devtools.cli import run
from devtools.commit import message
from devtools.commit.judge import SEQUENCE, Case, judge
from devtools.commit.verdict import Verdict
from devtools.errors import ToolError
from devtools.findings import CheckResult
from devtools.project.project import load
from devtools.proof import record as proof_record
from devtools.system.store import Store

QUIET = "".join(f"{name} = 'true'\n" for name in ("lint", "format", "types", "tests"))
CONFLICT = "<" * 7 + " HEAD\nb\n" + "=" * 7 + "\nc\n" + ">" * 7 + " topic\n"
TWO = {"a.py": "def f():\n    return 2\n", "test_a.py": "import a\n\n\ndef test_f():\n    assert a.f() == 2\n"}


@pytest.fixture
def case(repository):
    """Makes a case of these files over a repository with a function and its test."""
    repository.put("a.py", "def f():\n    return 1\n")
    repository.put("test_a.py", "import a\n\n\ndef test_f():\n    assert a.f() == 1\n")
    repository.put(".gitignore", "__pycache__/\n.*_cache/\n")
    repository.commit()

    def make(files, mode="strict", text="feat: x"):
        repository.put("devtools.toml", f"[tdd]\nmode = '{mode}'\n[checks]\n{QUIET}")
        parent = repository.git("rev-parse", "HEAD^{tree}").strip()
        for name, content in files.items():
            repository.put(name, content)
        repository.git("add", *files)
        project = load(str(repository.path))
        tree = repository.git("write-tree").strip()
        return Case(project, Store(project.root), parent, tree, message.parse(text))

    return make


def codes(verdict):
    return [problem.code for problem in verdict.problems]


def test_a_sound_step_is_proved_and_nothing_speaks_against_it(case):
    told = []
    found = judge(Case(**{**vars(case(TWO)), "tell": told.append}))
    assert (found.subject, found.proof, found.all_problems()) == ("feat: x", "proved", [])
    assert (found.size.files, [each.name for each in found.results]) == (
        2,
        ["lint", "format", "types", "tests", "debt"],
    )
    assert (told[0], told[-1]) == ("lint, format, types, tests, debt …", "")


def test_all_questions_are_answered_together_in_their_order(case):
    files = {f"n{number}.txt": CONFLICT for number in range(4)}
    found = judge(case(files, text="x"))
    assert codes(found) == ["bad-message", "too-many-files", *["conflict-markers"] * 4]
    assert [*SEQUENCE] == ["repository", "message", "limits", "conflicts", "checks", "proof"]


def test_only_the_questions_that_are_asked_are_answered(case):
    broken = case({"a.py": CONFLICT, **{f"n{number}.txt": "x\n" for number in range(4)}}, text="x")
    assert codes(judge(broken, ("limits",))) == ["too-many-files"]
    assert judge(broken, ()) == Verdict("x", broken.size)


def test_a_step_that_waits_for_its_rebase_is_no_part_of_a_history(case):
    assert codes(judge(case(TWO, text="fixup! feat: x"), ("message",))) == ["bad-message"]


def test_generated_files_count_by_the_attributes_of_the_tree_itself(case):
    marked = {".gitattributes": "gen.py linguist-generated\n", "gen.py": "x = 1\n"}
    assert case(marked).size.counted == (".gitattributes",)


def test_a_step_without_its_test_refuses_in_strict_is_told_in_warn_and_passes_in_off(case):
    more = {"a.py": "def f():\n    return 1\n\n\ndef g():\n    return 2\n"}
    strict = judge(case(more))
    assert (strict.proof, "unproved" in codes(strict)) == ("unproved", True)
    [entry] = case(more).store.run(strict.run)["checks"]
    assert (entry["name"], entry["summary"]) == ("proof", "unproved")
    assert entry["findings"][0]["message"].startswith(f"{strict.problems[0].code}: ")
    warned = judge(case(more, "warn"))
    assert (warned.problems, warned.notes[0].startswith("not proved: unproved: ")) == ((), True)
    off = judge(case(more, "off"))
    assert (off.problems, off.notes, off.proof) == ((), (), "")


def test_a_proof_that_cannot_be_made_is_a_fault_and_no_verdict_of_guilt(case, monkeypatch):
    def fails(*_):
        raise ToolError("pytest is missing", "pip install pytest")

    monkeypatch.setattr(proof_record, "prove", fails)
    strict = judge(case(TWO), ("proof",))
    assert (strict.proof, strict.fault, strict.faulty()) == ("error", "pytest is missing: pip install pytest", True)
    warned = judge(case(TWO, "warn"), ("proof",))
    assert (warned.problems, warned.notes) == ((), ("not proved: pytest is missing: pip install pytest",))


def test_only_a_proof_beside_checks_has_a_run_of_its_own(case):
    found = judge(case({"a.py": TWO["a.py"]}), ("proof",))
    assert (codes(found)[0], found.run) == ("unproved", None)


def test_the_run_to_show_is_that_of_the_checks_where_one_is_red(case, monkeypatch):
    red = CheckResult("tests", False, "1 failed", fault="broken")
    monkeypatch.setattr("devtools.commit.checks.run", lambda *_: ([red], 7))
    assert judge(case({"a.py": TWO["a.py"]}), ("checks", "proof")).run == 7


@pytest.mark.parametrize("mode", ["strict", "warn"])
def test_a_test_that_does_not_look_is_a_warning_that_refuses_nothing(case, mode):
    weak = {
        "a.py": "def f(x=0):\n    if x > 9:\n        return 2\n    return 1\n",
        "test_a.py": "import a\n\n\ndef test_f():\n    assert (a.f(), a.f(99)) == (1, 2)\n",
    }
    found = judge(case(weak, mode), ("proof",))
    assert (found.proof, found.problems, found.untried) == ("proved", (), 0)
    assert [(each.code, each.path, each.line) for each in found.warnings] == [("weak-test", "a.py", 2)]


def test_a_commit_tells_whose_expectation_it_changes(case, repository, capsys):
    case(TWO)
    assert run(["commit", "-m", "feat: two\n\nMore.", "a.py", "test_a.py"]) == 0
    assert "; changes the expectation of 1 test" in capsys.readouterr().out
    assert repository.git("log", "-1", "--format=%(trailers)").strip() == "Changes-Expectation: 1 test"
