# ruff: noqa: E501 -- whole files of small projects
"""Ordinary days: each of these commits must pass, with the verdict that a maintainer would give."""

import pytest

from devtools.proof.prove import green, prove, red

OLD = {
    "calc.py": "def add(a, b):\n    return a + b\n\n\ndef halve(a):\n    return a / 2\n",
    "test_calc.py": "import calc\n\n\ndef test_add():\n    assert calc.add(1, 2) == 3\n\n\ndef test_halve():\n    assert calc.halve(2) == 1\n",
}


@pytest.fixture
def verdict(project):
    def run(files, kind="feat", before=OLD):
        old = project.commit(before)
        proof = prove(project.loaded(), old, project.commit(files), kind)
        assert not proof.fault
        assert not proof.problems
        return proof.verdict, proof.witnessed

    return run


def added(code, test, head="import calc\n"):
    return {
        "calc.py": OLD["calc.py"] + "\n\n" + code,
        "test_calc.py": OLD["test_calc.py"].replace("import calc\n", head) + "\n\n" + test,
    }


FEATURES = [
    ("def double(a):\n    return add(a, a)\n", "def test_function():\n    assert calc.double(2) == 4\n"),
    (
        "class Adder:\n    def __init__(self, a):\n        self.a = a\n\n    def to(self, b):\n        return self.a + b\n",
        "def test_class():\n    assert calc.Adder(1).to(2) == 3\n",
    ),
    (
        "def count(n):\n    for i in range(n):\n        yield i\n",
        "def test_generator():\n    assert list(calc.count(2)) == [0, 1]\n",
    ),
    (
        "async def wait():\n    return 1\n",
        "def test_coroutine():\n    import asyncio\n    assert asyncio.run(calc.wait()) == 1\n",
    ),
    (
        "async def stream(n):\n    for i in range(n):\n        yield i\n",
        "def test_async_generator():\n    import asyncio\n\n    async def every():\n        return [i async for i in calc.stream(2)]\n\n    assert asyncio.run(every()) == [0, 1]\n",
    ),
    ("LIMIT = 3\n", "def test_constant():\n    assert calc.LIMIT == 3\n"),
    (
        "def check(a):\n    if not a:\n        raise ValueError('empty')\n",
        "def test_check():\n    import pytest\n    with pytest.raises(ValueError):\n        calc.check(0)\n    calc.check(1)\n",
    ),
    (
        "import functools\n\n\n@functools.cache\ndef slow(a):\n    return a + 1\n",
        "def test_cache():\n    assert calc.slow(1) == 2\n",
    ),
]


def test_a_feature_with_its_test_is_proved_whatever_it_is(verdict):
    codes, tests = zip(*FEATURES, strict=True)
    names = [test.partition("(")[0].removeprefix("def ") for test in tests]
    files = added("\n\n".join(codes), "\n\n".join(tests))
    assert verdict(files) == ("proved", tuple(f"test_calc.py::{name}" for name in names))


def test_bug_fixes_are_proved(verdict):
    test = OLD["test_calc.py"] + "\n\ndef test_text():\n    assert calc.add('1', 2) == 3\n"
    code = OLD["calc.py"].replace("a + b", "int(a) + int(b)")
    assert verdict({"calc.py": code, "test_calc.py": test}, "fix")[0] == "proved"
    changed = OLD["test_calc.py"].replace("calc.halve(2) == 1", "calc.halve(3) == 1")
    assert verdict({"calc.py": OLD["calc.py"].replace("/ 2", "// 2"), "test_calc.py": changed}, "fix") == (
        "proved",
        ("test_calc.py::test_halve",),
    )


def test_of_a_type_that_is_not_known_a_witness_is_proof_of_a_changed_expectation(project):
    """Who says nothing of the type, and shows by a failing test what is new, is held to no more than a fix."""
    changed = OLD["test_calc.py"].replace("calc.halve(2) == 1", "calc.halve(3) == 1")
    files = {"calc.py": OLD["calc.py"].replace("/ 2", "// 2"), "test_calc.py": changed}
    before = OLD["test_calc.py"].replace("calc.halve(2) == 1", "calc.halve(3) == 1.5")
    old = project.commit({**OLD, "test_calc.py": before})
    done = prove(project.loaded(), old, project.commit(files), "")
    assert (done.verdict, done.problems) == ("proved", ())
    assert done.expectations == ("test_calc.py::test_halve",)


