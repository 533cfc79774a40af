import os
import subprocess
import sys

import pytest

from devtools.errors import DevtoolsError, ToolError, UsageError
from devtools.git import draft as drafts


@pytest.fixture
def place(repository):
    repository.put("a.py", "a = 1\n")
    repository.put("b/b.py", "b = 1\n")
    repository.commit()
    return drafts.find(str(repository.path))


@pytest.fixture
def draft(place):
    with drafts.held(place), drafts.opened(place) as draft:
        yield draft


def names(draft):
    return draft.checked("diff", "--cached", "--name-status").split("\n")[:-1]


def test_a_draft_is_staged_in_without_touching_the_index(repository, place, draft):
    before = (repository.path / ".git/index").read_bytes()
    repository.put("a.py", "a = 2\n")
    repository.put("b/c.py", "")
    (repository.path / "b/b.py").unlink()
    drafts.stage(draft, str(repository.path / "b"), ["b.py", "c.py"])
    assert names(draft) == ["D\tb/b.py", "A\tb/c.py"]
    assert draft.tree() != repository.git("rev-parse", "HEAD^{tree}").strip() == draft.head.tree
    assert (repository.path / ".git/index").read_bytes() == before
    assert drafts.digest(place.index) == draft.digest
    assert draft.head.commit == repository.git("rev-parse", "HEAD").strip()


def test_a_removal_that_is_staged_already_can_be_named_and_an_unknown_path_is_refused(repository, place):
    repository.git("rm", "-q", "a.py")
    repository.put("new.py", "")
    with drafts.held(place), drafts.opened(place) as draft:
        drafts.stage(draft, str(repository.path), ["a.py"])
        drafts.stage(draft, str(repository.path), ["a.py", "new.py"])
        assert names(draft) == ["D\ta.py", "A\tnew.py"]
        with pytest.raises(UsageError, match="pathspec 'gone' did not match any files"):
            drafts.stage(draft, str(repository.path), ["a.py", "gone"])


@pytest.mark.parametrize("name", ["*.py", "[ab].py", ":/", ":(glob)**", ":!b", ":(top)a.py", "?.py"])
def test_a_path_means_itself_and_stages_no_bystander(repository, place, name):
    repository.put("a.py", "a = 2\n")
    repository.put("b/b.py", "b = 2\n")
    with drafts.held(place), drafts.opened(place) as draft:
        with pytest.raises(UsageError, match="did not match any files"):
            drafts.stage(draft, str(repository.path), [name])
        assert names(draft) == []
        repository.put(name if name != ":/" else ":/new", "")
        drafts.stage(draft, str(repository.path), [name, "b"])
        assert sorted(names(draft)) == sorted(["M\tb/b.py", f"A\t{name if name != ':/' else ':/new'}"])


def test_an_ignored_path_is_refused_in_one_line(repository, draft):
    repository.put(".gitignore", "*.log\n")
    repository.put("x.log", "")
    with pytest.raises(UsageError) as caught:
        drafts.stage(draft, str(repository.path), ["x.log"])
    assert caught.value.message == "git add: The following paths are ignored by one of your .gitignore files: x.log"


def test_conflicts_in_the_index_and_a_broken_index_are_told_apart(repository, draft):
    blob = repository.git("rev-parse", "HEAD:a.py").strip()
    entries = "".join(f"100644 {blob} {stage}\ta.py\n" for stage in (1, 2, 3))
    draft.checked("update-index", "--index-info", feed=f"0 {'0' * 40}\ta.py\n{entries}")
    with pytest.raises(UsageError, match="the index holds conflicts"):
        draft.tree()
    with open(draft.index, "wb") as stream:
        stream.write(b"no index")
    with pytest.raises(ToolError, match="git write-tree failed"):
        draft.tree()
    with pytest.raises(ToolError, match="git diff failed"):
        names(draft)


def test_before_the_first_commit_head_is_empty_and_so_is_the_draft(repository):
    place = drafts.find(str(repository.path))
    with drafts.held(place), drafts.opened(place) as draft:
        assert (draft.head, draft.digest) == (drafts.Head(), "")
        repository.put("a", "")
        drafts.stage(draft, str(repository.path), ["a"])
        assert names(draft) == ["A\ta"]


