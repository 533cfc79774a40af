import os

from devtools.hooks.mode import mode_of


def test_the_mode_is_the_projects_and_strict_where_it_cannot_be_read(repository):
    root = str(repository.path)
    assert mode_of(root) == mode_of("") == "strict"
    repository.put("devtools.toml", "[tdd]\nmode = 'warn'\n")
    assert mode_of(root) == "warn"
    repository.put("devtools.toml", "[tdd]\nmode = 'nonsense'\n")
    assert mode_of(root) == "strict"


def test_settings_too_big_to_be_read_open_no_door(repository):
    repository.put("devtools.toml", "")
    os.truncate(repository.path / "devtools.toml", 5 << 20)
    assert mode_of(str(repository.path)) == "strict"
