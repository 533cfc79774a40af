from devtools.history.concepts import Chapter, Commit, chapters, concept, count, matching, summary


def commit(subject, body="", **fields):
    return Commit("0" * 40, fields.pop("date", "2026-11-24"), subject, body, **fields)


def test_a_topic_is_the_trailer_s_else_the_scope_else_what_the_type_says():
    assert concept(commit("feat(nn): trace", topic="Backprop")).topic == "Backprop"
    assert concept(commit("feat(nn)!: trace every number")).topic == "nn"
    assert [concept(commit(f"{kind}: x")).topic for kind in ("Feat", "docs", "chore")] == [
        "Features",
        "Documents",
        "chore",
    ]
    assert concept(commit("Merge branch 'x'")).topic == "Other"


def test_a_concept_has_a_name_a_reason_and_the_cycle_that_led_to_it():
    body = "Because of this.\n\nAnd that.\n\nInsight: one\n folded\nTopic: T\nTDD: red->green (12 tests)\nRefs: #3"
    read = concept(commit("feat(nn): trace", body, tdd="red->green (12 tests)", added=5, deleted=2))
    assert (read.name, read.type, read.cycle, read.tests, read.lines) == ("trace", "feat", "red->green", 12, 7)
    assert read.why == "Because of this.\n\nAnd that.\n\nRefs: #3"
    bare = concept(commit("", tdd="none"))
    assert (bare.name, bare.cycle, bare.tests) == ("(no subject)", "", 0)
    assert concept(commit("x", tdd="red->green")).tests == 0


def test_control_characters_of_a_subject_never_reach_the_terminal():
    assert concept(commit("fix: a\x1b[31m\x9b red\x07")).name == "a [31m red"


def test_concepts_are_filtered_by_topic_and_by_all_words():
    concepts = [concept(commit("feat(nn): trace", "why")), concept(commit("fix(core): fold", "Insight: deep"))]
    assert matching(concepts, topic="NN") == concepts[:1]
    assert matching(concepts, words="DEEP fold") == concepts[1:]
    assert matching(concepts, words="deep trace") == []
    assert matching(concepts) == concepts


def test_chapters_are_runs_of_one_topic_in_order():
    concepts = [concept(commit(subject)) for subject in ("feat(a): 1", "fix(A): 2", "docs: 3", "feat(a): 4")]
    assert list(chapters(concepts)) == [
        Chapter("a", tuple(concepts[:2])),
        Chapter("Documents", tuple(concepts[2:3])),
        Chapter("a", tuple(concepts[3:])),
    ]


def test_the_summary_counts_and_dates():
    first = concept(commit("feat(a): 1", insights=("x", "y"), tdd="red->green (1 test)", date="2026-11-01"))
    assert summary([first]) == "1 commit, 1 topic, 1 red->green cycle, 2 insights; 2026-11-01"
    second = concept(commit("feat(b): 1"))
    assert summary([first, second]).endswith("2 insights; 2026-11-01 to 2026-11-24")
    assert count(2000, "test") == "2,000 tests"
