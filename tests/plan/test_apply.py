import json
import os
import signal
import subprocess

import pytest

from devtools.errors import DevtoolsError, ToolError
from devtools.git import draft, index_lock, objects, ref_locks, snapshot
from devtools.plan import apply as chain
from devtools.plan.apply import Link
from devtools.plan.changes import diff


@pytest.fixture(params=["in a child", "in this process"])
def shelter(request, monkeypatch):
    """What is sheltered happens in a child process; once here as well, where it can be traced."""
    if request.param == "in this process":
        monkeypatch.setattr(chain, "sheltered", lambda work: work())


@pytest.fixture
def dirty(repository):
    """Three files, two of them changed and one new, nothing staged."""
    for name in ("a", "b"):
        repository.put(name, "1\n")
    repository.base = repository.commit()
    for name in ("a", "b", "c"):
        repository.put(name, "2\n")
    return repository


def place(repository):
    return draft.find(str(repository.path))


def planned(repository, base=None):
    """(links, edits): a commit for each changed file."""
    root = str(repository.path)
    old, new = snapshot.tree_of(root, "HEAD"), snapshot.worktree_tree(root)
    changes = diff(root, old, new)
    hunks = [[(number, index) for index in range(len(change.hunks))] for number, change in enumerate(changes)]
    texts = objects.blobs(root, [i for c in changes for i in (c.old_id, c.new_id) if i.strip("0")])
    trees, edits = chain.steps(root, old, changes, texts, hunks)
    return [Link(tree, f"chore: {change.path}\n\n# why\n") for tree, change in zip(trees, changes, strict=True)], edits


def apply(repository, base):
    here = place(repository)
    links, edits = planned(repository)
    made = chain.build(here, base, links)
    chain.publish(here, base, made[-1], edits, draft.digest(here.index))
    return made


def untouched(repository):
    """All that an apply must leave alone: branch, index, working trees, refs."""
    names = ("rev-parse HEAD", "ls-files -s", "worktree list", "for-each-ref", "status --porcelain")
    return [repository.git(*name.split()) for name in names]


def hook(repository, name, text):
    path = repository.path / ".git" / "hooks" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text("#!/bin/sh\n" + text)
    path.chmod(0o755)


@pytest.mark.usefixtures("shelter")
def test_the_commits_stand_on_one_another_and_the_tree_is_clean(dirty):
    made = apply(dirty, dirty.base)
    assert dirty.git("log", "--format=%H %P", "HEAD").split()[:6:2] == made[::-1]
    assert dirty.git("log", "-1", "--format=%B", made[0]).rstrip() == "chore: a\n\n# why"
    assert [dirty.git("diff", "--name-only", f"{commit}^!").split() for commit in made] == [["a"], ["b"], ["c"]]
    assert dirty.git("status", "--porcelain") == ""
    assert dirty.git("worktree", "list").count("\n") == 1
    assert not os.path.exists(dirty.path / ".git" / "devtools-apply")


def test_a_step_of_part_of_a_file_is_a_tree_of_its_own(repository):
    repository.put("a", "1\n2\n3\n")
    repository.commit()
    repository.put("a", "one\n2\nthree\n")
    root = str(repository.path)
    old = snapshot.tree_of(root, "HEAD")
    changes = diff(root, old, snapshot.worktree_tree(root))
    texts = objects.blobs(root, [changes[0].old_id, changes[0].new_id])
    trees, edits = chain.steps(root, old, changes, texts, [[(0, 1)], [(0, 0)]])
    assert [snapshot.read(root, tree, "a") for tree in trees] == [b"1\n2\nthree\n", b"one\n2\nthree\n"]
    assert edits == {"a": ("100644", changes[0].new_id)}
    assert chain.steps(root, old, changes, texts, []) == ([], {})


def test_the_first_commits_of_a_repository_can_be_made(repository):
    repository.put("a", "1\n")
    repository.put("b", "2\n")
    made = apply(repository, "")
    assert repository.git("log", "--format=%H").split() == made[::-1]
    assert repository.git("for-each-ref", "--format=%(refname)").split() == ["refs/heads/main"]
    assert repository.git("status", "--porcelain") == ""


