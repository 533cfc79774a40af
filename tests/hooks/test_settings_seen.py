"""A shell command may write the settings by more ways than can be read off its line."""

import pytest

STRICT = '[project]\nname = "x"\n\n[tool.devtools.tdd]\nmode = "strict"\n'


@pytest.fixture
def during(hook, repository):
    """The answer after a shell command that wrote these files."""
    repository.put(".git/info/exclude", ".devtools/\n")
    repository.keep("x", "")

    def during(text=None, name="pyproject.toml", commands=()):
        given = {"tool_name": "Bash", "tool_input": {"command": "./x.sh"}}
        assert hook("pre-tool-use", **given) == {}
        if text is not None:
            repository.put(name, text)
        for command in commands:
            repository.git(*command.split())
        return hook("post-tool-use", **given)

    return during


def test_settings_of_devtools_that_a_command_changed_are_told_once_by_the_mode_before(during, repository):
    repository.put("pyproject.toml", STRICT)
    assert during(STRICT.replace("strict", "off")) == {
        "decision": "block",
        "reason": "devtools: pyproject.toml changed the settings of devtools: put them back as they were, or ask the "
        "person",
    }
    assert during() == {}
    assert during(STRICT.replace("strict", "warn")) == {}
    assert during(STRICT)["systemMessage"] == "devtools warns: pyproject.toml changed the settings of devtools"
    assert "devtools.toml changed" in during("[tdd]\nmode = 'off'\n", "devtools.toml")["reason"]


def test_what_else_stands_there_is_free(during, repository):
    repository.put("pyproject.toml", STRICT)
    assert during(STRICT.replace('"x"', '"y"')) == {}
    assert during("not toml [")["decision"] == "block"
    assert during(STRICT)["decision"] == "block"


def test_settings_that_come_by_git_are_free(during, repository):
    repository.put("pyproject.toml", STRICT)
    repository.commit()
    repository.git("switch", "-q", "-c", "other")
    repository.put("pyproject.toml", STRICT.replace("strict", "warn"))
    repository.commit()
    for command in ("switch -q main", "merge -q other", "reset -q --hard HEAD~1", "checkout -q other -- ."):
        free = command.startswith(("switch", "merge", "reset"))
        assert (during(commands=[command]) == {}) == free


def test_a_command_that_writes_devtools_own_file_is_refused(hook, repository):
    for line in ("echo > devtools.toml", "sed -i s/a/b/ ./devtools.toml", "rm devtools.toml"):
        answer = hook("pre-tool-use", tool_name="Bash", tool_input={"command": line})
        assert answer, line
        said = answer["hookSpecificOutput"]["permissionDecisionReason"]
        assert said == "devtools: devtools.toml holds the settings of devtools. Ask the person to change them."
    for line in ("cat devtools.toml", "git add devtools.toml", "cp devtools.toml old.toml"):
        assert hook("pre-tool-use", tool_name="Bash", tool_input={"command": line}) == {}
