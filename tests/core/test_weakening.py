# ruff: noqa: E501 -- whole files of small projects
import ast

import pytest

from devtools.core.testsyntax import File, Suite, parse
from devtools.core.weakening import defined, mentioned, strength, uses, weakened

OLD = """
import pytest, pkg
CASES = [1, 2, 3]
def test_a():
    assert pkg.f() == 1
    assert pkg.g()
@pytest.mark.parametrize("n", [1, 2])
def test_n(n):
    assert pkg.f(n)
class TestC:
    def test_m(self):
        with pytest.raises(ValueError):
            pkg.f()
"""


def losses(new, gone=(), old=OLD, path="test_a.py"):
    files = [{"test_a.py": old.encode()}, {path: new.encode()}]
    found = weakened(*(Suite(each.get) for each in files), {"test_a.py", path}, frozenset(gone))
    return [(each.key[1], each.words.split(" ")[0], each.skipped) for each in found]


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("    assert pkg.g()\n", "", "has"),
        ("assert pkg.g()", "assert True", "has"),
        ("assert pkg.g()", "assert (pkg.g(), 'words')", "has"),
        ("assert pkg.g()", "assert pkg.g() or True", "has"),
        ("assert pkg.g()", "assert pkg == pkg", "has"),
        ("    assert pkg.g()", "    if 0:\n        assert pkg.g()", "has"),
        ("    assert pkg.g()", "    try:\n        assert pkg.g()\n    except Exception: pass", "has"),
        ("    assert pkg.g()", "    try:\n        assert pkg.g()\n    except: pass", "has"),
        ("    assert pkg.g()", "    with suppress(AssertionError):\n        assert pkg.g()", "has"),
        ("[1, 2]", "[1]", "has"),
        ("with pytest.raises(ValueError)", "if pkg", "has"),
        ("def test_a", "@pytest.mark.skip\ndef test_a", "may"),
        ("assert pkg.g()", "assert pkg.g()\n    pytest.skip()", "may"),
        ("class TestC", "@unittest.skipIf(1)\nclass TestC", "may"),
        ("def test_a", "def check_a", "was"),
    ],
)
def test_a_loss_is_seen(old, new, words):
    assert OLD.count(old) == 1
    found = losses(OLD.replace(old, new))
    assert [each[1:] for each in found] == [(words, words == "may")]


def test_a_mark_of_the_module_skips_every_test():
    assert {each[1] for each in losses(OLD + "pytestmark = pytest.mark.skip\n")} == {"may"}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("def test_a", "def test_renamed"),
        ("== 1", "== 2"),
        ("[1, 2]", "CASES"),
        ("[1, 2]", "pkg.cases()"),
        ("[1, 2]", "[*CASES]"),
        ("[1, 2]", "{1: 2, 3: 4}"),
        ("    assert pkg.g()", "    try:\n        assert pkg.g()\n    except OSError: pass"),
        ("    assert pkg.g()", "    try:\n        assert pkg.g()\n    except Exception:\n        raise"),
        ("    assert pkg.g()", "    for x in CASES:\n        assert pkg.g()"),
        ("    assert pkg.g()", "    with suppress(OSError):\n        assert pkg.g()"),
        ("    assert pkg.g()", "    if pkg:\n        assert pkg.g()\n    pkg.skip()"),
        (
            "    assert pkg.f() == 1\n    assert pkg.g()",
            "    match pkg:\n        case 1:\n            assert pkg.f() == 1\n            assert pkg.g()",
        ),
    ],
)
def test_another_change_is_no_loss(old, new):
    assert losses(OLD.replace(old, new)) == []


def test_fewer_assertions_with_more_cases_are_no_loss():
    merged = OLD.replace("    assert pkg.g()\n", "").replace(
        "def test_a():", "@pytest.mark.parametrize('x', [1, 2])\ndef test_a(x):"
    )
    assert losses(merged) == []


def test_a_moved_test_is_found_and_one_whose_target_is_gone_may_go():
    assert losses(OLD.replace("test_m", "test_x"), path="test_b.py") == []
    assert losses(OLD.replace("== 1", "== 2"), path="test_b.py") == []
    without = OLD.replace("def test_a", "def check_a")
    assert losses(without, ["g"]) == []
    assert losses(without, ["h"]) == [("test_a", "was", False)]


def test_what_a_test_uses_goes_through_its_module():
    text = "import pkg\nARGS = ['--old']\ndef helper(): return pkg.run(ARGS)\nclass TestX:\n    limit = pkg.LIMIT\n    def test_a(self): assert helper()\n"
    found = uses(File("test_a.py", parse(text.encode())), "TestX.test_a")
    assert {"helper", "run", "--old", "LIMIT"} <= found


def test_names_that_are_mentioned_and_defined():
    code = ast.parse(
        "from a.b import c\nimport d.e\ndef f(g):\n    h = i.j(k=1)\n    return '--option'\nclass L: pass\n"
    )
    assert set(mentioned(code)) >= {"a", "b", "c", "d", "e", "g", "h", "i", "j", "k", "--option"}
    assert set(defined(code)) == {"f", "g", "h", "--option", "L"}


def test_strength_counts_what_can_be_lost():
    file = File("test_a.py", parse(OLD.encode()))
    assert strength(file, "test_a") == (2, 1, 0)
    assert strength(file, "test_n") == (1, 2, 0)
    assert strength(file, "TestC.test_m") == (1, 1, 0)
