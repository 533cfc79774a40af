"""What an edit of a module can change for those who do not execute what was edited."""

import textwrap

import pytest

from devtools.syntax.module import COMPUTED, CURIOUS, computes, difference, read

OLD = """
    import os
    from typing import Protocol

    LIMIT = 3

    def near(a, b=1):
        '''Words.'''
        return a + b

    class Shop:
        size = 1

        def price(self):
            return LIMIT
"""


def taken(text):
    found = read(textwrap.dedent(text).encode())
    assert found is not None
    return found


def edited(*replacements, more=""):
    new = textwrap.dedent(OLD)
    for old, text in replacements:
        assert old in new
        new = new.replace(old, text)
    return difference(taken(OLD), taken(new + textwrap.dedent(more)))


def test_what_is_no_python_is_not_taken_apart():
    assert read(b"def f(:\n") is None


@pytest.mark.parametrize(
    ("edit", "bodies", "names"),
    [
        (("a + b", "b + a"), {"near"}, set()),
        (("return LIMIT", "return 1"), {"Shop.price"}, set()),
        (("return a + b", "yield a + b"), {"near"}, {"near"}),
        (("b=1", "b=2"), {"near"}, {"near"}),
        (("Words", "Others"), {"near"}, {"near"}),
        (("LIMIT = 3", "LIMIT = 4"), set(), {"LIMIT"}),
        (("size = 1", "size = 2"), {"Shop.price"}, {"Shop"}),
        (("import os", "import os, re"), set(), {"re"}),
        (("Protocol", "Protocol as P"), set(), {"Protocol", "P"}),
        (("return a + b", "# a comment\n    return (a + b)"), set(), set()),
    ],
)
def test_an_edit_changes_bodies_or_names(edit, bodies, names):
    found = edited(edit)
    assert (found.bodies, found.names, found.strict) == (bodies, names, False)


def test_a_new_function_is_a_new_name():
    found = edited(more="def far():\n    return 1\n")
    assert (found.bodies, found.names, found.strict) == ({"far"}, {"far"}, False)


def test_annotations_that_are_not_evaluated_are_no_edit():
    future = "from __future__ import annotations\n"
    old, new = (taken(f"{future}def f(a: {kind}) -> {kind}:\n    return a\n") for kind in ("int", "str"))
    assert difference(old, new) == (set(), set(), False)
    assert "int" not in old.statements[1].words


@pytest.mark.parametrize(
    "more",
    [
        "print(LIMIT)",
        "from os import *",
        "TABLE = register(near)",
        "SIZE = (n := 3)",
        "class More(Shop, metaclass=type):\n    pass",
        "class More(base()):\n    pass",
        "@register\ndef far():\n    return 1",
        "def far(a=register()):\n    return 1",
        "if LIMIT:\n    far = 1",
        "LIMIT = 4",
        "near.limit = 1",
    ],
)
def test_whose_effect_nobody_can_tell_is_strict(more):
    assert edited(more=more).strict


@pytest.mark.parametrize(
    "more",
    [
        "import json",
        "WORDS = frozenset('a b'.split())",
        "SIZE: int = len('a')",
        "a, b = 1, 2",
        "class Error(Exception):\n    '''Words.'''\n    code: int\n    def f(self): return 1",
        "@functools.cache\ndef far():\n    return 1",
        "@lru_cache(maxsize=1)\ndef far():\n    return 1",
        "if TYPE_CHECKING:\n    import json",
        "ROW = Shop()",
    ],
)
def test_what_only_binds_names_is_not_strict(more):
    assert not edited(more=more).strict


def test_another_order_of_statements_is_strict():
    old, new = taken("a = 1\nb = 2\n"), taken("b = 2\na = 1\n")
    assert difference(old, new).strict


def test_functions_within_conditions_have_bodies_too():
    text = """
        try:
            import fast
        except ImportError:
            def f(): return 1
        else:
            def f(): return 2
        match 1:
            case 1:
                def g(): return 3
    """
    assert set(taken(text).bodies) == {"f", "g"}
    assert "Constant(value=1)" in taken(text).bodies["f"].text
    assert "Constant(value=2)" in taken(text).bodies["f"].text


def test_words_are_identifiers_and_what_strings_name():
    found = (
        taken("def f(a):\n    global g\n    return a.b(c=1), 'pkg.name', b'raw', [x for x in y]\n").bodies["f"].words
    )
    assert found == {"g", "a", "b", "c", "pkg", "name", "raw", "x", "y"}


@pytest.mark.parametrize(
    ("line", "sign"),
    [
        ("vars(module)", CURIOUS),
        ("sys.modules", CURIOUS),
        ("module.__dict__", CURIOUS),
        ("getattr(module, 'a_' + name)", CURIOUS),
        ("run('import sys; print(sys.modules)')", CURIOUS),
        ("import_module(name)", COMPUTED),
    ],
)
def test_code_that_looks_at_code_is_marked(line, sign):
    module = taken(f"def f():\n    {line}\n")
    assert sign in module.bodies["f"].words


@pytest.mark.parametrize("line", ["getattr(module, 'name')", "import_module('name')", "modules = dir = 1", "'the dir'"])
def test_code_that_names_what_it_wants_is_not(line):
    module = taken(f"def f():\n    {line}\n")
    assert not {CURIOUS, COMPUTED} & module.bodies["f"].words


def test_a_file_that_makes_up_the_name_of_a_module_is_known():
    assert computes(b"def f(name):\n    return importlib.import_module(name)\n")
    assert not computes(b"def f():\n    return importlib.import_module('json')\n")
    assert not computes(b"import_module = \n")
