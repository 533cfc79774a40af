# ruff: noqa: E501 -- whole files of small projects
"""Steps 2 to 5 for the guided cycle: what keeps a test that was seen to fail from being a proof."""

import pytest

from devtools.proof.prove import green

OLD = {
    "calc.py": "def add(a, b):\n    return a + b\n",
    "test_calc.py": "import calc\n\n\ndef test_add():\n    assert calc.add(1, 2) == 3\n",
}
CODE = OLD["calc.py"] + "\n\ndef double(a):\n    return add(a, a)\n"
TEST = OLD["test_calc.py"] + "\n\ndef test_new():\n    assert calc.double(2) == 4\n"
MORE = "\n\ndef more(a):\n    if a:\n        return 1\n    return 2\n\n\nX = [\n    1,\n]\n"


@pytest.mark.parametrize(
    ("files", "codes"),
    [
        ({"calc.py": CODE}, []),
        ({"calc.py": OLD["calc.py"] + "\n"}, ["still-failing"]),
        ({"calc.py": CODE, "test_calc.py": TEST.replace("import calc", "import calc, pytest").replace("def test_new", "@pytest.mark.skip\ndef test_new")}, ["still-failing", "tests-tampered", "untested-code"]),
        ({"calc.py": CODE, "test_calc.py": TEST.replace("def test_new", "def check_new")}, ["still-failing", "tests-tampered", "untested-code"]),
        ({"calc.py": CODE.replace("a + b", "4")}, ["other-tests-fail"]),
        ({"calc.py": CODE, "test_other.py": "def test_x(: pass\n"}, ["other-tests-fail"]),
        ({"calc.py": CODE, "test_other.py": "import os, calc\ndef test_x(): os._exit(0)\n"}, ["other-tests-fail"]),
        ({"calc.py": CODE, "test_calc.py": TEST.replace("(1, 2) == 3", "(1, 2)")}, []),
        ({"calc.py": CODE, "test_calc.py": TEST.replace("    assert calc.add(1, 2) == 3", "    calc.add(1, 2)")}, ["tests-tampered"]),
        ({"calc.py": CODE + MORE}, ["untested-code"]),
    ],
)  # fmt: skip
def test_the_codes_of_green(project, files, codes):
    old = project.commit(OLD)
    written = project.commit({"test_calc.py": TEST})
    done = green(project.loaded(), old, project.commit(files), ["test_calc.py::test_new"], written)
    assert sorted(problem.code for problem in done.problems) == codes
    assert (done.verdict, done.fault) == ("unproved" if codes else "proved", "")
    if codes == ["untested-code"]:
        assert done.problems[0].message == "no test executes calc.py lines 10-12"


def test_a_function_that_no_test_would_miss_is_named(project):
    old = project.commit(OLD)
    new = project.commit({"calc.py": CODE, "test_calc.py": TEST.replace("== 4", "is not calc")})
    [problem] = green(project.loaded(), old, new, ["test_calc.py::test_new"]).problems
    assert (problem.code, problem.path, problem.line) == ("pseudo-tested", "calc.py", 5)
    assert problem.message == "double can return None at once and no witnessed test notices"


def test_a_run_without_pytest_is_a_fault_and_no_violation(project, tmp_path):
    python = tmp_path / "python"
    python.write_text('#!/bin/sh\nexec python3 -S "$@"\n')
    python.chmod(0o755)
    old = project.commit({**OLD, "pyproject.toml": f"[tool.devtools]\npython = '{python}'\n"})
    done = green(project.loaded(), old, project.commit({"calc.py": CODE}), ["test_calc.py::test_new"])
    assert (done.verdict, done.problems) == ("error", ())
    assert done.fault.startswith("pytest is not installed")


def test_a_run_that_takes_too_long_is_a_fault_and_no_violation(project, monkeypatch):
    monkeypatch.setattr("devtools.proof.green.SECONDS", 2.0)
    old = project.commit(OLD)
    files = {"calc.py": CODE, "test_calc.py": TEST + "\n\ndef test_slow():\n    import time\n    time.sleep(60)\n"}
    done = green(project.loaded(), old, project.commit(files), ["test_calc.py::test_new"])
    assert (done.verdict, done.problems) == ("error", ())
    assert done.fault == "the tests did not end within 2 s; test_calc.py::test_slow was running"
