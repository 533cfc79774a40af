import json
import os
import subprocess
import sys

import pytest

from devtools.cli import run


@pytest.fixture
def hygiene(repository, capsys, monkeypatch):
    repository.put("pyproject.toml", "[tool.ruff.lint]\nselect = ['F']\n[tool.ruff.format]\nquote-style = 'preserve'\n")
    repository.put("a.py", "def f():\n    return open('data.txt').read()\n")
    repository.put("data.txt", "1")
    repository.put("test_a.py", "import a\n\n\ndef test_f():\n    assert a.f() == '1'\n")
    repository.put(".gitignore", "__pycache__/\n.*_cache/\n")
    repository.commit()
    for key in list(os.environ):
        if key.startswith("PYTEST_"):
            monkeypatch.delenv(key)

    def call(*arguments):
        os.environ.pop("PYTEST_CURRENT_TEST", None)
        code = run(["hygiene", "--json", *arguments])
        return code, json.loads(capsys.readouterr().out)

    return call


def test_a_sound_project_is_green_and_the_unchanged_tree_answers_from_its_record(hygiene, repository):
    code, first = hygiene()
    assert (code, first["ok"], first["stored"]) == (0, True, False)
    assert [check["name"] for check in first["checks"]] == ["lint", "format", "types", "tests", "debt"]
    counts = {"passed": 1, "failed": 0, "errors": 0, "skipped": 0, "selected": 1, "total": 1}
    assert first["checks"][3]["counts"] == counts
    assert first["git"]["branch"] == "main"
    _, second = hygiene()
    assert (second["stored"], second["run"], second["checks"][3]["counts"]) == (True, first["run"], counts)
    assert hygiene("--full")[1]["stored"] is False


def test_a_stored_green_holds_in_a_hook_and_with_forced_colours_too(hygiene, repository, monkeypatch):
    assert hygiene()[1]["ok"]
    monkeypatch.setenv("GIT_DIR", str(repository.path / ".git"))
    monkeypatch.setenv("GIT_INDEX_FILE", str(repository.path / ".git/index"))
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert hygiene()[1]["stored"] is True, "no test and no tool gets one of these"
    monkeypatch.setenv("READ_BY_A_TEST", "1")
    assert hygiene()[1]["stored"] is False


def test_warnings_are_told_by_the_stored_green_as_well(hygiene, repository, capsys):
    repository.put("test_b.py", "import warnings\n\n\ndef test_b():\n    warnings.warn('old', stacklevel=1)\n")
    assert hygiene()[1]["checks"][3]["notes"] == ["1 warning"]
    assert run(["hygiene"]) == 0
    assert "green (unchanged): lint, format, 2 tests (1 warning)" in capsys.readouterr().out


@pytest.mark.parametrize(
    "attack",
    [
        lambda repository, patch: repository.put("conftest.py", "1 / 0\n"),
        lambda repository, patch: repository.put("data.txt", "2"),
        lambda repository, patch: patch.setenv("PYTEST_ADDOPTS", "--nonsense"),
        lambda repository, patch: repository.put("test_b.py", "def test_b():\n    assert 0\n"),
    ],
)
def test_a_stored_green_never_hides_a_change(hygiene, repository, monkeypatch, attack):
    assert hygiene()[1]["ok"]
    attack(repository, monkeypatch)
    code, answer = hygiene()
    assert (code, answer["ok"], answer["stored"]) == (1, False, False)


def test_a_green_is_not_stored_where_the_run_itself_changed_the_tree(hygiene, repository, capsys):
    repository.put("test_b.py", "import time\n\n\ndef test_b():\n    open('out.txt', 'w').write(str(time.time()))\n")
    assert hygiene()[1]["stored"] is False
    assert hygiene()[1]["stored"] is False
    run(["hygiene"])
    assert "not stored: the run changed 'out.txt'" in capsys.readouterr().out


