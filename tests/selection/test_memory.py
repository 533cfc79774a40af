import json
import os
import sys
from pathlib import Path

import pytest

from devtools.project.config import Config
from devtools.project.project import Project
from devtools.runner.working_tree import run_pytest
from devtools.selection import memory as impact
from devtools.selection.outside_files import terminal
from devtools.system import state
from devtools.system.store import Store


@pytest.fixture
def project(repository):
    repository.put("pkg/__init__.py", "")
    repository.put("pkg/a.py", "def f():\n    return 1\n")
    repository.put("tests/test_a.py", "from pkg.a import f\n\n\ndef test_a():\n    assert f() == 1\n")
    repository.put("tests/test_b.py", "def test_b():\n    pass\n")
    repository.put("pytest.ini", "[pytest]\naddopts = -p no:cacheprovider\n")
    return Project(str(repository.path), Config(), sys.executable)


def run(project):
    """The affected tests as hygiene runs them; the names of the test files that ran."""
    plan = impact.plan(project)
    done = run_pytest(project.python, project.root, fresh=plan.selection.fresh)
    impact.remember(plan, done, plan.selection.fresh)
    return sorted(done.impact["tests"])


def test_only_what_a_change_concerns_runs_again(project, repository):
    assert run(project) == ["tests/test_a.py", "tests/test_b.py"]
    assert run(project) == []
    repository.put("pkg/a.py", "def f():\n    return 2\n")
    assert run(project) == ["tests/test_a.py"]
    assert run(project) == ["tests/test_a.py"]  # it failed: it is due until it passes
    repository.put("pkg/a.py", "def f():\n    return 1\n")
    assert run(project) == ["tests/test_a.py"]
    assert run(project) == []
    repository.put("tests/test_copy.py", (repository.path / "tests/test_b.py").read_text())
    assert run(project) == ["tests/test_copy.py"]
    repository.put("pytest.ini", "[pytest]\naddopts = -q -p no:cacheprovider\n")
    assert len(run(project)) == 3


def test_a_run_that_stops_early_leaves_the_rest_due(project, repository):
    repository.put("pytest.ini", "[pytest]\naddopts = -x -p no:cacheprovider\n")
    repository.put("tests/test_a.py", "def test_a():\n    assert 0\n")
    run(project)
    repository.put("tests/test_a.py", "def test_a():\n    pass\n")
    assert run(project) == ["tests/test_a.py", "tests/test_b.py"]


def test_a_run_without_an_end_leaves_the_record_as_it_was(project, repository):
    run(project)
    before = Store(project.root).read(impact.RECORD)
    repository.put("tests/test_b.py", "import os\ndef test_b(): os._exit(0)\n")
    plan = impact.plan(project)
    done = run_pytest(project.python, project.root, fresh=plan.selection.fresh)
    impact.remember(plan, done, plan.selection.fresh)
    assert Store(project.root).read(impact.RECORD) == before


def test_a_file_elsewhere_that_a_test_read_runs_all(project, repository, tmp_path, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(tmp_path / "other"))
    (tmp_path / "other").mkdir()
    library = tmp_path / "library.py"
    library.write_text("x = 1\n")
    repository.put(
        "tests/test_b.py", f"import sys\nsys.path.append({str(tmp_path)!r})\nimport library\ndef test_b(): pass\n"
    )
    run(project)
    assert run(project) == []
    assert impact.changed_outside(impact.noted(Store(project.root))) == ""
    library.write_text("x = 2000\n")
    assert impact.changed_outside(impact.noted(Store(project.root))) == str(library)
    assert len(run(project)) == 2
    assert run(project) == []


def test_a_virtual_environment_in_the_tree_is_elsewhere(project, repository):
    repository.put(".venv/pyvenv.cfg", "")
    repository.put(".venv/lib.txt", "1")
    repository.put(
        "tests/test_b.py", "def test_b():\n    open('.venv/lib.txt').close()\n    open('.git/HEAD').close()\n"
    )
    run(project)
    stats = impact.noted(Store(project.root))
    assert os.path.join(project.root, ".venv/lib.txt") in stats
    assert not any(".git" in path for path in stats)


