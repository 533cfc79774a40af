import ast

import pytest

from devtools.syntax.tests import Suite, is_assertion, parse

BASE = {
    "tests/conftest.py": "import pytest\n@pytest.fixture\ndef shared(): return 1\n",
    "tests/helper.py": "LIMIT = 3\nOTHER = 4\ndef check(x):\n    assert x == LIMIT\n",
    "tests/test_a.py": (
        "import pytest\nfrom helper import check, LIMIT\nfrom . import support\nfrom pkg import thing\n"
        "WANT = 1\nSPARE = 1\nTABLE = {}\nTABLE['x'] = 1\n"
        "@pytest.fixture\ndef own(): return WANT\n"
        "def test_plain(): assert thing() == 1\n"
        "def test_fixture(own): assert own\n"
        "def test_shared(shared): assert shared\n"
        "def test_helper(): check(thing())\n"
        "def test_table(): assert TABLE\n"
        "@pytest.mark.usefixtures('own')\ndef test_mark(): assert 1 + thing()\n"
        "class TestC:\n    limit = 2\n    def setup_method(self): self.x = 1\n    def test_m(self): assert self.x\n"
        "    def test_n(self): pass\n"
        "class TestD(TestC):\n    pass\n"
        "def test_support(): assert support.x == thing()\n"
    ),
    "tests/support.py": "x = 1\n",
}


def changed(path, old, new):
    """The tests whose fingerprint a replacement changes."""
    assert old in BASE[path]
    files = {**BASE, path: BASE[path].replace(old, new)}
    before, after = (Suite({k: v.encode() for k, v in each.items()}.get) for each in (BASE, files))
    test = "tests/test_a.py"
    names = [*before.tests(test), "TestD.test_m"]
    return {name for name in names if before.fingerprint(test, name) != after.fingerprint(test, name)}


@pytest.mark.parametrize(
    ("path", "old", "new", "tests"),
    [
        ("tests/test_a.py", "thing() == 1", "thing() == 2", {"test_plain"}),
        ("tests/test_a.py", "WANT = 1", "WANT = 2", {"test_fixture", "test_mark"}),
        ("tests/test_a.py", "SPARE = 1", "SPARE = 2", set()),
        ("tests/test_a.py", "TABLE['x'] = 1", "TABLE['x'] = 2", {"test_table"}),
        ("tests/test_a.py", "self.x = 1", "self.x = 2", {"TestC.test_m", "TestC.test_n", "TestD.test_m"}),
        ("tests/test_a.py", "test_n(self): pass", "test_n(self): assert 1", {"TestC.test_n", "TestD.test_m"}),
        ("tests/test_a.py", "TestD(TestC)", "TestD(TestC, Mixin)", {"TestD.test_m"}),
        ("tests/test_a.py", "WANT = 1\n", "# a comment\nWANT  =  1\n", set()),
        ("tests/test_a.py", "def test_plain():", "def test_plain():\n    'words'\n   ", set()),
        ("tests/conftest.py", "return 1", "return 2", {"test_shared"}),
        ("tests/helper.py", "LIMIT = 3", "LIMIT = 5", {"test_helper"}),
        ("tests/helper.py", "OTHER = 4", "OTHER = 5", set()),
        ("tests/support.py", "x = 1", "x = 2", {"test_support"}),
    ],
)
def test_a_fingerprint_covers_what_the_test_uses_and_no_more(path, old, new, tests):
    assert changed(path, old, new) == tests


@pytest.mark.parametrize(
    "text", ["@pytest.fixture(autouse=True)\ndef all(): pass\n", "def pytest_x(): pass\n", "pytestmark = 1\n"]
)
def test_what_acts_on_every_test_changes_every_test(text):
    every = changed("tests/conftest.py", "import pytest\n", "import pytest\n" + text)
    assert {"test_plain", "test_helper", "TestC.test_n"} <= every
    assert changed("tests/conftest.py", "import pytest\n", "import pytest\n" + text.replace("True", "False")) in (
        every,
        set(),
    )


@pytest.mark.parametrize(
    "text", ["import pkg\npkg.x = 1\n", "import pkg\nsetattr(pkg, 'x', 1)\n", "import pkg\ndel pkg.x\n"]
)
@pytest.mark.parametrize("path", ["tests/test_a.py", "tests/conftest.py", "tests/helper.py"])
def test_what_a_module_of_the_tests_does_when_it_is_loaded_changes_every_test_below(path, text):
    first = BASE[path].partition("\n")[0] + "\n"
    assert {"test_plain", "TestC.test_n"} <= changed(path, first, first + text)


def test_a_plugin_that_a_conftest_names_is_part_of_every_test_below():
    conftest = {"tests/conftest.py": b"pytest_plugins = ['forger']\n", "tests/test_a.py": b"def test_a(): assert f()\n"}
    plugins = (b"def pytest_x(): pass\n", b"def pytest_x(): return 1\n")
    one, two = (
        Suite({**conftest, "tests/forger.py": text}.get).fingerprint("tests/test_a.py", "test_a") for text in plugins
    )
    assert one != two


def test_what_a_test_uses_is_told_as_code():
    suite = Suite({path: text.encode() for path, text in BASE.items()}.get)
    names = [getattr(node, "name", "") for node in suite.nodes("tests/test_a.py", "test_helper")]
    assert names == ["test_helper", "check", ""]
    assert suite.nodes("tests/none.py", "test_helper") == []


def test_tests_are_named_in_their_order_and_an_unknown_one_has_no_fingerprint():
    suite = Suite({"test_a.py": b"def test_b(): pass\nif 1:\n    def test_a(): pass\n", "bad.py": b"def ("}.get)
    assert suite.tests("test_a.py") == ["test_b", "test_a"]
    assert suite.fingerprint("test_a.py", "test_c") is None
    assert suite.fingerprint("gone.py", "test_a") is None
    assert suite.tests("bad.py") == []


def test_a_test_asserts_by_itself_or_by_what_it_uses():
    suite = Suite({path: text.encode() for path, text in BASE.items()}.get)
    named = [name for name in suite.tests("tests/test_a.py") if suite.asserts("tests/test_a.py", name)]
    assert set(suite.tests("tests/test_a.py")) - set(named) == {"TestC.test_n"}
    assert not suite.asserts("gone.py", "test_a")


@pytest.mark.parametrize(
    ("text", "yes"),
    [
        ("assert x", True),
        ("assert True", False),
        ("assert 1 == 1, 'words'", False),
        ("self.assertEqual(x, 1)", True),
        ("self.assertTrue(True)", False),
        ("pytest.raises(ValueError)", True),
        ("mock.assert_called_once()", True),
        ("print(x)", False),
        ("f()(x)", False),
    ],
)
def test_an_assertion_depends_on_something_that_varies(text, yes):
    assert any(is_assertion(node) for node in ast.walk(parse(text.encode()))) is yes


@pytest.mark.parametrize("text", ["assert x or True", "assert x == x", "assert x is x", "assert (x, 'words')"])
def test_a_condition_that_holds_by_its_form_asserts_nothing(text):
    assert not any(is_assertion(node) for node in ast.walk(parse(text.encode())))
    assert any(is_assertion(node) for node in ast.walk(parse(b"assert x == y or x < x or z and ()")))
