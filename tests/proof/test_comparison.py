import pytest

from devtools.git import snapshot
from devtools.project.project import load
from devtools.proof.comparison import Comparison

OLD = {
    "pkg.py": "def f(limit):\n    return '--old'\n\ndef g():\n    return f(1) + 'a long enough line to be a rename'\n",
    "pyproject.toml": "[project]\nname = 'x'\n[tool.pytest.ini_options]\naddopts = '-q'\n",
    "tests/conftest.py": "import pkg\n",
    "tests/test_a.py": "import pkg\ndef test_a(): assert pkg.f(1)\n",
}


@pytest.fixture
def compare(repository):
    def run(files):
        for name, text in OLD.items():
            repository.put(name, text)
        repository.commit()
        project = load(str(repository.path))
        old = snapshot.tree_of(str(repository.path), "HEAD")
        for name, text in files.items():
            if text is None:
                (repository.path / name).unlink()
            else:
                repository.put(name, text)
        return Comparison(project, old, snapshot.worktree_tree(str(repository.path)))

    return run


@pytest.mark.parametrize(
    ("path", "text", "sets"),
    [
        ("pyproject.toml", OLD["pyproject.toml"].replace("'x'", "'y'"), False),
        ("pyproject.toml", OLD["pyproject.toml"].replace("-q", "-k a"), True),
        ("pyproject.toml", "broken = [", True),
        ("pyproject.toml", "tool = 1", True),
        ("tests/conftest.py", "# words\nimport pkg\n", False),
        ("tests/conftest.py", "import pkg, os\n", True),
        ("pytest.ini", "[pytest]\n", True),
        ("pytest.toml", "[pytest]\naddopts = ['-k', 'a']\n", True),
        (".pytest.toml", "", True),
        ("other.ini", "[pytest]\n", False),
    ],
)
def test_settings_of_the_tests_are_known_by_what_they_mean(compare, path, text, sets):
    assert compare({path: text}).settings == ([path] if sets else [])


def test_a_renamed_file_has_its_origin(compare):
    case = compare({"pkg.py": None, "new.py": OLD["pkg.py"], "other.py": "x = 1\n"})
    assert [case.origin(path) for path in ("new.py", "other.py", "pyproject.toml")] == [
        "pkg.py",
        None,
        "pyproject.toml",
    ]


def test_what_production_defined_and_defines_no_more_is_gone(compare):
    case = compare({"pkg.py": "def g():\n    return f(1) + 'a long enough line to be a rename'\n"})
    assert case.gone_definitions() == {"f"}


def test_a_test_does_not_change_with_the_production_it_imports(compare):
    case = compare({"pkg.py": "def f(limit):\n    return 2\n"})
    assert (case.candidates, case.tests, case.is_test("tests/x.py")) == ([], [], True)


@pytest.mark.parametrize(("data", "unchanged"), [({}, ["test_a"]), ({"tests/data.json": "{}\n"}, [])])
def test_tests_that_did_not_change_are_told_unless_data_of_the_tests_did(compare, data, unchanged):
    case = compare({"tests/test_a.py": OLD["tests/test_a.py"] + "\ndef test_b(): assert pkg.g()\n", **data})
    assert case.unchanged(["tests/test_a.py", "pkg.py"]) == [("tests/test_a.py", name) for name in unchanged]


def test_a_revert_restores_what_history_knows(compare, repository):
    repository.put("tests/test_a.py", "an older state\n")
    repository.commit()
    case = compare({"tests/test_a.py": "an older state\n", "tests/conftest.py": None, "tests/new.py": ""})
    paths = ("tests/test_a.py", "tests/conftest.py", "tests/new.py")
    assert [case.restores(path) for path in paths] == [False] * 3
    case.reverting = True
    assert [case.restores(path) for path in paths] == [True, True, False]


def test_a_script_beside_the_packages_that_nothing_mentions_is_no_production(compare):
    package = {"app/__init__.py": "", "show.py": "print(1)\n"}
    assert compare({**package}).production == ["app/__init__.py"]


@pytest.mark.parametrize("files", [{}, {"app/__init__.py": "import show\n"}, {"tests/test_a.py": "import show.x\n"}])
def test_a_module_at_the_root_is_production_without_packages_or_where_it_is_used(compare, files):
    package = {"app/__init__.py": ""} if files else {}
    assert "show.py" in compare({**package, "show.py": "print(1)\n", **files}).production


SRC = {"src/pkg/__init__.py": "", "src/pkg/a.py": "", "tests/test_a.py": "import pkg.a\n"}


@pytest.mark.parametrize(
    ("files", "production"),
    [
        ({**SRC, "downstream/run.py": "x = 1\n"}, []),
        (
            {**SRC, "downstream/run.py": "x = 1\n", "tests/test_b.py": "from downstream import run\n"},
            ["downstream/run.py"],
        ),
        ({**SRC, "downstream/run.py": "x = 1\n", "tests/test_b.py": "import run\n"}, ["downstream/run.py"]),
        ({**SRC, "src/space/run.py": "x = 1\n"}, ["src/space/run.py"]),
        ({"pkg/__init__.py": "", "other/run.py": "x = 1\n"}, ["other/run.py"]),
        ({"other/run.py": "x = 1\n"}, ["other/run.py"]),
    ],
    ids=["apart", "mentioned", "by its bare name", "in src", "no src", "no package"],
)
def test_a_script_in_a_folder_apart_from_src_is_no_production(compare, files, production):
    found = [path for path in compare(files).production if path.endswith("run.py")]
    assert found == production
