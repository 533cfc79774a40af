from fnmatch import fnmatchcase

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devtools.project.config import Config
from devtools.project.path_kinds import is_behaviour, is_production, is_test, matches
from devtools.project.roles import with_roles

DEFAULT = Config()


@pytest.mark.parametrize(
    "path",
    ["test_a.py", "pkg/test_a.py", "pkg/a_test.py", "tests/data/x.json", "pkg/tests/deep/h.py", "conftest.py"],
)
def test_test_files_are_known_by_their_name_or_their_folder(path):
    assert is_test(path, DEFAULT)
    assert not is_production(path, DEFAULT)


@pytest.mark.parametrize("path", ["a.py", "src/pkg/a.py", "pkg/attest.py", "lib/testing.py", "web/page.js", "tests.py"])
def test_other_source_files_are_production(path):
    assert is_production(path, DEFAULT)
    assert not is_test(path, DEFAULT)


@pytest.mark.parametrize("path", ["README.md", "docs/conf.py", "setup.py", ".github/x.py", "a.toml", "benchmarks/b.py"])
def test_documents_configuration_and_benchmarks_are_neither(path):
    assert not is_production(path, DEFAULT)
    assert not is_test(path, DEFAULT)


def test_configured_roots_are_the_only_production():
    config = Config(source=("./lib/", "tool.py"))
    found = [path for path in ("lib/a.py", "library/a.py", "tool.py", "b.py") if is_production(path, config)]
    assert found == ["lib/a.py", "tool.py"]
    assert is_production("docs/a.py", Config(source=(".",)))


def test_a_pattern_with_a_leading_slash_counts_from_the_root_only():
    config = Config(tests=("/spec/**/*.py",))
    found = [path for path in ("spec/a.py", "spec/x/a.py", "b/spec/a.py", "spec/a.txt") if is_test(path, config)]
    assert found == ["spec/a.py", "spec/x/a.py"]


def test_behaviour_is_production_and_data_but_no_document_and_no_setting_of_a_tool():
    paths = (
        "a.py",
        "pkg/page.html",
        "README.md",
        "pyproject.toml",
        "pkg/notes.md",
        "docs/x.css",
        ".github/x.yml",
        "tests/x.json",
        "rates.json",
        "requirements-dev.txt",
        "uv.lock",
        "setup.cfg",
        "setup.py",
        ".env",
    )
    assert [path for path in paths if is_behaviour(path, DEFAULT)] == ["a.py", "pkg/page.html", "rates.json"]


@given(st.text("ab*?[]._", max_size=6), st.text("ab*?[]._", max_size=6))
def test_a_pattern_matches_what_fnmatch_matches(name, pattern):
    assert is_test(name, Config(tests=(pattern,))) == fnmatchcase(name, pattern)


def test_names_say_nothing_within_a_package_and_what_is_borrowed_is_production():
    paths = ("app/__init__.py", "app/core.py", "jobs/work.py")
    known = with_roles(DEFAULT, paths, {"tests/help.py", "conftest.py", "docs/b.py", "tests/test_a.py"})
    inside = ("app/tasks.py", "app/scripts/a.py", "app/sub/docs/conf.py", "jobs/setup.py")
    beside = ("tasks.py", "docs/conf.py", "scripts/a.py", "libs/setup.py", "jobs/docs/a.py", "app/.hidden/a.py")
    assert [path for path in (*inside, *beside) if is_production(path, known)] == list(inside)
    assert [path for path in known.borrowed if not is_production(path, known)] == []
    assert sorted(path for path in known.borrowed if is_test(path, known)) == ["conftest.py", "tests/test_a.py"]
    assert is_behaviour("app/docs/page.html", known)
    assert not is_behaviour("jobs/docs/page.html", known)


def test_a_glob_fits_a_path_or_a_name():
    assert [matches("tests/test_a.py", globs) for globs in (("test_a.py",), ("b", "tests/**"), ("*.md",), ())] == [
        True,
        True,
        False,
        False,
    ]
