# ruff: noqa: E501 -- whole test files
"""What became of the parent's tests, by what they do on the new code and by what they check."""

import pytest

from devtools.proof.successors import FAILED, NAMELESS, PASSED, Fate, Succession
from devtools.syntax.tests import Suite

OLD = "import calc\n\n\ndef test_add():\n    assert calc.add(1, 2) == 3\n    assert calc.add(0, 0) == 0\n"
KEY = ("test_calc.py", "test_add")
THREE, ZERO = "    assert calc.add(1, 2) == 3\n", "    assert calc.add(0, 0) == 0\n"
CASES = "import calc, pytest\n\n\n@pytest.mark.parametrize(('a', 'b', 'sum'), [(1, 2, 3), (0, 0, 0)])\ndef test_sums(a, b, sum):\n    assert calc.add(a, b) == sum\n"
HELPER = "import calc\n\n\ndef check(a, b, sum):\n    assert calc.add(a, b) == sum\n\n\ndef test_all():\n    check(1, 2, 3)\n    check(0, 0, 0)\n"
UNIT = "import calc, unittest\n\n\nclass TestAdd(unittest.TestCase):\n    def test_sums(self):\n        self.assertEqual(calc.add(1, 2), 3)\n        self.assertEqual(0, calc.add(0, 0))\n"


def judged(new, outcome, passing=None, told=None, old=OLD, cases=1, **more):
    """The words about the one test of the parent; `expects` where its expectation changed."""
    suite = Suite({"test_calc.py": new.encode()}.get)
    known = (
        passing
        if passing is not None
        else dict.fromkeys((("test_calc.py", name) for name in suite.tests("test_calc.py")), 1)
    )
    change = Succession(Suite({"test_calc.py": old.encode()}.get), suite, known, told or {}, **more)
    problems, expecting = change.judge([Fate(KEY, outcome, "assert 4 == 3", cases)])
    return problems[0].message.partition("test_add ")[2] if problems else "expects" if expecting else ""


@pytest.mark.parametrize(
    "new",
    [
        OLD.replace("test_add", "test_sums"),
        f"import calc\n\n\ndef test_three():\n{THREE}\n\ndef test_zero():\n{ZERO}",
        OLD.replace("    assert calc.add(1, 2) == 3", "    total = calc.add(1, 2)\n    assert total == 3"),
        CASES,
        HELPER,
        UNIT,
        OLD.replace("== 0", "is not None\n    assert calc.add(5, 5) == 10"),
    ],
    ids=["renamed", "split", "through a local", "as cases", "in a helper", "unittest", "another check in its place"],
)
def test_what_passes_as_it_was_and_is_found_again_is_kept(new):
    assert judged(new, PASSED) == ""


@pytest.mark.parametrize(
    ("new", "words"),
    [
        ("", "was deleted"),
        (OLD.replace(ZERO, ""), "lost 1 of 2 checks"),
        (OLD.replace("== 0", "== 0 or True"), "lost 1 of 2 checks"),
        (OLD.replace("test_add", "test_sums").replace(ZERO, ""), "was deleted"),
        (CASES.replace(", (0, 0, 0)", ""), "was deleted"),
        (HELPER.replace("    check(0, 0, 0)\n", ""), "was deleted"),
    ],
)
def test_what_is_found_nowhere_is_lost(new, words):
    assert judged(new, PASSED) == words


def test_a_test_that_does_not_run_now_is_lost_whatever_its_text_says():
    assert judged(OLD, PASSED, {}, {KEY: "skipped"}) == "passed on the parent and is skipped now"
    assert judged(OLD, PASSED, {}) == "passed on the parent and is not run now"
    assert judged(OLD, FAILED, {}, {KEY: "skipped"}, strict=False) == "passed on the parent and is skipped now"


@pytest.mark.parametrize("outcome", [PASSED, FAILED, NAMELESS])
def test_no_other_test_stands_for_one_that_is_there_and_does_not_run(outcome):
    new = f"{OLD}\n\ndef test_sums():\n{ZERO}{THREE}"
    running = {("test_calc.py", "test_sums"): 1}
    skipped = judged(new, outcome, running, {KEY: "skipped"}, strict=False)
    assert skipped == "passed on the parent and is skipped now"
    assert judged(new, outcome, running, strict=False) == "passed on the parent and is not run now"


def test_a_structural_commit_is_told_how_the_old_test_fails_though_it_does_not_run_now():
    new = f"{OLD}\n\ndef test_sums():\n{ZERO}{THREE}"
    words = "passes on the parent and fails on the new code: assert 4 == 3"
    assert judged(new, FAILED, {("test_calc.py", "test_sums"): 1}) == words


def test_fewer_cases_are_a_loss_unless_their_values_are_found():
    old = CASES.replace("test_sums", "test_add")
    assert judged(old.replace(", (0, 0, 0)", ""), PASSED, old=old, cases=2) == "has 1 cases, it had 2"
    split = old.replace(", (0, 0, 0)", "") + f"\n\ndef test_zero():\n{ZERO}"
    assert judged(split, PASSED, old=old, cases=2) == ""


