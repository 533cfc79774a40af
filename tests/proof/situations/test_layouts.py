# ruff: noqa: E501 -- whole files of small projects
"""Wherever a project keeps its code and its tests, its features are proved."""

import pytest

from devtools.proof.prove import prove

UNIT = "import unittest\nfrom app.core import twice\n\n\nclass TestTwice(unittest.TestCase):\n    def test_twice(self):\n        self.assertEqual(twice(2), 4)\n"
CORE = "def twice(a):\n    return 2 * a\n"


@pytest.mark.parametrize(
    "files",
    [
        {"src/app/__init__.py": "", "src/app/core.py": CORE, "tests/test_core.py": UNIT},
        {"app/__init__.py": "", "app/core.py": CORE, "app/test_core.py": UNIT},
        {"app/__init__.py": "", "app/core.py": CORE, "app/tests/__init__.py": "", "app/tests/test_core.py": UNIT},
        {"src/app/core.py": CORE, "tests/unit/test_core.py": UNIT},
        {
            "lib/app/__init__.py": "from .core import twice as twice\n",
            "lib/app/core.py": CORE,
            "spec/core_test.py": UNIT,
        },
    ],
    ids=["src", "beside", "inside", "namespace", "lib"],
)
def test_every_layout_is_proved(project, files):
    old = project.commit({"README.md": "x\n"})
    proof = prove(project.loaded(), old, project.commit(files), "feat")
    assert (proof.verdict, proof.problems, proof.fault) == ("proved", (), "")


@pytest.fixture
def versioned(project):
    """A project whose version file is made by its build and ignored by git."""
    app = "from app._version import version\n"
    manifest = "[tool.setuptools_scm]\nversion_file = 'app/_version.py'\n"
    files = {".gitignore": "_version.py\nstray.py\n__pycache__\n", "app/__init__.py": app, "pyproject.toml": manifest}
    return project.commit(files)


def test_a_version_file_that_git_ignores_comes_from_the_working_tree(project, versioned):
    project.repository.put("app/_version.py", "version = '1'\n")
    project.repository.put("app/stray.py", "1 / 0\n")
    proof = prove(
        project.loaded(), versioned, project.commit({"app/core.py": CORE, "tests/test_core.py": UNIT}), "feat"
    )
    assert (proof.verdict, proof.problems, proof.fault) == ("proved", (), "")
    assert proof.log.startswith("from the working tree, since git ignores it: app/_version.py\n")


def test_a_version_file_that_no_build_has_made_here_refutes_nothing(project, versioned):
    proof = prove(
        project.loaded(), versioned, project.commit({"app/core.py": CORE, "tests/test_core.py": UNIT}), "feat"
    )
    assert (proof.verdict, proof.problems) == ("error", ())
    assert proof.fault == "app/_version.py is made by the build and is not here: pip install -e ."


def test_a_version_file_that_pytest_itself_needs_is_named_where_no_build_has_made_it(project):
    manifest = "[tool.setuptools_scm]\nversion_file = 'iniconfig/_made.py'\n"
    parent = project.commit({"iniconfig/__init__.py": "from iniconfig._made import v\n", "pyproject.toml": manifest})
    proof = prove(project.loaded(), parent, project.commit({"app/core.py": CORE, "tests/test_core.py": UNIT}), "feat")
    assert (proof.verdict, proof.problems) == ("error", ())
    assert proof.fault == "iniconfig/_made.py is made by the build and is not here: pip install -e ."


def test_a_module_that_the_commit_takes_away_does_not_come_back(project):
    gone = {"app/__init__.py": "from app.core import twice\n", "app/core.py": CORE, "tests/test_core.py": UNIT}
    old = project.commit(gone)
    new = project.commit(
        {"app/core.py": None, ".gitignore": "core.py\n", "app/__init__.py": "from app.core import twice as twice\n"}
    )
    project.repository.put("app/core.py", CORE)
    proof = prove(project.loaded(), old, new, "refactor")
    assert proof.verdict != "preserved"


