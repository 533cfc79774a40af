import pytest

from devtools.plan import judge
from devtools.plan.apply import Link
from devtools.project.project import load
from devtools.proof import record
from devtools.proof.verdict import Proof

QUIET = "".join(f"{name} = 'true'\n" for name in ("lint", "format", "types"))
OLD = "def f():\n    return 1\n"
NEW = "def f():\n    return 2\n"
TEST = "import a\n\n\ndef test_f():\n    assert a.f() == 2\n"


@pytest.fixture
def tree(repository):
    """Puts files upon the last commit's and returns the tree."""
    repository.put("devtools.toml", f"[checks]\n{QUIET}")
    repository.put("a.py", OLD)
    repository.put(".gitignore", "__pycache__/\n.*_cache/\n")
    repository.commit()

    def write(**files):
        for name, text in files.items():
            repository.put(f"{name}.py", text)
        repository.git("add", "-A")
        return repository.git("write-tree").strip()

    return write


def test_a_step_with_its_failing_test_and_one_of_documents_hold(tree, repository):
    base = repository.git("rev-parse", "HEAD^{tree}").strip()
    first = tree(a=NEW, test_a=TEST)
    repository.put("README.md", "# F\n")
    steps = [Link(first, "feat: f is two"), Link(tree(), "docs: say so")]
    assert judge.problems(load(str(repository.path)), base, steps) == []


def test_each_reason_names_the_step_that_may_not_be_made(tree, repository):
    base = repository.git("rev-parse", "HEAD^{tree}").strip()
    steps = [Link(tree(a=NEW), "feat: f is two"), Link(tree(test_a=TEST.replace("2", "3")), "test: f is three")]
    found = judge.problems(load(str(repository.path)), base, steps)
    assert [(each.code, each.message.split(":")[0]) for each in found][:1] == [("unproved", "commits[0]")]
    assert ("tests", "commits[1]") in [(each.code, each.message.split(":")[0]) for each in found]


def test_a_proof_that_cannot_be_made_is_a_reason_too(tree, repository, monkeypatch):
    base = repository.git("rev-parse", "HEAD^{tree}").strip()
    monkeypatch.setattr(record, "recorded", lambda *_: Proof("error", fault="pytest is missing"))
    found = judge.problems(load(str(repository.path)), base, [Link(tree(a=NEW), "feat: f is two")])
    assert ("tool", "commits[0]: pytest is missing") in [(each.code, each.message) for each in found]


def test_a_finding_that_the_step_before_had_already_stops_no_step(tree, repository):
    repository.put("devtools.toml", f"[checks]\n{QUIET}".replace("lint = 'true'", "lint = 'echo a.py:1: old; false'"))
    repository.commit()
    base = repository.git("rev-parse", "HEAD^{tree}").strip()
    steps = [Link(tree(a=NEW, test_a=TEST), "feat: f is two")]
    assert judge.problems(load(str(repository.path)), base, steps) == []


@pytest.mark.parametrize(("setting", "codes", "more"), [("warn", [], False), ("refuse", ["weak-test"], True)])
def test_a_step_s_mutants_are_tried_only_where_a_survivor_refuses(tree, repository, tmp_path, setting, codes, more):
    """A trial tells no warning, and it is made for each step: there a mutant would cost time for nothing."""
    repository.put("devtools.toml", f"[checks]\n{QUIET}[tdd]\nmutants = '{setting}'\n")
    repository.commit()
    base = repository.git("rev-parse", "HEAD^{tree}").strip()
    weak = TEST.replace("a.f() == 2", f"a.f() > 1.5\n    open({str(tmp_path / 'runs')!r}, 'a').write('x')")
    step = Link(tree(a=NEW, test_a=weak), "feat: f is two")
    verdict = judge.judged(judge.case(load(str(repository.path)), base, step))
    assert [each.code for each in verdict.problems] == codes
    by_the_check_and_by_the_proof = 2
    assert (len((tmp_path / "runs").read_text()) > by_the_check_and_by_the_proof) is more


def test_a_step_is_judged_by_the_settings_that_it_has(tree, repository):
    base = repository.git("rev-parse", "HEAD^{tree}").strip()
    project = load(str(repository.path))
    assert judge.problems(project, base, [Link(tree(a=NEW), "feat: f is two")])
    repository.put("devtools.toml", f"[tdd]\nmode = 'off'\n[checks]\n{QUIET}")
    assert judge.problems(project, base, [Link(tree(), "feat: f is two")]) == []


def test_what_can_be_found_without_a_run_of_the_tests_is_found_before_one(tree, repository, tmp_path):
    """A plan may leave a conflict in a file, or be too large once the attributes of its last step are not there yet."""
    base, ran = repository.git("rev-parse", "HEAD^{tree}").strip(), tmp_path / "ran"
    marked = "x = 1\n" + "<" * 7 + " HEAD\nb\n" + "=" * 7 + "\nc\n" + ">" * 7 + " topic\n"
    first = tree(test_a=f"def test_f():\n    open({str(ran)!r}, 'w')\n")
    for name in "bcde":
        repository.put(f"{name}.txt", marked if name == "b" else "x\n")
    steps = [Link(first, "test: run"), Link(tree(), "docs: say so")]
    found = judge.problems(load(str(repository.path)), base, steps)
    assert [(each.code, each.message.split(":")[0]) for each in found] == [
        ("too-many-files", "commits[1]"),
        ("conflict-markers", "commits[1]"),
    ]
    assert not ran.exists()


def test_each_step_is_told_before_its_tests_run(tree, repository):
    base, told = repository.git("rev-parse", "HEAD^{tree}").strip(), []
    repository.put("README.md", "# F\n")
    assert judge.problems(load(str(repository.path)), base, [Link(tree(), "docs: say so")], told.append) == []
    assert told == ["proving commit 1 of 1"]


def test_without_a_proof_message_size_and_conflicts_are_judged_and_nothing_runs(tree, repository, tmp_path):
    base, ran = repository.git("rev-parse", "HEAD^{tree}").strip(), tmp_path / "ran"
    marked = "x = 1\n" + "<" * 7 + " HEAD\nb\n" + "=" * 7 + "\nc\n" + ">" * 7 + " topic\n"
    first = tree(test_a=f"def test_f():\n    open({str(ran)!r}, 'w')\n")
    for name in "bcde":
        repository.put(f"{name}.txt", marked if name == "b" else "x\n")
    steps = [Link(first, "all of it"), Link(tree(), "docs: say so"), Link(tree(a=NEW), "fixup! feat: f is two")]
    found = judge.faults(load(str(repository.path)), base, steps)
    assert [(each.code, each.message.split(":")[0]) for each in found] == [
        ("bad-message", "commits[0]"),
        ("too-many-files", "commits[1]"),
        ("conflict-markers", "commits[1]"),
        ("bad-message", "commits[2]"),
    ]
    assert not ran.exists()


def test_one_file_alone_may_be_of_any_size_unless_a_proof_is_asked_for(tree, repository):
    base, project = repository.git("rev-parse", "HEAD^{tree}").strip(), load(str(repository.path))
    repository.put("notes.txt", "x\n" * 600)
    steps = [Link(tree(), "docs: take notes")]
    assert judge.faults(project, base, steps) == []
    assert [each.code for each in judge.problems(project, base, steps)] == ["too-many-lines"]
    repository.put("more.txt", "x\n")
    assert [each.code for each in judge.faults(project, base, [Link(tree(), "docs: take notes")])] == ["too-many-lines"]
