"""The compact form of what the tools say: never a green that the tool did not say, and every id of a red."""

import sys

import pytest

from devtools.budget import fold
from devtools.client.answers import answer
from devtools.client.calls import known

PYTEST = (sys.executable, "-m", "pytest", "-p", "no:cacheprovider")


@pytest.fixture
def said(repository):
    """The exit code and the lines of a call."""

    def said(*words, budget=800):
        given = answer(known(list(words)), str(repository.path))
        return given.code, fold(given.blocks, budget, "devtools show 1"), given.result

    return said


def test_a_green_is_one_line(said, repository):
    repository.put("test_a.py", "import pytest\ndef test_a(): pass\n@pytest.mark.skip\ndef test_b(): pass\n")
    code, lines, result = said(*PYTEST, "-v")
    assert (code, lines) == (0, ["green: 1 skipped, 1 passed"])
    assert "test_a.py::test_a PASSED" in result.log


def test_a_red_keeps_its_exit_code_and_every_id_however_odd(said, repository):
    cases = "import pytest\n@pytest.mark.parametrize('x', ['a b', 'passed', '::', 'ü', '[', 'exit 0', \"q'\"])\n"
    repository.put("test_a.py", f"{cases}def test_a(x): assert x == 1\ndef test_b(): pass\n")
    code, lines, _ = said(*PYTEST, "-q", "--no-header")
    assert (code, lines[0]) == (1, "red: 7 failed, 1 passed; exit 1")
    text = "\n".join(lines)
    assert all(f"test_a[{name}]" in text for name in ("a b", "passed", "::", "\\xfc", "[", "exit 0", "q'"))


def test_what_stops_early_says_how_many_did_not_run(said, repository):
    repository.put("test_a.py", "def test_a(): assert 0\ndef test_b(): pass\ndef test_c(): pass\n")
    assert said(*PYTEST, "-x")[1][0] == "red: 1 failed; 2 not run; exit 1"


def test_what_was_deselected_is_counted(said, repository):
    repository.put("test_a.py", "def test_a(): pass\ndef test_red(): assert 0\n")
    assert said(*PYTEST, "-k", "not red")[1] == ["green: 1 passed; 1 deselected"]


def test_no_test_is_no_green(said, repository):
    repository.put("test_a.py", "")
    assert said(*PYTEST)[:2] == (5, ["no tests: pytest ran no test; exit 5"])
    repository.put("test_a.py", "def test_a(): pass\n")
    code, lines, _ = said(*PYTEST, "-k", "zz")
    assert (code, lines[0]) == (5, "red: none ran; 1 deselected; exit 5")


def test_an_error_of_collection_is_red(said, repository):
    repository.put("test_a.py", "import nowhere\n")
    repository.put("test_b.py", "def test_b(): pass\n")
    code, lines, _ = said(*PYTEST)
    assert (code, lines[0]) == (2, "red: 1 error; 1 not run; exit 2")
    assert "No module named 'nowhere'" in "\n".join(lines)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("import os\ndef test_a():\n    print('1 passed')\n    os._exit(0)\n", 0),
        ("import os, signal\ndef test_a(): os.kill(os.getpid(), signal.SIGKILL)\n", 137),
    ],
)
def test_a_process_that_ends_in_the_midst_is_not_called_green_whatever_its_exit_code(said, repository, text, code):
    repository.put("test_a.py", text)
    found, lines, _ = said(*PYTEST, "-q")
    assert found == code
    assert lines[0].startswith(f"pytest ended with exit code {code}; its results are not known")
    assert not any(line.startswith("green") for line in lines)


def test_a_hook_that_turns_red_into_exit_0_makes_no_green(said, repository):
    repository.put("test_a.py", "def test_a(): assert 0\n")
    repository.put("conftest.py", "def pytest_sessionfinish(session): session.exitstatus = 0\n")
    code, lines, _ = said(*PYTEST)
    assert (code, lines[0]) == (0, "exit 0, but this is no green: 1 failed")
    assert "test_a.py::test_a" in lines[1]


def test_a_wrong_option_is_told_in_pytests_own_words(said, repository):
    repository.put("pytest.ini", "[pytest]\naddopts = --nonsense\n")
    code, lines, _ = said(*PYTEST)
    assert (code, lines[0]) == (4, "pytest ended with exit code 4; its results are not known, what it said:")
    assert "unrecognized arguments: --nonsense" in "\n".join(lines)


def test_ruff_and_mypy_answer_as_data(said, repository):
    repository.put("a.py", "import os\n\nx: int = 'a'\n")
    code, lines, _ = said(sys.executable, "-m", "ruff", "check", "--no-cache", "--isolated", "a.py")
    assert (code, lines) == (1, ["red: ruff (1 finding); exit 1", "a.py:1 F401 `os` imported but unused"])
    code, lines, _ = said(sys.executable, "-m", "mypy", "--no-incremental", "a.py")
    assert (code, lines[0]) == (1, "red: mypy (1 finding); exit 1")
    assert lines[1].startswith("a.py:3 assignment Incompatible types in assignment")
    repository.put("a.py", "x: int = 1\n")
    assert said(sys.executable, "-m", "ruff", "check", "--isolated", "a.py")[:2] == (0, ["green: ruff is clean"])


def test_a_tool_that_fails_is_told_in_its_own_words(said, repository):
    repository.put("a.py", "import os\n")
    code, lines, _ = said(sys.executable, "-m", "ruff", "check", "--select", "NONSENSE", "a.py")
    assert (code, lines[0]) == (2, "ruff ended with exit code 2:")
    assert "NONSENSE" in "\n".join(lines)
    code, lines, _ = said(sys.executable, "-m", "ruff", "check", "-e", "--isolated", "a.py")
    assert (code, lines[0]) == (0, "red: ruff (1 finding); exit 0")
