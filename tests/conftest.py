"""A hermetic world: no test sees the person's git configuration, home or devtools settings."""

import compileall
import os
import subprocess
from pathlib import Path

import pytest

from devtools.system import state


def pytest_configure(config):
    """Compile devtools once: where Python may not keep what it compiled, each process would compile it again."""
    if not hasattr(config, "workerinput"):
        compileall.compile_dir(Path(state.__file__).parent.parent, quiet=2)


@pytest.fixture(autouse=True)
def _hermetic(monkeypatch, tmp_path_factory):
    for name in list(os.environ):
        if name.startswith(("GIT_", "PYTEST_ADDOPTS", "DEVTOOLS_", "VIRTUAL_ENV")) or name == "CI":
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path_factory.mktemp("home")))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    for role in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{role}_NAME", "A Tester")
        monkeypatch.setenv(f"GIT_{role}_EMAIL", "tester@example.invalid")


@pytest.fixture(scope="session")
def _one_home(tmp_path_factory):
    return str(tmp_path_factory.mktemp("one_home"))


@pytest.fixture
def shared(monkeypatch, _one_home):
    """The proofs of all such tests fork their runs from one process, as those of one command do: they have one home."""
    monkeypatch.setenv("HOME", _one_home)


@pytest.fixture
def plugins(monkeypatch):
    """The pytest that a test starts loads the plugins that are installed, as a person's does: half a second each."""
    monkeypatch.delenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD")


class Repository:
    """A real git repository in a temporary folder."""

    def __init__(self, path):
        self.path = path
        self.git("init", "-q", "-b", "main")

    def git(self, *arguments):
        done = subprocess.run(["git", *arguments], cwd=self.path, check=True, capture_output=True)
        return done.stdout.decode("utf-8", "surrogateescape")

    def put(self, name, text):
        path = self.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    @property
    def state(self):
        """The folder that keeps what devtools knows of this working tree."""
        return Path(state.folder(str(self.path)))

    def keep(self, name, text):
        """Put a file of devtools' own state there."""
        self.state.mkdir(exist_ok=True)
        (self.state / name).write_text(text)

    def commit(self, message="chore: a commit"):
        self.git("add", "-A")
        self.git("commit", "-q", "-m", message)
        return self.git("rev-parse", "HEAD").strip()


@pytest.fixture
def repository(tmp_path, monkeypatch):
    path = tmp_path / "repository"
    path.mkdir()
    monkeypatch.chdir(path)
    return Repository(path)
