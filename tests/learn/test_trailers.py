from devtools.learn.markdown import Entry
from devtools.learn.trailers import read, written


def test_what_follows_an_insight_belongs_to_it():
    lines = [
        *("Insight: caches lie", "Words: stale expiry", "Mistake: we trusted them"),
        *("Insight: clocks too", "Topic: Time", "Example: one went back", "Takeaway: count instead"),
        *("Signed-off-by: a", "words: tick"),
    ]
    assert read(lines, "c0ffee", "2026-11-25") == [
        Entry("caches lie", "Time", "c0ffee", "2026-11-25", 0, "stale expiry", (("Mistake", "we trusted them"),)),
        Entry(
            *("clocks too", "Time", "c0ffee", "2026-11-25", 0, "tick"),
            (("Takeaway", "count instead"), ("Example", "one went back")),
        ),
    ]


def test_the_first_topic_of_a_commit_is_that_of_an_insight_without_one():
    assert [entry.topic for entry in read(["Topic: A", "Insight: 1", "Topic: B", "Insight: 2"])] == ["B", "A"]
    assert [entry.topic for entry in read(["Insight: 1", "Insight: 2", "Topic: A"])] == ["A", "A"]
    assert [entry.topic for entry in read(["Insight: 1"])] == [""]


def test_words_above_the_only_insight_are_its_own_and_an_empty_one_is_none():
    assert read(["Words: w", "Insight: 1"]) == [Entry("1", words="w")]
    assert read(["Insight: ", "Words: w", "no trailer"]) == []


def test_what_is_written_is_read_again_with_each_insight_s_own_topic():
    entries = [
        Entry("caches lie", "Speed", words="stale", notes=(("Takeaway", "t"), ("Example", "e"))),
        Entry("clocks too", "Time"),
    ]
    assert read([f"{key}: {value}" for key, value in written(entries)]) == entries


def test_a_topic_that_all_share_stands_once():
    assert written([Entry("1", "A", words="w"), Entry("2", "A")]) == [
        ("Insight", "1"),
        ("Words", "w"),
        ("Insight", "2"),
        ("Topic", "A"),
    ]
    assert written([]) == []
