"""A shell command may write the settings by more ways than can be read off its line."""


def test_a_command_that_writes_devtools_own_file_is_refused(hook, repository):
    for line in ("echo > devtools.toml", "sed -i s/a/b/ ./devtools.toml", "rm devtools.toml"):
        answer = hook("pre-tool-use", tool_name="Bash", tool_input={"command": line})
        assert answer, line
        said = answer["hookSpecificOutput"]["permissionDecisionReason"]
        assert said == "devtools: devtools.toml holds the settings of devtools: ask the person to change them"
    for line in ("cat devtools.toml", "git add devtools.toml", "cp devtools.toml old.toml"):
        assert hook("pre-tool-use", tool_name="Bash", tool_input={"command": line}) == {}
