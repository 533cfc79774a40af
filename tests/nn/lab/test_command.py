"""What the options of `nn export` ask for."""

import argparse

import pytest

from nn.lab.command import asked, export, export_options


def options(*arguments):
    parser = argparse.ArgumentParser()
    export_options(parser)
    parser.add_argument("--seed", type=int, default=0)
    return parser.parse_args(arguments)


def test_the_options_make_the_recording():
    kept = asked(options("a.html", "--units", "3,2", "--hidden", "relu,tanh", "--steps", "2", "--seed", "5"))
    assert kept["settings"]["hidden"] == [("relu", 3), ("tanh", 2)]
    assert kept["settings"]["seed"] == 5
    assert asked(options("a.html", "--units", "0", "--steps", "0"))["settings"]["hidden"] == []
    with pytest.raises(ValueError, match="units are '3,x'"):
        asked(options("a.html", "--units", "3,x"))


def test_export_writes_the_page_and_says_how_large_it_is(tmp_path):
    facts = export(options(str(tmp_path / "a.html"), "--steps", "1"))
    assert facts == {"file": str(tmp_path / "a.html"), "bytes": (tmp_path / "a.html").stat().st_size, "steps": 1}
    with pytest.raises(ValueError, match="there is no folder"):
        export(options(str(tmp_path / "no" / "a.html")))