def test_what_fails_as_it_was_has_changed_its_meaning():
    new = OLD.replace("== 3", "== 4")
    assert judged(new, FAILED) == "passes on the parent and fails on the new code: assert 4 == 3"
    assert judged(new, FAILED, strict=False) == "expects"
    assert judged(new.replace("test_add", "test_other"), FAILED, strict=False) == "expects"
    assert judged(new.replace(ZERO, ""), FAILED, strict=False) == "expects"
    assert judged("", FAILED, strict=False) == "was deleted"
    assert judged(OLD, FAILED, strict=False, forged=True).startswith("passes on the parent and fails")


PLUS = OLD.replace("calc.add", "calc.plus")
MOVED = {"gone": frozenset(["add"]), "came": frozenset(["plus"]), "alive": frozenset(["add"])}


@pytest.mark.parametrize(
    "new", [PLUS, PLUS.replace("test_add", "test_plus"), OLD.replace("import calc", "import sums as calc")]
)
def test_a_test_of_a_renamed_name_is_its_successor_with_that_name(new):
    assert judged(new, NAMELESS, **MOVED) == ""


@pytest.mark.parametrize(
    "new",
    [
        PLUS.replace("== 3", "== 4"),
        PLUS.replace("1, 2", "3, 0"),
        PLUS.replace("== 3", "!= 3"),
        PLUS.replace(ZERO.replace("add", "plus"), ""),
    ],
)
def test_a_successor_that_differs_by_more_is_none(new):
    assert judged(new, NAMELESS, **MOVED).startswith("changed by more than the names")
    assert judged(new, NAMELESS, strict=False, **MOVED) == "expects"


def test_a_test_may_go_with_what_it_tested_but_not_with_a_mere_name():
    gone = {"gone": frozenset(["add"])}
    assert judged("", NAMELESS, **gone) == ""
    assert judged("", NAMELESS, **MOVED) == "was deleted"
    assert judged("", NAMELESS, gone=frozenset(["other"])) == "was deleted"
    option = "import calc\n\n\ndef test_add():\n    assert calc.main(['--sum']) == 0\n"
    assert judged("", FAILED, old=option, strict=False, gone=frozenset(["--sum"])) == ""
    assert judged("", FAILED, old=option, strict=False) == "was deleted"


FAR = "    if sys.version_info >= (3, 8):\n        assert calc.add(1, 2) == 3\n    else:\n        assert calc.add(1, 2) == 4\n"


def test_a_check_for_another_python_may_go():
    old = f"import calc, sys\n\n\ndef test_add():\n{FAR}{ZERO}"
    assert judged(OLD, PASSED, old=old) == ""
    assert judged(OLD.replace(THREE, ""), PASSED, old=old) == "lost 1 of 2 checks"
    flag = old.replace("import calc, sys", "import calc\nfrom calc import sys")
    assert judged(OLD, PASSED, old=flag) == "lost 1 of 3 checks"


GONE = frozenset(["Old", "total"])
FIXTURE = """import calc, pytest
from calc import Old, add


class TestBase:
    @pytest.fixture
    def client(self, make):
        return make()

    @pytest.fixture
    def make(self):
        return add


class TestOld(TestBase):
    @pytest.fixture
    def make(self):
        def factory(**given):
            with pytest.deprecated_call():
                return Old(**given)

        return factory

"""
INSIDE = "    def test_add(self, client):\n"


def removed(test, before=FIXTURE, gone=GONE):
    """The words about a test of TestOld, whose file is deleted since it cannot be imported."""
    old = Suite({"test_calc.py": f"{before}{test}".encode()}.get)
    change = Succession(old, Suite({}.get), {}, {}, gone, strict=True)
    problems, _ = change.judge([Fate(("test_calc.py", "TestOld.test_add"), NAMELESS, "no Old")])
    return problems[0].message.partition("test_add ")[2] if problems else ""


@pytest.mark.parametrize(
    "body",
    [
        "assert client.ask('a') == 'b'",
        "said = client.ask('a')\n        head, rest = said.split()\n        assert rest == 'b'",
        "with pytest.raises(ValueError) as caught:\n            client.ask('a')\n        assert 'b' in str(caught.value)",
        "one = Old('a')\n        one = Old('b')\n        assert one.ask() == 'b'",
    ],
    ids=["fixture", "through locals", "what was raised", "bound twice"],
)
def test_what_is_gone_takes_the_tests_of_what_it_made_with_it(body):
    assert removed(f"{INSIDE}        {body}\n") == ""


@pytest.mark.parametrize(
    "body",
    [
        "assert add(1, 2) == 3",
        "assert client.ask('a') == 'b'\n        assert add(1, 2) == 3",
        "total = add(1, 2)\n        twice = total * 2\n        assert twice == 6",
    ],
    ids=["asks for it only", "looks at both", "a local called like it"],
)
def test_a_check_of_what_is_still_there_does_not_go_with_what_is_gone(body):
    assert removed(f"{INSIDE}        {body}\n") == "was deleted"


