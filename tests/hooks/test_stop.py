import shutil

import pytest

TEST = "import calc\n\n\ndef test_add():\n    assert calc.add(1, 2) == 3\n"


@pytest.fixture
def green(phase, repository):
    repository.put("calc.py", "def add(a, b):\n    return 0\n")
    repository.put("tests/test_a.py", f"import sys\nsys.path.insert(0, '{repository.path}')\n{TEST}")
    phase("green")


def test_red_tests_in_phase_green_are_told_once(hook, green, repository):
    said = "devtools: phase green: tests/test_a.py::test_add still fails. Make it pass and run devtools tdd green, "
    assert hook("stop", stop_hook_active=False) == {"reason": said + "or run devtools tdd abort.", "decision": "block"}
    assert hook("stop", stop_hook_active=True) == {}
    repository.put("calc.py", "def add(a, b):\n    return a + b\n")
    assert hook("stop", stop_hook_active=False) == {}


def test_the_mode_decides_how_loud_it_is(hook, green, repository):
    repository.put("devtools.toml", "[tdd]\nmode = 'warn'\n")
    assert list(hook("stop")) == ["systemMessage"]
    repository.put("devtools.toml", "[tdd]\nmode = 'off'\n")
    assert hook("stop") == {}


def test_the_other_phases_may_stop_at_any_time(hook, phase, repository, tmp_path):
    for name in ("idle", "red", "refactor"):
        phase(name)
        assert hook("stop") == {}
    assert hook("stop", cwd=str(tmp_path)) == {}


def test_more_than_one_failing_test_is_counted(hook, green, phase, repository):
    repository.put("test_b.py", "def test_b():\n    assert 0\n")
    phase("green", witnessed=("tests/test_a.py::test_add", "test_b.py::test_b"))
    assert "and 1 more still fails" in hook("stop")["reason"]


@pytest.mark.parametrize("test", ["--co", "-pevil", "--rootdir=/", "-c/dev/null"])
def test_no_id_of_a_test_is_an_option(hook, phase, repository, test):
    repository.put("evil.py", "open('trace', 'w').close()\n")
    repository.put("test_b.py", "def test_b():\n    assert 0\n")
    phase("green", witnessed=("test_b.py::test_b", test))
    hook("stop")
    assert not (repository.path / "trace").exists()
    phase("green", witnessed=("-c/test_c.py::test_b",))
    repository.put("-c/test_c.py", "def test_b():\n    assert 0\n")
    assert "phase green: -c/test_c.py::test_b still fails" in hook("stop")["reason"]


def test_a_cycle_that_came_with_a_copy_runs_nothing(hook, green, repository, tmp_path):
    copy = tmp_path / "copy"
    shutil.copytree(repository.path, copy)
    (copy / "tests" / "conftest.py").write_text("open('trace', 'w').close()\n")
    assert hook("stop", cwd=str(copy)) == {}
    assert not (copy / "trace").exists()