def test_a_new_parameter_and_a_new_option_are_proved(verdict):
    code = OLD["calc.py"].replace("add(a, b):\n    return a + b", "add(a, b, carry=0):\n    return a + b + carry")
    test = OLD["test_calc.py"] + "\n\ndef test_carry():\n    assert calc.add(1, 2, carry=1) == 4\n"
    assert verdict({"calc.py": code, "test_calc.py": test})[0] == "proved"
    cli = "import sys\n\n\ndef main():\n    print(sum(map(int, sys.argv[1:])))\n\n\nif __name__ == '__main__':\n    main()\n"
    run = "import subprocess, sys\n\n\ndef run(*a):\n    return subprocess.check_output([sys.executable, '-m', 'cli', *a], text=True)\n"
    old = {"cli.py": cli, "test_cli.py": run + "\n\ndef test_sum():\n    assert run('1', '2') == '3\\n'\n"}
    new = cli.replace("    print", "    if '--version' in sys.argv:\n        print('1.0')\n        return\n    print")
    test = old["test_cli.py"] + "\n\ndef test_version():\n    assert run('--version') == '1.0\\n'\n"
    assert verdict({"cli.py": new, "test_cli.py": test}, before={**OLD, **old}) == (
        "proved",
        ("test_cli.py::test_version",),
    )


@pytest.mark.parametrize(
    ("files", "kind", "expected"),
    [
        ({"README.md": "Words.\n"}, "docs", "no-code"),
        ({"calc.py": "'''Sums.'''\n" + OLD["calc.py"]}, "docs", "no-code"),
        ({"calc.py": OLD["calc.py"].replace("a + b", "(a + b)  # sum")}, "style", "no-code"),
        ({"pyproject.toml": "[project]\nname = 'calc'\n"}, "build", "no-code"),
        ({"test_more.py": "import calc\n\n\ndef test_more():\n    assert calc.add(0, 0) == 0\n"}, "test", "test-only"),
        ({"web/page.js": "let x = 1\n"}, "feat", "no-code"),
    ],
)
def test_what_changes_no_code_needs_no_proof(verdict, files, kind, expected):
    assert verdict(files, kind) == (expected, ())


def test_the_first_commit_of_all_is_proved(verdict):
    assert verdict(OLD, before={".gitignore": "x\n"})[0] == "proved"


def test_a_new_data_file_for_an_old_test_is_proved(verdict):
    cases = (
        "import calc, json, pathlib, pytest\nCASES = sorted((pathlib.Path(__file__).parent / 'cases').iterdir())\n\n\n"
    )
    cases += "@pytest.mark.parametrize('path', CASES)\ndef test_case(path):\n    a, b, c = json.loads(path.read_text())\n    assert calc.add(a, b) == c\n"
    before = {**OLD, "tests/test_cases.py": cases, "tests/cases/a.json": "[1, 2, 3]"}
    files = {"tests/cases/b.json": '["1", 2, 3]', "calc.py": OLD["calc.py"].replace("a + b", "int(a) + int(b)")}
    assert verdict(files, "fix", before) == ("proved", ("tests/test_cases.py::test_case",))


def test_a_test_that_failed_before_is_not_held_against_the_commit(verdict):
    before = {**OLD, "test_old.py": "import calc\n\n\ndef test_old():\n    assert calc.add(1, 1) == 3\n"}
    files = added("def double(a):\n    return add(a, a)\n", "def test_new():\n    assert calc.double(2) == 4\n")
    assert verdict(files, before=before)[0] == "proved"


def test_the_cycle_s_steps_are_the_same_proof(project):
    old = project.commit(OLD)
    files = added("def double(a):\n    return add(a, a)\n", "def test_new():\n    assert calc.double(2) == 4\n")
    written = project.commit({"test_calc.py": files["test_calc.py"]})
    seen = red(project.loaded(), old, written)
    assert seen.holds
    assert [problem.code for problem in green(project.loaded(), old, written, seen.witnessed, written).problems] == [
        "still-failing"
    ]
    done = green(project.loaded(), old, project.commit(files), seen.witnessed, written)
    assert done.problems == ()
    assert (done.verdict, done.witnessed) == ("proved", seen.witnessed)
    changed = project.commit({"test_calc.py": files["test_calc.py"].replace("== 4", ">= 4")})
    assert [problem.code for problem in green(project.loaded(), old, changed, seen.witnessed, written).problems] == [
        "tests-tampered"
    ]