def test_a_draft_leaves_nothing_but_its_lock_or_a_commit_to_be_finished(place):
    with drafts.held(place):
        for name in ("journal", "index.lock"):
            open(place.path(name), "w").close()
        with drafts.opened(place):
            assert sorted(os.listdir(place.path(""))) == ["index", "lock"]
        assert os.listdir(place.path("")) == ["lock"]
        with drafts.opened(place):
            open(place.path("journal"), "w").close()
    assert sorted(os.listdir(place.path(""))) == ["index", "journal", "lock"]


def test_a_second_session_fails_with_one_line(place, monkeypatch):
    monkeypatch.setattr(drafts, "LOCK_SECONDS", 0.05)
    code = "import sys; from devtools.git.draft import *; h = held(find(sys.argv[1])); h.__enter__(); print(1)"
    argv = [sys.executable, "-c", f"{code}; sys.stdout.flush(); sys.stdin.read()", place.root]
    other = subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    other.stdout.readline()
    with pytest.raises(DevtoolsError, match="another devtools commit is at work here"), drafts.held(place):
        pass
    other.kill()
    other.wait()
    with drafts.held(place):
        pass


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("MERGE_HEAD", "a merge"),
        ("rebase-merge", "a rebase"),
        ("rebase-apply/rebasing", "a rebase"),
        ("rebase-apply/applying", "a git am"),
        ("", None),
    ],
)
def test_an_operation_in_progress_is_named(repository, place, name, what):
    if name:
        repository.put(f".git/{name}", "")
    assert (drafts.operation(place) or [None])[0] == what


def test_a_linked_worktree_has_a_place_of_its_own(repository, place, tmp_path, monkeypatch):
    repository.git("worktree", "add", "-q", str(tmp_path / "w"))
    own = drafts.find(str(tmp_path / "w"))
    assert own.gitdir == str(repository.path / ".git/worktrees/w")
    assert own.index == own.gitdir + "/index"
    monkeypatch.setenv("GIT_INDEX_FILE", "other")
    assert drafts.find(str(tmp_path / "w")).index == str(tmp_path / "w" / "other")
    with pytest.raises(ToolError, match="git rev-parse failed"):
        drafts.find(str(tmp_path))


def test_entries_of_a_draft_are_merged_into_an_index_that_changed_meanwhile(repository):
    for name in ("a", "b"):
        repository.put(name, "1")
    repository.commit()
    place = drafts.find(str(repository.path))
    with drafts.held(place), drafts.opened(place) as draft:
        staged = draft.tree()
        for name in ("a", "b", "new"):
            repository.put(name, "2")
        drafts.stage(draft, str(repository.path), ["a", "b", "new"])
        repository.put("b", "3")
        repository.git("add", "b")
        before = drafts.digest(place.index)
        drafts.merge(draft, staged, draft.tree(), place.path("merged"))
        assert drafts.digest(place.index) == before
        os.replace(place.path("merged"), place.index)
    assert repository.git("diff", "--cached", "--name-only").split() == ["a", "b", "new"]
    assert [repository.git("show", f":{name}") for name in ("a", "b", "new")] == ["2", "3", "2"]


def test_a_link_in_the_place_of_our_folder_is_refused_and_what_it_leads_to_stays(place, tmp_path):
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    (folder / "kept").write_text("kept")
    os.symlink(folder, place.path("").rstrip("/"))
    with pytest.raises(OSError, match="devtools-commit"), drafts.held(place), drafts.opened(place):
        pass
    assert os.listdir(folder) == ["kept"]


def test_of_a_file_of_ours_only_a_regular_one_is_read(place):
    with drafts.held(place):
        assert place.kept("journal") == b""
        os.mkfifo(place.path("journal"))
        assert place.kept("journal") == b""
        os.unlink(place.path("journal"))
        with open(place.path("journal"), "w") as stream:
            stream.write("7")
        assert place.kept("journal") == b"7"


@pytest.mark.parametrize("path", ["inner/x.py", "inner/deep/y.py", "inner/deep"])
def test_a_file_of_a_nested_repository_is_refused_with_the_repositorys_name(repository, draft, path):
    """git add takes it without a word and stages nothing."""
    repository.put("inner/x.py", "")
    repository.put("inner/deep/y.py", "")
    subprocess.run(["git", "init", "-q", "inner"], check=True)
    with pytest.raises(UsageError, match="belongs to the repository 'inner'"):
        drafts.stage(draft, str(repository.path), ["a.py", path])
    assert names(draft) == []
    with pytest.raises(UsageError, match="belongs to the repository 'inner'"):
        drafts.stage(draft, str(repository.path / "inner"), ["x.py"])
