"""What a page shows is what really comes out."""

import blocks
import pytest
import write

AGAIN = "the page shows another output than the program gives: python docs/scripts/write.py writes it again"
ROOT = write.ROOT


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
