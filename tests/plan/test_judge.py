import pytest

from devtools.plan import judge as plan_proof
from devtools.plan.apply import Link
from devtools.project.project import load

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
    assert plan_proof.problems(load(str(repository.path)), base, steps) == []


def test_each_reason_names_the_step_that_may_not_be_made(tree, repository):
    base = repository.git("rev-parse", "HEAD^{tree}").strip()
    steps = [Link(tree(a=NEW), "feat: f is two"), Link(tree(test_a=TEST.replace("2", "3")), "test: f is three")]
    found = plan_proof.problems(load(str(repository.path)), base, steps)
    assert [(each.code, each.message.split(":")[0]) for each in found][:1] == [("unproved", "commits[0]")]
    assert ("tests", "commits[1]") in [(each.code, each.message.split(":")[0]) for each in found]


def test_a_proof_that_cannot_be_made_is_a_reason_too(tree, repository, monkeypatch):
    from devtools.proof import gate as commit_proof

    base = repository.git("rev-parse", "HEAD^{tree}").strip()
    monkeypatch.setattr(commit_proof, "judge", lambda *_: commit_proof.Judged("error", fault="pytest is missing"))
    found = plan_proof.problems(load(str(repository.path)), base, [Link(tree(a=NEW), "feat: f is two")])
    assert ("tool", "commits[0]: pytest is missing") in [(each.code, each.message) for each in found]


def test_a_finding_that_the_step_before_had_already_stops_no_step(tree, repository):
    repository.put("devtools.toml", f"[checks]\n{QUIET}".replace("lint = 'true'", "lint = 'echo a.py:1: old; false'"))
    repository.commit()
    base = repository.git("rev-parse", "HEAD^{tree}").strip()
    steps = [Link(tree(a=NEW, test_a=TEST), "feat: f is two")]
    assert plan_proof.problems(load(str(repository.path)), base, steps) == []


@pytest.mark.parametrize(("setting", "codes", "more"), [("warn", [], False), ("refuse", ["weak-test"], True)])
def test_a_step_s_mutants_are_tried_only_where_a_survivor_refuses(tree, repository, tmp_path, setting, codes, more):
    """A trial tells no warning, and it is made for each step: there a mutant would cost time for nothing."""
    repository.put("devtools.toml", f"[checks]\n{QUIET}[tdd]\nmutants = '{setting}'\n")
    repository.commit()
    base = repository.git("rev-parse", "HEAD^{tree}").strip()
    weak = TEST.replace("a.f() == 2", f"a.f() > 1.5\n    open({str(tmp_path / 'runs')!r}, 'a').write('x')")
    verdict = plan_proof.judged(load(str(repository.path)), base, Link(tree(a=NEW, test_a=weak), "feat: f is two"))
    assert [each.code for each in verdict.problems] == codes
    by_the_check_and_by_the_proof = 2
    assert (len((tmp_path / "runs").read_text()) > by_the_check_and_by_the_proof) is more


def test_a_step_is_judged_by_the_settings_that_it_has(tree, repository):
    base = repository.git("rev-parse", "HEAD^{tree}").strip()
    project = load(str(repository.path))
    assert plan_proof.problems(project, base, [Link(tree(a=NEW), "feat: f is two")])
    repository.put("devtools.toml", f"[tdd]\nmode = 'off'\n[checks]\n{QUIET}")
    assert plan_proof.problems(project, base, [Link(tree(), "feat: f is two")]) == []
