"""Digests of a module's code, which comments, layout and, apart, docstrings leave as they are."""

import pytest

from devtools.syntax.code import read

TEXT = (
    b'"""Say."""\n\nX = 1\n\n\nclass A:\n    """A thing."""\n\n    def f(self):\n        """Do."""\n        return X\n'
)


@pytest.mark.parametrize(
    "text",
    [
        b"# a comment\n" + TEXT,
        TEXT.replace(b"X = 1", b"X  =  (1)  # one"),
        TEXT.replace(b"\n\n\n", b"\n"),
        b"# -*- coding: latin-1 -*-\n" + TEXT,
    ],
)
def test_comments_and_layout_are_no_code(text):
    assert read(text) == read(TEXT)


@pytest.mark.parametrize(
    "text",
    [
        TEXT.replace(b"Say", b"Tell"),
        TEXT.replace(b'    """A thing."""\n\n', b""),
        TEXT.replace(b"Do.", b"Do it."),
    ],
)
def test_docstrings_are_code_only_for_who_looks_at_them(text):
    assert read(text).whole != read(TEXT).whole
    assert read(text).bare == read(TEXT).bare


@pytest.mark.parametrize(
    "text",
    [
        TEXT.replace(b"X = 1", b"X = 1.0"),
        TEXT.replace(b"X = 1", b"X = True"),
        TEXT.replace(b"X = 1", b'X = "1"'),
        TEXT.replace(b"return X", b"return -X"),
        TEXT.replace(b"X = 1", b'X = f"{1 = }"'),
        TEXT.replace(b"        return X\n", b""),
        TEXT.replace(b'"""Say."""', b'b"Say."'),
        TEXT.replace(b'"""Say."""', b'f"Say."'),
    ],
)
def test_any_other_edit_is_code(text):
    assert read(text).bare != read(TEXT).bare


def test_a_text_encoded_otherwise_is_code():
    """The same bytes are other letters."""
    assert read("X = 'ä'\n".encode()).whole != read(b"# coding: latin-1\n" + "X = 'ä'\n".encode()).whole


def test_what_is_no_python_has_no_digest():
    assert [read(text) for text in (b"def f(:\n", b"\xff", b"x = '\0'\n")] == [None, None, None]


@pytest.mark.parametrize(
    ("text", "docs", "places"),
    [
        (b"x = f.__doc__", True, False),
        (b"import click", True, False),
        (b"import doctest", True, False),
        (b"parser.add_argument(help='x')", False, False),
        (b"n = error.__traceback__.tb_lineno", False, True),
        (b"frame = sys._getframe()", False, True),
        (b"text = inspect.getsource(f)", False, True),
        (b"node.lineno", False, False),
        (b"caught[0].lineno", False, True),
        (b"f.__code__", True, True),
    ],
)
def test_a_text_that_may_look_at_docstrings_or_places_is_known_by_its_words(text, docs, places):
    assert read(text)[2:4] == (docs, places)


@pytest.mark.parametrize(
    ("text", "always"),
    [
        (b"@pytest.mark.always_run\ndef test_a(): pass\n", True),
        (b"pytestmark = [mark.always_run]\n", True),
        (b"TEXT = 'pytest.mark.always_run'\n", False),
        (b"always_run = 1\nx.always_run = 1\n", False),
    ],
)
def test_a_mark_says_that_a_file_runs_always(text, always):
    assert read(text).always is always


@pytest.mark.parametrize(
    ("text", "computes", "gathers"),
    [
        (b"m = import_module(name)\n", True, False),
        (b"def __getattr__(name):\n    return importlib.import_module(f'.{name}', __name__)\n", True, False),
        (b"m = import_module('pkg.a')\n", False, False),
        (b"def f():\n    return Base.__subclasses__()\n", False, True),
        (b"class Base:\n    def __init_subclass__(cls): ALL.append(cls)\n", False, True),
    ],
)
def test_code_that_finds_what_no_import_shows_is_known(text, computes, gathers):
    assert read(text)[5:] == (computes, gathers)