ROOT_TESTS = {"app/__init__.py": "", "app/core.py": CORE, "test.py": UNIT}


@pytest.mark.parametrize("kind", ["feat", "refactor", ""])
def test_a_test_file_that_the_settings_do_not_name_is_told_first(project, kind):
    proof = prove(project.loaded(), project.commit({"README.md": "x\n"}), project.commit(ROOT_TESTS), kind)
    assert proof.verdict == "unproved"
    assert (proof.problems[0].code, proof.problems[0].path) == ("unproved", "")
    assert proof.problems[0].message.startswith("test.py defines tests and counts as production: set tests = [")


@pytest.mark.parametrize("kind", ["feat", "refactor"])
def test_a_test_file_that_pytest_does_not_collect_is_told_first(project, kind):
    settings = "[tool.devtools]\ntests = ['test.py', 'test_*.py']\n"
    old = project.commit({"README.md": "x\n", "pyproject.toml": settings})
    proof = prove(project.loaded(), old, project.commit(ROOT_TESTS), kind)
    assert proof.verdict == "unproved"
    assert proof.problems[0].message.startswith(
        "test.py defines tests and pytest does not collect it: set pytest's python_files"
    )


@pytest.mark.parametrize(("file", "told"), [("app/core.py", False), ("test.py", True)])
def test_beside_other_tests_a_file_that_pytest_does_not_collect_is_told_where_it_changed(project, file, told):
    settings = "[tool.devtools]\ntests = ['test.py', 'test_*.py']\n"
    files = {
        "app/__init__.py": "",
        "test.py": "def test_x():\n    assert int()\n",
        "test_x.py": "",
        "pyproject.toml": settings,
    }
    old = project.commit(files)
    proof = prove(project.loaded(), old, project.commit({"app/core.py": CORE, file: ROOT_TESTS[file]}), "feat")
    assert proof.verdict == "unproved"
    assert any("python_files" in problem.message for problem in proof.problems) == told


def test_beside_other_tests_an_unchanged_file_called_test_is_not_told(project):
    old = project.commit({"app/__init__.py": "", "app/test.py": "def test_me():\n    return 1\n", "test_x.py": ""})
    proof = prove(project.loaded(), old, project.commit({"app/core.py": CORE}), "feat")
    assert not any("app/test.py" in problem.message for problem in proof.problems)


def test_what_the_advice_says_proves_the_commit(project):
    settings = '[tool.devtools]\ntests = ["test.py"]\n[tool.pytest.ini_options]\ntestpaths = ["test.py"]\n'
    old = project.commit({"pyproject.toml": settings})
    proof = prove(project.loaded(), old, project.commit(ROOT_TESTS), "feat")
    assert (proof.verdict, proof.problems, proof.fault) == ("proved", (), "")


LACKING = "class Sum:\n    pass\n\n\ndef twice(a):\n    return Sum().twice(a)\n"
HARNESS = "import unittest\nfrom app.core import twice\n\n\nclass Case(unittest.TestCase):\n    def doubles(self, given, wanted):\n        self.assertEqual(twice(given), wanted)\n"
USER = "from app.test.harness import Case\n\n\nclass TestTwice(Case):\n    def test_twice(self):\n        self.doubles(2, 4)\n"


def test_an_assertion_may_come_from_a_file_beside_the_tests_that_is_not_named_like_one(project):
    files = {"app/__init__.py": "", "app/test/__init__.py": "", "app/test/harness.py": HARNESS}
    old = project.commit({**files, "app/core.py": LACKING, "app/test/test_a.py": ""})
    new = project.commit({"app/core.py": CORE, "app/test/test_core.py": USER})
    proof = prove(project.loaded(), old, new, "fix")
    assert (proof.verdict, proof.problems, proof.fault) == ("proved", (), "")
