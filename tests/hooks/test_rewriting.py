"""What the hook makes of a line of the model: the same commands, the same exit code, a shorter answer."""

import os
import subprocess

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from devtools.hooks.rewriting import only_reads, rewritten


@pytest.fixture
def named(tmp_path, monkeypatch):
    """The shell finds devtools by its name."""
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "devtools").write_text("#!/bin/sh\n")
    (tmp_path / "bin" / "devtools").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}")


@pytest.fixture
def line(repository, named):
    """The line that runs in the place of the model's; empty where it is left alone."""
    return lambda command: rewritten(command, str(repository.path))


@pytest.mark.parametrize(
    ("written", "runs"),
    [
        ("pytest", "devtools run -- pytest"),
        (
            "python3 -m pytest -xq tests/test_a.py::test_b",
            "devtools run -- python3 -m pytest -xq tests/test_a.py::test_b",
        ),
        ("uv run --extra dev pytest -k 'a and b'", "devtools run -- uv run --extra dev pytest -k 'a and b'"),
        ("cd x && poetry run pytest", "cd x && devtools run -- poetry run pytest"),
        ("A=1 B='c d' pytest; echo $?", "A=1 B='c d' devtools run -- pytest; echo $?"),
        ("ruff check . && mypy", "devtools run -- ruff check . && devtools run -- mypy"),
        ("(cd x; pytest)", "(cd x; devtools run -- pytest)"),
        ("if ! pytest; then git diff; fi", "if ! devtools run -- pytest; then devtools run -- git diff; fi"),
        ("timeout 60 pytest", "timeout 60 devtools run -- pytest"),
        ("pytest 2>&1 | tail -30", "devtools run --cut 30 -- pytest 2>&1 | cat"),
        ("pytest | head -n 50 | tail -5 && echo ok", "devtools run --cut 5 -- pytest | cat | cat && echo ok"),
        ("pytest \\\n  -q", "devtools run -- pytest \\\n  -q"),
        ("git status\ngit -C x log -3 # last", "devtools run -- git status\ndevtools run -- git -C x log -3 # last"),
    ],
)
def test_a_known_call_is_made_through_devtools(line, written, runs):
    assert line(written) == runs


@pytest.mark.parametrize(
    "written",
    [
        *(
            "ls",
            "echo pytest",
            "pytest > out",
            "pytest | grep E",
            "pytest | tail -5 > out",
            "pytest &",
            "cat a | pytest",
        ),
        *("x=$(git status)", 'echo "$(git log)"', "echo `git diff`", "diff <(git status) x", "(pytest; ls) | tail"),
        *("for x in 1 2; do pytest; done | tail", "{ pytest; } > out", "pytest() { ls; }; pytest", "x=(pytest a)"),
        *("cat <<E\npytest\nE", "bash -c pytest", "eval pytest", "PATH=/bin pytest", "[[ -f a ]] && pytest"),
        *("pytest -s", "pytest --cov", "pytest --pdb", "pytest --co", "git log --oneline", "git diff --stat"),
        *("git status -s", "ruff check --watch", "ruff format .", "mypy --version", "alias pytest=ls\npytest"),
        *("pytest | tail -f", "pytest |& tail -5", "pytest $X | tail -5", "devtools run -- pytest", "python -c pytest"),
    ],
)
def test_what_is_not_known_is_left_alone(line, written):
    assert line(written) == ""


def test_one_setting_switches_it_off(line, repository):
    repository.put("pyproject.toml", "[tool.devtools]\nrewrite = false\n")
    assert line("pytest") == ""
    repository.put("pyproject.toml", "[tool.devtools]\nrewrite = true\n")
    assert line("pytest") == "devtools run -- pytest"


def test_only_a_call_of_git_that_looks_is_known_to_change_nothing():
    assert [only_reads(line) for line in ("git status", "git log -3 HEAD~2", "git diff a.py")] == [True] * 3
    others = ("pytest", "git status; ls", "git diff 'a b'", "git diff $X", "git log\npytest", "git add x", "git")
    assert not any(only_reads(line) for line in others)


def test_nothing_is_rewritten_where_the_shell_would_not_find_devtools(line, monkeypatch):
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.setattr("sys.argv", ["pytest"])
    assert line("pytest") == ""


PROGRAMS = ("pytest", "ruff", "git", "ls", "tail", "cat", "grep", "timeout")
WORDS = st.sampled_from(
    [
        "pytest",
        "pytest -q",
        "A=1 pytest",
        "git status",
        "git log",
        "ruff check .",
        "ls",
        "ls 'a; pytest'",
        "timeout 5 pytest",
    ]
)
JOINS = st.sampled_from(
    [" && ", " || ", "; ", "\n", " | tail -5; ", " | tail -5 && ", " | grep x; ", " 2>&1; ", " >o; "]
)


@st.composite
def lines(draw):
    """Lists of commands, in groups, substitutions and compounds."""
    text = draw(WORDS)
    for _ in range(draw(st.integers(0, 3))):
        text += draw(JOINS) + draw(WORDS)
    shape = draw(st.sampled_from(["{}", "({})", "{{ {}; }}", "echo $({})", "if {}; then ls; fi", "({}) | cat", "! {}"]))
    return shape.format(text)


@pytest.fixture(scope="module")
def programs(tmp_path_factory):
    """Programs that say how they were called and end with a code of their own; devtools runs what it is given."""
    folder = tmp_path_factory.mktemp("programs")
    for code, name in enumerate(PROGRAMS):
        body = "exec cat" if name in ("tail", "grep") else f'echo "{name} $*"; exit {code % 2}'
        body = 'shift; exec "$@"' if name == "timeout" else "exec /bin/cat" if name == "cat" else body
        (folder / name).write_text(f"#!/bin/sh\n{body}\n")
    (folder / "devtools").write_text(
        '#!/bin/sh\nwhile [ "$1" != -- ]; do shift; done; shift; echo ours >> "$TOLD"; exec "$@"\n'
    )
    for path in folder.iterdir():
        path.chmod(0o755)
    return folder


@settings(max_examples=40, deadline=None)
@given(lines())
def test_the_shell_does_the_same_with_the_line_that_it_is_given(programs, line):
    """The same programs with the same words, the same output and the same exit code."""
    from unittest import mock

    with mock.patch.dict(os.environ, {"PATH": str(programs)}):
        other = rewritten(line, str(programs))
    env = {"PATH": str(programs), "TOLD": str(programs / "told")}

    def done(text):
        run = subprocess.run(["/bin/bash", "-c", text], env=env, cwd=programs, capture_output=True, check=False)
        return run.returncode, run.stdout, run.stderr

    if other:
        assert done(other) == done(line)
        assert (programs / "told").exists() or "||" in line or "&&" in line


@given(st.text("pytest git;|&(){}<>$`'\"\\\n #=-"))
def test_any_line_is_answered(line):
    assert isinstance(rewritten(line, "/"), str)


@pytest.mark.parametrize("name", [".claude/settings.json", ".claude/settings.local.json"])
def test_where_a_person_s_rules_hold_shell_commands_back_each_keeps_its_name(line, repository, name):
    """A rule such as `Bash(git log:*)` would not fit the new line."""
    for rules, left in (('{"deny": ["Bash(git log:*)"]}', True), ('{"deny": ["Read"], "allow": ["Bash"]}', False)):
        repository.put(name, f'{{"permissions": {rules}}}')
        assert (line("pytest") == "") is left
    repository.put(name, '{"deny": "Bash" broken')
    assert line("pytest") == ""
