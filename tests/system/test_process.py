import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from devtools.errors import Ended, ToolError
from devtools.system import bounds, process
from devtools.system.process import attached, passed_bound, run


def test_a_program_runs_where_it_is_told_with_the_environment_it_is_given(tmp_path):
    script = "import os, sys; print(os.getcwd(), os.environ['A']); sys.stderr.write('oh'); sys.exit(3)"
    done = run([sys.executable, "-c", script], str(tmp_path), {**os.environ, "A": "b"})
    assert done == (3, f"{tmp_path} b\n", "oh", False)


def test_a_program_may_be_started_in_another_way(tmp_path):
    """What starts it is handed the command and all its options, and is watched as any program is."""
    started = []

    def popen(argv, **options):
        started.append((argv, options["cwd"]))
        return subprocess.Popen([*argv, "more"], **options)

    assert run(["echo", "some"], str(tmp_path), popen=popen).out == "some more\n"
    assert started == [(["echo", "some"], str(tmp_path))]


def test_bytes_that_are_no_text_come_back_without_loss(tmp_path):
    done = run([sys.executable, "-c", "import os; os.write(1, b'a\\xff')"], str(tmp_path))
    assert done.out.encode("utf-8", "surrogateescape") == b"a\xff"


def test_a_timeout_ends_the_children_too(tmp_path):
    done = run(["sleep 60 & sleep 60"], str(tmp_path), timeout=0.2, shell=True)
    assert done.timed_out


def alive(pid):
    """Whether it runs; one that has ended and waits for its parent does not."""
    try:
        with open(f"/proc/{pid}/stat") as stream:
            return stream.read().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def ended(pids, seconds=2.0):
    """Those of the processes that still run after some time; a kill is no call that waits."""
    deadline = time.monotonic() + seconds
    pids = list(pids)
    while (left := [pid for pid in pids if alive(pid)]) and time.monotonic() < deadline:
        time.sleep(0.01)
    return not left


LEAVE = """
import os, sys
if not os.fork():
    {leave}
    open("pid", "w").write(str(os.getpid()))
    os.execvp("sleep", ["sleep", "20"])
while not os.path.exists("pid"):
    pass
print("done")
"""


@pytest.mark.skipif(not os.path.isdir("/proc/self"), reason="needs /proc")
@pytest.mark.parametrize(("leave", "lives"), [("pass", False), ("os.setpgid(0, 0)", False), ("os.setsid()", True)])
def test_nobody_waits_for_what_a_program_leaves_behind(tmp_path, leave, lives):
    started = time.monotonic()
    assert run([sys.executable, "-c", LEAVE.format(leave=leave)], str(tmp_path)).out == "done\n"
    assert time.monotonic() - started < 10
    pid = int((tmp_path / "pid").read_text())
    try:
        assert ended([pid], 0.1 if lives else 2) is not lives, "a daemon is left alone, a leftover of the session ends"
    finally:
        if alive(pid):
            os.kill(pid, signal.SIGKILL)


@pytest.mark.skipif(not os.path.isdir("/proc/self"), reason="needs /proc")
def test_a_hook_of_git_may_start_what_stays_and_is_not_waited_for(repository):
    hook = repository.path / ".git/hooks/pre-commit"
    hook.write_text("#!/bin/sh\nsleep 20 &\necho $! > pid\n")
    hook.chmod(0o755)
    started = time.monotonic()
    assert run(["git", "commit", "-q", "--allow-empty", "-m", "x"], str(repository.path)).code == 0
    assert time.monotonic() - started < 10
    pid = int((repository.path / "pid").read_text())
    assert alive(pid)
    os.kill(pid, signal.SIGKILL)


def test_what_ends_shortly_after_its_program_may_clean_up(tmp_path):
    run(["(sleep 0.1; touch cleaned) & echo done"], str(tmp_path), shell=True)
    assert (tmp_path / "cleaned").exists()


def test_of_endless_output_the_head_and_the_tail_are_kept(tmp_path):
    script = "import sys; print('first'); sys.stdout.write('x' * 5_000_000); print('\\nlast')"
    done = run([sys.executable, "-c", script], str(tmp_path), limit=2000)
    assert len(done.out) < 2100
    assert done.out.startswith("first\n")
    assert done.out.endswith("\nlast\n")
    assert "[4998012 bytes of output left out]\n" in done.out
    assert run(["yes"], str(tmp_path), timeout=0.3, limit=1000).timed_out