def test_an_edit_of_the_same_length_within_one_second_is_tested_as_it_is(project, repository, monkeypatch):
    monkeypatch.delenv("PYTHONDONTWRITEBYTECODE", raising=False)
    module = repository.path / "pkg/a.py"
    os.utime(module, ns=(10**18, 10**18))
    run(project)
    module.write_text("def f():\n    return 2\n")
    os.utime(module, ns=(10**18 + 1, 10**18 + 1))
    assert run(project) == ["tests/test_a.py"]
    assert run(project) == ["tests/test_a.py"]  # it failed
    assert sorted(path.name.partition(".")[0] for path in module.parent.glob("__pycache__/*")) == ["__init__", "a"]


def test_a_damaged_record_runs_all(project):
    run(project)
    for damage in ("{", json.dumps({"memory": {"x": 1}, "outside": []})):
        Path(state.folder(project.root), impact.RECORD).write_text(damage)
        assert len(run(project)) == 2


def test_an_unreadable_module_names_nothing(project):
    os.symlink("nowhere.py", os.path.join(project.root, "dangling.py"))
    assert impact.plan(project).mentions["dangling.py"] == []


def test_what_is_due_comes_with_the_seconds_that_it_took(project, repository):
    both = ["tests/test_a.py", "tests/test_b.py"]
    assert impact.due(impact.plan(project), ()) == (both, float("inf"))
    repository.put("tests/test_b.py", "import time\ndef test_b(): time.sleep(0.2)\n")
    run(project)
    repository.put("tests/test_a.py", "def test_a(): pass\n")
    run(project)
    files, seconds = impact.due(impact.plan(project), ())
    assert (files, 0.2 <= seconds < 2) == (both, True)
    assert impact.due(impact.plan(project), ["tests/test_b.py"])[1] < 0.2


def test_a_file_left_out_on_another_s_word_stays_due_and_is_not_settled(project, repository):
    run(project)
    store = Store(project.root)
    assert impact.settled(store, impact.plan(project).hashes) == {"tests/test_a.py", "tests/test_b.py"}
    repository.put("pkg/a.py", "def f():\n    return 2 - 1\n")
    plan = impact.plan(project)
    assert impact.settled(store, plan.hashes) == frozenset()
    left = {*plan.selection.fresh, "tests/test_a.py"}
    impact.remember(
        plan, run_pytest(project.python, project.root, fresh=left), plan.selection.fresh, ["tests/test_a.py"]
    )
    assert impact.settled(store, plan.hashes) == {"tests/test_b.py"}
    assert run(project) == ["tests/test_a.py"]
    assert run(project) == []


def test_without_a_record_nothing_is_settled(project):
    assert impact.settled(Store(project.root), {}) == frozenset()


def test_what_was_collected_together_is_known_until_a_file_comes_or_a_conftest_changes(project, repository):
    record = Store(project.root)

    def unseen():
        return impact.unseen(impact.plan(project), record)

    assert unseen() == (True, False)
    impact.show(impact.plan(project), record, True, True)
    assert unseen() == (False, False)
    repository.put("tests/test_a.py", "def test_a(): assert 1\n")
    assert unseen() == (False, False)
    for path in ("tests/test_new.py", "tests/conftest.py", "pytest.ini"):
        repository.put(path, "")
        assert unseen() == (True, False)
        impact.show(impact.plan(project), record, True, False)
    repository.put("tests/test_a.py", "import os\nos.environ['A'] = ''\n")
    assert unseen() == (False, True)
    impact.show(impact.plan(project), record, False, True)
    assert unseen() == (False, False)
    repository.put("tests/test_a.py", "import os\nos.environ['A'] = ''  # why\ndef test_a(): pass\n")
    assert unseen() == (False, False)


def test_what_an_import_does_is_not_read_again_where_the_text_is_the_same(project, repository):
    repository.put("tests/test_a.py", "import os\nos.environ['A_B'] = ''\ndef test_a(): pass\n")
    run(project)
    assert impact.plan(project).memory.effects["tests/test_a.py"] == "os.environ['A_B'] = ''"
    assert impact.plan(project).effects == impact.plan(project).memory.effects


