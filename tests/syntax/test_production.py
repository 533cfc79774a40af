# ruff: noqa: E501 -- small files of their own
import ast
import sys

import pytest

from devtools.syntax.production import (
    changed_statements,
    definitions,
    named,
    new_functions,
    offered,
    renamed,
    same_code,
)
from devtools.syntax.tests import parse


def lines(text, touched=range(1, 99), known=()):
    found = changed_statements(parse(text.encode()), set(touched), known)
    return [each.line for each in found if not getattr(each, "is_branch", False)]


def test_a_statement_counts_by_any_of_its_lines_a_block_by_its_header():
    text = "x = [\n    1,\n    2,\n]\nif (x and\n        x):\n    y = 1\n@d\ndef f(a=1):\n    return a\n"
    assert lines(text, [3]) == [1]
    assert lines(text, [6]) == [5]
    assert lines(text, [7]) == [7]
    assert lines(text, [8]) == [9]
    assert lines(text) == [1, 5, 7, 9, 10]


def test_all_blocks_hold_statements():
    text = "try:\n    a()\nexcept E:\n    b()\nelse:\n    c()\nfinally:\n    d()\nmatch x:\n    case 1:\n        e()\n"
    text += "for i in x: f()\n"
    assert lines(text) == [1, 2, 4, 6, 8, 9, 11, 12, 12]


@pytest.mark.parametrize(
    "text",
    [
        "'''words'''\n",
        "pass\n",
        "...\n",
        "from __future__ import annotations\n",
        "x: int\n",
        "__version__ = '1.2'\n",
        "VERSION = version_info = (1, 2, ('rc', 1))\n",
        "version: str = '1.2'\n",
    ],
)
def test_what_does_nothing_is_not_asked_for(text):
    assert lines(text) == []


def test_a_version_is_a_literal_of_the_module_itself():
    text = "VERSION = make()\nother.version = 1\nversion = limit = 1\nversion += 1\ndef f():\n    version = 1\nclass A:\n    version = 1\n"
    assert lines(text) == [1, 2, 3, 4, 5, 6, 7, 8]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import a\nelse:\n    b()\n", [1, 2, 5]),
        ("from typing import TYPE_CHECKING as T\nif not T:\n    b()\nelse:\n    import a\n", [1, 2, 3]),
        ("import typing as t\nif t.TYPE_CHECKING or t.TYPE_CHECKING:\n    import a\n", [1, 2]),
        ("TYPE_CHECKING = False\nif TYPE_CHECKING:\n    import a\n", [1, 2]),
        ("if __name__ == '__main__':\n    main()\n", [1]),
        ("if '__main__' == __name__:\n    main()\nelse:\n    a()\n", [1, 4]),
        ("import sys\nif sys.version_info >= (3, 0):\n    a()\nelse:\n    b()\n", [1, 2, 3]),
        ("import sys\nif sys.platform == 'amiga' and x:\n    a()\n", [1, 2]),
        ("import sys\nif sys.platform == 'amiga' or x:\n    a()\n", [1, 2, 3]),
        ("from typing import overload\n@overload\ndef f():\n    a()\n", [1, 3]),
        ("@abc.abstractmethod\ndef f():\n    raise NotImplementedError\n", [2]),
        (
            "class P(Protocol):\n    def f(self):\n        raise NotImplementedError('x')\n    def g(self): ...\n",
            [1, 2, 4],
        ),
    ],
)
def test_branches_that_cannot_run_here_are_not_asked_for(text, found):
    assert lines(text) == found
    assert sys


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("if TYPE_CHECKING:\n    a()\n", [1, 2]),
        ("TYPE_CHECKING = True\nif TYPE_CHECKING:\n    a()\n", [1, 2, 3]),
        ("TYPE_CHECKING = x\nif TYPE_CHECKING:\n    a()\n", [1, 2, 3]),
        ("TYPE_CHECKING = False\ndef f():\n    if TYPE_CHECKING:\n        a()\n", [1, 2, 3, 4]),
        ("TYPE_CHECKING = False\nglobals()['TYPE_' + 'CHECKING'] = 1\nif TYPE_CHECKING:\n    a()\n", [1, 2, 3, 4]),
        (
            "from typing import TYPE_CHECKING\nfor TYPE_CHECKING in [1]:\n    if TYPE_CHECKING:\n        a()\n",
            [1, 2, 3, 4],
        ),
        ("from flags import TYPE_CHECKING\nif TYPE_CHECKING:\n    a()\n", [1, 2, 3]),
        ("import flags\nif flags.TYPE_CHECKING:\n    a()\n", [1, 2, 3]),
        ("if __name__ != '__main__':\n    a()\n", [1, 2]),
        ("if __name__ == 'app':\n    a()\n", [1, 2]),
        ("def f():\n    if __name__ == '__main__':\n        a()\n", [1, 2, 3]),
        ("import fake as sys\nif sys.platform == 'amiga':\n    a()\n", [1, 2, 3]),
        ("import sys\nif sys.version_info < 'x':\n    a()\n", [1, 2, 3]),
        ("import sys\nif sys.argv:\n    a()\n", [1, 2, 3]),
        ("def overload(f): return f\n@overload\ndef f():\n    a()\n", [1, 1, 3, 4]),
        ("@abc.abstractmethod\ndef f():\n    a()\n", [2, 3]),
        ("class P(Protocol):\n    def f(self):\n        a()\n", [1, 2, 3]),
        ("def f():\n    a()  # pragma: no cover\n", [1, 2]),
        ("def assert_never(x): ...\ndef f(x):\n    assert_never(x)\n", [1, 2, 3]),
        ("from typing import assert_never\ndef f(x):\n    assert_never(a())\n", [1, 2, 3]),
        ("def f():\n    raise NotImplementedError\n", [1, 2]),
        ("match x:\n    case {'a': 1, **TYPE_CHECKING}:\n        if TYPE_CHECKING:\n            a()\n", [1, 3, 4]),
    ],
)
def test_a_name_does_not_make_code_one_that_cannot_run(text, found):
    assert lines(text) == found


