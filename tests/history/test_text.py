from devtools.budget import estimate_tokens
from devtools.history.concepts import Commit, concept
from devtools.history.text import blocks


def concepts(number):
    return [
        concept(Commit(f"{n:040x}", "2026-11-24", f"feat({'ab'[n // 2 % 2]}): concept {n}", added=n, deleted=1))
        for n in range(number)
    ]


def lines(budget, *which):
    return [line for block in blocks(which, budget) for line in block.full.splitlines()]


def test_each_chapter_is_headed_once_and_a_concept_shows_size_cycle_and_insight():
    last = concept(
        Commit("f" * 40, "2026-11-25", "fix(b): x", "", "", ("one\x1b[0m", "two"), "red->green (2 tests)", 1, 3, 2)
    )
    assert lines(800, *concepts(3), last) == [
        "4 commits, 2 topics, 1 red->green cycle, 2 insights; 2026-11-24 to 2026-11-25",
        "a",
        "  000000000 2026-11-24 +0 -1 concept 0",
        "  000000000 2026-11-24 +1 -1 concept 1",
        "b",
        "  000000000 2026-11-24 +2 -1 concept 2",
        "  fffffffff 2026-11-25 +3 -2 x [red->green, 2 tests]",
        "    insight: one [0m",
        "    insight: two",
    ]


def test_the_newest_stay_within_the_budget_below_the_count_of_the_others():
    for budget in (90, 110, 130, 150, 200):
        text = lines(budget, *concepts(50))
        hidden = 50 - sum(line.startswith("  ") for line in text)
        assert text[1].startswith(f"… {hidden} earlier: devtools history --budget")
        assert text[2] in ("a", "b")
        assert text[-1].endswith("concept 49")
        assert estimate_tokens("\n".join(text)) <= budget + 2
    assert len(lines(1, *concepts(50))) == 2
