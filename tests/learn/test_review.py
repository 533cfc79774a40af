from devtools.learn.markdown import Entry
from devtools.learn.review import doubts

GEARS = Entry("Gears of the big engine skip teeth in 3 of 10 runs.", "Engine")
TAPES = Entry("Tapes are fast.", "Engine")


def test_a_later_commit_with_the_same_words_and_another_number_makes_an_insight_doubtful():
    messages = [
        ("a", "feat: gears"),
        ("b", "fix: oil\n\nIt helps. The big engine's gears skip teeth in 1 of 50 runs now."),
    ]
    (doubt,) = doubts([GEARS, TAPES], messages, ["a", "a"])
    assert (doubt.entry, doubt.commit, doubt.contradicts) == (GEARS, "b", True)
    assert doubt.other == "The big engine's gears skip teeth in 1 of 50 runs now."
    assert doubts([GEARS], messages, ["b"]) == []


def test_two_insights_that_say_the_same_are_for_a_person_to_merge():
    again = Entry("Teeth skip in 3 of 10 runs of the big engine: its gears.")
    found = doubts([GEARS, again, TAPES], [], ["", "", ""])
    assert [(doubt.entry, doubt.other, doubt.contradicts) for doubt in found] == [
        (GEARS, again.text, False),
        (again, GEARS.text, False),
    ]


def test_other_words_or_too_few_and_the_insight_s_own_trailer_are_no_doubt():
    messages = [("a", f"feat: a\n\nInsight: {GEARS.text}"), ("b", "fix: gears skip 5 teeth\n\nOther words say 7.")]
    assert doubts([GEARS, TAPES], messages, ["a", "a"]) == []
