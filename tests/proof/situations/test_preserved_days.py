# ruff: noqa: E501 -- whole files of small projects
"""Ordinary days without a new behaviour: what is only moved, renamed, merged or taken away passes as preserved."""

import pytest

from devtools.proof.prove import prove

OLD = {
    "calc.py": "def add(a, b):\n    return a + b\n\n\ndef halve(a):\n    return a / 2\n",
    "test_calc.py": "import calc\n\n\ndef test_add():\n    assert calc.add(1, 2) == 3\n\n\ndef test_halve():\n    assert calc.halve(2) == 1\n",
}


@pytest.fixture
def verdict(project):
    def run(files, kind="feat", before=OLD):
        old = project.commit(before)
        proof = prove(project.loaded(), old, project.commit(files), kind)
        assert not proof.fault
        assert not proof.problems
        return proof.verdict, proof.witnessed

    return run


def test_of_a_type_that_is_not_known_preservation_is_enough(verdict):
    code = OLD["calc.py"].replace("return a + b", "total = a + b\n    return total")
    assert [verdict({"calc.py": code}, kind)[0] for kind in ("", "typing")] == ["preserved"] * 2


def test_refactorings_are_preserved(verdict):
    assert (
        verdict({"calc.py": OLD["calc.py"].replace("return a + b", "total = a + b\n    return total")}, "refactor")[0]
        == "preserved"
    )
    moved = {"calc.py": "from more import add, halve\n", "more.py": OLD["calc.py"]}
    assert verdict(moved, "refactor")[0] == "preserved"
    renamed = {name: text.replace("halve", "half") for name, text in OLD.items()}
    assert verdict(renamed, "refactor")[0] == "preserved"


def test_a_test_that_moved_or_was_renamed_is_not_deleted(verdict):
    code = OLD["calc.py"].replace("return a + b", "total = a + b\n    return total")
    moved = {
        "calc.py": code,
        "test_calc.py": None,
        "tests/test_moved.py": OLD["test_calc.py"].replace("test_halve", "test_half"),
    }
    assert verdict(moved, "refactor")[0] == "preserved"


def test_two_tests_made_one_with_cases_are_no_loss(verdict):
    test = "import calc, pytest\n\n\n@pytest.mark.parametrize('a', [1, 2])\ndef test_add(a):\n    assert calc.add(a, 2) == a + 2\n"
    before = {
        **OLD,
        "test_two.py": "import calc\ndef test_add():\n    assert calc.add(1, 2) == 3\n    assert calc.add(2, 2) == 4\n",
    }
    assert (
        verdict({"calc.py": OLD["calc.py"] + "#\nX = 1\n", "test_two.py": test}, "refactor", before)[0] == "preserved"
    )


def test_a_feature_may_be_deleted_with_its_tests(verdict):
    code, test = (text.partition("\n\n\ndef halve")[0] for text in OLD.values())
    test = OLD["test_calc.py"].partition("\n\n\ndef test_halve")[0]
    for kind in ("feat", "refactor"):
        assert verdict({"calc.py": code + "\n", "test_calc.py": test + "\n"}, kind)[0] == "preserved"


def test_a_revert_may_take_the_test_of_its_fix_along(project):
    old = project.commit(OLD)
    files = {"calc.py": OLD["calc.py"].replace("a + b", "int(a) + int(b)")}
    test = OLD["test_calc.py"] + "\n\ndef test_text():\n    assert calc.add('1', 2) == 3\n"
    fixed = project.commit({**files, "test_calc.py": test})
    assert prove(project.loaded(), fixed, old, "revert").verdict == "preserved"
    assert prove(project.loaded(), fixed, old, "refactor").verdict == "unproved"


def test_a_revert_to_a_state_that_never_was_is_none(project):
    old = project.commit(OLD)
    files = {"calc.py": OLD["calc.py"].replace("a + b", "a - b")}
    new = project.commit({**files, "test_calc.py": OLD["test_calc.py"].replace("== 3", "== -1")})
    assert prove(project.loaded(), old, new, "revert").verdict == "unproved"


