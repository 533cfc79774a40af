import os
import subprocess
import sys
import tempfile

import pytest

from devtools.system import bounds

pytestmark = pytest.mark.skipif(not os.path.isdir("/proc/self"), reason="needs /proc")


@pytest.fixture
def started():
    """Start a program that waits for the end of its input, its output going to the given place."""
    programs = []

    def start(script, where):
        program = subprocess.Popen(
            [sys.executable, "-c", f"import sys; {script}; print(flush=True, file=sys.stderr); sys.stdin.read()"],
            stdin=subprocess.PIPE,
            stdout=where,
            stderr=subprocess.PIPE,
        )
        programs.append(program)
        program.stderr.readline()
        return program.pid

    yield start
    for program in programs:
        program.communicate()


PRINT = "sys.stdout.write('x' * 5_000_000); sys.stdout.flush()"


def test_what_is_printed_into_a_nameless_file_is_measured(started):
    with tempfile.TemporaryFile() as held:
        pid = started(PRINT, held)
        assert bounds.exceeded([os.getpid(), pid], printed=4 << 20, memory=1 << 50) == "it printed more than 4 MB"
        assert bounds.exceeded([pid], printed=5_000_000, memory=1 << 50) == ""


def test_a_large_file_that_a_program_writes_is_nobody_s_business(started, tmp_path):
    with open(tmp_path / "large", "wb") as large:
        assert bounds.exceeded([started(PRINT, large)], printed=1) == ""


def test_the_memory_of_each_process_is_measured(started):
    pid = started("held = bytearray(64 << 20)", subprocess.DEVNULL)
    assert bounds.exceeded([pid], memory=32 << 20) == "it took more than 32 MB of memory"
    assert bounds.exceeded([pid]) == ""


def test_a_process_that_has_ended_passes_no_bound():
    assert bounds.exceeded([2**22 + 1]) == ""


def test_the_bound_is_the_machine_s_memory_or_the_container_s(tmp_path, monkeypatch):
    whole = bounds.there()
    assert whole > 1 << 28
    (tmp_path / "max").write_text("4096\n")
    monkeypatch.setattr(bounds, "MEMORY", (str(tmp_path / "none"), str(tmp_path / "max")))
    assert bounds.there() == 4096
    (tmp_path / "max").write_text("max\n")
    assert bounds.there() >= whole
