import io
import json
import os
import select
import signal
import subprocess
import sys
import time

import pytest

from devtools import __version__
from devtools.__main__ import main
from devtools.cli import COMMANDS, run


def test_version_is_answered_without_a_command_line_parser(monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["devtools", "--version"])
    assert main() == 0
    assert capsys.readouterr().out == f"devtools {__version__}\n"
    script = "import sys; sys.argv = ['devtools', '--version']; import devtools.__main__ as m; m.main()"
    loaded = subprocess.run(
        [sys.executable, "-c", script + "; assert 'click' not in sys.modules"], capture_output=True, check=False
    )
    assert loaded.returncode == 0, loaded.stderr


def test_help_lists_every_command_of_the_table(monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["devtools", "--help"])
    assert main() == 0
    out = capsys.readouterr().out
    assert all(name in out for name in COMMANDS)


def test_an_unknown_command_is_one_line_and_exit_two(capsys):
    assert run(["nonsense"]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("devtools: ")
    assert captured.err.count("\n") == 1
    assert "nonsense" in captured.err


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("hygeine", "devtools: no command is named 'hygeine': did you mean devtools hygiene?\n"),
        ("xyzzy", "devtools: no command is named 'xyzzy': devtools --help lists what there is\n"),
    ],
)
def test_a_command_that_there_is_not_gets_a_suggestion(capsys, typed, said):
    assert (run([typed]), capsys.readouterr().err) == (2, said)


def test_no_words_at_all_get_the_help_on_lines_of_its_own(capsys):
    assert run([]) == 0
    assert capsys.readouterr().out.startswith("Usage: devtools [OPTIONS] COMMAND [ARGS]...\n\n  Keep a project clean,")


def test_an_unknown_option_is_a_json_object_where_json_was_asked_for(capsys):
    assert run(["--nonsense", "--json"]) == 2
    answer = json.loads(capsys.readouterr().out)
    assert (answer["schema"], answer["ok"], answer["problems"][0]["code"]) == (1, False, "usage")


def test_a_hook_is_answered_without_a_command_line_parser(monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["devtools", "hook", "nonsense"])
    assert main() == 0
    assert "no event is named 'nonsense'" in capsys.readouterr().out


HOOK_LOADS = {
    "devtools.system",
    "devtools.tdd",
    "_json",
    "devtools",
    "devtools.__main__",
    "devtools.hooks",
    "devtools.hooks.dispatch",
    "devtools.hooks.pre_tool_use",
    "devtools.system.fast_json",
    "devtools.system.sealed",
    "devtools.system.state",
    "devtools.tdd.cycle",
}
MARKS = {"devtools.hooks.branch_logs", "devtools.hooks.guards", "devtools.hooks.marks"}
SHORTER = {"devtools.client", "devtools.client.calls", "devtools.hooks.rewriting"}
LINE = {"devtools.hooks.bypass", "devtools.hooks.shell"}


@pytest.mark.parametrize(
    ("tool", "given", "more"),
    [
        ("Edit", {"file_path": "/nowhere/a.py", "old_string": "a", "new_string": "b"}, set()),
        ("Bash", {"command": "ls -la"}, MARKS),
        ("Bash", {"command": "git status && git log -1"}, MARKS | LINE | SHORTER),
    ],
)
def test_a_hook_call_loads_these_modules_and_no_others(repository, tool, given, more):
    script = (
        "import sys; before = set(sys.modules); sys.argv = ['devtools', 'hook', 'pre-tool-use']\n"
        "import devtools.__main__ as m; m.main(); print(*sorted(set(sys.modules) - before))"
    )
    payload = json.dumps({"tool_name": tool, "tool_input": given, "cwd": str(repository.path)})
    done = subprocess.run([sys.executable, "-c", script], input=payload, capture_output=True, text=True, check=True)
    assert set(done.stdout.split()) == HOOK_LOADS | more


