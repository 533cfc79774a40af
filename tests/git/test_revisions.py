import pytest

from devtools.errors import ToolError, UsageError
from devtools.git import commits
from devtools.git.revisions import default_range, revisions, was_before
from devtools.git.snapshot import EMPTY_TREE, tree_of


@pytest.fixture
def root(repository):
    return str(repository.path)


def test_commits_are_given_oldest_first_with_the_tree_that_they_changed(repository, root):
    repository.put("a", "1")
    first = repository.commit("feat: one\n\nWhy.")
    repository.put("a", "2")
    second = repository.commit("feat: two")
    found = revisions(root, "HEAD")
    assert [(each.commit, each.subject, each.base) for each in found] == [
        (first, "feat: one", EMPTY_TREE),
        (second, "feat: two", tree_of(root, first)),
    ]
    assert found[0].message == "feat: one\n\nWhy."
    assert revisions(root, f"{second}..HEAD") == []


@pytest.mark.parametrize("evil", [False, True])
def test_a_merge_is_compared_with_what_git_merges_by_itself(repository, root, evil):
    repository.put("a", "1")
    repository.commit()
    repository.git("switch", "-qc", "side")
    repository.put("b", "1")
    repository.commit()
    repository.git("switch", "-q", "main")
    repository.put("c", "1")
    repository.commit()
    repository.git("merge", "-q", "--no-commit", "side")
    if evil:
        repository.put("a", "evil")
    repository.commit("Merge branch 'side'")
    merge = revisions(root, "HEAD")[-1]
    assert (len(merge.parents), merge.clean_merge) == (2, not evil)


def test_a_merge_with_conflicts_is_compared_with_its_first_parent(repository, root):
    for branch, text in (("main", "1"), ("side", "2"), ("main", "3")):
        repository.git("switch", "-q", *(["-c"] if branch == "side" else []), branch) if text != "1" else None
        repository.put("a", text)
        repository.commit()
    repository.git("merge", "-q", "-s", "ours", "side")
    merge = revisions(root, "HEAD")[-1]
    assert (merge.base, merge.clean_merge) == (tree_of(root, "HEAD^"), False)


def test_the_default_range_is_what_the_default_branch_has_not(repository, root):
    assert default_range(root) == ""
    repository.put("a", "1")
    main = repository.commit()
    repository.git("switch", "-qc", "work")
    assert default_range(root) == f"{main}..HEAD"
    repository.put("a", "2")
    work = repository.commit()
    repository.git("branch", "-q", "other", work)
    repository.git("branch", "-q", "--set-upstream-to", "other")
    assert default_range(root) == f"{work}..HEAD"


@pytest.mark.parametrize("span", ["nowhere..HEAD", "--all", "-n1"])
def test_an_unknown_range_is_a_person_s_mistake(repository, root, span):
    repository.put("a", "1")
    repository.commit()
    with pytest.raises(UsageError, match="no range"):
        revisions(root, span)


def test_history_knows_which_states_a_file_had(repository, root):
    repository.put("a", "1")
    repository.commit()
    old = repository.git("rev-parse", "HEAD:a").strip()
    repository.put("a", "2")
    repository.commit()
    assert was_before(root, "a", old)
    assert not was_before(root, "a", repository.git("rev-parse", "HEAD:a").strip())
    assert was_before(root, "a", None)
    assert not was_before(root, "b", None)
    assert not was_before(root, "a", EMPTY_TREE)


@pytest.mark.parametrize("span", ["HEAD^{tree}", "HEAD:shop", "HEAD:a.py", "HEAD^{tree}..HEAD", "a-blob"])
def test_a_range_that_names_no_commit_is_refused_and_a_tag_of_one_is_not(repository, root, span):
    repository.put("shop/b.py", "")
    repository.put("a.py", "a = 1\n")
    repository.commit()
    repository.git("tag", "-a", "-m", "One", "v1")
    repository.git("tag", "a-blob", "HEAD:a.py")
    assert len(revisions(root, "v1")) == len(revisions(root, "HEAD^!")) == 1
    assert revisions(root, "HEAD^@") == revisions(root, "v1..HEAD") == []
    with pytest.raises(UsageError, match="names no commit"):
        revisions(root, span)


def test_the_message_of_a_commit_is_read_in_the_encoding_that_it_names(repository, root):
    repository.put("a", "")
    repository.commit()
    repository.git(
        "-c", "i18n.commitEncoding=ISO-8859-1", "commit", "-q", "--allow-empty", "-m", "feat: caf\udce9\n\nWhy."
    )
    assert [each.message for each in revisions(root, "HEAD^..HEAD")] == ["feat: café\n\nWhy."]


def test_what_gitpython_cannot_read_is_an_error_in_one_line(tmp_path):
    with pytest.raises(ToolError, match="git cannot read a commit of the range"), commits.opened(str(tmp_path)):
        pass


def test_a_folder_named_like_a_variable_is_itself(repository, tmp_path):
    repository.put("a", "")
    repository.commit()
    repository.git("clone", "-q", ".", str(tmp_path / "$HOME"))
    assert len(revisions(str(tmp_path / "$HOME"), "HEAD")) == 1