def test_what_stands_or_falls_with_an_optional_import_has_its_gate():
    text = "try:\n    import a\nexcept ImportError:\n    b()\n    c()\nelse:\n    def f():\n        d()\nfinally:\n    e()\n"
    found = {each.line: each.gates for each in changed_statements(parse(text.encode()), set(range(99)))}
    without, with_it = ((1, 0), (4, 4)), ((1, 0), (7, 4))
    assert found == {1: (), 2: (), 4: (without,), 5: (without,), 7: (with_it,), 8: (with_it,), 10: ()}
    for other in ("except (ImportError, E)", "except"):
        text = text.replace("except ImportError", other)
        assert not any(each.gates for each in changed_statements(parse(text.encode()), set(range(99))))
    text = "try:\n    a()\nexcept ImportError:\n    b()\n"
    assert not any(each.gates for each in changed_statements(parse(text.encode()), set(range(99))))


def test_a_definition_that_only_moved_is_not_changed():
    old = parse(b"def f():\n    'words'\n    return 1\nX = 1\n")
    assert lines("import a\nX = 1\nclass C:\n    def f():\n        return 1\n", known=definitions(old)) == [1, 3]
    assert lines("import a\nX = 1\ndef f():\n    'new words'\n    return 1\n", known=definitions(old)) == [1]
    assert definitions(None) == set()


def test_new_functions_have_a_new_name_and_a_body_that_does_something():
    old = "def old():\n    return 1\n"
    new = (
        old + "def new():\n    return 2\nasync def wait():\n    await x\nclass C:\n    def m(self):\n        return 3\n"
        "def none():\n    'words'\n    return None\n"
        "def bare():\n    return\ndef later():\n    raise NotImplementedError('x')\n"
        "def dots(): ...\nfrom typing import overload\n@overload\ndef stub():\n    return 1\ndef bad():\n    raise\n"
    )
    found = new_functions(parse(old.encode()), parse(new.encode()))
    assert [each.name for each in found] == ["new", "wait", "C.m", "bad"]
    assert [each.name for each in new_functions(None, parse(old.encode()))] == ["old"]
    assert new_functions(None, parse(old.encode()), definitions(parse(old.encode()))) == []


def test_the_same_code_may_differ_in_words_and_form():
    one, other = b"def f():\n    'a'\n    return 1\n", b"# x\ndef f():\n    'b'\n    return (1)\n"
    assert same_code(parse(one), parse(other))
    assert not same_code(parse(one), parse(b"def f(): return 2\n"))
    assert not same_code(None, parse(one))
    assert not same_code(parse(one), None)


def test_functions_and_classes_are_named():
    assert named(parse(b"def f(): pass\nclass C:\n    async def g(self): pass\n")) == {"f", "C", "g"}
    assert named(None) == set()


def test_what_a_file_offers_to_others_holds_no_locals():
    code = "A = 1\ndef f(b, c=2):\n    d = 3\n    return '--option', 'words'\n"
    code += "class G:\n    h = 1\n    def i(self): self.j = 1\n"
    assert offered(ast.parse(code)) == {"A", "f", "b", "c", "--option", "G", "h", "i", "self", "j"}
    assert offered(None) == set()


def test_a_function_that_has_another_name_and_nearly_the_same_body_was_renamed():
    code = "def f(a):\n    b = a + 1\n    c = b * 2\n    return c\n\n\ndef g():\n    return 1\n"
    other = code.replace("def f", "def h").replace("a + 1", "a + 2").replace("def g():\n    return 1\n", "")
    assert renamed(ast.parse(code), ast.parse(other)) == {("f", "h")}


def test_nobody_can_test_the_line_that_the_type_checker_proves_unreached():
    text = "import typing\ndef f(x):\n    if x is None:\n        return 1\n    typing.assert_never(x)\n"
    assert lines(text) == [1, 2, 3, 4]
