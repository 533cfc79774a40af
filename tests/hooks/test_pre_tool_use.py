import os

import pytest


@pytest.fixture
def edit(hook, repository):
    """The reason why an edit is refused, or an empty string; the path is absolute, as the client sends it."""

    def edit(path, tool="Write", **given):
        key = "notebook_path" if tool == "NotebookEdit" else "file_path"
        where = os.path.join(repository.path, path)
        return reason(hook("pre-tool-use", tool_name=tool, tool_input={key: where, **(given or {"content": "x"})}))

    return edit


@pytest.fixture
def bash(hook):
    def bash(command, **payload):
        return reason(hook("pre-tool-use", tool_name="Bash", tool_input={"command": command}, **payload))

    return bash


def reason(answer):
    if not answer:
        return ""
    decision = answer["hookSpecificOutput"]
    assert decision["hookEventName"] == "PreToolUse"
    assert decision["permissionDecision"] == "deny"
    assert decision["permissionDecisionReason"].startswith("devtools: ")
    assert "\n" not in decision["permissionDecisionReason"]
    return decision["permissionDecisionReason"]


@pytest.mark.parametrize("tool", ["Write", "Edit", "MultiEdit", "NotebookEdit"])
def test_production_waits_in_phase_red_whatever_the_tool(edit, phase, tool):
    assert edit("src/a.py", tool) == ""
    phase("red")
    assert "src/a.py is production code" in edit("src/a.py", tool)
    assert "Write the test of 'adds two numbers' first, then run devtools tdd red" in edit("src/a.py", tool)
    phase("green")
    assert edit("src/a.py", tool) == ""


@pytest.mark.parametrize(
    ("tool", "given", "refused"),
    [
        ("mcp__filesystem__write_file", {"path": "src/a.py", "content": "x"}, True),
        ("mcp__filesystem__move_file", {"source": "notes.md", "destination": "src/a.py"}, True),
        ("mcp__serena__replace_symbol_body", {"relative_path": "src/a.py"}, True),
        ("mcp__x__editFiles", {"file_paths": ["README.md", "src/a.py"]}, True),
        ("mcp__x__create", {"uri": "file://{root}/src/a.py"}, True),
        ("mcp__x__write_file", {"path": "test_a.py", "content": "src/a.py"}, False),
        ("mcp__filesystem__read_file", {"path": "src/a.py"}, False),
        ("mcp__x__update", {"id": 3, "path": None}, False),
    ],
)
def test_production_waits_for_tools_of_servers_too(hook, phase, repository, tool, given, refused):
    phase("red")
    given = {key: value.format(root=repository.path) if key == "uri" else value for key, value in given.items()}
    said = reason(hook("pre-tool-use", tool_name=tool, tool_input=given))
    assert ("src/a.py is production code" in said) is refused
    if not refused:
        assert said == ""


@pytest.mark.parametrize("path", ["tests/test_b.py", "test_a.py", "conftest.py", "README.md", "docs/x.py", "setup.cfg"])
def test_tests_documents_and_configuration_are_never_held_back_in_red(edit, phase, path):
    phase("red")
    assert edit(path) == ""


def test_links_and_dots_lead_to_the_same_file(edit, phase, repository, tmp_path):
    phase("red")
    repository.put("src/a.py", "")
    (repository.path / "tests").mkdir()
    (repository.path / "tests" / "test_link.py").symlink_to(repository.path / "src" / "a.py")
    (tmp_path / "outside").symlink_to(repository.path / "src")
    assert "src/a.py" in edit("tests/../src/a.py")
    assert "src/a.py" in edit("tests/test_link.py")
    assert "src/a.py" in edit(str(tmp_path / "outside" / "a.py"))


def test_what_git_leaves_out_and_other_folders_are_free(edit, phase, repository, tmp_path):
    phase("red")
    repository.put(".gitignore", "scratch/\n")
    assert edit("scratch/try.py") == ""
    assert edit(str(tmp_path / "elsewhere" / "a.py")) == ""


