"""A line that only has another name of the project, or is only written otherwise, says what it said."""

import ast

import pytest

from devtools.syntax.equivalence import unaltered

OLD = "def add(a):\n    return a\n\n\ndef far(a):\n    if a:\n        return add(a)\n    return None\n"


def same(new, moved=(), lines=range(1, 30), old=OLD):
    return unaltered(ast.parse(old), ast.parse(new), lines, moved)


def test_another_name_is_no_other_line():
    new = OLD.replace("add", "plus")
    assert same(new, ["add", "plus"], {1, 7}) == {1, 7}
    assert same(new, [], {1, 7}) == set()
    assert same(new.replace("plus(a)\n", "plus(a) + 1\n"), ["add", "plus"], {1, 7}) == {1}


def test_another_way_to_write_it_is_none_either():
    new = OLD.replace("return add(a)", "return add(\n            a,\n        )")
    assert same(new, lines={7, 8, 9}) == {7, 8, 9}


@pytest.mark.parametrize(
    ("new", "lines"),
    [
        (OLD.replace("    return None", "    return add(a)"), {8}),
        (OLD.replace("if a:", "if not a:"), {6}),
        (OLD + "\n\ndef new(a):\n    return add(a)\n", {11, 12}),
    ],
    ids=["once more", "another condition", "in another function"],
)
def test_a_statement_serves_once_and_in_its_function(new, lines):
    assert same(new, lines=lines) == set()


def test_where_there_was_no_file_all_is_new():
    assert unaltered(None, ast.parse(OLD), {1}) == set()


def test_two_statements_of_one_line_are_the_same_only_together():
    assert same("x = 1; y = 2\n", lines={1}, old="x = 1\n") == set()
    assert same(
        "@wrap\nclass A:\n    @new\n    def f(self): pass\n",
        lines={1, 2, 3},
        old="@wrap\nclass A:\n    def f(self): pass\n",
    ) == {1, 2}


def imported(old, new):
    """The lines of the second statement that are the same after other imports."""
    return same(f"{new[0]}\n{new[1]}\n", lines={1, 2}, old=f"{old[0]}\n{old[1]}\n") & {2}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (("import json", "x = json.loads(1)"), ("import json as _json", "x = _json.loads(1)")),
        (("import typing as _t", "x = _t.cast(1)"), ("from typing import cast", "x = cast(1)")),
        (("import os.path as p", "x = p.join(1)"), ("from os import path", "x = path.join(1)")),
        (("from . import a", "x = a.f(1)"), ("from .a import f as g", "x = g(1)")),
        (("from ..b import a", "x = a"), ("from ..b import a as c", "x = c")),
    ],
)
def test_another_way_to_import_it_is_no_other_line(old, new):
    assert imported(old, new) == {2}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (("import json", "x = json.loads(1)"), ("import other as _json", "x = _json.loads(1)")),
        (("from a import f", "x = f(1)"), ("from b import f", "x = f(1) ")),
        (("from a import f", "x = f(1)"), ("from .a import f", "x = f(1)")),
        (("import json", "x = json.loads(1)"), ("import json as y", "y = 1; x = y.loads(1)")),
        (("import json", "x = lambda: json"), ("import json as y", "x = lambda y: y")),
    ],
)
def test_another_module_under_the_name_is_another_line(old, new):
    assert imported(old, new) == set()


def test_an_annotation_within_a_function_is_no_part_of_the_line():
    old = "class A:\n    x: int = 1\n    def f(self):\n        self.y: int = 1\n        z: int = 2\n"
    assert same(old.replace("int", "float"), lines={2, 4, 5}, old=old) == {4, 5}
    assert same(old.replace("z: int = 2", "z = 2"), lines={5}, old=old) == {5}
    assert same(old.replace("z: int = 2", "z: int = 3"), lines={5}, old=old) == set()