def test_what_the_plan_does_not_touch_stays_staged_and_what_was_deleted_is_gone(dirty):
    dirty.git("add", "b")
    (dirty.path / "a").unlink()
    here = place(dirty)
    links, edits = planned(dirty)
    assert edits["a"] is None
    made = chain.build(here, dirty.base, links[:1])
    chain.publish(here, dirty.base, made[0], {"a": None}, draft.digest(here.index))
    assert dirty.git("status", "--porcelain") == "M  b\n?? c\n"


def test_hooks_see_the_files_and_the_state_of_their_step(dirty):
    seen = dirty.path.parent / "seen"
    hook(dirty, "pre-commit", f'echo "$(git diff --cached --name-only) $(cat a b) $DEVTOOLS_COMMIT" >> {seen}\n')
    hook(dirty, "commit-msg", 'echo "Signed: yes" >> "$1"\n')
    made = apply(dirty, dirty.base)
    assert seen.read_text() == "a 2\n1 1\nb 2\n2 1\nc 2\n2 1\n"
    assert dirty.git("log", "-1", "--format=%B", made[0]).rstrip().endswith("Signed: yes")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("git diff --cached --quiet b || { echo not b >&2; exit 1; }\n", "not b"),
        ("echo 3 > c; git add c\n", "a hook changed the files of the commit 'chore: a'"),
    ],
)
def test_where_a_hook_refuses_or_changes_one_commit_none_is_made(dirty, text, words):
    hook(dirty, "pre-commit", text)
    before = untouched(dirty)
    with pytest.raises(DevtoolsError, match="so none was made") as error:
        apply(dirty, dirty.base)
    assert words in error.value.line()
    assert untouched(dirty) == before


def test_signing_is_asked_of_git_and_without_a_key_nothing_is_made(dirty):
    dirty.git("config", "commit.gpgsign", "true")
    dirty.git("config", "gpg.program", "false")
    before = untouched(dirty)
    with pytest.raises(DevtoolsError, match="so none was made"):
        apply(dirty, dirty.base)
    assert untouched(dirty) == before


@pytest.mark.usefixtures("shelter")
def test_a_branch_or_an_index_that_changed_meanwhile_is_left_alone(dirty):
    here = place(dirty)
    links, edits = planned(dirty)
    made = chain.build(here, dirty.base, links)
    before = draft.digest(here.index)
    dirty.git("add", "c")
    staged = untouched(dirty)
    with pytest.raises(DevtoolsError, match="the index changed meanwhile"):
        chain.publish(here, dirty.base, made[-1], edits, before)
    assert untouched(dirty) == staged
    dirty.git("commit", "-q", "-m", "chore: other")
    moved = untouched(dirty)
    with pytest.raises(DevtoolsError, match="HEAD moved meanwhile"):
        chain.publish(here, dirty.base, made[-1], edits, draft.digest(here.index))
    assert untouched(dirty) == moved


@pytest.mark.usefixtures("shelter")
def test_a_locked_index_is_waited_for_and_then_named(dirty, monkeypatch):
    monkeypatch.setattr(index_lock, "SECONDS", 0.1)
    (dirty.path / ".git" / "index.lock").write_text("")
    here = place(dirty)
    made = chain.build(here, dirty.base, planned(dirty)[0])
    with pytest.raises(DevtoolsError, match="the index is locked"):
        chain.publish(here, dirty.base, made[-1], {}, draft.digest(here.index))
    assert dirty.git("rev-parse", "HEAD").strip() == dirty.base


def test_what_a_kill_between_branch_and_index_leaves_is_finished(dirty):
    here = place(dirty)
    links, _ = planned(dirty)
    made = chain.build(here, dirty.base, links)
    folder = dirty.path / ".git" / "devtools-apply"
    for moved in (False, True):
        folder.mkdir()
        index = folder / "index"
        subprocess.run(
            ["git", "read-tree", links[-1].tree], env={**os.environ, "GIT_INDEX_FILE": str(index)}, check=True
        )
        (folder / "journal").write_text(f'{{"new": "{made[-1]}", "digest": "{draft.digest(here.index)}"}}')
        (folder / "held").write_text("")
        os.link(folder / "held", here.index + ".lock")
        if moved:
            dirty.git("update-ref", "HEAD", made[-1])
        chain.recover(here)
        assert dirty.git("status", "--porcelain") == ("" if moved else " M a\n M b\n?? c\n")
        assert not folder.exists()


