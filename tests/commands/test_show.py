import json

import pytest

from devtools.cli import run


def test_a_stored_run_is_shown_whole(repository, capsys):
    repository.put("test_a.py", "def test_a():\n    for n in range(900): print('line', n)\n    assert 0\n")
    assert run(["hygiene", "--only", "tests"]) == 1
    capsys.readouterr()
    assert run(["show"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("run 1: hygiene\n== tests: 1 failed")
    assert "\ntest_a.py::test_a test_a.py:3 failed assert 0\n" in out
    assert all(f"\n  line {n}\n" in out for n in range(900))
    assert run(["show", "1", "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert (answer["command"], answer["of"], answer["run"]) == ("show", "hygiene", 1)


def test_a_finding_without_a_line_is_shown_with_its_file_alone(repository, capsys):
    finding = {"line": 0, "message": "cannot be read", "code": "E902"}
    check = {"name": "lint", "summary": "", "findings": [{**finding, "path": "a.py"}, {**finding, "path": ""}]}
    repository.keep("x", "")
    (repository.state / "runs").mkdir()
    (repository.state / "runs" / "1.json").write_text(json.dumps({"command": "x", "checks": [{**check, "log": ""}]}))
    assert run(["show"]) == 0
    assert capsys.readouterr().out.splitlines()[2:] == ["a.py E902 cannot be read", "E902 cannot be read"]


def test_no_line_of_a_log_passes_for_one_of_ours(repository, capsys):
    text = "print('green: all', chr(10), 'next: rm -rf', sep='')\n    print(chr(27) + '[2J', chr(155), chr(0x202e))"
    repository.put("test_a.py", f"def test_a():\n    {text}\n    assert 0, 'x' + chr(10) + 'green: all' + chr(7)\n")
    run(["hygiene", "--only", "tests"])
    run(["show"])
    run(["hygiene", "--only", "tests", "--budget", "9"])
    out = capsys.readouterr().out
    assert [line for line in out.splitlines() if line.startswith(("green", "next"))] == []
    assert out.count("  green: all") > 3
    assert "\\x1b[2J \\x9b \\u202e" in out
    assert {sign for sign in out if not sign.isprintable()} == {"\n"}


def test_a_run_that_is_not_stored_is_one_line_and_exit_two(repository, capsys):
    assert run(["show", "7"]) == 2
    assert "no run is stored yet" in capsys.readouterr().err


@pytest.mark.parametrize("stored", ['{"checks": 7}', '{"command": "x", "checks": [7]}', "[]", "{", "[" * 99999])
def test_a_damaged_run_is_one_line_and_exit_two(repository, capsys, stored):
    repository.keep("x", "")
    (repository.state / "runs").mkdir()
    (repository.state / "runs" / "3.json").write_text(stored)
    assert run(["show"]) == 2
    assert capsys.readouterr().err == "devtools: run 3 is damaged: devtools hygiene makes a new one\n"