def test_git_is_asked_only_where_a_file_may_be_ignored(edit, phase, repository, monkeypatch):
    """Starting it costs more than the whole hook."""
    phase("red")
    repository.put("src/a.py", "")
    repository.put(".gitignore", "src/\n*.log\n")
    repository.git("add", "-f", "src/a.py")
    monkeypatch.setenv("PATH", "")
    assert "src/a.py is production code" in edit("src/a.py")
    assert "new.py is production code" in edit("new.py")


def test_each_worktree_has_a_cycle_of_its_own(edit, phase, repository, tmp_path):
    repository.put("a.py", "")
    repository.commit()
    repository.git("worktree", "add", "-q", str(tmp_path / "linked"))
    phase("red")
    assert edit(str(tmp_path / "linked" / "a.py")) == ""
    assert edit("a.py") != ""


def test_witnessed_tests_hold_in_phase_green_and_the_others_do_not(edit, phase):
    phase("green")
    assert edit("tests/test_a.py") == (
        "devtools: phase green: tests/test_a.py contains the witnessed tests. Change production code until they pass, "
        "then run devtools tdd green. If a test is wrong, run devtools tdd red --reopen."
    )
    assert edit("TESTS/Test_A.py") != ""
    assert edit("tests/test_b.py") == ""
    phase("refactor")
    assert edit("tests/test_a.py") == ""


@pytest.mark.parametrize(
    ("path", "said"),
    [
        (".git/devtools/cycle.json", "devtools' own state"),
        (".git/DevTools/runs/1.json", "devtools' own state"),
        (".claude/settings.json", "Ask the person"),
        ("sub/.claude/settings.local.json", "Ask the person"),
        (".git/hooks/pre-commit", "git hooks"),
        (".git/config", "git hooks"),
        (".git/config.worktree", "git hooks"),
        ("/elsewhere/.gitconfig", "git hooks"),
        (".git/HEAD", "where branches are"),
        (".git/refs/heads/main", "where branches are"),
        (".git/packed-refs", "where branches are"),
        (".git/logs/HEAD", "where branches are"),
        ("/elsewhere/.claude/settings.json", "Ask the person"),
    ],
)
def test_its_own_state_and_settings_are_refused_in_every_phase(edit, path, said):
    assert said in edit(path)


def test_other_files_beside_them_are_free(edit):
    assert edit(".claude/commands/x.md") == edit("a/settings.json") == edit(".git/info/exclude") == ""
    assert edit(".devtools/cycle.json") == edit("devtools/cycle.json") == edit(".git/devtools-notes") == ""


def test_a_link_out_of_the_settings_is_the_settings(edit, repository, tmp_path):
    (repository.path / ".claude").mkdir()
    (repository.path / ".claude" / "settings.json").symlink_to(tmp_path / "dotfiles.json")
    assert "Ask the person" in edit(".claude/settings.json")


def test_devtools_own_table_is_a_persons_to_change_and_the_rest_is_free(edit, repository):
    table = "[project]\nname = 'a'\n[tool.devtools]\nmax-files = 3\n"
    repository.put("pyproject.toml", table)
    assert edit("pyproject.toml", "Edit", old_string="'a'", new_string="'b'") == ""
    assert "Ask the person" in edit("pyproject.toml", "Edit", old_string="= 3", new_string="= 99")
    edits = [{"old_string": "'a'", "new_string": "'b'"}, {"old_string": "3", "new_string": "4", "replace_all": True}]
    assert "Ask the person" in edit("pyproject.toml", "MultiEdit", edits=edits)
    assert edit("pyproject.toml", content=table + "[tool.other]\nx = 1\n") == ""
    assert "Ask the person" in edit("pyproject.toml", content=table + "[tool.devtools.tdd]\nmode = 'off'\n")
    assert "Ask the person" in edit("pyproject.toml", content="not toml [")
    assert "Ask the person" in edit("devtools.toml", "Edit", old_string="", new_string="max-files = 9")
    assert edit("pyproject.toml", content="tool = 1") != ""