def test_what_git_says_is_never_cut(repository):
    repository.put("long.txt", "x" * 5000)
    repository.git("add", "-A")
    assert run(["git", "show", ":long.txt"], str(repository.path), limit=10).out == "x" * 5000


def test_a_program_that_does_not_read_its_input_is_no_fault(tmp_path):
    assert run(["true"], str(tmp_path), feed="x" * 1_000_000) == (0, "", "", False)
    assert len(run(["cat"], str(tmp_path), feed="x" * 1_000_000).out) == 1_000_000


def test_a_program_that_closes_its_output_is_waited_for_till_its_timeout(tmp_path):
    assert run(["exec >&- 2>&-; sleep 0.2; exit 3"], str(tmp_path), shell=True).code == 3
    assert run(["exec >&- 2>&-; sleep 20"], str(tmp_path), shell=True, timeout=0.2).timed_out


@pytest.mark.skipif(not os.path.isdir("/proc/self"), reason="needs /proc")
def test_a_timeout_ends_also_what_has_left_the_group(tmp_path):
    leave = "if not os.fork():\n os.{0}; open(f'{1}-{{os.getpid()}}', 'w')\n os.closerange(0, 3); time.sleep(20)\n"
    leave += " os._exit(0)\n"
    script = "import os, time\n" + leave.format("setpgid(0, 0)", "group") + leave.format("setsid()", "session")
    script += "time.sleep(20)"
    run([sys.executable, "-c", script], str(tmp_path), timeout=0.7)
    pids = [int(name.rpartition("-")[2]) for name in os.listdir(tmp_path)]
    assert len(pids) == 2
    assert ended(pids), "what the program had started runs on"


def test_where_proc_is_missing_or_changes_meanwhile_the_group_still_ends(tmp_path, monkeypatch):
    monkeypatch.setattr("os.listdir", lambda folder: ["999999999", "self"])
    assert run(["sleep 20 & sleep 20"], str(tmp_path), timeout=0.1, shell=True).timed_out
    monkeypatch.setattr("os.listdir", lambda folder: os.stat(f"{folder}/no-such-file"))
    monkeypatch.setattr("os.path.isdir", lambda folder: False)
    assert run(["sleep 20 & echo done"], str(tmp_path), shell=True).out == "done\n"
    assert run(["sleep 20 & sleep 20"], str(tmp_path), timeout=0.1, shell=True).timed_out


def test_a_missing_program_is_the_tool_s_fault_and_named(tmp_path):
    with pytest.raises(ToolError, match="no-such-program"):
        run(["no-such-program"], str(tmp_path))


def test_a_program_is_fed_bytes_that_are_no_text(tmp_path):
    assert run(["cat"], str(tmp_path), feed="a\udcff\0").out == "a\udcff\0"


def test_a_gentle_interrupt_lets_the_program_clean_up(tmp_path, monkeypatch):
    def interrupted(program, *_):
        program.stdout.readline()
        raise KeyboardInterrupt

    monkeypatch.setattr(process, "collect", interrupted)

    script = "trap 'touch cleaned; exit' TERM; echo ready; while :; do sleep 0.01; done"
    with pytest.raises(KeyboardInterrupt):
        run(["sh", "-c", script], str(tmp_path))
    assert not (tmp_path / "cleaned").exists()
    with pytest.raises(KeyboardInterrupt):
        run(["sh", "-c", script], str(tmp_path), gentle=True)
    assert (tmp_path / "cleaned").exists()


def test_an_attached_program_writes_where_we_write_and_an_interrupt_is_its_own(tmp_path, capfd):
    assert attached(["sh", "-c", "pwd; exit 3"], str(tmp_path)) == 3
    assert capfd.readouterr().out == f"{tmp_path}\n"
    with pytest.raises(ToolError, match="cannot run no-such-program"):
        attached(["no-such-program"], str(tmp_path))
    trap = "trap 'exit 7' INT; sleep 0.5; kill -INT $PPID; sleep 0.2; kill -INT $$; sleep 5"
    # A process of its own: the interrupt would end a worker of pytest-xdist.
    line = "import sys; from devtools.system.process import attached\n"
    line += "sys.exit(attached(['bash', '-c', sys.argv[1]], '/'))"
    assert subprocess.run([sys.executable, "-c", line, trap], check=False).returncode == 7


