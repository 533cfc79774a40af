"""The page that teaches backprop is true: every example gives what stands below it."""

import doctest
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs/backprop.md"


def test_every_example_of_the_page_gives_what_it_says():
    failed, tried = doctest.testfile(str(PAGE), module_relative=False)
    assert failed == 0
    assert tried == PAGE.read_text(encoding="utf-8").count("\n>>> ") > 80
