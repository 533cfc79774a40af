"""The mode is one line in the settings of devtools; nothing else of the file changes."""

import pytest

from devtools.errors import UsageError
from devtools.setup.mode_setting import file_of, with_mode

PROJECT = '[project]\nname = "x"\n'


@pytest.mark.parametrize(
    ("pyproject", "own", "name"),
    [
        (None, None, "devtools.toml"),
        (PROJECT, None, "pyproject.toml"),
        (PROJECT, "", "devtools.toml"),
        (f"{PROJECT}[tool.devtools]\n", "", "pyproject.toml"),
        ("tool = 1", "", "devtools.toml"),
    ],
)
def test_the_settings_stand_where_devtools_reads_them(pyproject, own, name):
    assert file_of(pyproject, own) == name


@pytest.mark.parametrize(
    ("name", "text", "after"),
    [
        ("devtools.toml", "", '[tdd]\nmode = "warn"\n'),
        ("pyproject.toml", PROJECT, PROJECT + '\n[tool.devtools.tdd]\nmode = "warn"\n'),
        ("pyproject.toml", "a = 1", 'a = 1\n\n[tool.devtools.tdd]\nmode = "warn"\n'),
        (
            "pyproject.toml",
            "[tool.devtools.tdd] # x\nmutants = 'off'\n[x]\nmode = 'b'\n",
            "[tool.devtools.tdd] # x\nmode = \"warn\"\nmutants = 'off'\n[x]\nmode = 'b'\n",
        ),
        ("devtools.toml", "[tdd]\n mode = 'strict' # why\n", '[tdd]\n mode = "warn" # why\n'),
        ("devtools.toml", "[tdd]", '[tdd]\nmode = "warn"\n'),
        ("devtools.toml", "[tdd]\nmode = 'warn'\n", "[tdd]\nmode = 'warn'\n"),
    ],
)
def test_one_line_is_put_in(name, text, after):
    assert with_mode(name, text, "warn") == after


def test_the_default_needs_no_line():
    assert with_mode("pyproject.toml", PROJECT, "strict") == PROJECT


@pytest.mark.parametrize("text", ['tdd = {mutants = "off"}\n', 'tdd.mode = "off"\n', "tdd = 1\n"])
def test_what_is_written_in_another_way_is_left_to_the_person(text):
    with pytest.raises(UsageError, match="in its own way"):
        with_mode("devtools.toml", text, "warn")


def test_a_file_that_is_no_toml_is_refused():
    with pytest.raises(UsageError, match=r"pyproject\.toml is not valid TOML"):
        with_mode("pyproject.toml", "a =", "warn")
