from devtools.syntax.imports import mentions, reached


def test_imports_are_read_in_all_their_forms():
    text = "import a.b, c as d\nfrom e import (\n    f,\n    g,\n)\n    from . import h\nfrom ..i import j\n"
    found = mentions("p/q/r.py", text + "TABLE = {'k': 'l.m'}\nrun('python', '-m', \"n.o:main\")\n")
    assert {"a.b", "c", "e", "e.f", "e.g", "/p/q", "/p/q/h", "/p/i", "/p/i/j", "l.m", "n.o"} <= found
    assert mentions("r.py", "if __name__ == '__main__': f('tests')\n") == set()
    assert mentions("r.py", "run('-m', 'p')\nrun('-c', 'import q.r; x')\n") == {"p", "q.r"}
    assert mentions("r.py", "from .s import t\n") == {"/s", "/s/t"}


def graph(**texts):
    paths = {name.replace("__", "/") + ".py": text for name, text in texts.items()}
    return {path: mentions(path, text) for path, text in paths.items()}


def test_a_change_reaches_its_users_over_several_steps():
    imports = graph(
        pkg__a="", pkg__b="from pkg import a\n", pkg__c="", test_b="import pkg.b\n", test_c="import pkg.c\n"
    )
    assert reached(["pkg/a.py"], imports, [""]) == {"pkg/a.py", "pkg/b.py", "test_b.py"}


def test_a_package_s_init_runs_with_each_of_its_modules():
    imports = {**graph(test_a="from pkg.a import x\n", pkg__a=""), "pkg/__init__.py": frozenset()}
    assert reached(["pkg/__init__.py"], imports, [""]) == {"pkg/__init__.py", "test_a.py"}


def test_a_conftest_reaches_the_tests_below_it_and_data_the_modules_beside_it():
    imports = graph(tests__conftest="", tests__x__test_a="", test_b="", pkg__a="", pkg__test_a="import pkg.a\n")
    assert reached(["tests/conftest.py"], imports, [""]) == {"tests/conftest.py", "tests/x/test_a.py"}
    assert reached(["pkg/data.json"], imports, [""]) == {"pkg/a.py", "pkg/test_a.py"}


def test_a_bare_name_is_looked_for_in_the_folders_that_pytest_puts_on_the_path():
    imports = graph(tests__helper="", tests__x__test_a="from helper import y\n", tests__test_b="import numpy\n")
    assert reached(["tests/helper.py"], imports, [""]) == {"tests/helper.py", "tests/x/test_a.py"}
