# ruff: noqa: E501 -- whole files of small projects
"""Existing tests that lose strength beside a feature: by their text, by settings, by fixtures."""

import pytest

from devtools.proof.prove import prove

OLD = {"calc.py": "def add(a, b):\n    return a + b\n"}
NEW = {
    "calc.py": OLD["calc.py"] + "\n\ndef double(a):\n    return add(a, a)\n",
    "test_new.py": "import calc\n\n\ndef test_double():\n    assert calc.double(2) == 4\n",
}
WHOLE = "def test_NAME():\n    assert calc.add('NAME', '') == 'NAME'\n    assert calc.add(0, 0) == 0\n"
ZERO = "    assert calc.add(0, 0) == 0\n"


@pytest.fixture
def tampered(project):
    """The tests that are said to be tampered with."""

    def run(files, before):
        old = project.commit({**OLD, **before})
        proof = prove(project.loaded(), old, project.commit({**NEW, **files}), "feat")
        assert proof.verdict == "unproved"
        lost = [each.message.split()[0] for each in proof.problems if each.code == "tests-tampered"]
        return {each.partition("::test_")[2] for each in lost}

    return run


WEAKER = {
    "deleted": "",
    "fewer": WHOLE.replace(ZERO, ""),
    "or": WHOLE.replace("== 0", "== 0 or True"),
    "skip": f"@pytest.mark.skip\n{WHOLE}",
    "xfail": f"@pytest.mark.xfail\n{WHOLE}",
    "away": WHOLE.replace("def test_", "def check_"),
    "zero": WHOLE.replace("    assert calc.add(0", "    if 0: assert calc.add(0"),
    "del": WHOLE + "\n\ndel test_del\n",
}


def test_weakening_an_existing_test_is_refused(tampered):
    def file(texts):
        return "import calc, pytest\n" + "".join(f"\n\n{text.replace('NAME', name)}" for name, text in texts)

    before = {"test_old.py": file((name, WHOLE) for name in WEAKER)}
    assert tampered({"test_old.py": file(WEAKER.items())}, before) == set(WEAKER)


HOOK = "def pytest_collection_modifyitems(items):\n    items[:] = [i for i in items if 'hook' not in i.name]\n"
SKIP = "import pytest\n@pytest.fixture(autouse=True)\ndef no(request):\n    if 'skip' in request.node.name: pytest.skip()\n"


@pytest.mark.parametrize(
    ("files", "lost"),
    [
        (
            {
                "pytest.ini": "[pytest]\naddopts = --deselect test_old.py::test_option\n",
                "conftest.py": f"{HOOK}\n\n{SKIP}",
            },
            {"option", "hook", "skip"},
        ),
        ({"pyproject.toml": "[tool.pytest.ini_options]\naddopts = '-k double'\n"}, {"option", "hook", "skip"}),
    ],
    ids=["option, hook and fixture", "-k"],
)
def test_deselecting_by_settings_is_refused(tampered, files, lost):
    tests = "".join(f"\n\n{WHOLE.replace('NAME', name)}" for name in ("option", "hook", "skip"))
    assert tampered(files, {"test_old.py": f"import calc\n{tests}"}) == lost


def test_fewer_cases_are_refused(tampered):
    many = "import calc, pytest\n@pytest.mark.parametrize('n', [1, 2, 3])\ndef test_n(n):\n    assert calc.add(n, 0) == n\n"
    assert tampered({"test_n.py": many.replace(", 3]", "]")}, {"test_n.py": many}) == {"n"}
