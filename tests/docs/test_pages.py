"""What a page shows is what really comes out."""

import os

import blocks
import pytest
import write

AGAIN = "the page shows another output than the program gives: python docs/scripts/write.py writes it again"
ROOT = write.ROOT


# The scenes take half a minute of the processor. No check of a commit gives a test a variable of ours, so only CI plays
# them: a change of the engine would have to wait for them each time.
ALL = pytest.mark.skipif(
    "DEVTOOLS_PAGES" not in os.environ, reason="CI plays the scenes: DEVTOOLS_PAGES=1 does so here"
)


@pytest.mark.parametrize("name", [write.PLAYED[0], *(pytest.param(name, marks=ALL) for name in write.PLAYED[1:])])
def test_a_page_that_is_played_shows_what_comes_out(name, monkeypatch):
    monkeypatch.delenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", raising=False)
    false = [each for each in blocks.played(write.text_of(name)) if not each.holds()]
    told = [f"$ {each.command}\n{each.output}but the page says:\n{each.claimed}" for each in false]
    assert not false, "\n\n".join([AGAIN, *told])


@pytest.mark.parametrize("name", write.quoting())
def test_every_output_on_a_page_is_one_that_a_played_page_shows(name):
    known = blocks.outputs([write.text_of(played) for played in write.PLAYED])
    false = [each for each in blocks.quoted(write.text_of(name), known) if not each.holds()]
    told = [f"$ {each.command}\n{each.output or 'is run on no page'}" for each in false]
    assert not false, "\n\n".join([AGAIN, *told])


def test_the_readme_has_two_commands_to_set_up_and_test_and_ci_runs_both():
    commands = [
        each["body"].strip() for each in blocks.FENCE.finditer(write.text_of("README.md")) if each["kind"] == "bash"
    ]
    assert len(commands) == 2
    set_up, _, job = commands[0].rpartition(" && ")
    ci = write.text_of(".ci/run").splitlines()
    assert set_up in ci
    assert any(line.endswith(commands[1]) for line in ci)
    assert job == ".venv/bin/devtools hygiene"


def test_the_readme_shows_a_picture_and_an_example_of_each_of_the_five_things():
    text = write.text_of("README.md")
    assert "](docs/images/session.svg)" in text
    five = text.partition("## Five things it does")[2].partition("\n## ")[0]
    assert [blocks.FENCE.search(part)["kind"] for part in five.split("\n**")[1:]] == ["console"] * 5
