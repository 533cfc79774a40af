"""Which changes of changed code a test must notice, and which are no fair question."""

import ast

import pytest

from devtools.proof import mutants
from devtools.syntax.production import changed_statements
from devtools.syntax.tests import parse


def of(body):
    text = "def f(a, b):\n" + "".join(f"    {line}\n" for line in body.split("\n"))
    tree = parse(text.encode())
    found = mutants.of_statements(tree, changed_statements(tree, range(2, 99)))
    return [(each.before, each.after) for each in found]


WHOLE = "a >= b and b > 100"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("if a > 100: return b", [("a > 100", "not a > 100"), ("b", "None"), ("a > 100", "a >= 100"), ("100", "101")]),
        ("if not a: return None", [("not a", "a")]),
        ("if a == b: pass", [("a == b", "a != b")]),
        ("c = a in b", [("a in b", "a not in b")]),
        ("c = not (a and b)", [("not (a and b)", "a and b"), ("a and b", "a or b")]),
        ("c = a + b * 2", [("a + b * 2", "a - b * 2"), ("b * 2", "b + 2"), ("2", "3")]),
        ("c += a", [("c += a", "c -= a")]),
        ("a.append(b)", [("a.append(b)", "None")]),
        ("c = a if b else True", [("a if b else True", "a if not b else True"), ("True", "False")]),
        ("return a <= b", [("a <= b", "None"), ("a <= b", "a < b")]),
        ("while a > 0: pass", []),
        ("c = a >= b and b > 100", [(WHOLE, WHOLE.replace("and", "or")), ("b > 100", "b >= 100"), ("100", "101")]),
        ("return None", []),
        ("return False", [("False", "True")]),
        ("if a: return {}, []\nreturn ''", [("a", "not a"), ("({}, [])", "None")]),
        ("if a: return []\nreturn {}", [("a", "not a")]),
    ],
)
def test_a_changed_statement_can_become_another(body, expected):
    assert of(body) == expected


@pytest.mark.parametrize(
    "body",
    [
        "raise ValueError(f'{a} is above {100}', 100)",
        "logger.debug('x', 1)",
        "print(a + 1)",
        "assert a > 1",
        "c: Literal[1] = a",
        "c = 'words' + f'{1}'",
        "def g(x=1): pass",
        "c = most_common(1, size=2)",
        "import json",
    ],
)
def test_words_for_people_types_and_defaults_are_no_question(body):
    assert of(body) == []


def test_one_mutant_of_each_statement_comes_before_the_second_of_any():
    assert [before for before, _ in of("if a > 1: b()\nreturn b")] == ["a > 1", "b()", "b", "a > 1", "1"]


def test_only_statements_within_functions_that_changed_are_mutated():
    tree = parse(b"X = 1\n\n\ndef f():\n    y = 1\n    return y + 2\n")
    found = mutants.of_statements(tree, changed_statements(tree, {1, 6}))
    assert {each.line for each in found} == {6}


def test_a_question_of_type_checkers_is_no_question():
    text = "    if TYPE_CHECKING:\n        a = cast(a)\n    else:\n        a = 1\n    if a: b()\n"
    tree = parse(f"from typing import TYPE_CHECKING\n\n\ndef f(a):\n{text}".encode())
    found = mutants.of_statements(tree, changed_statements(tree, range(4, 10)))
    assert {each.line for each in found} == {8, 9}


def parents(old, new):
    found = mutants.of_parent(parse(old.encode()) if old else None, parse(new.encode()))
    return [(each.kind, each.name or each.before, each.line) for each in found]


def test_the_parent_s_body_of_a_changed_function_is_a_mutant():
    old = "class A:\n    def f(self): return 1\n    def g(self): return 1\ndef h(): return 1\n"
    new = old.replace("def f(self): return 1", "def f(self): return 2") + "def fresh(): return 1\n"
    assert parents(old, new) == [("body", "A.f", 2)]
    assert parents("", new) == []
    [one] = mutants.of_parent(parse(old.encode()), parse(new.encode()))
    assert ast.unparse(ast.parse(one.source)) == "def f(self):\n    return 1"
    assert one.words() == "the parent's body of A.f() passes too: no test that runs it fails"


@pytest.mark.parametrize(
    "new",
    [
        "def f(a: int) -> int:\n    'words'\n    raise E('other')\n",
        "def f(a):\n    logging.info('x')\n    raise E('one')\n",
        "def f(b):\n    raise E('one')\n",
        "async def g(): pass\n\n@cached\ndef f(a):\n    raise E('one')\n",
    ],
    ids=["annotations, docstring and words", "logging", "another parameter", "decorator"],
)
def test_what_only_people_read_is_no_other_body(new):
    assert parents("def f(a):\n    print(1)\n    raise E('one')\n", new) == []


@pytest.mark.parametrize(
    ("old", "new", "same"),
    [
        ("a):\n    x = a\n    return x", "b):\n    y = b\n    return y", True),
        ("a, b):\n    return a - b", "b, a):\n    return b - a", True),
        ("a, b):\n    return a - b", "a, b):\n    return b - a", False),
        ("a):\n    global x\n    x = a", "a):\n    global y\n    y = a", False),
        ("a):\n    return b(a)", "a):\n    return c(a)", False),
    ],
)
def test_names_of_locals_are_no_other_body(old, new, same):
    assert parents(f"def f({old}\n", f"def f({new}\n") == ([] if same else [("body", "f", 1)])


PAIR = "class A:\n    @property\n    def f(self): return 1\n    @f.setter\n    def f(self, x): self.x = x\n"


def test_functions_of_one_name_are_compared_in_their_order():
    assert parents(PAIR, PAIR + "\n") == []
    assert parents(PAIR, PAIR.replace("return 1", "return 2")) == [("body", "A.f", 3)]
    assert parents("def f(a): return a\n", "@overload\ndef f(a: int): ...\ndef f(a): return a\n") == []


def test_the_parent_s_value_of_a_changed_name_is_a_mutant():
    old = "LIMIT = 1\nKEPT = 1\n__version__ = '1'\nBASE = 1\nclass A:\n    size: int = 1\n"
    new = "LIMIT = 2\nKEPT = 1\n__version__ = '2'\nBASE = 2\nTABLE = [BASE]\nclass A:\n    size: int = 2\nNEW = 1\n"
    assert parents(old, new) == [("value", "LIMIT", 1), ("value", "A.size", 7)]
    assert mutants.of_parent(parse(old.encode()), parse(new.encode()))[0].words() == (
        "the parent's `LIMIT = 1` passes too: no test fails with it"
    )


def test_what_a_module_says_of_itself_is_no_mutant():
    names = ("__version__", "__license__", "__copyright__", "__all__", "VERSION")
    old = "".join(f"{name} = '1'\n" for name in names)
    assert parents(old, old.replace("1", "2")) == []


def test_long_code_is_cut_in_the_words():
    [one, *_] = of(f"return {'a' * 99}")
    assert (len(one[0]), one[0][-3:]) == (60, "...")
