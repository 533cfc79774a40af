import ast

import pytest

from devtools.syntax.branches import branches, branching
from devtools.syntax.conditions import Names

HEAD = "import sys\n"


def texts(source, lines=range(9), known=()):
    tree = ast.parse(HEAD + source)
    every = source.split("\n")
    found = branches(tree.body[1], lines, Names(tree), known)
    return [every[each.line - 2][each.column : each.end_column] for each in found]


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("x = 1 if a else 2", ["1", "2"]),
        ("f(a or b and c)", ["b and c", "c"]),
        ("x = lambda a=b or 1: a", ["1", "a"]),
        ("x = [a for a in b if a and c]", ["a", "c"]),
        ("x = {a: b for a in c}", ["b"]),
        ("x = {a for a in b}, (c for c in d)", ["a", "c"]),
        ("@d(a or b)\ndef f(c=a and e) -> a or b:\n    return a or z", ["b", "e"]),
        ("if a or b:\n    c or d", ["b"]),
        ("match a:\n    case b if c or d:\n        e or f", ["d"]),
        ("x: a or b = c", []),
        ("assert a or b, c or d", ["b"]),
        ("x = 1 if sys.platform == 'amiga' else 2", ["2"]),
        ("x = sys.platform == 'amiga' and a", []),
        ("x = f'{1 if a else 2}'", ["1", "2"]),
        ("x = a() < b() < c() < d < e", ["c()"]),
    ],
)
def test_what_an_expression_decides_upon_is_a_branch_of_its_statement(source, found):
    assert texts(source) == found


def test_branches_count_by_their_lines_and_not_where_the_parent_had_them():
    assert texts("x = (1 if a\n else 2)", [3]) == ["2"]
    known = branching(ast.parse("y = a or b"))
    assert texts("x = (a or b) and c", known=known) == ["c"]
    assert texts("x = a < b < c()", known=branching(ast.parse("y = a < b < c()"))) == []
    assert branching(None) == set()