def test_a_red_run_names_the_test_and_exits_one_or_zero_on_request(hygiene, repository, capsys):
    repository.put("data.txt", "2")
    code, answer = hygiene()
    assert (code, answer["problems"][0]["code"]) == (1, "tests")
    assert run(["hygiene", "--exit-zero"]) == 0
    text = capsys.readouterr().out
    assert text.startswith("red: tests (1 failed")
    assert "); skipped types; main, 1 unstaged\ntest_a.py::test_f:5 " in text


def test_only_runs_one_check_and_refuses_an_unknown_one(hygiene):
    assert [check["name"] for check in hygiene("--only", "lint")[1]["checks"]] == ["lint"]
    assert hygiene("--only", "git")[1]["checks"] == []
    code, answer = hygiene("--only", "nonsense")
    assert (code, answer["problems"][0]["code"]) == (2, "usage")


def test_fix_mends_what_is_safe_and_says_so(hygiene, repository, capsys):
    repository.put("a.py", "import os\n\ndef f():\n    return   open('data.txt').read()\n")
    assert run(["hygiene", "--fix"]) == 0
    assert "format: 1 file reformatted" in capsys.readouterr().out
    assert (repository.path / "a.py").read_text() == "def f():\n    return open('data.txt').read()\n"


def test_configured_checks_are_added_and_a_broken_tool_exits_three(hygiene, repository):
    manifest = (repository.path / "pyproject.toml").read_text()
    repository.put("pyproject.toml", manifest + "[tool.devtools.checks]\nbuild = 'exit 1'\n")
    assert hygiene()[1]["checks"][-1]["name"] == "build"
    repository.put("pyproject.toml", manifest + "[tool.devtools.checks]\nlint = 'no-such-tool'\n")
    code, answer = hygiene()
    assert (code, answer["problems"][0]["code"]) == (3, "lint")


def test_an_unborn_head_works_and_outside_a_repository_is_one_line(repository, tmp_path, monkeypatch, capsys):
    assert run(["hygiene"]) == 0
    assert "main, no commit yet, clean" in capsys.readouterr().out
    monkeypatch.chdir(tmp_path)
    assert run(["hygiene"]) == 2
    captured = capsys.readouterr()
    assert (captured.out, captured.err.count("\n")) == ("", 1)


def test_an_edit_runs_the_affected_tests_only_and_full_runs_all(hygiene, repository, capsys):
    repository.put("test_b.py", "def test_b():\n    pass\n")
    counts = hygiene()[1]["checks"][3]["counts"]
    assert (counts["selected"], counts["total"]) == (2, 2)
    repository.put("test_b.py", "def test_b():\n    assert True\n")
    counts = hygiene("--only", "tests")[1]["checks"][0]["counts"]
    assert (counts["passed"], counts["selected"], counts["total"]) == (1, 1, 2)
    assert hygiene("--full", "--only", "tests")[1]["checks"][0]["counts"]["selected"] == 2


def test_a_package_changed_deep_inside_ends_the_stored_green(hygiene, repository, tmp_path, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(tmp_path / "elsewhere"))
    (tmp_path / "elsewhere").mkdir()
    library = tmp_path / "package" / "deep" / "library.py"
    library.parent.mkdir(parents=True)
    library.write_text("x = 1\n")
    path = f"import sys\n\nsys.path.append({str(library.parent)!r})\n"
    repository.put("test_b.py", f"{path}\nimport library\n\n\ndef test_b():\n    assert library.x == 1\n")
    assert hygiene("--only", "tests")[1]["ok"]
    assert hygiene("--only", "tests")[1]["stored"]
    library.write_text("x = 22\n")
    code, answer = hygiene("--only", "tests")
    assert (code, answer["stored"]) == (1, False)


