# ruff: noqa: E501 -- whole files of small projects
"""What a cheat would try at commit: each of these must be refused, and say why."""

import pytest

from devtools.proof.prove import prove

OLD = {
    "calc.py": "def add(a, b):\n    return a + b\n",
    "test_calc.py": "import calc\n\n\ndef test_add():\n    assert calc.add(1, 2) == 3\n    assert calc.add(0, 0) == 0\n",
}
CODE = OLD["calc.py"] + "\n\ndef double(a):\n    return add(a, a)\n"
CLAIMING = (
    "import gc\n    for each in gc.get_objects():\n        if type(each).__name__ == 'Recorder': each.failed = True"
)
SWALLOWED = "try:\n        assert calc.double(2) == 5\n    except AssertionError: pass"
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
        ({"calc.py": CODE, "test_calc.py": TEST, "conftest.py": "collect_ignore = ['test_calc.py']\n"}, "unproved"),
        ({"calc.py": CODE, "test_calc.py": with_test("assert calc.double(2) is not calc")}, "pseudo-tested"),
        ({"calc.py": CODE, "test_calc.py": with_test(f"{CLAIMING}\n    {SWALLOWED}")}, "pseudo-tested"),
        ({"calc.py": CODE.replace("return a + b", "return 3"), "test_calc.py": TEST}, "unproved"),
    ],
    ids=["no test", "ignored by conftest", "asserts nothing of the value", "claims to have failed", "breaks another"],
)
def test_a_feature_without_its_proof_is_refused(verdict, files, code):
    found, codes, proof = verdict(files)
    assert (found, proof.fault) == ("unproved", "")
    assert code in codes


def test_none_of_the_tests_that_show_nothing_is_a_witness(verdict):
    bodies = (
        "assert calc",
        "calc.double(2)\n    assert True",
        "if not hasattr(calc, 'double'): pytest.fail()",
        "if not hasattr(calc, 'double'): raise KeyError",
        "pytest.skip('x')\n    assert calc.double(2) == 4",
    )
    tests = "".join(f"\n\ndef test_{number}():\n    {body}\n" for number, body in enumerate(bodies))
    found, codes, proof = verdict({"calc.py": CODE, "test_new.py": f"import calc\nimport pytest\n{tests}"})
    assert (found, codes, proof.witnessed, proof.fault) == ("unproved", {"unproved"}, (), "")


def test_what_is_smuggled_in_beside_a_tested_function_is_named_line_by_line(verdict):
    code = CODE.replace("return add", "if a < 0: raise ValueError\n    return add")
    code += "\n\ndef more():\n    return 1\n\n\ndef most():  # pragma: no cover\n    return 1\n"
    found, codes, proof = verdict({"calc.py": code, "test_calc.py": TEST})
    assert (found, codes) == ("unproved", {"untested-code"})
    assert proof.problems[0].message == "no test executes calc.py lines 6, 11, 15"


def test_a_refactoring_that_changes_what_tests_see_is_refused(verdict):
    broken = {"calc.py": "def add(a, b):\n    return a - b\n"}
    assert verdict(broken, "refactor")[:2] == ("unproved", {"unproved"})
    assert verdict({"calc.py": CODE}, "refactor", before={"calc.py": OLD["calc.py"] + "#\n"})[1] == {"untested-code"}
    assert verdict({**broken, "test_calc.py": ""}, "chore")[1] >= {"tests-tampered"}


def test_code_that_asks_whether_it_is_tested_has_a_branch_that_no_test_takes(verdict):
    code = "import sys\n" + CODE.replace("return add(a, a)", "return 4 if 'pytest' in sys.modules else None")
    found, codes, proof = verdict({"calc.py": code, "test_calc.py": TEST})
    assert (found, codes, proof.witnessed) == ("unproved", {"untested-code"}, ("test_calc.py::test_double",))


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


def test_a_rename_hides_no_other_change_of_a_line_that_no_test_executes(verdict):
    far = "\n\ndef far(a):\n    return add(a, 1)\n"
    code = (OLD["calc.py"] + far).replace("add", "plus").replace("plus(a, 1)", "plus(a, 2)")
    files = {"calc.py": code, "test_calc.py": OLD["test_calc.py"].replace("add", "plus")}
    assert verdict(files, "refactor", {"calc.py": OLD["calc.py"] + far})[1] == {"untested-code"}