def test_the_traceback_is_shown_only_with_debug(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert run(["show"]) == 2
    assert "Traceback" not in capsys.readouterr().err
    assert run(["show", "--debug"]) == 2
    assert "Traceback" in capsys.readouterr().err


def test_the_status_line_is_answered_without_a_command_line_parser(repository):
    script = "import sys; sys.argv = ['devtools', 'statusline']; import devtools.__main__ as m; m.main()"
    end = "; assert not {'click', 'json', 're'} & set(sys.modules)"
    done = subprocess.run([sys.executable, "-c", script + end], input="{}", capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "tdd idle\n", "")


@pytest.mark.parametrize("closed", [">&-", "<&- >&- 2>&-"])
def test_a_closed_stream_is_no_error(closed):
    line = f"{sys.executable} -m devtools --version {closed}"
    done = subprocess.run(line, shell=True, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_a_closed_stream_is_opened_upon_nothing_before_a_command_could_take_its_number(monkeypatch):
    monkeypatch.setattr(sys, "argv", ["devtools", "--version"])
    monkeypatch.setattr(sys, "stdout", None)
    assert main() == 0
    assert sys.stdout is not None
    sys.stdout.close()


@pytest.mark.parametrize(
    ("typed", "text", "topic"),
    [
        ('add it\'s a `tick` $(touch x) --topic "Two words"\n', "it's a `tick` $(touch x)", "Two words"),
        ('add 5" are # 12.7 cm \\ --topic Size', '5" are # 12.7 cm \\', "Size"),
    ],
)
def test_what_a_person_typed_comes_by_stdin_whatever_it_holds(repository, monkeypatch, capsys, typed, text, topic):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(typed.encode())))
    assert run(["learn", "--json", "-"]) == 0
    assert run(["learn", "list", "--json"]) == 0
    (entry,) = json.loads(capsys.readouterr().out.splitlines()[-1])["entries"]
    assert (entry["text"], entry["topic"]) == (text, topic)
    assert not (repository.path / "x").exists()


def test_nothing_typed_and_a_dash_elsewhere_are_no_arguments_from_stdin(repository, monkeypatch, capsys):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b" \n")))
    assert run(["history", "-"]) == 0
    assert run(["show", "-"]) == 2
    assert "no commit yet" in capsys.readouterr().out


SLOW = "[tdd]\nmode = 'off'\n[checks]\nlint = 'true'\nformat = 'true'\ntypes = 'true'\ntests = '''{}'''\n"


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGHUP, 129), (signal.SIGINT, 130)])
@pytest.mark.parametrize("arguments", [["hygiene"], ["commit", "-m", "feat: change a"]], ids=["hygiene", "commit"])
def test_what_ends_a_command_ends_its_checks_and_changes_nothing(repository, arguments, number, code):
    runs, held = repository.path / ".git/runs", repository.path / ".git/held"
    os.mkfifo(held)
    holder = os.open(held, os.O_RDONLY | os.O_NONBLOCK)
    repository.put("devtools.toml", SLOW.format(f"exec 3> {held}; sleep 20 & touch {runs}; wait"))
    repository.commit()
    repository.put("a.py", "a = 1\n")
    repository.git("add", "a.py")
    before = (repository.git("status", "--porcelain", "--branch"), repository.git("rev-parse", "HEAD"))
    line = f"import signal, sys; signal.signal({int(number)}, signal.SIG_DFL)\n"
    line += "signal.signal(2, signal.default_int_handler)\n"
    line += "from devtools.cli import run; sys.exit(run(sys.argv[1:]))"
    argv = [sys.executable, "-c", line, *arguments]
    with subprocess.Popen(argv, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True) as command:
        while not runs.exists():
            assert command.poll() is None
            time.sleep(0.01)
        command.send_signal(number)
        said = command.communicate(timeout=15)[0].decode()
    assert (command.returncode, said.split()) == (code, ["interrupted" if code == 130 else "terminated"])
    assert select.select([holder], [], [], 2.0)[0], "a program that holds the pipe open runs on"
    os.close(holder)
    assert before == (repository.git("status", "--porcelain", "--branch"), repository.git("rev-parse", "HEAD"))


def test_a_terminated_command_has_the_exit_code_that_a_shell_gives_it(repository, capsys):
    before = signal.signal(signal.SIGTERM, lambda *_: pytest.fail("nobody handled the signal"))
    repository.put("devtools.toml", SLOW.format("sleep 0.2; kill -TERM $PPID; sleep 20"))
    assert run(["hygiene"]) == 143
    assert capsys.readouterr().err.strip() == "terminated"
    signal.signal(signal.SIGTERM, before)


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full")
@pytest.mark.parametrize(
    ("arguments", "code"),
    [(["--version"], 3), (["statusline"], 3), (["hook", "nonsense"], 0), (["hook", "x" * 9000], 0)],
)
def test_a_fast_answer_onto_a_full_device_is_one_line_and_no_traceback(repository, arguments, code):
    with open("/dev/full", "w") as full:
        argv = [sys.executable, "-m", "devtools", *arguments]
        done = subprocess.run(argv, input=b"{}", stdout=full, stderr=-1, check=False)
    assert done.returncode == code
    assert done.stderr.splitlines()[-1] == b"devtools: stdout cannot be written: No space left on device"
    assert b"Traceback" not in done.stderr