@pytest.fixture
def signals():
    """A signal that nobody handles fails the test, and does not end a worker of pytest-xdist."""

    def unhandled(number, _):
        raise AssertionError(f"nobody handled signal {number}")

    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = {number: signal.signal(number, unhandled) for number in numbers}
    yield unhandled
    assert {signal.getsignal(number) for number in numbers} == {unhandled}
    for number, handler in before.items():
        signal.signal(number, handler)


TELL = "sleep 20 & echo $! $$ > pids; sleep 0.2; kill -{} {}; sleep 20"


@pytest.mark.parametrize(("name", "expected"), [("TERM", Ended), ("HUP", Ended), ("INT", KeyboardInterrupt)])
def test_a_signal_ends_the_programs_of_all_threads_and_nothing_is_started_after_it(tmp_path, signals, name, expected):
    def one_after_the_other():
        run([TELL.format(name, "$PPID")], str(tmp_path), shell=True)
        run(["touch", "second"], str(tmp_path))

    with pytest.raises(expected), process.interruptible(), ThreadPoolExecutor(1) as pool:
        assert pool.submit(one_after_the_other).result() is None, "the thread ran to its end"
    assert ended(int(pid) for pid in (tmp_path / "pids").read_text().split())
    assert not (tmp_path / "second").exists()


def test_a_signal_in_the_midst_of_a_start_leaves_nothing_behind(tmp_path, signals, monkeypatch):
    started = []

    def slow(*arguments, **options):
        started.append(popen(*arguments, **options))
        signal.raise_signal(signal.SIGTERM)
        return started[-1]

    popen = subprocess.Popen
    monkeypatch.setattr("subprocess.Popen", slow)
    with pytest.raises(Ended), process.interruptible():
        run(["sleep", "20"], str(tmp_path))
    assert ended([started[-1].pid])


def test_what_cleans_up_after_a_signal_may_start_programs_and_is_not_told_twice(tmp_path, signals):
    def work():
        try:
            run([TELL.format("TERM", "$PPID")], str(tmp_path), shell=True)
        finally:
            assert run(["kill -TERM $PPID; echo cleaned"], str(tmp_path), shell=True).out == "cleaned\n"

    with pytest.raises(Ended) as told, process.interruptible():
        work()
    assert told.value.number == signal.SIGTERM


def test_a_signal_that_the_caller_ignores_stays_ignored(tmp_path, signals):
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    with process.interruptible():
        assert run(["kill -HUP $PPID; echo on"], str(tmp_path), shell=True).out == "on\n"
    assert signal.signal(signal.SIGHUP, signals) == signal.SIG_IGN


def test_an_attached_program_ends_with_us(tmp_path, signals):
    with pytest.raises(Ended), process.interruptible():
        attached(["sh", "-c", TELL.format("TERM", "$PPID")], str(tmp_path))
    assert ended(int(pid) for pid in (tmp_path / "pids").read_text().split())


def test_a_thread_may_run_a_whole_command(tmp_path):
    def whole():
        with process.interruptible():
            return run(["echo", "here"], str(tmp_path)).out

    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(whole).result() == "here\n"


FLOOD = """
import os, sys, tempfile, time
held = tempfile.TemporaryFile()
os.dup2(held.fileno(), 1)
sys.stderr.write("before")
sys.stderr.flush()
while True:
    os.write(1, b"x" * 1_000_000)
    time.sleep(0.1)
"""


@pytest.mark.skipif(not os.path.isdir("/proc/self"), reason="needs /proc")
def test_a_program_that_prints_without_end_into_a_file_of_its_own_is_ended(tmp_path, monkeypatch):
    monkeypatch.setattr(bounds, "PRINTED", 1 << 20)
    done = run([sys.executable, "-c", FLOOD], str(tmp_path))
    assert (done.code, done.err) == (-9, "before\ndevtools ended it: it printed more than 1 MB")
    assert passed_bound(done.code, done.err) == "devtools ended it: it printed more than 1 MB"
    assert passed_bound(1, done.err) == passed_bound(-9, "killed") == ""
