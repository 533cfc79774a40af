from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devtools.commit.limits import Size, measure, problems
from devtools.project.config import Config


@dataclass(frozen=True)
class Change:
    path: str
    status: str = "M"
    added: int = 1
    deleted: int = 0
    binary: bool = False


PATHS = st.sampled_from(
    ["a.py", "b.py", "src/c.py", "uv.lock", "x/yarn.lock", "LEARNINGS.md", "gen.js", "p.png", "d.md"]
)
CHANGES = st.lists(
    st.builds(Change, PATHS, st.sampled_from("AMDRT"), st.integers(0, 300), st.integers(0, 300), st.booleans()),
    unique_by=lambda change: change.path,
)


def test_three_files_and_499_lines_are_the_most_that_fits():
    config = Config()
    most = [Change("a.py", added=400), Change("b.py", added=0, deleted=99), Change("c.py", "D", added=0)]
    assert measure(most, config) == Size(3, 400, 99, ("a.py", "b.py", "c.py"), ())
    assert problems(measure(most, config), config) == []
    over = [*most, Change("d.py", added=1)]
    texts = {problem.code: problem.message for problem in problems(measure(over, config), config)}
    assert texts["too-many-files"].startswith("4 files, at most 3 (a.py, b.py, c.py, d.py): stage less")
    assert texts["too-many-lines"].startswith("500 lines (+401 -99), fewer than 500 allowed: stage less")


def test_of_many_files_five_are_named():
    size = measure([Change(f"{n}.py") for n in range(7)], Config())
    assert "(0.py, 1.py, 2.py, 3.py, 4.py, and 2 more)" in problems(size, Config())[0].message


@pytest.mark.parametrize(
    "change",
    [
        Change("uv.lock", added=9000),
        Change("web/package-lock.json"),
        Change("LEARNINGS.md"),
        Change("photo.png", "A", 0, 0, binary=True),
        Change("b.py", "R", 0, 0),
        Change("b.py", "R100", 0, 0),
        Change("made.py"),
        Change("api_pb2.py"),
        Change("web/lib.min.js"),
    ],
    ids=lambda change: f"{change.path} {change.status}",
)
def test_what_nobody_reviews_line_by_line_does_not_count(change):
    assert measure([change], Config(), {"made.py"}) == Size(0, 0, 0, (), (change.path,))


@pytest.mark.parametrize("change", [Change("b.py", "R", 1, 0), Change("b.py", "M", 0, 0), Change("docs/LEARNINGS.md")])
def test_a_rename_with_edits_a_mode_change_and_a_namesake_count_as_files(change):
    assert measure([change], Config(uncounted=())).files == 1


def test_the_projects_own_globs_replace_the_defaults_but_learnings_never_count():
    config = Config(uncounted=("*.snap",))
    changes = [Change("a.snap"), Change("uv.lock"), Change("LEARNINGS.md")]
    assert measure(changes, config).counted == ("uv.lock",)


@given(CHANGES, st.sets(PATHS))
def test_every_change_is_counted_or_not_and_the_sums_are_those_of_the_counted(changes, generated):
    size = measure(changes, Config(), generated)
    assert sorted([*size.counted, *size.uncounted]) == sorted(change.path for change in changes)
    kept = [change for change in changes if change.path in size.counted]
    assert (size.files, size.lines()) == (len(kept), sum(change.added + change.deleted for change in kept))
    assert generated.isdisjoint(size.counted)


@given(CHANGES, st.integers(1, 9), st.integers(1, 900))
def test_there_is_a_problem_exactly_where_a_limit_is_passed(changes, most, fewer):
    config = Config(max_files=most, max_lines=fewer)
    size = measure(changes, config)
    codes = [problem.code for problem in problems(size, config)]
    assert ("too-many-files" in codes) == (size.files > most)
    assert ("too-many-lines" in codes) == (size.lines() >= fewer)
