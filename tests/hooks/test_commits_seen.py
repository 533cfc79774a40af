"""A script may run git out of sight: what HEAD's log says afterwards is told once, and honest days are left alone."""

import pytest


@pytest.fixture
def during(hook, repository):
    """The answer after a shell command that did all this."""
    repository.put("a.txt", "1\n")
    repository.first = repository.commit()
    repository.keep("x", "")
    repository.put(".git/info/exclude", ".devtools/\n")

    def during(*lines, tool="Bash"):
        given = {"tool_name": tool, "tool_input": {"command": "./release.sh"}}
        assert hook("pre-tool-use", **given) == {}
        for line in lines:
            repository.git(*line.split())
        return hook("post-tool-use", **given, tool_response={})

    return during


PLAIN = "commit -q --allow-empty --no-verify -m fix:x"


@pytest.mark.parametrize("tool", ["Bash", "mcp__git__git_commit"])
def test_a_commit_that_a_script_made_is_told_once_with_its_range(during, repository, tool):
    assert during(PLAIN, PLAIN, tool=tool) == {
        "decision": "block",
        "reason": "devtools: HEAD moved to a commit that devtools commit did not make: run devtools verify "
        f"{repository.first[:9]}..HEAD and fix what it names. Commit with devtools commit.",
    }
    assert during() == {}


def test_an_amended_a_first_and_a_plumbed_commit_are_seen_too(during, repository):
    assert "did not make" in during("commit -q --amend -m fix:x")["reason"]
    made = repository.git("commit-tree", "-p", "HEAD", "-m", "fix: x", "HEAD^{tree}").strip()
    assert "did not make" in during(f"update-ref HEAD {made}")["reason"]
    assert "did not make" in during("checkout -q --orphan new", PLAIN)["reason"]


def test_the_first_commit_of_all_has_no_range(hook, repository):
    repository.state.mkdir()
    hook("pre-tool-use", tool_name="Bash", tool_input={"command": "./begin.sh"})
    repository.git(*PLAIN.split())
    assert "run devtools verify HEAD and" in hook("post-tool-use", tool_name="Bash")["reason"]


@pytest.fixture
def branches(during, repository):
    """main and other, with a commit each; origin is ahead of main by one."""
    repository.git("switch", "-q", "-c", "other")
    repository.put("b.txt", "1\n")
    repository.commit("docs: other")
    repository.git("switch", "-q", "main")
    repository.put("c.txt", "1\n")
    repository.commit("docs: main")
    repository.git("clone", "-q", ".", ".git/origin")
    repository.git("remote", "add", "origin", ".git/origin")
    repository.git("-C", ".git/origin", *PLAIN.split())


@pytest.mark.parametrize(
    "lines",
    [
        ["pull -q --ff-only origin main"],
        ["reset -q --hard HEAD~1", "pull -q --no-rebase --no-edit origin main"],
        ["switch -q other", "pull -q --rebase origin main"],
        ["merge -q --no-edit other"],
        ["merge -q --no-commit other", "commit -q --no-edit"],
        ["rebase -q other"],
        ["cherry-pick other"],
        ["cherry-pick --no-commit other", "reset -q --hard"],
        ["revert --no-edit HEAD"],
        ["switch -q other", "switch -q -"],
        ["checkout -q --detach other"],
        ["stash -q", "fetch -q origin", "tag v1", "branch new"],
    ],
)
def test_what_git_carries_over_is_no_commit_past_the_checks(branches, during, lines):
    assert during(*lines) == {}


def test_a_person_s_commit_in_another_terminal_is_theirs(during, hook, repository):
    repository.git(*PLAIN.split())
    assert hook("post-tool-use", tool_name="Bash") == {}
    assert during("status") == {}


def test_the_mode_decides_how_loud_it_is(during, repository):
    repository.put("devtools.toml", "[tdd]\nmode = 'warn'\n")
    assert during(PLAIN)["systemMessage"].startswith("devtools warns: HEAD moved to a commit")
    repository.put("devtools.toml", "[tdd]\nmode = 'off'\n")
    assert during(PLAIN) == {}
