"""A hermetic world: no test sees the person's git configuration, home or devtools settings.

No test writes outside of the temporary folder or talks to another machine, either: what tries is stopped and fails.
"""

import compileall
import contextlib
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from devtools.system import state


def pytest_configure(config):
    """Compile devtools once: where Python may not keep what it compiled, each process would compile it again."""
    if not hasattr(config, "workerinput"):
        compileall.compile_dir(Path(state.__file__).parent.parent, quiet=2)
    sys.addaudithook(Trap(config).audit)


class Trap:
    """Stops what a test does to the world outside, and remembers it: code of ours may well survive an OSError.

    Python tells an audit hook of each such call before it is made. It sees this process alone: what a child writes is
    kept in bounds by its home and its working directory.
    """

    WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
    # The event of each call, with the place of its path and of the folder to which that is relative.
    CHANGES = {
        **{f"os.{name}": ((0, 1),) for name in ("remove", "rmdir")},
        **{f"os.{name}": ((0, 2),) for name in ("mkdir", "chmod")},
        **{f"os.{name}": ((0, 3),) for name in ("chown", "utime")},
        **{f"os.{name}": ((0, None),) for name in ("truncate", "setxattr", "removexattr")},
        "os.rename": ((0, 2), (1, 3)),
        "os.link": ((1, 3),),
        "os.symlink": ((1, 2),),
    }
    WATCHED = frozenset(("open", "socket.connect", "socket.sendto", "socket.getaddrinfo", *CHANGES))
    # Python keeps compiled modules beside their sources; devices and the kernel keep nothing of a test.
    FREE = ("/__pycache__/", "/dev/", "/proc/")
    NEAR = ("127.", "::1", "localhost", "0.0.0.0")

    active = None  # the one that pytest has told of a test at work

    def __init__(self, config):
        caches = (config.rootpath / name for name in (".pytest_cache", ".hypothesis", ".coverage"))
        folders = (tempfile.gettempdir(), config.option.basetemp, *caches)
        named = [os.path.abspath(folder) for folder in folders if folder]
        self.folders = tuple({*named, *map(os.path.realpath, named)})
        self.caught = []
        self.watching = False
        Trap.active = self

    def audit(self, event, args):
        if event not in self.WATCHED or not self.watching:  # most events are builtins.id: they go first
            return
        if event == "open":
            if args[2] & self.WRITES:
                self._written(args[0], None)
        elif event in self.CHANGES:
            for path, folder in self.CHANGES[event]:
                self._written(args[path], None if folder is None else args[folder])
        elif event in ("socket.connect", "socket.sendto"):
            if isinstance(args[1], tuple) and not str(args[1][0]).startswith(self.NEAR):
                self._catch(f"talked to {args[1][0]}")
        elif event == "socket.getaddrinfo" and args[0] and not os.fsdecode(args[0]).startswith(self.NEAR):
            self._catch(f"looked up {os.fsdecode(args[0])}")

    def _written(self, path, folder):
        if isinstance(path, int):
            return
        place = os.fsdecode(path)
        if isinstance(folder, int) and folder >= 0:
            place = os.path.join(os.readlink(f"/proc/self/fd/{folder}"), place)
        place = os.path.abspath(place)
        if not place.startswith(self.folders) and not any(part in place for part in self.FREE):
            self._catch(f"wrote {place}")

    def _catch(self, deed):
        self.caught.append(deed)
        raise PermissionError(f"a test {deed}: use tmp_path, and loopback")

    @contextlib.contextmanager
    def over(self):
        """Watch for as long as this lasts; what was caught fails the test, whoever has caught the error."""
        self.watching = True
        try:
            yield
        finally:
            self.watching = False
            caught, self.caught = self.caught, []
        if caught:
            pytest.fail(f"the test {', '.join(caught)}: use tmp_path, and loopback", pytrace=False)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup():
    with Trap.active.over():
        return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call():
    with Trap.active.over():
        return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown():
    with Trap.active.over():
        return (yield)


@pytest.fixture(autouse=True)
def _hermetic(monkeypatch, tmp_path_factory):
    for name in list(os.environ):
        if name.startswith(("GIT_", "PYTEST_ADDOPTS", "DEVTOOLS_", "VIRTUAL_ENV", "XDG_")) or name == "CI":
            monkeypatch.delenv(name)
    home = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.chdir(home)  # what names no folder stays in here
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
