"""A commit that a script makes on another branch or in another working tree is told, and nothing that git moves."""

import pytest

PLAIN = "-c user.name=x -c user.email=x@example.org commit -q --allow-empty --no-verify -m fix:x"


@pytest.fixture
def during(hook, repository, tmp_path):
    """The answer after a shell command that ran these lines of git."""
    repository.put("a.txt", "1\n")
    repository.first = repository.commit()
    repository.git("branch", "other")
    repository.git("worktree", "add", "-q", "--detach", str(tmp_path / "apart"))
    repository.git("worktree", "add", "-q", "-b", "beside", str(tmp_path / "beside"))

    def during(*lines):
        given = {"tool_name": "Bash", "tool_input": {"command": "./release.sh"}}
        assert hook("pre-tool-use", **given) == {}
        for line in lines:
            line() if callable(line) else repository.git(*line.format(tmp_path).split())
        return hook("post-tool-use", **given).get("reason", "")

    return during


@pytest.mark.parametrize(
    ("lines", "name"),
    [
        ([f"-C {{}}/beside {PLAIN}"], "beside"),
        ([f"-C {{}}/apart {PLAIN}"], "worktrees/apart"),
        (["switch -q other", PLAIN, "switch -q -", "reflog delete HEAD@{{0}} HEAD@{{1}} HEAD@{{2}}"], "HEAD"),
        (["worktree add -q {}/new -b new", f"-C {{}}/new {PLAIN}"], "new"),
        (["branch -m other third", "worktree add -q {}/new third", f"-C {{}}/new {PLAIN}"], "third"),
    ],
)
def test_a_commit_elsewhere_is_told_once_with_its_branch(during, repository, lines, name):
    said = during(*lines)
    assert said.startswith(f"devtools: {name} moved")
    assert said.count("devtools verify") == 1
    assert during() == ""


def test_the_commit_of_another_branch_is_named_by_a_range_of_that_branch(during, repository):
    said = during(f"-C {{}}/beside {PLAIN}")
    assert f"run devtools verify {repository.first[:9]}..beside and fix what it names" in said


def test_a_commit_that_plumbing_puts_on_another_branch_is_told(during, repository):
    made = repository.git("commit-tree", "-p", "HEAD", "-m", "fix: x", "HEAD^{tree}").strip()
    assert "other moved to a commit that devtools commit did not make" in during(f"update-ref refs/heads/other {made}")


def test_the_file_of_a_branch_that_another_program_wrote_is_told(during, repository):
    made = repository.git("commit-tree", "-p", "HEAD", "-m", "fix: x", "HEAD^{tree}").strip()
    head = repository.git("symbolic-ref", "HEAD").strip()
    said = during(lambda: repository.put(f".git/{head}", made + "\n"))
    assert f"{head.removeprefix('refs/heads/')} was moved by another program than git" in said


@pytest.mark.parametrize(
    "lines",
    [
        ["branch new", "branch -m new newer", "branch -c newer newest", "branch -D newer"],
        ["pack-refs --all", "gc -q"],
        ["worktree add -q {}/new -b new", "worktree remove {}/new"],
        ["worktree add -q --detach {}/new"],
        ["-C {}/beside merge -q --no-edit --no-ff other", "-C {}/beside reset -q --hard HEAD"],
        ["fetch -q . beside:fetched", "push -q . beside:pushed"],
        ["switch -q -c fresh", "switch -q -"],
    ],
)
def test_what_git_itself_does_to_branches_is_left_alone(during, lines):
    assert during(*lines) == ""


def test_history_that_came_with_a_renamed_branch_is_no_commit_of_the_call(during, repository):
    repository.git("switch", "-q", "other")
    repository.git(*PLAIN.split())
    repository.git("switch", "-q", "-")
    assert during("branch -m other third", "branch -c third fourth") == ""


def test_a_mark_of_an_older_devtools_tells_nothing_of_branches(repository):
    from devtools.hooks import marks, since

    repository.put("a.txt", "1\n")
    repository.commit()
    root = str(repository.path)
    after = marks.taken(root)
    before = {name: said for name, said in after.items() if name != marks.BRANCHES}
    assert since.found(root, before, after) == []
