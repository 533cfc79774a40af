"""The pictures show what the pages say, and anyone can draw them again."""

import re
from html import unescape
from xml.etree import ElementTree

import pictures
import pytest

ROOT = pictures.ROOT


@pytest.mark.parametrize("name", pictures.pictures())
def test_a_picture_is_as_its_script_draws_it(name):
    drawn = pictures.pictures()[name]
    assert (ROOT / name).read_text() == drawn, "draw it again: python docs/scripts/write.py"
    assert ElementTree.fromstring(drawn).find("{http://www.w3.org/2000/svg}title").text


def test_the_session_shows_commands_and_outputs_of_the_tutorial_as_they_stand_there():
    shown = [unescape(re.sub(r"<[^>]*>", "", line)) for line in pictures.session().splitlines() if "<text" in line]
    tutorial = pictures.TUTORIAL.read_text()
    assert len(shown) > 15
    for line in shown:
        assert line.removeprefix("$ ").removeprefix("(you write ").removesuffix(")") in tutorial


def test_a_line_of_a_verdict_has_its_colour_and_no_markup_comes_from_the_text():
    assert pictures.coloured("green: <all>").startswith('<tspan fill="#5fd0a8">green</tspan>: &lt;all&gt;')
    assert pictures.COLOURS["refused"] in pictures.coloured("green refused: untested-code")
    assert pictures.coloured("next: go on") == "next: go on"
