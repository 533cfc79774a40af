"""A change of types alone is known as such, but not where something reads them while the program runs."""

import ast

import pytest

from devtools.syntax.annotations import same_but_types

OLD = "import os\n\n\ndef add(a, b=1):\n    c = a\n    return c + b\n"
OLD += "\n\nclass Sum:\n    total: int = 0\n\n    @property\n    def half(self):\n        return 1\n"


@pytest.mark.parametrize(
    ("old", "new", "same"),
    [
        ("(a, b=1):", "(a: int, b: int = 1) -> int:", True),
        ("    c = a\n", "    c: int = a\n", False),
        ("half(self):", "half(self) -> float:", True),
        ("import os\n", "import os\nfrom typing import Any\nfrom __future__ import annotations\nimport typing\n", True),
        ("import os\n", "import os\nfrom typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import json\n", True),
        ("import os\n", "import os\nif TYPE_CHECKING:\n    x = 1\n", False),
        ("import os\n", "import os\nimport json\n", False),
        ("b=1", "b=2", False),
        ("total: int", "total: float", False),
        ("@property\n    def half(self)", "@app.command()\n    def half(self: int)", False),
        ("def add", "async def add", False),
    ],
)
def test_nothing_but_types(old, new, same):
    assert same_but_types(ast.parse(OLD), ast.parse(OLD.replace(old, new))) is same


def test_other_types_of_variables_and_of_coroutines_are_seen_by_nobody():
    one = "x: int = 1\nasync def f(a: int): pass\n@app.get()\ndef g(a: int): pass\n"
    assert same_but_types(ast.parse(one), ast.parse(one.replace("x: int", "x: float").replace("f(a: int)", "f(a)")))
    assert not same_but_types(ast.parse(one), ast.parse(one.replace("g(a: int)", "g(a: str)")))
    assert not same_but_types(None, ast.parse(one))


OVERLOADED = (
    "@overload\ndef add(a: int, b: int) -> int: ...\n@typing.overload\ndef add(a: str, b: str) -> str: ...\n\n\n"
)
IMPORTS = "import os\nimport typing\nfrom typing import overload\n"


def test_overloads_of_typing_are_types_but_only_before_the_function_that_replaces_them():
    """The last definition counts: a dummy that follows on the function would take its place."""
    typed = OLD.replace("import os\n", IMPORTS)
    before, after = (OLD.replace("import os\n", f"{IMPORTS}{part}") for part in ("", OVERLOADED))
    assert same_but_types(ast.parse(before), ast.parse(after))
    assert same_but_types(ast.parse(OLD), ast.parse(after))
    assert not same_but_types(ast.parse(typed), ast.parse(typed + "\n\n" + OVERLOADED))
    own = OLD.replace("import os\n", "import os\n\n\ndef overload(f): return print\n\n\n")
    assert not same_but_types(ast.parse(own), ast.parse(own.replace("def add", OVERLOADED + "def add")))
    method = "    @overload\n    def half(self) -> int: ...\n"
    assert same_but_types(ast.parse(typed), ast.parse(typed.replace("    @property\n", f"{method}    @property\n")))
