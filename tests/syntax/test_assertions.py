"""What a test checks is found again whatever its locals are called, and not found where it cannot fail."""

import ast

import pytest

from devtools.syntax.assertions import checks, literals, loose


def read(body, arguments="", moving=()):
    lines = "".join(f"\n    {line}" for line in body.split("\n"))
    return checks(ast.parse(f"def test_x({arguments}):{lines}\n").body, moving)


@pytest.mark.parametrize(
    ("body", "arguments"),
    [
        ("total = calc.add(1, 2)\nassert total == 3", ""),
        ("assert 3 == calc.add(1, 2)", ""),
        ("self.assertEqual(calc.add(1, 2), 3)", "self"),
        ("assert add(a, b) == 3", "a, b"),
        ("assert more.add(1, 2) == 3 and True is not calc", ""),
    ],
)
def test_one_check_has_one_form_in_whatever_way_it_is_written(body, arguments):
    found = read(body, arguments)[0]
    assert (found.kind, found.subject, found.expected, found.rank) == ("==", "add(_, _)", "3", 3)


def test_what_is_raised_is_a_check_of_what_raises_it():
    [one] = read("with pytest.raises(ValueError, match='no'):\n    calc.add(1)")
    [two] = read("self.assertRaises(ValueError, calc.add, 1)", "self")
    assert (one.kind, one.subject, one.expected) == ("raises", "(add(_),)", "(ValueError, 'no')")
    assert (two.kind, two.expected) == ("raises", "(ValueError,)")


@pytest.mark.parametrize(
    "body",
    [
        "if 0:\n    assert calc.add()",
        "try:\n    assert calc.add()\nexcept Exception:\n    pass",
        "with suppress(AssertionError):\n    assert calc.add()",
        "return\nassert calc.add()",
        "assert calc.add() or True",
        "assert (calc.add(), 'words')",
    ],
)
def test_what_cannot_fail_is_no_check(body):
    assert read(body) == []


def test_how_much_a_check_fixes():
    bodies = ("assert f() == 1", "assert f() < 1", "assert f() is not None", "assert not f()", "assert f() or g()")
    assert [read(body)[0].rank for body in bodies] == [3, 2, 1, 1, 0]


def test_a_name_that_production_lost_is_like_the_one_it_gained():
    [old] = read("assert calc.halve(2) == 1", moving=["halve", "half"])
    assert [old] == read("assert calc.half(2) == 1", moving=["halve", "half"])
    assert old.is_about_gone
    assert not read("assert calc.add(2) == 1", moving=["halve"])[0].is_about_gone


def test_literals_are_those_of_the_check_and_of_the_whole_test():
    [check] = read("a = 1\nassert calc.add(a, 2) == 3")
    assert check.literals == {"1", "2", "3"}
    tree = ast.parse("X = [7]\ndef test_x():\n    patch('calc.halve', 8)\n")
    assert literals(tree.body, ["halve"]) == {"7", "8"}


def test_what_stands_in_no_assertion_are_cases_and_arguments():
    tree = ast.parse(
        "def test_x(self):\n    check(1)\n    assert f(2) == 3\n    self.assertEqual(f(4), 5)\n    a = 6\n"
    )
    assert loose(tree.body) == {"1", "6"}
    assert loose(ast.parse("def test_x():\n    if 0:\n        check(1)\n").body) == set()
    assert len(ast.unparse(tree).splitlines()) == 5


@pytest.mark.parametrize(
    "body",
    [
        'assert run(f"{path} is {1:>{width}}") == 1',
        'text = "a\\n"\nassert run(text) == f"{text!r}"',
        "text = '''\"'\\n'''\nassert run(f'{text}') == run(f'{run(text)}')",
        'name = "a"\nwith pytest.raises(E, match=f"{name}"):\n    run(f"{name}\\n")',
    ],
)
def test_a_check_may_hold_any_f_string(body):
    assert len(read(body)) == 1


def test_f_strings_of_other_values_are_other_checks():
    forms = {read(f"assert run(f'{text}') == 1")[0].subject for text in ("{a()}", "{b()}", "{a()!r}", "{a()}{a()}")}
    assert len(forms) == 4
    assert read("assert run(f'{a()} one') == 1")[0].subject == read("assert run(f'{a()} two') == 1")[0].subject


def test_a_parameter_that_production_renamed_is_one_name_like_any_other():
    one, two = (
        read(f"assert find([], {name}='tea', at=1) == 2", moving=("name", "wanted")) for name in ("name", "wanted")
    )
    assert one == two
    assert [(each.subject, each.is_about_gone) for each in one] == [("find([], ~=_, at=_)", True)]
    assert [each.subject for each in read("assert find(**more, a=1) == 2", moving=("name",))] == ["find(**more, a=_)"]
