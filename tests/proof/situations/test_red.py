"""Step 1 of the proof: which failing tests are witnesses, and for which reasons others are not."""

import pytest

from devtools.proof.prove import red

CODE = "\n\ndef info():\n    return {}\n\n\ndef nothing():\n    pass\n\n\ndef pair():\n    return 1, 2, 3\n"
CALC = {"calc.py": f"def add(a, b):\n    return a + b\n{CODE}"}
OLD = {"test_calc.py": "import calc\n\n\ndef test_add():\n    assert calc.add(1, 2) == 3\n"}
NEW = "\n\ndef test_new():\n    "


@pytest.fixture
def step(project):
    def run(files, before=None):
        old = project.commit({**CALC, **OLD, **(before or {})})
        return red(project.loaded(), old, project.commit(files))

    return run


def outcome(seen):
    return seen.witnessed, [problem.code for problem in seen.problems]


def with_test(body, head="import calc\nimport pytest\n"):
    return {"test_calc.py": OLD["test_calc.py"].replace("import calc\n", head) + NEW + body + "\n"}


RIGHT = {
    "assertion": "assert calc.add(1, 2) == 4",
    "raises": "with pytest.raises(ValueError):\n        calc.add(1, 2)",
    "warns": "with pytest.warns(UserWarning):\n        calc.add(1, 2)",
    "attribute": "assert calc.subtract(2, 1) == 1",
    "import": "from calc import subtract\n    assert subtract(2, 1) == 1",
    "parameter": "assert calc.add(1, 2, carry=1) == 4",
    "crash_of_production": "assert calc.add('1', 2) == 3",
    "key": "assert calc.info()['sum'] == 3",
    "none": "found = calc.nothing()\n    assert found[0] == 3",
    "unpacking": "a, b = calc.pair()\n    assert (a, b) == (1, 2)",
    "returned": "assert calc.nothing().upper() == 'X'",
}


def with_tests(bodies):
    """All of them in one file, so that one run shows what becomes of each."""
    text = "".join(f"\n\ndef test_{name}():\n    {body}\n" for name, body in bodies.items())
    return {"test_new.py": f"import calc\nimport pytest\n{text}"}


def test_a_right_reason_makes_a_witness(step):
    assert outcome(step(with_tests(RIGHT))) == (tuple(f"test_new.py::test_{name}" for name in RIGHT), [])


WRONG = {
    "passes": ("assert calc.add(1, 2) == 3", "passes on the parent's code"),
    "false": ("assert False", "wrong"),
    "constant": ("assert 1 == 2", "wrong"),
    "fail": ("pytest.fail('todo')", "wrong"),
    "raised": ("raise AssertionError('todo')", "wrong"),
    "slip": ("assert clac.add(1, 2) == 4", "wrong"),
    "key": ("assert {}['sum'] == calc.add(1, 2)", "wrong"),
    "foreign_name": ("assert pytest.nonsense == calc", "wrong"),
    "foreign_module": ("import nonsense_of_others.x\n    assert calc", "wrong"),
    "nothing": ("calc.subtract(2, 1)", "asserts nothing"),
    "true": ("calc.subtract(2, 1)\n    assert True", "asserts nothing"),
    "skip": ("pytest.skip('later')\n    assert calc.add(1, 2) == 4", "did not run"),
    "xfail": ("pytest.xfail('later')\n    assert calc.add(1, 2) == 4", "did not run"),
}


def test_another_reason_makes_none(step):
    before = {"requirements.txt": "nonsense_of_others\n"}
    seen = step(with_tests({name: body for name, (body, _) in WRONG.items()}), before)
    assert outcome(seen) == ((), ["no-assertion"])
    told = [line.split(": ") for line in seen.log.partition("\n\n")[0].splitlines()]
    found = {identity.partition("::test_")[2]: kind for kind, identity, *_ in told}
    assert found == {name: kind for name, (_, kind) in WRONG.items()}


@pytest.mark.parametrize(
    ("name", "code"),
    [("passes", "test-passes"), ("key", "wrong-reason"), ("nothing", "no-assertion"), ("skip", "no-new-test")],
)
def test_why_there_is_no_witness_has_a_code(step, name, code):
    assert outcome(step(with_tests({name: WRONG[name][0]}))) == ((), [code])


def test_the_reason_is_told_with_the_test_and_the_words(step):
    [problem] = step(with_test("assert {}['sum'] == calc.add(1, 2)")).problems
    assert problem.message == "test_calc.py::test_new fails, but the test itself raised KeyError: 'sum'"
    assert problem.path == "test_calc.py"


def test_a_missing_name_at_the_top_of_the_file_makes_only_the_new_test_a_witness(step):
    seen = step(with_test("assert subtract(2, 1) == 1", "import calc\nfrom calc import subtract\n"))
    assert outcome(seen) == (("test_calc.py::test_new",), [])


