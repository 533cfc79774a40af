import os
import signal
import subprocess
import sys
import tempfile
import time

import pytest

from devtools.system import temporary


@pytest.fixture
def place(tmp_path, monkeypatch):
    """A temporary folder of the system's that is the test's own."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(temporary, "_swept", set())
    return tmp_path


def test_a_folder_is_ours_alone_and_gone_afterwards(place):
    with temporary.folder() as first, temporary.folder(prefix="tmp") as second:
        assert (os.path.dirname(first), os.stat(first).st_mode & 0o777) == (str(place), 0o700)
        assert first != second
        assert os.path.basename(second).startswith("tmp")
        temporary.sweep(str(place), time.time() + 100)
        assert sorted(os.listdir(place)) == sorted(map(os.path.basename, (first, second)))
    assert os.listdir(place) == []


def killed(place):
    """A folder whose process was killed."""
    script = (
        "import os, sys, time; from devtools.system import temporary\n"
        "with temporary.folder() as path:\n open(path + '/big', 'w').close(); print(path, flush=True); time.sleep(60)"
    )
    env = {**os.environ, "TMPDIR": str(place)}
    process = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True, env=env)
    path = process.stdout.readline().strip()
    process.send_signal(signal.SIGKILL)
    process.communicate()
    return path


def test_the_next_command_removes_what_a_kill_left(place):
    left = killed(place)
    later = time.time() - 100
    os.utime(os.path.join(left, temporary.OWNER), (later, later))
    with temporary.folder() as own:
        assert os.listdir(place) == [os.path.basename(own)]


def test_what_is_young_or_not_ours_or_a_link_stays(place, tmp_path_factory):
    young = killed(place)
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    (elsewhere / temporary.OWNER).touch()
    (place / "devtools-link").symlink_to(elsewhere)
    for name in ("devtools-without", "other", "devtools-odd", "tmpabc"):
        (place / name).mkdir()
    (place / "other" / temporary.OWNER).touch()
    (place / "devtools-odd" / temporary.OWNER).symlink_to(elsewhere / temporary.OWNER)
    os.mkfifo(place / "tmpabc" / temporary.OWNER)
    (place / "devtools-file").touch()
    before = sorted(os.listdir(place))
    temporary.sweep(str(place), time.time() + 30)
    assert os.path.basename(young) in before
    for old in (elsewhere, place / "other"):
        os.utime(old / temporary.OWNER, (1, 1))
    temporary.sweep(str(place), time.time() + 30)
    assert sorted(os.listdir(place)) == before
    assert os.listdir(elsewhere) == [temporary.OWNER]
    temporary.sweep(str(place / "missing"), time.time())
