from devtools.learn.markdown import Entry
from devtools.learn.offers import Known, Offers, known, within

GEARS = Known("Gears of 7 teeth skip.", "Engine", "cog", ("engine/gears.py",))
TAPES = Known("Tapes are fast.", "", "", ("engine/tape.py", "engine/gears.py", "a.py", "b.py", "c.py"))
NEW = Known("A parser took a comment for code.", "", "", ())


def texts(path, *insights):
    return [insight.text for _, insight in Offers(insights or (GEARS, TAPES, NEW)).fitting(path)]


def test_an_insight_fits_the_file_of_its_commit_that_it_speaks_of():
    assert texts("engine/gears.py") == [GEARS.text]
    assert texts("engine/other.py") == []


def test_a_file_that_its_commit_touched_by_the_way_is_not_enough():
    assert texts("a.py") == []
    assert texts("docs/all.md", GEARS._replace(files=("docs/all.md",))) == []


def test_one_that_is_in_no_commit_fits_the_file_named_after_what_it_speaks_of():
    assert texts("src/parser.py") == [NEW.text]
    assert texts("src/parser_tables.py") == []
    assert texts("src/parser.py", NEW._replace(files=("x.py",))) == []


def test_the_table_has_each_file_with_what_fits_it():
    assert Offers([GEARS, TAPES]).table() == [("engine/gears.py", GEARS.text)]


def test_an_insight_is_cut_between_words():
    assert within("one two") == "one two"
    assert within("one two three four", 3) == "one two…"


def test_what_is_known_of_an_insight_comes_from_the_log(repository):
    repository.put("a.py", "1")
    repository.commit("feat: a\n\nInsight: One is learned.")
    repository.git("commit", "-q", "--allow-empty", "-m", "docs: b\n\nInsight: Three.")
    entries = [Entry("One is learned", "T", words="w"), Entry("Two."), Entry("Three.")]
    assert known(str(repository.path), entries) == [
        Known("One is learned", "T", "w", ("a.py",)),
        Known("Two.", "", "", ()),
        Known("Three.", "", "", ("LEARNINGS.md",)),
    ]
