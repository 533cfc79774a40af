# ruff: noqa: E501 -- whole files of small projects
"""What the old tests would notice on the new code is refused, whatever hides it; what they would not is free."""

import pytest

from devtools.proof.prove import prove

OLD = {
    "calc.py": "def add(a, b):\n    return a + b\n\n\ndef show(a):\n    return f'sum: {a}'\n",
    "tests/test_calc.py": "import calc\n\n\ndef test_add():\n    assert calc.add(1, 2) == 3\n\n\ndef test_show():\n    assert calc.show(calc.add(1, 2)) == 'sum: 3'\n",
}
TEST = OLD["tests/test_calc.py"]
BROKEN = {"calc.py": OLD["calc.py"].replace("a + b", "a + b + 1")}
HEAD = "import contextlib, functools, os, pytest\n"
SWALLOW = "def quiet(test):\n    @functools.wraps(test)\n    def run(*given):\n        try:\n            test(*given)\n        except AssertionError:\n            pass\n    return run\n\n\n"
MAKEREPORT = "import pytest\n\n\n@pytest.hookimpl(hookwrapper=True)\ndef pytest_runtest_makereport(item, call):\n    done = yield\n    report = done.get_result()\n    report.outcome = 'passed'\n"
CALLING = "def pytest_pyfunc_call(pyfuncitem):\n    try:\n        pyfuncitem.obj()\n    except AssertionError:\n        pass\n    return True\n"
PATCHED = "import calc\n\ncalc.add = lambda a, b: a + b\n"
SKIPS = "import pytest\n\n\n@pytest.fixture(autouse=True)\ndef now(request):\n    pytest.skip('later')\n"
BY_HOOK = "import pytest\n\n\ndef pytest_runtest_setup(item):\n    pytest.skip('later')\n"
DROPS = "def pytest_collection_modifyitems(items):\n    items[:] = []\n"


def changed(old, new, head=""):
    return {"tests/test_calc.py": head + TEST.replace(old, new)}


def ini(text):
    return {"pytest.ini": f"[pytest]\n{text}\n"}


LOOSER = {
    "expects another value": changed("(1, 2) == 3", "(1, 2) == 4"),
    "turned round": changed("(1, 2) == 3", "(1, 2) != 3"),
    "is in": changed("(1, 2) == 3", "(1, 2) in (3, 4)"),
    "is something": changed("(1, 2) == 3", "(1, 2) is not None"),
    "tolerance": changed("(1, 2) == 3", "(1, 2) == pytest.approx(3, abs=5)", HEAD),
    "under if": changed("    assert calc.add", "    if calc.add(1, 2) == 3: assert calc.add"),
    "returns": changed("    assert calc.add", "    return\n    assert calc.add"),
    "suppressed": changed("    assert calc.add", "    with contextlib.suppress(Exception): assert calc.add", HEAD),
    "tried": changed(
        "    assert calc.add(1, 2) == 3",
        "    try:\n        assert calc.add(1, 2) == 3\n    except AssertionError: pass",
    ),
    "raises": changed(
        "    assert calc.add(1, 2) == 3", "    with pytest.raises(AssertionError): assert calc.add(1, 2) == 3", HEAD
    ),
    "decorated": changed("def test_", "@quiet\ndef test_", HEAD + SWALLOW),
    "another input": changed("add(1, 2) == 3", "add(1, 1) == 3"),
    "reports": {"tests/conftest.py": MAKEREPORT},
    "calls": {"conftest.py": CALLING},
    "patches": {"tests/conftest.py": PATCHED},
    "plugin": {"forge.py": MAKEREPORT, **ini("addopts = -p forge")},
}
UNRUN = {
    "deleted": {"tests/test_calc.py": TEST.partition("def test_add")[0] + "def test_x():\n    assert calc\n"},
    "file deleted": {"tests/test_calc.py": None},
    "skips": changed("    assert calc", "    pytest.skip()\n    assert calc", HEAD),
    "helper skips": changed(
        "    assert calc", "    later()\n    assert calc", HEAD + "def later(): pytest.skip()\n\n\n"
    ),
    "fixture skips": changed("import calc\n", f"import calc\n{SKIPS}"),
    "conftest skips": {"tests/conftest.py": SKIPS},
    "hook skips": {"conftest.py": BY_HOOK},
    "hook drops": {"conftest.py": DROPS},
    "marked": changed("def test_", "@pytest.mark.skipif(True, reason='x')\ndef test_", HEAD),
    "xfail": changed("def test_", "@pytest.mark.xfail\ndef test_", HEAD),
    "module mark": changed("import calc\n", "import calc\npytestmark = pytest.mark.skip\n", HEAD),
    "renamed": changed("def test_", "def check_"),
    "no test": changed("import calc\n", "import calc\n__test__ = False\n"),
    "in a class": {
        "tests/test_calc.py": "import calc\n\n\nclass Sums:\n"
        + "".join(f"    {line}\n" for line in TEST.replace("()", "(self)").split("\n")[3:])
    },
    "moved away": {"tests/test_calc.py": None, "tests/calc_checks.py": TEST},
    "-k": ini("addopts = -k nothing"),
    "--ignore": ini("addopts = --ignore=tests"),
    "--deselect": ini("addopts = --deselect tests/test_calc.py"),
    "testpaths": {**ini("testpaths = more"), "more/test_x.py": "def test_x():\n    assert 1 + 1 == len('xx')\n"},
    "-m": ini("addopts = -m slow\nmarkers = slow"),
    "collect_ignore": {"tests/conftest.py": "collect_ignore = ['test_calc.py']\n"},
    "in pyproject": {"pyproject.toml": "[tool.pytest.ini_options]\naddopts = '-k nothing'\n"},
    "names of functions": ini("python_functions = check_*"),
}


