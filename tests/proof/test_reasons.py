import pytest

from devtools.proof.reasons import World, reason
from devtools.syntax.tests import File, parse

TEST = (
    "import pkg\n"
    "def test_a(self):\n"
    "    assert pkg.f() == 1\n"
    "    assert False\n"
    "    raise AssertionError\n"
    "    self.fail('x')\n"
    "    self.assertEqual(1, 2)\n"
    "    self.assertEqual(pkg.f(), 2)\n"
    "    if pkg:\n"
    "        raise AssertionError\n"
    "    print()\n"
)
KINDS = {"test_a.py": "test", "pkg.py": "production", "conftest.py": "test", "setup.py": "other"}
WORLD = World(
    lambda path: KINDS.get(path, "outside"),
    lambda path: File(path, parse(TEST.encode())) if path == "test_a.py" else None,
    lambda module: module.startswith("pkg"),
)


def raised(kind="builtins.AssertionError", places=(("test_a.py", 3),), text="words", bases=(), **more):
    name = kind.rpartition(".")[2]
    frames = [[path, line, "f"] for path, line in places]
    return {"type": kind, "bases": [name, *bases], "text": text, "frames": frames, "within": [], **more}


IMPORT = {"kind": "builtins.ModuleNotFoundError", "bases": ["ImportError"]}
FAILED = {"kind": "builtins.Failed", "bases": ["OutcomeException"]}


@pytest.mark.parametrize(
    "what",
    [
        raised(),
        raised(places=[("test_a.py", 8), ("/lib/unittest/case.py", 1)]),
        raised(places=[("test_a.py", 10)]),
        raised(places=[("test_a.py", 11)]),
        raised("subprocess.CalledProcessError"),
        raised("builtins.ValueError", [("test_a.py", 3), ("pkg.py", 1), ("/lib/json.py", 9)]),
        raised(**FAILED, places=[("test_a.py", 3), ("/x/_pytest/raises.py", 9), ("/x/_pytest/outcomes.py", 1)]),
        raised(**IMPORT, module="pkg.new"),
        raised("builtins.AttributeError", owner="pkg.py"),
        raised("builtins.TypeError", owner="pkg.py"),
    ],
)
def test_what_the_code_does_or_lacks_is_a_right_reason(what):
    assert reason(what, "call", WORLD).right


@pytest.mark.parametrize(
    ("what", "words"),
    [
        (None, "without an exception"),
        (raised(places=[("test_a.py", 4)]), "whatever the code does"),
        (raised(places=[("test_a.py", 5)]), "whatever the code does"),
        (raised(places=[("test_a.py", 6)]), "whatever the code does"),
        (raised(places=[("test_a.py", 7)]), "whatever the code does"),
        (raised("builtins.KeyError"), "the test itself raised KeyError: words"),
        (raised("builtins.KeyError", [("pkg.py", 1), ("test_a.py", 3)], ""), "the test itself raised KeyError"),
        (raised("builtins.AttributeError", owner="test_a.py"), "the test itself"),
        (raised("builtins.AttributeError", owner=None), "the test itself"),
        (raised(**FAILED), "pytest.fail"),
        (raised(**IMPORT, module="numpy"), "not the project's own"),
        (raised(**IMPORT, module=""), "not the project's own"),
        (raised("builtins.SyntaxError", [("pkg.py", 1)], file="test_a.py"), "in test_a.py"),
        (raised("_pytest.fixtures.FixtureLookupError"), "a fixture is missing"),
    ],
)
def test_what_the_test_breaks_itself_is_a_wrong_reason(what, words):
    found = reason(what, "call", WORLD)
    assert not found.right
    assert words in found.words


@pytest.mark.parametrize(
    ("when", "what", "right"),
    [
        ("setup", raised(), False),
        ("setup", raised("builtins.ValueError", [("conftest.py", 1), ("pkg.py", 1)]), True),
        ("setup", raised("builtins.AttributeError", [("conftest.py", 1)], owner="pkg.py"), True),
        ("collect", raised("builtins.ValueError", [("test_a.py", 1), ("pkg.py", 1)]), False),
        ("collect", raised("builtins.ZeroDivisionError"), False),
        ("call", raised("builtins.SyntaxError", [("test_a.py", 3), ("pkg.py", 1)], file="<text>"), True),
        ("teardown", raised(), True),
    ],
)
def test_when_it_failed_counts(when, what, right):
    assert reason(what, when, WORLD).right is right


def test_of_a_group_one_right_reason_is_enough():
    group = raised("builtins.ExceptionGroup")
    assert reason({**group, "within": [raised("builtins.KeyError"), raised()]}, "call", WORLD).right
    assert not reason({**group, "within": [raised("builtins.KeyError")]}, "call", WORLD).right


def test_a_missing_name_is_told_from_an_assertion():
    assert reason(raised(**IMPORT, module="pkg"), "collect", WORLD).name_missing
    assert not reason(raised(), "call", WORLD).name_missing


def test_an_assertion_outside_of_known_files_counts():
    assert reason(raised(places=[("conftest.py", 1)]), "call", WORLD).right
    assert reason(raised(places=[]), "call", WORLD).right
