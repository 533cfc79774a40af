import ast

import pytest

from devtools.syntax.conditions import Names, taken


@pytest.mark.parametrize(
    ("head", "condition", "expected"),
    [
        ("from typing import TYPE_CHECKING", "TYPE_CHECKING", False),
        ("import typing_extensions as t", "not t.TYPE_CHECKING", True),
        ("import typing as t", "t.TYPE_CHECKING and x", False),
        ("import typing as t", "t.TYPE_CHECKING or x", None),
        ("from flags import TYPE_CHECKING", "TYPE_CHECKING", None),
        ("TYPE_CHECKING = False", "TYPE_CHECKING", False),
        ("TYPE_CHECKING = True", "TYPE_CHECKING", None),
        ("TYPE_CHECKING = False; globals().update(x)", "TYPE_CHECKING", None),
        ("", "__name__ == '__main__'", False),
        ("", "'__main__' != __name__", True),
        ("", "__name__ == 'app'", None),
        ("import sys", "sys.version_info >= (3, 0)", True),
        ("import os", "os.name == 'amiga'", False),
        ("import sys", "sys.version_info < 'x'", None),
        ("import sys", "sys.argv", None),
        ("import fake as os", "os.name == 'amiga'", None),
        ("try:\n    pass\nexcept E as sys:\n    pass\nimport sys", "sys.platform == 'amiga'", None),
        ("import sys\nfrom . import sys", "sys.platform == 'amiga'", None),
    ],
)
def test_a_condition_is_known_only_where_no_test_can_turn_it(head, condition, expected):
    test = ast.parse(condition, mode="eval").body
    assert taken(test, Names(ast.parse(head)), at_import=True) is expected


def test_a_function_may_ask_again_later():
    names = Names(ast.parse("TYPE_CHECKING = False"))
    for condition in ("TYPE_CHECKING", "__name__ == '__main__'"):
        assert taken(ast.parse(condition, mode="eval").body, names, at_import=False) is None


@pytest.mark.parametrize(
    "own", ["def overload(f): ...", "class overload: ...", "def f(overload): ...", "match x:\n    case overload: ..."]
)
def test_a_name_that_the_module_binds_itself_is_not_typing_s(own):
    name = ast.parse("overload", mode="eval").body
    assert Names(ast.parse("from typing import overload")).is_typing(name, "overload")
    assert not Names(ast.parse(f"from typing import overload\n{own}")).is_typing(name, "overload")
    assert not Names(ast.parse("")).is_typing(ast.parse("f()", mode="eval").body, "overload")