MAKE = FIXTURE[FIXTURE.rindex("    @pytest.fixture") :]


@pytest.mark.parametrize(
    "make",
    [
        MAKE.replace("return factory", "return factory if calc.OLD else add"),
        MAKE.replace(
            "return Old(**given)", "if given:\n                    return add(1)\n                return Old()"
        ),
        MAKE.replace("def make", "def other"),
        "    @pytest.fixture(params=[Old, add])\n    def make(self, request):\n        return request.param\n\n",
    ],
    ids=["or another thing", "in one case", "of another fixture", "as one of its cases"],
)
def test_a_fixture_that_gives_what_is_still_there_too_is_not_gone(make):
    assert removed(f"{INSIDE}        assert client.ask('a') == 'b'\n", FIXTURE.replace(MAKE, make)) == "was deleted"


@pytest.mark.parametrize("made", ["Old()", "add()"])
def test_fixtures_of_an_imported_class_and_of_a_conftest_are_read(made):
    files = {
        "conftest.py": f"import pytest\nfrom calc import Old as Former, add\n\n\n@pytest.fixture\ndef make():\n    return {made}\n".replace(
            "return Old", "return Former"
        ),
        "test_base.py": "import pytest\n\n\nclass TestBase:\n    @pytest.fixture\n    def client(self, make):\n        yield make\n",
        "test_calc.py": "from test_base import TestBase\n\n\nclass TestOld(TestBase):\n    def test_add(self, client):\n        assert client.x == 1\n",
    }
    old = Suite({name: text.encode() for name, text in files.items()}.get)
    key = ("test_calc.py", "TestOld.test_add")
    problems, _ = Succession(old, Suite({}.get), {}, {}, GONE).judge([Fate(key, NAMELESS)])
    assert bool(problems) == (made == "add()")


def test_cases_fill_a_parameter_before_a_fixture_does():
    cases = "    @pytest.mark.parametrize('client', [add])\n"
    assert removed(f"{cases}{INSIDE}        assert client.ask('a') == 'b'\n") == "was deleted"


def test_a_helper_of_the_file_that_makes_what_is_gone_goes_with_it():
    helper = f"{FIXTURE}\ndef make(name):\n    return Old(name)\n\n\nclass TestOld:\n"
    test = "    def test_add(self):\n        made = [make('a')]\n        one, = made\n        assert one.x == 1\n"
    assert removed(test, helper) == ""
    assert removed(test, helper.replace("return Old(name)", "return make(name)")) == "was deleted"


UNITTEST = """import unittest
from calc import Old, add


class TestOld(unittest.TestCase):
    kind = Old

    def setUp(self):
        self.client = Old("a")

    def test_add(self):
"""


@pytest.mark.parametrize(
    "body",
    [
        "self.assertEqual(self.client.ask(), 'b')",
        "one = self.client.ask()\n        two = one\n        self.assertEqual(two.x, 'b')",
        "self.assertEqual(self.kind('a').ask(), 'b')",
    ],
)
def test_what_a_class_makes_of_what_is_gone_goes_with_it(body):
    assert removed(f"        {body}\n", UNITTEST) == ""
    assert removed(f"        {body}\n", UNITTEST.replace("= Old", "= add")) == "was deleted"
    again = "self.client = add(1, 2)\n        self.kind = add\n        self.client = Old"
    assert removed(f"        {body}\n", UNITTEST.replace("self.client = Old", again)) == "was deleted"


def test_a_helper_or_another_name_of_what_is_gone_is_gone_in_the_check_itself():
    helper = "from calc import Old as Former, add\n\n\ndef make():\n    return Former()\n\n\nclass TestOld:\n"
    for made in ("make()", "Former()"):
        test = f"    def test_add(self):\n        assert {made}.x == 1\n"
        assert removed(test, helper) == ""
        assert removed(test, helper.replace("Old as", "young as")) == "was deleted"


def test_a_test_of_an_imported_class_that_ran_before_is_no_successor():
    """The class of another file runs here too, by its import: what it tests was tested before."""
    base = "class TestBase:\n    def test_add(self):\n        assert 1\n"
    here, heir = "from test_base import TestBase\n", OLD.replace("add(1", "gone(1").replace("add(0", "gone(0")
    files = {"test_base.py": base, "test_here.py": here}
    old = Suite({name: text.encode() for name, text in {**files, "test_calc.py": heir}.items()}.get)
    new = Suite({name: text.encode() for name, text in files.items()}.get)
    change = Succession(old, new, {("test_here.py", "TestBase.test_add"): 1}, {}, frozenset(["gone"]))
    assert change.place(KEY) is None
    assert change.judge([Fate(KEY, NAMELESS)]) == ([], [])
