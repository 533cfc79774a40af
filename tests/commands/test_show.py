import json

from devtools.cli import run


def test_a_stored_run_is_shown_whole(repository, capsys):
    repository.put("test_a.py", "def test_a():\n    for n in range(900): print('line', n)\n    assert 0\n")
    assert run(["hygiene", "--only", "tests"]) == 1
    capsys.readouterr()
    assert run(["show"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("run 1: hygiene\n== tests: 1 failed")
    assert "\ntest_a.py::test_a test_a.py:3 failed assert 0\n" in out
    assert all(f"line {n}\n" in out for n in range(900))
    assert run(["show", "1", "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert (answer["command"], answer["of"], answer["run"]) == ("show", "hygiene", 1)


def test_a_run_that_is_not_stored_is_one_line_and_exit_two(repository, capsys):
    assert run(["show", "7"]) == 2
    assert "no run is stored yet" in capsys.readouterr().err
