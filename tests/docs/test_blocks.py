"""A page is played as its reader would play it, and what it claims is held against what comes out."""

import blocks
import pytest

PAGE = """
```text title="greeting.txt"
hello
```

```bash
mkdir deep
cd deep
```

```bash
cat ../greeting.txt
```

```text
hello
```
"""


def test_a_titled_block_becomes_a_file_and_the_folder_is_kept_between_blocks():
    assert [(each.claimed, each.output, each.holds()) for each in blocks.played(PAGE)] == [
        (None, "", True),
        ("hello\n", "hello\n", True),
    ]


def test_a_wrong_claim_is_found_and_replaced_by_what_came_out():
    page = PAGE.replace("```text\nhello", "```text\ngoodbye")
    done = blocks.played(page)
    assert not done[-1].holds()
    assert blocks.rewritten(page, done) == PAGE


def test_a_command_without_a_claim_has_to_succeed():
    (example,) = blocks.played("```bash\nexit 3\n```\n")
    assert (example.code, example.holds()) == (3, False)


def test_each_prompt_of_a_console_block_has_the_output_below_it():
    page = "```console\n$ echo one\none\n$ true\n$ echo two\n2\n```\n"
    examples = blocks.played(page)
    assert [(each.command, each.claimed, each.holds()) for each in examples] == [
        ("echo one", "one\n", True),
        ("true", None, True),
        ("echo two", "2\n", False),
    ]
    assert blocks.rewritten(page, examples) == page.replace("2", "two")


def test_what_is_typed_into_another_program_is_no_example():
    assert blocks.examples("```console\n> /plugin install devtools\n```\n") == []


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("016608985 feat: it", "a9e0334bb feat: it", True),
        ("2026-11-25 in 2.5 s", "2027-01-01 in 13 s", True),
        ("2 tests", "3 tests", False),
    ],
)
def test_commits_dates_and_seconds_may_differ_and_nothing_else(one, other, alike):
    assert (blocks.settled(one) == blocks.settled(other)) is alike


def test_a_page_is_played_out_of_reach_of_the_persons_own_git(monkeypatch):
    monkeypatch.setenv("GIT_DIR", "/nowhere")
    (example,) = blocks.played("```bash\ngit init --quiet . && git var GIT_AUTHOR_IDENT\n```\n")
    assert example.code == 0
    assert example.output.startswith("Ada <ada@example.invalid>")


KNOWN = {"devtools tdd red": ["red refused: no-assertion\n", "red: 1 test witnessed\nnext: write the code\n"]}


@pytest.mark.parametrize(
    ("claimed", "true"),
    [
        ("red: 1 test witnessed\nnext: write the code\n", True),
        ("red: 1 test witnessed\n", True),
        ("red refused: no-assertion\n", True),
        ("red: 2 tests witnessed\n", False),
    ],
)
def test_a_page_may_quote_the_output_of_a_played_one_and_nothing_else(claimed, true):
    page = f"```console\n$ devtools tdd red\n{claimed}```\n"
    (example,) = blocks.quoted(page, KNOWN)
    assert example.holds() is true
    assert blocks.quoted(blocks.rewritten(page, [example]), KNOWN)[0].holds()


def test_a_command_that_no_page_plays_is_quoted_by_nobody():
    (example,) = blocks.quoted("```console\n$ devtools fly\nup\n```\n", KNOWN)
    assert not example.holds()


def test_a_command_over_two_lines_is_one_command():
    page = "```bash\necho one \\\n  two\n```\n\n```text\none two\n```\n"
    assert blocks.outputs([page]) == {"echo one two": ["one two\n"]}
    assert blocks.quoted("```console\n$ echo one \\\n    two\none two\n```\n", blocks.outputs([page]))[0].holds()
