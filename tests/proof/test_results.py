# ruff: noqa: E501 -- whole test files
"""What a test does to a result of production tells of production; what it does to its own things does not."""

import pytest

from devtools.proof.results import Sources, is_result
from devtools.syntax.tests import File, parse

HEAD = "import calc, json, pytest, subprocess, sys\nfrom more import info\nCASES = {'a': 1}\n\n\n"
HELPERS = "def told(*given):\n    return json.loads(subprocess.check_output([sys.executable, '-m', 'calc', *given]))\n\n\ndef plain():\n    return {}\n\n\n@pytest.fixture\ndef shop():\n    return calc.Shop()\n\n\n"


def judged(body, kind, text="", arguments=""):
    lines = body.split("\n")
    source = f"{HEAD}{HELPERS}def test_x({arguments}):\n" + "".join(f"    {line}\n" for line in lines)
    conftest = File("conftest.py", parse(b"import calc\ndef cart(): return calc.Cart()\n"))
    files = {"test_a.py": File("test_a.py", parse(source.encode())), "conftest.py": conftest}
    return is_result(Sources(files.get, {"calc", "more"}), files["test_a.py"], len(source.splitlines()), kind, text)


@pytest.mark.parametrize(
    ("body", "kind", "text", "arguments"),
    [
        ("assert info()['sum'] == 3", "KeyError", "'sum'", ""),
        ("assert info()['sum'] == CASES['a']", "KeyError", "'sum'", ""),
        ("found = info()\nassert found['sum'] == 3", "KeyError", "'sum'", ""),
        ("found = calc.all()\nfirst = found[0]\nassert first.name[2] == 3", "IndexError", "", ""),
        ("a, b = calc.both()", "TypeError", "", ""),
        ("a, b = calc.both()", "ValueError", "", ""),
        ("assert len(calc.all()) == 2", "TypeError", "", ""),
        ("assert calc.total() + 1 == pytest.approx(3)", "TypeError", "", ""),
        ("assert calc.text().upper() == 'A'", "AttributeError", "'NoneType' object has no attribute 'upper'", ""),
        ("assert int(calc.text()) == 3", "ValueError", "", ""),
        ("assert told('--json')['sum'] == 3", "KeyError", "'sum'", ""),
        ("assert shop.prices['a'] == 3", "KeyError", "'a'", "shop"),
        ("assert cart.prices['a'] == 3", "KeyError", "'a'", "cart"),
        ("from calc import late\nassert late()['a'] == 3", "KeyError", "'a'", ""),
        ("for a, b in calc.pairs(): print(a)", "ValueError", "", ""),
    ],
)
def test_what_is_done_to_a_result_of_production_counts(body, kind, text, arguments):
    assert judged(body, kind, text, arguments)


@pytest.mark.parametrize(
    ("body", "kind", "text"),
    [
        ("assert {}['sum'] == calc.add(1, 2)", "KeyError", "'sum'"),
        ("assert info()['sum'] == CASES['b']", "KeyError", "'b'"),
        ("assert plain()['sum'] == info()", "KeyError", "'sum'"),
        ("found = {}\nassert found['sum'] == info()['x']", "KeyError", "'sum'"),
        ("assert int('x') == calc.add(1, 2)", "ValueError", ""),
        ("a, b = 1", "TypeError", ""),
        ("assert pytest.nonsense == calc", "AttributeError", "no attribute 'nonsense'"),
        ("assert nonsense == calc.add(1, 2)", "NameError", ""),
        ("assert missing['a'] == calc.x", "KeyError", "'a'"),
        ("if not hasattr(calc, 'double'): raise KeyError", "KeyError", ""),
        ("raise KeyError(calc.name)", "KeyError", ""),
    ],
)
def test_what_is_done_to_things_of_its_own_does_not(body, kind, text):
    assert not judged(body, kind, text)


def test_a_line_outside_of_any_test_says_nothing():
    file = File("test_a.py", parse(b"import calc\nX = calc.f()['a']\n"))
    assert not is_result(Sources({}.get, {"calc"}), file, 2, "KeyError", "'a'")
    assert not is_result(Sources({}.get, {"calc"}), None, 2, "KeyError", "'a'")
