import pytest

from devtools.commit import inspection
from devtools.git import draft as drafts
from devtools.git import snapshot


@pytest.fixture
def opened(repository):
    root = str(repository.path)
    repository.put("a.py", "a\n")
    repository.commit()

    def changes(draft):
        drafts.stage(draft, root, ["."])
        return snapshot.changes(root, draft.head.tree, draft.tree())

    with drafts.held(drafts.find(root)), drafts.opened(drafts.find(root)) as draft:
        yield draft, changes


def test_the_tree_is_the_drafts_only_where_nothing_else_lies_in_it(repository, opened):
    draft, changes = opened
    repository.put(".gitignore", "ignored\n")
    repository.put("ignored", "")
    changes(draft)
    assert inspection.unsaved(draft) == []
    repository.put("a.py", "b\n")
    repository.put("new\n", "")
    assert inspection.unsaved(draft) == ["a.py", "new\n"]
    draft.checked("update-index", "--assume-unchanged", "a.py")
    draft.checked("update-index", "--skip-worktree", ".gitignore")
    assert sorted(inspection.unsaved(draft)) == [".gitignore", "a.py", "new\n"]


def test_what_somebody_writes_or_stages_in_a_draft_is_seen_by_its_stamps(repository, opened):
    draft, _ = opened
    repository.put("b", "unsaved")
    tree, before = draft.tree(), inspection.stamps(draft)
    assert inspection.mended(draft, tree, before) == []
    repository.put("a.py", "other\n")
    repository.put("b", "unsaved again")
    repository.put("c", "")
    draft.checked("add", "c")
    assert inspection.mended(draft, tree, before) == ["a.py", "b", "c"]
    (repository.path / "b").unlink()
    assert inspection.mended(draft, tree, before) == ["a.py", "b", "c"]
    assert inspection.stamps(draft).keys() == {"a.py"}


def test_a_hook_counts_where_git_would_run_it(repository, opened):
    draft, _ = opened
    repository.put(".git/hooks/pre-commit", "#!/bin/sh\n")
    assert not inspection.hooked(draft)
    (repository.path / ".git/hooks/pre-commit").chmod(0o755)
    assert inspection.hooked(draft)
    repository.git("config", "core.hooksPath", "elsewhere")
    assert not inspection.hooked(draft)
