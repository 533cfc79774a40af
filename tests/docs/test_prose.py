"""The documentation reads as well as the best of its kind, in the figures that can be counted."""

import prose
import pytest

# The help of the commands is held by the tests of those commands.
PAGES = [page for page in prose.pages() if page.name != "commands.md"]


@pytest.mark.parametrize("sign", prose.MODELS)
def test_the_pages_together_are_within_the_range_of_the_models(sign):
    found = prose.figures([page.read_text(encoding="utf-8") for page in prose.pages()])[sign]
    low, high = prose.MODELS[sign]
    assert low <= found <= high, f"{sign}: python docs/scripts/prose.py shows each page"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(prose.ROOT)))
def test_no_sentence_has_more_than_25_words(page):
    assert not prose.long_sentences(page.read_text(encoding="utf-8"))


def test_code_counts_as_an_example_and_not_as_prose():
    text = "You see 3 files; you stop.\n\n```console\n$ you 1; you 2\n```\n\n    you 4; you 5\n\nYour end.\n"
    found = prose.figures([text])
    assert found["words"] == 7
    counts = {sign: round(found[sign] * 7 / 1000) for sign in prose.MODELS}
    assert counts == {"you": 2, "examples": 2, "numbers": 1, "semicolons": 1}


def test_a_heading_an_item_and_a_cell_end_a_sentence():
    short = "word " * 20
    assert not prose.long_sentences(f"## {short}\n\n{short}\n\n- {short}\n- {short}\n\n| {short} | {short} |\n")
    assert len(prose.long_sentences(f"{short}{short}.")) == 1
