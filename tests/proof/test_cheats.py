# ruff: noqa: E501 -- whole files of small projects
"""What a cheat would try at commit: each of these must be refused, and say why."""

import pytest

from devtools.adapters.proving import prove

OLD = {
    "calc.py": "def add(a, b):\n    return a + b\n",
    "test_calc.py": "import calc\n\n\ndef test_add():\n    assert calc.add(1, 2) == 3\n    assert calc.add(0, 0) == 0\n",
}
CODE = OLD["calc.py"] + "\n\ndef double(a):\n    return add(a, a)\n"
TEST = OLD["test_calc.py"] + "\n\ndef test_double():\n    assert calc.double(2) == 4\n"


@pytest.fixture
def verdict(project):
    def run(files, kind="feat", before=None):
        old = project.commit({**OLD, **(before or {})})
        proof = prove(project.loaded(), old, project.commit(files), kind)
        return proof.verdict, {problem.code for problem in proof.problems}, proof

    return run


def with_test(body, head="import calc\nimport pytest\n"):
    return OLD["test_calc.py"].replace("import calc\n", head) + f"\n\ndef test_double():\n    {body}\n"


@pytest.mark.parametrize(
    ("files", "code"),
    [
        ({"calc.py": CODE}, "unproved"),
        ({"calc.py": CODE, "test_calc.py": with_test("assert calc")}, "unproved"),
        ({"calc.py": CODE, "test_calc.py": with_test("calc.double(2)\n    assert True")}, "unproved"),
        ({"calc.py": CODE, "test_calc.py": with_test("if not hasattr(calc, 'double'): pytest.fail()")}, "unproved"),
        ({"calc.py": CODE, "test_calc.py": with_test("if not hasattr(calc, 'double'): raise KeyError")}, "unproved"),
        ({"calc.py": CODE, "test_calc.py": TEST, "conftest.py": "collect_ignore = ['test_calc.py']\n"}, "unproved"),
        ({"calc.py": CODE, "test_calc.py": with_test("pytest.skip('x')\n    assert calc.double(2) == 4")}, "unproved"),
        ({"calc.py": CODE, "test_calc.py": with_test("assert calc.double(2) is not calc")}, "pseudo-tested"),
        ({"calc.py": CODE + "\n\ndef more():\n    return 1\n", "test_calc.py": TEST}, "untested-code"),
        (
            {"calc.py": CODE.replace("return add", "if a < 0: raise ValueError\n    return add"), "test_calc.py": TEST},
            "untested-code",
        ),
        (
            {"calc.py": CODE + "\n\ndef more():  # pragma: no cover\n    return 1\n", "test_calc.py": TEST},
            "untested-code",
        ),
        ({"calc.py": CODE.replace("return a + b", "return 3"), "test_calc.py": TEST}, "unproved"),
    ],
    ids=[
        *("no test", "test that passes before", "assert True", "pytest.fail", "own error", "ignored by conftest"),
        *(
            "skipped",
            "asserts nothing of the value",
            "second function",
            "branch on one line",
            "pragma",
            "breaks another",
        ),
    ],
)
def test_a_feature_without_its_proof_is_refused(verdict, files, code):
    found, codes, proof = verdict(files)
    assert (found, proof.fault) == ("unproved", "")
    assert code in codes


@pytest.mark.parametrize(
    "test",
    [
        "import calc\n\n\ndef test_double():\n    assert calc.double(2) == 4\n",
        TEST.replace("    assert calc.add(0, 0) == 0\n", ""),
        TEST.replace("assert calc.add(0, 0) == 0", "assert calc.add(0, 0) == 0 or True"),
        TEST.replace("def test_add", "@pytest.mark.skip\ndef test_add").replace("import calc", "import calc, pytest"),
        TEST.replace("def test_add", "@pytest.mark.xfail\ndef test_add").replace("import calc", "import calc, pytest"),
        TEST.replace("def test_add", "def check_add"),
        TEST.replace("    assert calc.add(0", "    if 0: assert calc.add(0"),
        TEST + "\n\ndef pytest_x(): pass\ndel test_add\n",
    ],
    ids=["deleted", "fewer assertions", "or True", "skip", "xfail", "renamed away", "if 0", "del"],
)
def test_weakening_an_existing_test_is_refused(verdict, test):
    found, codes, _ = verdict({"calc.py": CODE, "test_calc.py": test})
    assert found == "unproved"
    assert "tests-tampered" in codes