@pytest.fixture
def verdict(project):
    old = project.commit(OLD)

    def run(files, kind):
        proof = prove(project.loaded(), old, project.commit(files), kind)
        assert proof.fault == ""
        return proof.verdict, {problem.code for problem in proof.problems}, proof

    return run


@pytest.mark.parametrize("files", LOOSER.values(), ids=LOOSER)
def test_what_an_old_test_would_notice_is_no_refactoring(verdict, files):
    found, codes, _ = verdict({**BROKEN, **files}, "refactor")
    assert found == "unproved"
    assert codes & {"tests-tampered", "unproved"}  # a forged report is no pass to begin with


@pytest.mark.parametrize("files", UNRUN.values(), ids=UNRUN)
def test_an_old_test_that_does_not_run_any_more_is_no_chore(verdict, files):
    found, codes, _ = verdict({**BROKEN, **files}, "chore")
    assert found == "unproved"
    assert "tests-tampered" in codes


FEATURE = {"calc.py": BROKEN["calc.py"] + "\n\ndef double(a):\n    return a * 2\n"}
PROOF = {"tests/test_double.py": "import calc\n\n\ndef test_double():\n    assert calc.double(2) == 4\n"}


@pytest.mark.parametrize("name", ["deleted", "helper skips", "conftest skips", "xfail", "-k", "no test"])
def test_nor_may_a_feature_take_it_away(verdict, name):
    found, codes, _ = verdict({**FEATURE, **PROOF, **UNRUN[name]}, "feat")
    assert found == "unproved"
    assert "tests-tampered" in codes


@pytest.mark.parametrize("kind", ["docs", "test", "build", "ci"])
def test_no_other_structural_type_may_change_what_is_expected(verdict, kind):
    texts = {name: text.replace("sum: ", "total: ") for name, text in OLD.items()}
    found, codes, proof = verdict(texts, kind)
    assert (found, "tests-tampered" in codes) == ("unproved", True)
    assert proof.problems[0].message.startswith(
        "tests/test_calc.py::test_show passes on the parent and fails on the new"
    )


def test_a_feature_says_whose_expectation_it_changes(verdict):
    texts = {name: text.replace("sum: ", "total: ") for name, text in OLD.items()}
    found, codes, proof = verdict(texts, "feat")
    assert (found, codes, proof.expectations) == ("proved", set(), ("tests/test_calc.py::test_show",))


def test_a_changed_test_that_fails_on_the_parent_s_code_is_a_feature_or_a_fix(verdict):
    code = {"calc.py": OLD["calc.py"].replace("sum: {a}", "sum: {a or 0}")}
    test = {"tests/test_none.py": "import calc\n\n\ndef test_none():\n    assert calc.show(None) == 'sum: 0'\n"}
    found, codes, proof = verdict({**code, **test}, "refactor")
    assert (found, codes) == ("unproved", {"unproved"})
    assert "behaviour changed, so this is a feat or a fix" in proof.problems[0].message


def test_data_of_the_tests_is_part_of_them(project):
    test = "import calc, pathlib\n\n\ndef test_data():\n    want = (pathlib.Path(__file__).parent / 'want.txt').read_text()\n    assert calc.show(3) == want\n"
    old = project.commit({**OLD, "tests/test_data.py": test, "tests/want.txt": "sum: 3"})
    texts = {"calc.py": OLD["calc.py"].replace("sum: ", "all: "), "tests/want.txt": "all: 3"}
    texts["tests/test_calc.py"] = TEST.replace("sum: ", "all: ")
    proof = prove(project.loaded(), old, project.commit(texts), "chore")
    assert {each.message.split()[0] for each in proof.problems if each.code == "tests-tampered"} == {
        "tests/test_calc.py::test_show",
        "tests/test_data.py::test_data",
    }
