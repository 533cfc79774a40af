import os
import tempfile

import pytest

import devtools
from devtools.demo.scratch_repository import playground
from devtools.errors import ToolError


@pytest.fixture
def places(tmp_path, monkeypatch):
    """Where temporary folders are made."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def test_a_playground_is_a_repository_that_is_gone_afterwards(places):
    with playground("shop") as there:
        assert os.path.basename(there.root) == "shop"
        assert there.run(["git", "rev-parse", "--show-toplevel"]).out == f"{there.root}\n"
        assert there.run(["git", "branch", "--show-current"]).out == "main\n"
    assert os.listdir(places) == []


def test_a_playground_is_gone_after_an_error_too(places):
    with pytest.raises(ToolError) as caught, playground("shop") as there:
        there.git("nonsense")
    assert caught.value.line().startswith("git nonsense failed")
    assert "not a git command" in caught.value.line()
    assert os.listdir(places) == []


def test_a_kept_playground_stays_with_its_files(places):
    with playground("shop", keep=True) as there:
        there.write("a/b.py", "one\n")
        there.write("a/b.py", "two\n")
        there.write("a/b.py", "three\n", more=True)
    with open(os.path.join(there.root, "a", "b.py")) as stream:
        assert stream.read() == "two\nthree\n"


def test_no_setting_of_the_person_reaches_it(places, monkeypatch):
    foreign = {
        "GIT_DIR": "/nowhere",
        "GIT_AUTHOR_NAME": "Someone",
        "PYTEST_ADDOPTS": "--nonsense",
        "VIRTUAL_ENV": "/nowhere",
        "CLAUDE_PROJECT_DIR": "/nowhere",
        "PYTHONSAFEPATH": "1",
    }
    for name, value in foreign.items():
        monkeypatch.setenv(name, value)
    with open(os.path.join(os.environ["HOME"], ".gitconfig"), "w") as stream:
        stream.write("[commit]\n\tgpgsign = true\n[user]\n\tname = Someone\n")
    with playground("shop") as there:
        there.git("commit", "--quiet", "--allow-empty", "-m", "chore: x")
        assert there.run(["git", "log", "--format=%an"]).out == "devtools demo\n"
        assert not there.env.keys() & (foreign.keys() - {"GIT_AUTHOR_NAME"})
        assert there.env["XDG_CACHE_HOME"].startswith(str(places))


def test_devtools_is_this_one_and_reads_what_it_is_fed(places):
    with playground("shop") as there:
        assert there.run(["devtools", "--version"]).out == f"devtools {devtools.__version__}\n"
        assert (
            there.run(["git", "hash-object", "--stdin"], "what\n").out == "f510eb21780143dc3ad1f6c0d033f05e623885b4\n"
        )