def test_a_branch_that_git_keeps_locked_stays_and_git_says_why(dirty):
    here = place(dirty)
    links, edits = planned(dirty)
    made = chain.build(here, dirty.base, links)
    (dirty.path / ".git/refs/heads/main.lock").write_text("")
    before = untouched(dirty)
    with pytest.raises(DevtoolsError, match="git refused to move the branch, no commit was made") as refused:
        chain.publish(here, dirty.base, made[-1], edits, draft.digest(here.index))
    assert "main.lock" in refused.value.hint
    assert untouched(dirty) == before


def test_locks_that_a_killed_git_left_do_not_hinder_the_next_apply(dirty, monkeypatch):
    monkeypatch.setattr(ref_locks, "STALE_SECONDS", 0.1)
    here = place(dirty)
    made = apply(dirty, dirty.base)
    locks = [dirty.path / ".git" / name for name in ("HEAD.lock", "refs/heads/main.lock")]
    for lock in locks:
        lock.write_text("")
    chain.recover(here)
    assert all(lock.exists() for lock in locks)  # nothing of ours was killed: they are somebody else's
    (dirty.path / ".git/devtools-apply").mkdir()
    (dirty.path / ".git/devtools-apply/journal").write_text(json.dumps({"new": made[0], "digest": "", "lines": []}))
    chain.recover(here)
    assert not any(lock.exists() for lock in locks)


def test_locks_of_a_git_whose_parent_was_killed_alone_are_removed_at_once(dirty, monkeypatch):
    monkeypatch.setattr(ref_locks, "STALE_SECONDS", 0.1)
    lock = dirty.path / ".git/refs/heads/main.lock"

    def killed(*_):
        lock.write_text("")
        os.kill(os.getpid(), signal.SIGKILL)

    monkeypatch.setattr(chain, "swap", killed)
    with pytest.raises(ToolError, match="killed"):
        apply(dirty, dirty.base)
    assert not lock.exists()


def test_what_was_staged_after_a_kill_stays_and_the_index_follows_the_branch(dirty):
    here = place(dirty)
    links, edits = planned(dirty)
    made = chain.build(here, dirty.base, links)
    before = draft.digest(here.index)
    dirty.put("later", "staged after the kill")
    (dirty.path / ".git/devtools-apply").mkdir()
    lines = [chain._line(path, edit, 40) for path, edit in edits.items()]
    (dirty.path / ".git/devtools-apply/index").write_bytes((dirty.path / ".git/index").read_bytes())
    journal = {"new": made[-1], "digest": before, "lines": lines}
    (dirty.path / ".git/devtools-apply/journal").write_text(json.dumps(journal))
    dirty.git("update-ref", "HEAD", made[-1])
    dirty.git("add", "later")
    chain.recover(here)
    assert dirty.git("status", "--porcelain") == "A  later\n"


def test_scratch_trees_of_processes_that_are_gone_are_removed(dirty, tmp_path):
    ended = subprocess.Popen(["true"])
    ended.wait()
    for pid in (ended.pid, os.getpid(), 1, "x"):
        dirty.git("worktree", "add", "-q", "--detach", str(tmp_path / f"of-{pid}" / f"devtools-apply-{pid}"))
    chain.build(place(dirty), dirty.base, [])
    left = {
        line.rpartition("-")[2]
        for line in dirty.git("worktree", "list", "--porcelain").splitlines()
        if "devtools-apply-" in line
    }
    assert left == {str(os.getpid()), "1"}
    assert not (tmp_path / f"of-{ended.pid}").exists()


def test_a_scratch_tree_that_a_kill_left_locked_is_removed(dirty, tmp_path):
    gone = subprocess.Popen(["true"])
    gone.wait()
    folder = tmp_path / "outer" / f"devtools-apply-{gone.pid}"
    dirty.git("worktree", "add", "--detach", "--lock", str(folder))
    chain.build(place(dirty), dirty.base, [])
    assert dirty.git("worktree", "list").count("\n") == 1
    assert not folder.exists()
