import fnmatch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devtools.project.globs import literal, matches


@pytest.mark.parametrize(
    ("pattern", "fits", "not_fits"),
    [
        ("*.lock", ["uv.lock", "a/b/c.lock"], ["uv.lock.txt", "lock"]),
        ("tests/**", ["tests/a.py", "tests/a/b.py"], ["a/tests/a.py", "tests"]),
        ("**/gen/*.py", ["gen/a.py", "a/b/gen/c.py"], ["gen/a/b.py"]),
        ("/a.py", ["a.py"], ["b/a.py"]),
        ("a/*.py", ["a/b.py"], ["a/b/c.py"]),
        ("dist/", ["dist/a", "x/dist/a/b"], ["dist"]),
        ("test_?.py", ["test_a.py"], ["test_ab.py"]),
        ("[ab].py", ["a.py", "x/b.py"], ["c.py"]),
        ("[!ab].py", ["c.py"], ["a.py"]),
        ("a[", ["a["], ["a"]),
        ("[z-a]", [], ["z", "a", "[z-a]"]),
        ("é\n*", ["é\nb", "x/é\n"], ["é"]),
    ],
)
def test_patterns_fit_as_in_gitignore(pattern, fits, not_fits):
    assert [path for path in fits if not matches(path, ["nothing", pattern])] == []
    assert [path for path in not_fits if matches(path, [pattern])] == []


@given(st.text("ab*?[]!^-\\.", max_size=6), st.text("ab[]!^-\\.", min_size=1, max_size=6))
def test_a_name_without_slashes_fits_as_the_standard_library_says(pattern, name):
    if "**" not in pattern and not pattern.startswith("!"):
        assert matches(name, [pattern]) == fnmatch.fnmatchcase(name, pattern)


@given(st.text(alphabet="ab*?[]!/\\.\n", min_size=1), st.text(alphabet="ab*?[]!/\\.\n", min_size=1))
def test_a_literal_pattern_fits_its_path_and_no_other(path, other):
    path, other = path.strip("/") or "a", other.strip("/") or "b"
    assert matches(path, [literal(path)])
    assert matches(other, [literal(path)]) == (other == path)