def test_a_commit_past_the_checks_is_refused_in_every_phase(bash, repository, phase):
    said = "devtools: git commit skips the checks. Run devtools commit -m MESSAGE [PATH...] instead."
    assert bash("git commit -m x") == bash("cd . && git commit --no-verify -m x") == said
    assert bash("g'i't commit") == bash("sh -c 'git commit'") == said
    repository.git("config", "alias.ci", "commit")
    assert bash("git ci -m x") == said
    phase("red")
    assert bash("git commit -m x") == said
    assert "core.hooksPath" in bash("git config core.hooksPath /dev/null")


def test_a_plan_must_be_proved_where_the_mode_is_strict(bash, repository, hook):
    said = (
        "devtools: applying a plan without --verify would create unproved commits. "
        "Run devtools commit --apply PLAN.json --verify instead."
    )
    line = "devtools commit --apply p.json"
    assert bash(line) == said
    assert bash(f"{line} --verify") == bash("devtools commit --plan --json > p.json") == ""
    given = {"tool_name": "Bash", "tool_input": {"command": line}}
    repository.put("devtools.toml", "[tdd]\nmode = 'warn'\n")
    assert "permissionDecision" not in hook("pre-tool-use", **given)["hookSpecificOutput"]
    repository.put("devtools.toml", "[tdd]\nmode = 'off'\n")
    assert hook("pre-tool-use", **given) == {}


def test_honest_lines_pass(bash, phase):
    for name in ("idle", "red", "green"):
        phase(name)
        for line in ("git log --grep commit", "echo 'git commit' > notes.md", "devtools commit -m 'git commit'", "ls"):
            assert bash(line) == ""
        assert bash("cat .git/devtools/cycle.json; grep x pyproject.toml; git -C nowhere nonsense") == ""


def test_a_commit_in_another_repository_is_free_unless_devtools_watches_it(bash, repository, tmp_path):
    (tmp_path / "other" / ".git").mkdir(parents=True)
    line = f"git -C {tmp_path / 'other'} commit -m x"
    assert bash(line) == ""
    (tmp_path / "other" / ".git" / "devtools").mkdir()
    assert bash(line) != ""
    assert bash("git commit -m x", cwd=str(tmp_path)) == ""
    repository.put("a", "")
    repository.commit()
    repository.git("worktree", "add", "-q", str(tmp_path / "linked"))
    assert bash(f"cd {tmp_path / 'linked'} && git commit -m x") != ""


def test_a_shell_line_that_writes_where_an_edit_may_not_is_refused(bash, phase):
    assert "own state" in bash("rm -rf .git/devtools")
    assert "own state" in bash("echo '{}' > .git/devtools/cycle.json")
    assert "own state" in bash("devtools history --html .git/devtools/cycle.json")
    assert "Ask the person" in bash("sed -i s/a/b/ .claude/settings.json")
    assert "git hooks" in bash("chmod -x .git/hooks/pre-commit")
    phase("red")
    assert "production code" in bash("echo x > src/a.py")
    assert bash("echo x > tests/test_b.py; python a.py > /dev/null") == ""


@pytest.mark.parametrize(("mode", "told"), [("warn", True), ("off", False)])
def test_the_mode_warn_tells_and_off_is_silent(hook, phase, repository, mode, told):
    repository.put("devtools.toml", f"[tdd]\nmode = '{mode}'\n")
    phase("red")
    answer = hook("pre-tool-use", tool_name="Write", tool_input={"file_path": f"{repository.path}/a.py", "content": ""})
    assert bool(answer) == told
    if told:
        assert answer["systemMessage"].startswith("devtools warns: phase red: a.py")
        assert set(answer["hookSpecificOutput"]) == {"hookEventName", "additionalContext"}


