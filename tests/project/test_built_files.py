import pytest

from devtools.git import snapshot
from devtools.project.built_files import made, promised, with_made
from devtools.project.checkout import project_at
from devtools.project.project import load


@pytest.fixture
def root(repository):
    repository.put(".gitignore", "_*.py\n!__init__.py\nbuilt/\n*.log\n")
    repository.put("app/__init__.py", "from app._version import version\nimport app._folder\n")
    repository.commit()
    repository.put("app/_version.py", "version = 1\n")
    repository.put("app/_unnamed.py", "")
    repository.put("app/a.log", "")
    repository.put("built/_version.py", "")
    repository.put("other/_version.py", "")
    repository.put("app/_large_version.py", "#" * 1_000_001)
    return str(repository.path)


def test_a_module_counts_that_git_ignores_and_its_package_names(root):
    tree = snapshot.tree_of(root, "HEAD")
    assert set(made(load(root), tree)) == {"app/_version.py"}
    more, names = with_made(load(root), tree)
    assert names == ["app/_version.py"]
    assert snapshot.read(root, more, "app/_version.py") == b"version = 1\n"
    assert with_made(load(root), tree, {"app/_version.py"}) == (tree, [])


def test_the_checks_of_a_snapshot_have_it_too(root):
    with project_at(load(root), snapshot.tree_of(root, "HEAD")) as there:
        assert there.has("app/_version.py")
        assert not there.has("app/_unnamed.py")


@pytest.mark.parametrize(
    "table",
    [
        "setuptools_scm]\nversion_file = 'a.py'",
        "setuptools_scm]\nwrite_to = 'a.py'",
        "hatch.build.hooks.vcs]\nversion-file = 'a.py'",
        "pdm.version]\nwrite_to = 'a.py'",
    ],
)
def test_a_build_promises_the_file_that_it_has_not_made_yet(root, repository, table):
    assert promised(load(root)) == []
    repository.put("pyproject.toml", f"[tool.{table}\n")
    assert promised(load(root)) == ["a.py"]
    repository.put("a.py", "")
    assert promised(load(root)) == []