STRONG = "import calc\n\n\ndef test_sums():\n    assert calc.add(1, 2) == 3\n    assert calc.add(0, 1) == 1\n    assert calc.halve(2) == 1\n"
WAYS = {
    "split": "import calc\n\n\ndef test_three():\n    assert calc.add(1, 2) == 3\n\n\ndef test_one():\n    assert calc.add(0, 1) == 1\n\n\ndef test_half():\n    assert calc.halve(2) == 1\n",
    "renamed and strengthened": STRONG.replace("test_sums", "test_all") + "    assert calc.add(2, 2) == 4\n",
    "cases": "import calc, pytest\n\n\n@pytest.mark.parametrize(('a', 'b', 'c'), [(1, 2, 3), (0, 1, 1)])\ndef test_add(a, b, c):\n    assert calc.add(a, b) == c\n\n\ndef test_half():\n    assert calc.halve(2) == 1\n",
    "helper": "import calc\n\n\ndef check(a, b, c):\n    assert calc.add(a, b) == c\n\n\ndef test_all():\n    check(1, 2, 3)\n    check(0, 1, 1)\n    assert calc.halve(2) == 1\n",
}


@pytest.mark.parametrize("text", WAYS.values(), ids=WAYS)
def test_tests_may_be_told_in_another_way_beside_a_change_of_structure(verdict, text):
    code = OLD["calc.py"].replace("return a + b", "total = a + b\n    return total")
    assert (
        verdict({"calc.py": code, "test_calc.py": text}, "refactor", {**OLD, "test_calc.py": STRONG})[0] == "preserved"
    )


def test_tests_of_unittest_may_become_functions_and_back(verdict):
    unit = "import calc, unittest\n\n\nclass TestSums(unittest.TestCase):\n    def setUp(self):\n        self.two = 2\n\n    def test_sums(self):\n        self.assertEqual(calc.add(1, self.two), 3)\n        self.assertEqual(calc.add(0, 1), 1)\n        self.assertTrue(calc.halve(2) == 1)\n"
    code = OLD["calc.py"].replace("return a + b", "total = a + b\n    return total")
    assert (
        verdict({"calc.py": code, "test_calc.py": STRONG}, "refactor", {**OLD, "test_calc.py": unit})[0] == "preserved"
    )


def test_two_tests_may_become_one(verdict):
    code = OLD["calc.py"].replace("return a + b", "total = a + b\n    return total")
    merged = "import calc\n\n\ndef test_all():\n    assert calc.add(1, 2) == 3\n    assert calc.halve(2) == 1\n"
    assert verdict({"calc.py": code, "test_calc.py": merged}, "chore")[0] == "preserved"


def test_a_module_may_get_another_name_with_its_tests(verdict):
    files = {"calc.py": None, "sums.py": OLD["calc.py"], "test_calc.py": None}
    files["test_sums.py"] = OLD["test_calc.py"].replace("calc", "sums")
    assert verdict(files, "refactor")[0] == "preserved"
    assert (
        verdict(
            {"sums.py": None, "sums/__init__.py": OLD["calc.py"]},
            "refactor",
            {**OLD, **{k: v for k, v in files.items() if v}},
        )[0]
        == "preserved"
    )


def test_a_conftest_may_gain_what_new_tests_need(verdict):
    files = {
        "conftest.py": "import pytest\n\n\n@pytest.fixture\ndef two():\n    return 2\n",
        "calc.py": OLD["calc.py"] + "\n\ndef double(a):\n    return add(a, a)\n",
        "test_new.py": "import calc\n\n\ndef test_double(two):\n    assert calc.double(two) == 4\n",
    }
    assert verdict(files) == ("proved", ("test_new.py::test_double",))


def test_a_rename_may_touch_a_line_that_no_test_executes(verdict):
    far = "\n\ndef far(a):\n    if a:\n        return add(a, 1)\n    return 0\n"
    before = {**OLD, "calc.py": OLD["calc.py"] + far}
    renamed = {name: text.replace("add", "plus") for name, text in before.items()}
    assert verdict(renamed, "refactor", before)[0] == "preserved"
    wrapped = before["calc.py"].replace("add(a, 1)", "add(\n            a,\n            1,\n        )")
    assert verdict({"calc.py": wrapped + "LIMIT = 1\n"}, "style", before)[0] == "preserved"


def test_a_fix_of_types_alone_wants_no_test(verdict):
    assert verdict({"calc.py": OLD["calc.py"].replace("(a, b)", "(a: int, b: int) -> int")}, "fix")[0] == "preserved"