def test_settings_that_cannot_be_read_open_no_door(edit, phase, repository):
    repository.put("devtools.toml", "[tdd]\nmode = 'nonsense'\n")
    phase("red")
    assert edit("src/a.py") != ""


def test_a_malformed_state_is_said_and_hides_no_commit(hook, bash, repository):
    repository.keep("cycle.json", '{"phase": "blue"}')
    answer = hook("pre-tool-use", tool_name="Write", tool_input={"file_path": f"{repository.path}/a.py", "content": ""})
    assert "malformed" in answer["systemMessage"]
    assert "hookSpecificOutput" not in answer
    assert "devtools commit" in bash("git commit -m x > log.txt")


def test_other_tools_are_of_no_interest_and_a_malformed_event_lets_through(hook):
    assert hook("pre-tool-use", tool_name="Read", tool_input={"file_path": "/a.py"}) == {}
    for payload in ({}, {"tool_name": "Write"}, {"tool_name": "Write", "tool_input": {}}):
        assert list(hook("pre-tool-use", **payload)) == ["systemMessage"]


@pytest.mark.parametrize(
    "line",
    [
        *("rm -rf .claude", "mv .claude old", "rm -r .git/hooks/", "mv .git/hooks old"),
        *("cp /tmp/settings.json .claude/", "mv /tmp/settings.json .claude", "cp -t .claude /tmp/settings.local.json"),
        "cd .git && mv /tmp/x hooks/pre-commit",
    ],
)
def test_whole_folders_of_guards_and_files_that_go_into_them_are_refused(hook, repository, line):
    repository.put(".claude/settings.json", "{}")
    answer = hook("pre-tool-use", tool_name="Bash", tool_input={"command": line})
    assert answer["hookSpecificOutput"]["permissionDecision"] == "deny"


def test_what_goes_into_other_folders_and_out_of_guarded_ones_is_free(hook, phase, repository):
    phase("red")
    repository.put(".claude/settings.json", "{}")
    for line in (
        "cp .claude/settings.json /tmp",
        "cp -r .claude/commands docs",
        "cp tests/a.py notes.md",
        "cp a tests",
    ):
        assert hook("pre-tool-use", tool_name="Bash", tool_input={"command": line}) == {}, line


@pytest.fixture
def decided(hook, tmp_path, monkeypatch):
    """What the client is told of a shell line, where the shell finds devtools by its name."""
    (tmp_path / "devtools").write_text("#!/bin/sh\n")
    (tmp_path / "devtools").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")

    def decided(command):
        answer = hook("pre-tool-use", tool_name="Bash", tool_input={"command": command, "timeout": 9})
        return answer.get("hookSpecificOutput", {})

    return decided


def test_a_known_call_runs_through_devtools_with_all_else_of_its_input(decided):
    assert decided("pytest | tail -5") == {
        "hookEventName": "PreToolUse",
        "updatedInput": {"command": "devtools run --cut 5 -- pytest | cat", "timeout": 9},
    }
    assert decided("pytest | grep E") == {}


def test_a_call_that_only_looks_is_allowed_as_the_client_would_and_no_other(decided):
    assert decided("git log -3")["permissionDecision"] == "allow"
    assert "permissionDecision" not in decided("git log -3 && ls")


def test_a_refused_commit_is_not_rewritten_and_none_gets_past_the_checks_by_the_word_run(decided):
    for command in ("git commit -m x",):
        assert (decided(command)["permissionDecision"], "updatedInput" in decided(command)) == ("deny", False)


def test_a_warning_and_a_shorter_line_stand_side_by_side(decided, repository):
    repository.put("pyproject.toml", '[tool.devtools.tdd]\nmode = "warn"\n')
    said = decided("git commit -m x")
    assert "git commit skips the checks" in said["additionalContext"]
    assert said["updatedInput"]["command"] == "devtools run -- git commit -m x"
