"""What a tree says of pytest is the same in each of the files in which it may stand."""

import pytest

from devtools.project.pytest_settings import as_ini, options

WANTED = {"addopts": "-q -k 'a b'", "testpaths": "tests"}
TOML = "[tool.pytest.ini_options]\naddopts = ['-q', '-k', 'a b']\ntestpaths = 'tests'\n"


@pytest.mark.parametrize(
    ("files", "found"),
    [
        ({"pytest.ini": "[pytest]\naddopts = -q -k 'a b'\ntestpaths = tests\n"}, WANTED),
        ({"pyproject.toml": TOML}, WANTED),
        ({"tox.ini": "[tox]\n[pytest]\naddopts = -q -k 'a b'\ntestpaths = tests\n"}, WANTED),
        ({"setup.cfg": "[tool:pytest]\naddopts = -q -k 'a b'\ntestpaths = tests\n"}, WANTED),
        ({"pytest.ini": "", "pyproject.toml": TOML}, {}),
        ({"pytest.toml": "[pytest]\naddopts = ['-q', '-k', 'a b']\ntestpaths = ['tests']\n", "pytest.ini": ""}, WANTED),
        ({".pytest.toml": "", "pyproject.toml": TOML}, {}),
        ({"pyproject.toml": "tool = 1\n"}, None),
        ({"pyproject.toml": "[project]\nname = 'x'\n", "setup.cfg": "[metadata]\n"}, None),
        ({"pyproject.toml": "[tool.pytest.ini_options]\nxfail_strict = true\n"}, {"xfail_strict": "true"}),
        ({}, None),
    ],
)
def test_options_are_found_in_pytest_s_own_order(files, found):
    assert options({name: text.encode() for name, text in files.items()}.get) == found


def test_options_can_be_laid_into_a_tree_as_a_file():
    several = {"addopts": "-q", "markers": "slow: takes long\nfast"}
    text = as_ini(several)
    assert text == "[pytest]\naddopts = -q\nmarkers = slow: takes long\n    fast\n"
    assert options({"pytest.ini": text.encode()}.get) == several
    assert as_ini(None) == "[pytest]\n"


def test_a_file_that_cannot_be_read_differs_from_one_that_can():
    assert options({"pyproject.toml": b"[["}.get) != options({"pyproject.toml": b"[[]"}.get)
    assert options({"setup.cfg": b"x"}.get) != options({"setup.cfg": b"[a]"}.get)
