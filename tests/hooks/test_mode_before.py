"""A tool that changes the settings does not change how loud its own deeds are told."""

import pytest

from devtools.hooks.mode import mode_before

WARN = '[tool.devtools.tdd]\nmode = "warn"\n'


@pytest.mark.parametrize(
    ("pyproject", "own", "mode"),
    [
        ("", "", "strict"),
        (WARN, "", "warn"),
        ("", '[tdd]\nmode = "off"\n', "off"),
        (WARN, '[tdd]\nmode = "off"\n', "warn"),
        ('[tool.other]\nmode = "off"\n', "", "strict"),
        ("mode [", "", "strict"),
    ],
)
def test_the_mode_is_that_of_the_texts_as_they_were(pyproject, own, mode):
    assert mode_before([pyproject, own]) == mode
