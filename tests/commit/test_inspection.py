import pytest

from devtools.commit import inspection
from devtools.git import draft as drafts
from devtools.git import snapshot

CONFLICT = "a\n" + "<" * 7 + " HEAD\nb\n" + "=" * 7 + "\nc\n" + ">" * 7 + " topic\n"


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


def test_generated_files_are_those_that_gitattributes_marks(repository, opened):
    draft, changes = opened
    repository.put(
        ".gitattributes", "gen/** linguist-generated\nx.py linguist-generated=true\ny.py -linguist-generated"
    )
    for name in ("gen/a b\n.py", "x.py", "y.py"):
        repository.put(name, "")
    paths = [change.path for change in changes(draft)]
    assert inspection.generated(draft, paths) == {"gen/a b\n.py", "x.py"}


def test_conflict_markers_are_found_in_new_and_changed_files_only_where_they_were_added(repository, opened):
    draft, changes = opened
    repository.put("old.md", CONFLICT)
    repository.put("moved.md", CONFLICT + "x\n" * 30)
    repository.commit()
    repository.put("a.py", "a\n" + CONFLICT)
    repository.put("[new] é\n.py", "x\n" + CONFLICT)
    repository.put("old.md", CONFLICT + "more\n")
    repository.put("heading.md", "Title\n=======\n")
    (repository.path / "moved.md").rename(repository.path / "to.md")
    with drafts.opened(draft.place) as again:
        found = inspection.conflicts(again, changes(again))
        assert sorted(found) == [("[new] é\n.py", 3), ("a.py", 3)]
        assert inspection.conflicts(again, []) == []


def test_more_paths_than_a_command_line_holds_are_looked_through_too(repository, opened, monkeypatch):
    draft, changes = opened
    monkeypatch.setattr(inspection, "GREPPED_PATHS", 0)
    repository.put("a.py", CONFLICT)
    assert inspection.conflicts(draft, changes(draft)) == [("a.py", 2)]


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
