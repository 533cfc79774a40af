"""Examples in docstrings: which are new, and what their failing on older code tells."""

import doctest
import types

from devtools.syntax.doctests import carried, fresh, matches, tells, wanted

ADD = 'def add(a, b):\n    """Add.\n\n    >>> add(1, 2)\n    3\n    """\n    return a + b\n'
SUM = 'class Sum:\n    def of(self):\n        """Of.\n\n        >>> 2\n        2\n        """\n'
NEW = f'"""Sums.\n\n>>> 1\n1\n"""\n{ADD}{SUM}'


def test_new_and_changed_examples_are_told_by_name():
    assert fresh(ADD.encode(), NEW.encode()) == {"": "Sums.\n\n>>> 1\n1", "Sum.of": "Of.\n\n>>> 2\n2"}
    assert list(fresh(None, ADD.encode())) == ["add"]
    assert list(fresh(ADD.encode(), ADD.replace("3", "4").encode())) == ["add"]
    assert fresh(None, b"def f(:") == {}


def test_examples_run_over_code_that_does_not_have_them():
    module = types.ModuleType("calc")
    exec(carried(b"def add(a, b):\n    return 4\n", {"add": ">>> add(1, 2)\n3"}), vars(module))
    assert doctest.testmod(module).failed == 1


def test_pytest_is_told_by_its_options_where_examples_are():
    assert wanted("-q --doctest-modules --doctest-glob='*.md' --doctest-glob *.txt") == (True, ("*.md", "*.txt"))
    assert wanted("-q") == wanted("'") == (False, ())
    assert matches("docs/a.md", ["*.md"])
    assert not matches("docs/a.md", ["*.txt"])


def test_another_result_or_a_name_that_came_tells_of_the_code():
    assert tells("Expected:\n    3\nGot:\n    4\n", [])
    assert tells("NameError: name 'double' is not defined", ["double"])
    assert not tells("NameError: name 'double' is not defined", ["other"])
    assert not tells("SyntaxError: invalid", ["double"])