@pytest.mark.parametrize(
    ("files", "folder"),
    [
        (["env/pyvenv.cfg", "env/lib/deep/a.py", "env/lib/node_modules/x/b.js"], "env"),
        (["web/node_modules/left/a.js", "web/node_modules/left/node_modules/b.js"], "web/node_modules"),
    ],
)
def test_an_environment_that_git_does_not_ignore_is_no_work_and_is_told(hygiene, repository, capsys, files, folder):
    for name in (*files, "new.txt"):
        repository.put(name, "")
    assert run(["hygiene", "--only", "debt", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["git"]["untracked"] == 1
    assert run(["hygiene", "--only", "debt"]) == 0
    assert f"{folder}/ is an environment that git does not ignore: add it to .gitignore" in capsys.readouterr().out
    repository.put(".gitignore", f"{folder}/\n")
    assert run(["hygiene", "--only", "debt"]) == 0
    assert "environment" not in capsys.readouterr().out


@pytest.mark.parametrize(
    "entry", [7, {}, {"checks": 7, "run": 1}, {"checks": [7], "run": 1}, {"checks": [], "run": "x"}]
)
def test_a_stored_green_of_another_shape_is_as_if_it_were_not_there(repository, capsys, entry):
    repository.put("devtools.toml", "[checks]\nlint = 'true'\n")
    repository.commit()
    assert run(["hygiene", "--only", "lint"]) == 0
    greens = json.loads((repository.state / "greens.json").read_text())
    repository.keep("greens.json", json.dumps(dict.fromkeys(greens, entry)))
    capsys.readouterr()
    assert run(["hygiene", "--only", "lint"]) == 0
    assert capsys.readouterr().out.startswith("green: lint")


def test_a_person_at_a_terminal_sees_how_far_the_tests_are(repository):
    repository.put("test_a.py", "import time\ndef test_a(): time.sleep(1.5)\n")
    ours, theirs = os.openpty()
    command = [sys.executable, "-m", "devtools", "hygiene", "--only", "tests"]
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=theirs, check=True)
    os.close(theirs)
    assert b"0 of 1 tests" in os.read(ours, 100_000)
    os.close(ours)


def test_explain_says_why_each_test_file_would_run_and_runs_none(hygiene, repository):
    assert hygiene("--explain")[1]["tests"] == [
        {"path": "test_a.py", "runs": True, "why": "no run to build on", "last": ""}
    ]
    hygiene()
    repository.put("test_b.py", "def test_b():\n    pass\n")
    left, new = hygiene("--explain")[1]["tests"]
    assert (left["runs"], left["why"]) == (False, "nothing that it depends on has changed since it passed")
    assert (new["runs"], new["why"], left["last"]) == (True, "it has not run yet", "no run to build on")
    repository.put("a.py", "def f():\n    return open('data.txt').read().strip()\n")
    assert hygiene("--explain")[1]["tests"][0]["why"] == "it can reach a.py or another of 2 changed files"


def test_explain_takes_a_test_or_its_file_and_refuses_another_name(hygiene, repository, capsys):
    hygiene()
    for name in ("test_a.py", "test_a.py::test_f", "./test_a.py"):
        assert run(["hygiene", "--explain", name]) == 0
        assert capsys.readouterr().out.splitlines() == [
            "0 test files of 1 would run now",
            "test_a.py is left out: nothing that it depends on has changed since it passed",
            "in the last run of tests it ran: no run to build on",
        ]
    assert run(["hygiene", "--explain", "test_z.py"]) == 2
    assert "no test file is named test_z.py" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("setting", "mark"), [("[tool.devtools]\nalways-run = ['test_b.py']\n", ""), ("", "@pytest.mark.always_run\n")]
)
def test_a_test_that_is_to_run_always_runs_on_the_unchanged_tree_as_well(hygiene, repository, setting, mark):
    """What it depends on, nobody can see: no stored green and no record answers for it."""
    settings = f"[tool.pytest.ini_options]\nmarkers = ['always_run']\n[tool.ruff.lint]\nselect = ['F']\n{setting}"
    repository.put("pyproject.toml", settings)
    repository.put("test_b.py", f"import pytest\n\n\n{mark}def test_b():\n    assert pytest\n")
    assert hygiene("--only", "tests")[1]["checks"][0]["counts"]["selected"] == 2
    answer = hygiene("--only", "tests")[1]
    assert (answer["stored"], answer["checks"][0]["counts"]["selected"]) == (False, 1)
