import pytest

from devtools.hooks.settings import changed, edited

TABLE = "[project]\nname = 'a'\n[tool.devtools]\nmax-files = 3\n"


@pytest.mark.parametrize(
    ("given", "free"),
    [
        ({"old_string": "'a'", "new_string": "'b'"}, True),
        ({"old_string": "= 3", "new_string": "= 99"}, False),
        ({"edits": [{"old_string": "'a'", "new_string": "'b'"}]}, True),
        ({"edits": [{"old_string": "'a'", "new_string": "'b'"}, {"old_string": "3", "new_string": "4"}]}, False),
        ({"content": TABLE + "[tool.other]\nx = 1\n"}, True),
        ({"content": TABLE + "[tool.devtools.tdd]\nmode = 'off'\n"}, False),
        ({"content": "[project]\nname = 'a'\n"}, False),
        ({"content": "not toml ["}, False),
        ({"content": "tool = 1"}, False),
    ],
)
def test_only_an_edit_of_devtools_own_table_is_held_back(repository, given, free):
    repository.put("pyproject.toml", TABLE)
    assert (changed(str(repository.path), "pyproject.toml", given) == "") == free


def test_a_devtools_toml_is_one_table(repository):
    assert "Ask the person" in changed(str(repository.path), "devtools.toml", {"content": "max-files = 9"})
    assert changed(str(repository.path), "devtools.toml", {"content": "# nothing set\n"}) == ""


def test_an_edit_is_made_as_the_client_makes_it():
    assert edited("a a", {"old_string": "a", "new_string": "b"}) == "b a"
    assert edited("a a", {"old_string": "a", "new_string": "b", "replace_all": True}) == "b b"
    assert edited("a", {"old_string": "", "new_string": "b"}) == "ab"