@pytest.mark.parametrize(
    "files",
    [
        {"pytest.ini": "[pytest]\naddopts = --deselect test_calc.py::test_add\n"},
        {"pyproject.toml": "[tool.pytest.ini_options]\naddopts = '-k double'\n"},
        {
            "conftest.py": "def pytest_collection_modifyitems(items):\n    items[:] = [i for i in items if 'add' not in i.name]\n"
        },
        {
            "conftest.py": "import pytest\n@pytest.fixture(autouse=True)\ndef no(request):\n    if 'add' in request.node.name: pytest.skip()\n"
        },
    ],
    ids=["deselect", "-k", "hook", "autouse skip"],
)
def test_deselecting_by_settings_is_refused(verdict, files):
    found, codes, _ = verdict({"calc.py": CODE, "test_calc.py": TEST, **files})
    assert found == "unproved"
    assert "tests-tampered" in codes


def test_fewer_cases_are_refused(verdict):
    many = "import calc, pytest\n@pytest.mark.parametrize('n', [1, 2, 3])\ndef test_n(n):\n    assert calc.add(n, 0) == n\n"
    files = {"calc.py": CODE, "test_calc.py": TEST, "test_n.py": many.replace(", 3]", "]")}
    assert "tests-tampered" in verdict(files, before={"test_n.py": many})[1]


def test_a_refactoring_that_changes_what_tests_see_is_refused(verdict):
    broken = {"calc.py": "def add(a, b):\n    return a - b\n"}
    assert verdict(broken, "refactor")[:2] == ("unproved", {"unproved"})
    assert verdict({"calc.py": CODE}, "refactor", before={"calc.py": OLD["calc.py"] + "#\n"})[1] == {"untested-code"}
    assert verdict({**broken, "test_calc.py": ""}, "chore")[1] >= {"tests-tampered"}


def test_code_that_asks_whether_it_is_tested_is_no_proof_of_the_parent(verdict):
    """The parent's code is laid under the tests as it was: there is nothing in it to ask."""
    code = "import sys\n" + CODE.replace("return add(a, a)", "return 4 if 'pytest' in sys.modules else None")
    found, _, proof = verdict({"calc.py": code, "test_calc.py": TEST})
    assert (found, proof.witnessed) == ("proved", ("test_calc.py::test_double",))


def test_a_snapshot_whose_tests_cannot_run_is_an_error_and_no_violation(verdict):
    found, codes, proof = verdict({"calc.py": CODE, "test_calc.py": TEST, "conftest.py": "import nonsense_xyz\n"})
    assert (found, codes) == ("error", set())
    assert "nonsense_xyz" in proof.fault


def test_a_file_that_cannot_be_collected_on_either_side_is_an_error_and_no_violation(verdict):
    broken = {"test_broken.py": "import calc, nonsense_xyz\n\n\ndef test_broken():\n    assert calc\n"}
    found, codes, proof = verdict({"calc.py": CODE}, before=broken)
    assert (found, codes) == ("error", set())
    assert proof.fault.startswith("test_broken.py cannot be collected, nor on the parent: ")
    files = {"calc.py": CODE, "test_calc.py": TEST}
    assert verdict(files, before={**broken, "calc.py": OLD["calc.py"] + "#\n"})[0] == "proved"
    files["test_calc.py"] = files["test_calc.py"].replace("    assert calc.add(0, 0) == 0\n", "")
    assert "tests-tampered" in verdict(files, before={**broken, "calc.py": OLD["calc.py"] + "#\n"})[1]