def test_a_failed_test_is_due_whatever_a_hook_calls_it(project, repository):
    hook = "import pytest\n@pytest.hookimpl(wrapper=True)\ndef pytest_runtest_makereport():\n"
    repository.put("conftest.py", f"{hook}    report = yield\n    report.nodeid = 'x'\n    return report\n")
    repository.put("tests/test_a.py", "def test_a(): assert 0\n")
    run(project)
    assert run(project) == ["tests/test_a.py"]


def test_a_comment_or_a_docstring_runs_no_test_and_leaves_the_record_of_the_tree_as_it_is_now(project, repository):
    run(project)
    repository.put("pkg/a.py", "# Say.\ndef f():\n    '''Do.'''\n    return 1\n")
    plan = impact.plan(project)
    assert (len(plan.selection.fresh), plan.selection.quiet) == (2, True)
    impact.renew(plan)
    assert impact.settled(plan.store, plan.hashes) == {"tests/test_a.py", "tests/test_b.py"}
    repository.put("pkg/a.py", "def f():\n    return 2\n")
    assert run(project) == ["tests/test_a.py"]


def test_a_docstring_is_code_where_pytest_runs_its_examples(project, repository):
    repository.put("pytest.ini", "[pytest]\naddopts = --doctest-modules -p no:cacheprovider\n")
    run(project)
    repository.put("pkg/a.py", "def f():\n    '''>>> f()\n    2\n    '''\n    return 1\n")
    assert "pkg/a.py" in run(project)


def test_a_floor_of_coverage_is_asked_of_all_tests_though_a_comment_changed(project, repository):
    repository.put(".coveragerc", "[report]\nfail_under = 100\n")
    run(project)
    repository.put("pkg/a.py", "def f():  # pragma: no cover\n    return 1\n")
    assert not impact.plan(project).selection.quiet


def test_hypothesis_reads_no_module_as_a_text(project, repository, plugins):
    pytest.importorskip("hypothesis")
    head = "from hypothesis import given, strategies as st\nfrom pkg.a import f\n\n\n"
    repository.put("tests/test_a.py", f"{head}@given(st.integers())\ndef test_a(n):\n    assert f() == 1\n")
    plan = impact.plan(project)
    done = run_pytest(project.python, project.root, fresh=plan.selection.fresh)
    assert (done.ended, done.impact["reads"].get("pkg/a.py")) == (0, None)


def test_the_record_says_why_each_test_file_ran(project, repository):
    run(project)
    store = Store(project.root)
    assert impact.reasons(store) == dict.fromkeys(["tests/test_a.py", "tests/test_b.py"], "no run to build on")
    repository.put("pkg/a.py", "def f():\n    return 1 + 0\n")
    repository.put("tests/test_c.py", "def test_c():\n    pass\n")
    run(project)
    why = "it can reach pkg/a.py or another of 2 changed files"
    assert impact.reasons(store) == {"tests/test_a.py": why, "tests/test_c.py": "it was new"}
    assert sorted(impact.named(impact.plan(project))) == ["tests/test_a.py", "tests/test_b.py", "tests/test_c.py"]


def test_a_test_file_that_runs_always_is_never_left_out(project, repository):
    repository.put("tests/test_b.py", "import pytest\npytestmark = pytest.mark.always_run\ndef test_b():\n    pass\n")
    run(project)
    assert impact.plan(project).always == {"tests/test_b.py"}
    assert run(project) == ["tests/test_b.py"]


def test_another_terminal_runs_who_reads_its_width_and_ends_the_stored_green(project, repository, monkeypatch):
    repository.put("tests/test_b.py", "import os\ndef test_b():\n    assert int(os.environ['COLUMNS']) > 0\n")
    monkeypatch.setenv("COLUMNS", "80")
    run(project)
    store = Store(project.root)
    assert terminal(store, {"COLUMNS": "80"}) == ["COLUMNS=80"] != terminal(store, {})
    assert run(project) == []
    monkeypatch.setenv("COLUMNS", "0")
    assert run(project) == ["tests/test_b.py"]


def test_a_file_that_was_asked_for_and_absent_runs_all_when_it_comes(project, repository):
    repository.put("tests/test_b.py", "import os\ndef test_b():\n    assert not os.path.exists('MORE.md')\n")
    run(project)
    assert run(project) == []
    repository.put("MORE.md", "")
    assert "tests/test_b.py" in run(project)