@pytest.mark.parametrize(
    "files",
    [
        {"test_calc.py": "def test_new(:\n"},
        {"conftest.py": "1 / 0\n", **with_test("assert calc.add(1, 2) == 4")},
        {
            "conftest.py": "import nonsense_xyz\n",
            "requirements.txt": "nonsense_xyz",
            **with_test("assert calc.add(1, 2)"),
        },
        with_test("assert calc", "import calc\nimport pytest\n@pytest.fixture\ndef gone(missing): pass\n"),
    ],
)
def test_a_broken_test_file_or_conftest_is_no_witness(step, files):
    seen = step({name: text.replace("def test_new():", "def test_new(gone):") for name, text in files.items()})
    assert seen.witnessed == ()
    assert {problem.code for problem in seen.problems} & {"wrong-reason", "no-new-test"}
    assert not seen.fault


def test_the_first_test_of_code_that_does_not_exist_is_a_witness(project):
    test = "from shop.basket import Basket\n\n\ndef test_new():\n    assert Basket().total() == 0\n"
    old = project.commit({"README.md": "A shop.\n"})
    seen = red(project.loaded(), old, project.commit({"tests/test_basket.py": test}))
    assert outcome(seen) == (("tests/test_basket.py::test_new",), [])


def test_unittest_classes_and_parameters_are_witnesses_without_their_parameters(step):
    unit = "import calc, unittest\nclass T(unittest.TestCase):\n    def test_u(self):\n"
    unit += "        self.assertEqual(calc.add(1, 2), 4)\n"
    many = (
        "import calc, pytest\n@pytest.mark.parametrize('n', [3, 4])\ndef test_n(n):\n    assert calc.add(1, 2) == n\n"
    )
    seen = step({"test_unit.py": unit, "test_many.py": many})
    assert outcome(seen) == (("test_many.py::test_n", "test_unit.py::T::test_u"), [])


def test_a_changed_fixture_or_helper_or_data_file_changes_the_tests_that_use_it(step):
    before = {
        "tests/conftest.py": "import pytest\n@pytest.fixture\ndef want():\n    return 3\n",
        "tests/helper.py": "WANT = 3\n",
        "tests/data/want.txt": "3",
        "tests/test_a.py": "import calc\ndef test_a(want):\n    assert calc.add(1, 2) == want\n",
        "tests/test_b.py": "import calc\nfrom helper import WANT\ndef test_b():\n    assert calc.add(1, 2) == WANT\n",
        "tests/test_c.py": "import calc, pathlib\ndef test_c():\n    here = pathlib.Path(__file__).parent\n"
        "    assert calc.add(1, 2) == int((here / 'data/want.txt').read_text())\n",
    }
    for changed, test in (("conftest.py", "a"), ("helper.py", "b"), ("data/want.txt", "c")):
        path = f"tests/{changed}"
        seen = step({path: before[path].replace("3", "4")}, before)
        assert outcome(seen) == ((f"tests/test_{test}.py::test_{test}",), [])


def test_formatting_and_moving_a_test_is_no_new_test(step):
    seen = step(
        {"test_calc.py": None, "tests/test_moved.py": "# moved\n" + OLD["test_calc.py"].replace("1, 2", "1,  2")}
    )
    assert outcome(seen) == ((), ["no-new-test"])


def test_production_that_changed_before_red_is_told_and_not_used(step):
    files = {**with_test("assert calc.add(1, 2) == 4"), "calc.py": "def add(a, b):\n    return 4\n"}
    assert outcome(step(files)) == (("test_calc.py::test_new",), ["production-changed"])


def test_a_comment_in_production_is_no_change(step):
    files = {**with_test("assert calc.add(1, 2) == 4"), "calc.py": "# add\n" + CALC["calc.py"]}
    assert outcome(step(files)) == (("test_calc.py::test_new",), [])


def test_other_tests_that_fail_are_told(step):
    other = OLD["test_calc.py"].replace("test_add", "test_old").replace("3", "5")
    seen = step(with_test("assert calc.add(1, 2) == 4"), {"test_calc.py": OLD["test_calc.py"] + other})
    changed = step(
        {"test_calc.py": OLD["test_calc.py"] + other + NEW + "assert calc.add(1, 2) == 4\n"},
        {"test_calc.py": OLD["test_calc.py"] + other},
    )
    assert seen.witnessed == changed.witnessed == ("test_calc.py::test_new",)
    assert [problem.code for problem in changed.problems] == ["other-tests-fail"]


def test_no_change_of_tests_is_no_new_test(step):
    assert outcome(step({"README.md": "Words.\n"})) == ((), ["no-new-test"])


def test_after_a_test_that_ends_the_interpreter_on_the_old_code_the_others_are_witnesses_too(step):
    seen = step(with_tests({"killed": "import os\n    assert calc\n    os.abort()", **RIGHT}))
    assert outcome(seen)[0] == tuple(f"test_new.py::test_{name}" for name in (*RIGHT, "killed"))
