import os

import pytest

from devtools.commit import known_passes as sparing
from devtools.git import snapshot
from devtools.project.project import load
from devtools.system.store import Store

COUNT = "\n\n@pytest.fixture(autouse=True)\ndef log(request):\n    open({!r}, 'a').write(request.node.name + ' ')\n"


@pytest.fixture
def asked(repository, tmp_path):
    """What is known of test files on the tree as it lies there, and the tests that ran for the answer."""
    log = tmp_path / "log"
    repository.put(".gitignore", ".devtools/\n")
    repository.put("conftest.py", "import pytest" + COUNT.format(str(log)))
    repository.put("calc.py", "def add(a, b):\n    return a + b\n\n\ndef double(a):\n    return 2 * a\n")
    repository.put("test_add.py", "import calc\n\n\ndef test_add():\n    assert calc.add(1, 2) == 3\n")
    skipped = "\n\n@pytest.mark.skip\ndef test_later(): pass\n"
    repository.put(
        "test_double.py", "import pytest, calc\n\n\ndef test_double(): assert calc.double(2) == 4\n" + skipped
    )
    repository.commit()
    root = str(repository.path)

    def ask(*files, look=True):
        log.write_text("")
        project = load(root)
        answer = sparing.spared(project, Store(root), snapshot.worktree_tree(root))(files, look)
        return {path: dict(counts) for path, counts in answer.items()}, log.read_text().split()

    return ask


ADD = {"test_add.py": {"passed": 1, "skipped": 0, "total": 1}}
DOUBLE = {"test_double.py": {"passed": 1, "skipped": 1, "total": 2}}


def test_what_is_not_known_runs_once(asked, repository):
    assert asked("test_add.py", "test_double.py") == (ADD | DOUBLE, ["test_add", "test_double"])
    assert asked("test_add.py", "test_double.py") == (ADD | DOUBLE, [])
    assert asked("test_add.py", "gone.py") == (ADD, [])


def test_who_does_not_want_to_look_is_told_what_is_known_and_nothing_runs(asked, repository):
    assert asked("test_add.py", "test_double.py", look=False) == ({}, [])
    asked("test_add.py")
    assert asked("test_add.py", "test_double.py", look=False) == (ADD, [])


def test_a_change_runs_again_who_executed_it(asked, repository):
    asked("test_add.py", "test_double.py")
    repository.put("calc.py", "def add(a, b):\n    return b + a\n\n\ndef double(a):\n    return 2 * a\n")
    assert asked("test_add.py", "test_double.py") == (ADD | DOUBLE, ["test_add"])


def test_who_fails_is_not_known_and_is_asked_again(asked, repository):
    repository.put("calc.py", "def add(a, b):\n    return a - b\n\n\ndef double(a):\n    return 2 * a\n")
    assert asked("test_add.py", "test_double.py") == (DOUBLE, ["test_add", "test_double"])
    assert asked("test_add.py", "test_double.py") == (DOUBLE, ["test_add"])


def test_a_file_without_a_test_or_with_one_that_cannot_be_followed_runs_here_once(asked, repository):
    repository.put("test_sh.py", "import os\n\n\ndef test_sh():\n    assert os.system('ls > /dev/null') == 0\n")
    repository.put("test_none.py", "")
    assert asked("test_sh.py", "test_none.py") == ({}, ["test_sh"])
    assert asked("test_sh.py", "test_none.py") == ({}, [])
    repository.put("test_none.py", "def test_some(): pass\n")
    assert asked("test_sh.py", "test_none.py")[1] == ["test_some"]


def test_a_broken_conftest_tells_nothing(asked, repository):
    repository.put("conftest.py", "1 / 0\n")
    assert asked("test_add.py") == ({}, [])


def test_with_options_of_the_person_s_own_nothing_is_known(asked, monkeypatch):
    asked("test_add.py")
    monkeypatch.setenv("PYTEST_ADDOPTS", "-W error")
    assert asked("test_add.py") == ({}, [])
    assert "PYTEST_ADDOPTS" in os.environ


def test_many_files_run_a_few_at_a_time_so_that_a_kill_loses_little(asked, repository, monkeypatch):
    monkeypatch.setattr(sparing, "TOGETHER", 1)
    repository.put("test_kill.py", "import os, signal\n\ndef test_kill(): os.kill(os.getppid(), signal.SIGKILL)\n")
    assert asked("test_add.py", "test_double.py", "test_kill.py")[0] == ADD | DOUBLE
    assert asked("test_add.py", "test_double.py") == (ADD | DOUBLE, [])