HOSTILE = [
    {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    {"LANG": "C", "PYTHONIOENCODING": "ascii"},
    {"LANG": "C", "PYTHONIOENCODING": "latin-1", "PYTHONUTF8": "0"},
]


@pytest.mark.parametrize("variables", HOSTILE, ids=lambda variables: " ".join(variables.values()))
def test_text_is_utf8_whatever_the_locale(repository, variables):
    repository.put("devtools.toml", "[checks]\ntests = 'true'\n[tdd]\nmode = 'off'\n")
    repository.put("größe.txt", "ä\n")
    env = {name: value for name, value in os.environ.items() if not name.startswith(("LC_", "LANG"))} | variables

    def devtools(*arguments):
        argv = [sys.executable, "-m", "devtools", *arguments]
        done = subprocess.run(argv, input=b"{}", capture_output=True, env=env, check=False)
        assert b"Traceback" not in done.stderr
        assert (done.returncode, done.stderr) == (0, b"")
        return done.stdout.decode()

    message = "docs: naïve größe 漢字"
    said = devtools("commit", "-m", message, "--insight", "Größe zählt ☃.", "größe.txt", "devtools.toml")
    assert message in said
    assert repository.git("log", "-1", "--format=%s") == f"{message}\n"
    assert "größe.txt" in repository.git("-c", "core.quotePath=false", "ls-files")
    assert "learned" in devtools("learn", "add", "Übung macht…", "--topic", "Zürich")
    assert "- Größe zählt ☃." in devtools("learn", "list").splitlines()
    assert "Zürich" in (repository.path / "LEARNINGS.md").read_text(encoding="utf-8")
    assert message.partition(": ")[2] in devtools("history")
    assert devtools("statusline") == "tdd idle\n"


@pytest.mark.parametrize("arguments", [["--version"], ["hygiene"], ["statusline"], ["hook", "stop"]])
@pytest.mark.parametrize("at", ["devtools.cli", "devtools.hooks", "devtools.__main__"])
def test_an_interrupt_while_modules_are_loaded_shows_no_traceback(repository, arguments, at):
    script = f"""
import builtins, os, signal, sys
original = builtins.__import__
def load(name, *rest, **named):
    if name.startswith({at!r}) and sys.argv[0] == "devtools" and "devtools.__main__" in sys.modules:
        os.kill(os.getpid(), signal.SIGINT)
    return original(name, *rest, **named)
import devtools.__main__
builtins.__import__ = load
sys.argv = ["devtools", *{arguments!r}]
sys.exit(devtools.__main__.main())
"""
    done = subprocess.run([sys.executable, "-c", script], input="{}", capture_output=True, text=True, check=False)
    assert (done.returncode in (0, 130), "Traceback" in done.stderr) == (True, False)
    if arguments == ["hygiene"] and at == "devtools.cli":
        assert (done.returncode, done.stderr) == (130, "")


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full")
@pytest.mark.parametrize("arguments", [["--help"], ["history"], ["history", "--json"]])
def test_a_full_device_is_one_line_and_no_traceback(repository, arguments):
    with open("/dev/full", "w") as full:
        done = subprocess.run([sys.executable, "-m", "devtools", *arguments], stdout=full, stderr=-1, check=False)
    assert (done.returncode, done.stderr.count(b"\n")) == (3, 1)
    assert done.stderr.endswith(b"No space left on device\n")


def test_a_file_of_ours_that_cannot_be_written_is_one_line(repository, capsys):
    repository.put("devtools.toml", SLOW.format("true"))
    repository.state.write_text("not a folder")
    assert run(["hygiene"]) == 3
    said = capsys.readouterr().err
    assert ("devtools" in said, said.count("\n")) == (True, 1)
    with pytest.raises(OSError, match="devtools"):
        run(["--debug", "hygiene"])


@pytest.mark.parametrize("command", ["history", "hygiene", "learn", "tdd"])
def test_arguments_that_were_cut_run_nothing_and_say_what_to_do(repository, monkeypatch, capsys, command):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"start one\n")))
    assert run([command, "--exit-zero", "--asked"]) == 0
    assert capsys.readouterr().out.startswith("nothing was run: a line of the arguments ends them early.")
    assert not repository.state.exists()


def test_whole_arguments_are_taken_as_they_were_typed(repository, monkeypatch, capsys):
    repository.put("LEARNINGS.md", "# Learnings\n\n## Speed\n\n- It's `cache` that guesses.\n")
    for typed, said in (("it's `cache`\n", "1 hit"), ("\n", "1 insight in"), ("list --topic x\n", "no insight under")):
        text = f"{typed}END OF ARGUMENTS!`\n".encode()
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text)))
        assert run(["learn", "--exit-zero", "--asked"]) == 0
        assert said in capsys.readouterr().out
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"start --exit\nx\nEND OF ARGUMENTS!`\n")))
    assert run(["tdd", "--exit-zero", "--asked"]) == 0
    assert "phase red, cycle 1: --exit x" in capsys.readouterr().out
