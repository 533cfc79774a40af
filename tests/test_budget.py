from hypothesis import given
from hypothesis import strategies as st

from devtools.budget import Block, estimate_tokens, fold


def test_words_digits_and_signs_cost_what_a_tokenizer_makes_of_them():
    assert estimate_tokens("") == 0
    assert estimate_tokens("tests") == 1
    assert estimate_tokens("hygiene") == 2
    assert estimate_tokens("123456") == 2
    assert estimate_tokens("a.b\n") == 4


def test_all_blocks_stand_in_order_where_there_is_room():
    assert fold([Block("one"), Block("two", pinned=True)], 100, "more") == ["one", "two"]


def test_the_verdict_stands_however_small_the_budget():
    assert fold([Block("one"), Block("verdict of all", pinned=True)], 1, "devtools show 3") == [
        "verdict of all",
        "… and 1 more: devtools show 3",
    ]


def test_places_outlive_details_of_the_first_block():
    blocks = [Block("a " * 30, "a.py"), Block("b " * 30, "b.py")]
    assert fold(blocks, 10, "more") == ["a.py", "b.py", "… details: more"]


@given(st.lists(st.tuples(st.text("ab \n", max_size=40), st.booleans())), st.integers(0, 60))
def test_no_block_is_lost_without_being_counted(texts, budget):
    lines = fold([Block(text, pinned=pinned) for text, pinned in texts], budget, "more")
    hidden = int(lines[-1].split()[2]) if lines and lines[-1].startswith("… and") else 0
    assert len(lines) - bool(hidden) + hidden == len(texts)


def test_a_block_that_stands_for_more_brings_the_command_that_shows_it():
    assert fold([Block("lint: E501 98", partial=True)], 100, "devtools show 3")[1:] == ["… details: devtools show 3"]


def test_of_blocks_too_long_for_their_briefs_the_least_stands():
    blocks = [Block("a " * 50, "a " * 30, least="a: 30"), Block("b " * 50, "b " * 30, least="b: 30")]
    assert fold(blocks, 40, "more") == ["a " * 30, "b: 30", "… details: more"]
    assert fold(blocks, 8, "more") == ["a: 30", "b: 30", "… details: more"]


def test_a_hidden_block_counts_for_as_many_things_as_it_tells():
    assert fold([Block("a " * 50, number=263), Block("b " * 50)], 1, "devtools show 2") == [
        "… and 264 more: devtools show 2"
    ]


def test_the_brief_of_many_things_comes_before_that_of_one():
    blocks = [Block("a " * 50, "a " * 30, least="a"), Block("b " * 30, "b " * 30, least="b: 30", number=30)]
    assert fold(blocks, 40, "more") == ["a", "b " * 30, "… details: more"]


def test_a_path_that_the_block_before_begins_with_is_not_said_again():
    blocks = [
        Block("head"),
        *(Block(f"{name}::t{n} bad", path=name) for n, name in enumerate(("a.py", "a.py", "b.py"))),
    ]
    assert fold([*blocks, Block("::none")], 100, "more") == [
        "head",
        "a.py::t0 bad",
        "::t1 bad",
        "b.py::t2 bad",
        "::none",
    ]


def test_a_path_is_left_out_only_where_a_line_of_it_follows():
    """Without a line number nothing would be left to tell of what the sentence speaks."""
    blocks = [Block(text, path="a.py") for text in ("a.py:1 one", "a.py:2 two", "a.py is a pipe", "a.py is a pipe")]
    assert fold(blocks, 800, "more") == ["a.py:1 one", ":2 two", "a.py is a pipe", "a.py is a pipe"]
