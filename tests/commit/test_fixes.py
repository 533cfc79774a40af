import os
from dataclasses import replace

import pytest

from devtools.commit import fixes, message
from devtools.commit.judge import Case
from devtools.git import draft as drafts
from devtools.git import snapshot
from devtools.project.project import load
from devtools.system.store import Store

UGLY = "import os\nx = {  'a':1 }\n"
FINE = 'x = {"a": 1}\n'


@pytest.fixture
def fixed(repository):
    """Stages these files over a repository, and applies the fixes to the draft; a file of None is a link."""
    repository.put("old.py", UGLY)
    repository.commit()

    def call(files, settings="", python=""):
        repository.put("pyproject.toml", f"[project]\nname = 'x'\n{settings}")
        repository.commit()
        for name, content in files.items():
            path = repository.path / name
            path.parent.mkdir(exist_ok=True)
            if content is None:
                path.symlink_to("old.py")
            else:
                path.write_bytes(content.encode() if isinstance(content, str) else content)
        repository.git("add", "-A")
        project = load(str(repository.path))
        project = replace(project, python=python or project.python)
        place = drafts.find(project.root)
        with drafts.held(place), drafts.opened(place) as draft:
            case = Case(project, Store(project.root), draft.head.tree, draft.tree(), message.parse("feat: x"), draft)
            found, note = fixes.into_draft(case, draft)
            return place, found, note, draft.tree()

    return call


def content(repository, tree, path):
    return snapshot.read(str(repository.path), tree, path)


def test_the_formatter_and_the_safe_fixes_change_the_draft_and_nothing_that_lies_here(fixed, repository):
    _, found, note, tree = fixed({"a.py": UGLY, "b.py": FINE, "c.txt": UGLY})
    assert ([fix.path for fix in found], note) == (["a.py"], "")
    assert content(repository, tree, "a.py") == FINE.encode()
    assert content(repository, tree, "c.txt") == UGLY.encode()
    assert (repository.path / "a.py").read_text() == UGLY
    assert repository.git("show", ":a.py") == UGLY


def test_a_file_that_the_commit_does_not_change_stays_as_ugly_as_it_is(fixed, repository):
    _, found, _, tree = fixed({"a.py": UGLY})
    assert [fix.path for fix in found] == ["a.py"]
    assert content(repository, tree, "old.py") == UGLY.encode()


def test_an_unsafe_fix_is_not_made_though_the_project_asks_for_it(fixed, repository):
    settings = "[tool.ruff]\nunsafe-fixes = true\n[tool.ruff.lint]\nselect = ['F']\n"
    _, found, _, _ = fixed({"a.py": "def f():\n    x = 1\n"}, settings)
    assert found == ()


def test_the_project_s_own_settings_decide_what_is_looked_at_and_how(fixed, repository):
    settings = "[tool.ruff]\nextend-exclude = ['gen']\nformat.quote-style = 'preserve'\n"
    _, found, _, tree = fixed({"a.py": UGLY, "gen/b.py": UGLY}, settings)
    assert [fix.path for fix in found] == ["a.py"]
    assert content(repository, tree, "a.py") == b"x = {'a': 1}\n"


def test_a_check_of_the_project_s_own_takes_the_place_of_the_fixer(fixed, repository):
    _, _, note, tree = fixed({"a.py": UGLY}, "[tool.devtools.checks]\nformat = 'true'\n")
    assert (note, content(repository, tree, "a.py")) == ("", b"x = {  'a':1 }\n")
    both = "[tool.devtools.checks]\nlint = 'true'\nformat = 'true'\n"
    assert fixed({"b.py": UGLY}, both)[1:3] == ((), "--fix changed nothing: this project has its own checks")


def test_fixes_that_would_go_over_the_limits_are_not_taken(fixed, repository):
    lines = "x = [" + ",".join(str(number) * 9 for number in range(30)) + "]\n"
    _, found, note, tree = fixed({"a.py": lines}, "[tool.devtools]\nmax-lines = 20\n")
    assert (found, note) == ((), "--fix changed nothing: its changes would be too-many-lines")
    assert content(repository, tree, "a.py") == lines.encode()


def test_other_bytes_modes_links_and_broken_files_are_kept(fixed, repository):
    latin = b"# -*- coding: latin-1 -*-\nx = '\xe9'\n"
    repository.put("run.py", "")
    (repository.path / "run.py").chmod(0o755)
    files = {"win.py": "x = {  'a':1 }\r\n", "latin.py": latin, "run.py": UGLY, "broken.py": "def f(:\n", "-é.py": UGLY}
    _, found, _, tree = fixed(files)
    assert {fix.path: fix.mode for fix in found} == {"win.py": "100644", "run.py": "100755", "-é.py": "100644"}
    assert content(repository, tree, "win.py") == b'x = {"a": 1}\r\n'
    assert content(repository, tree, "latin.py") == latin
    assert snapshot.entries(str(repository.path), tree)["run.py"][0] == "100755"


def test_a_working_file_gets_its_fix_only_where_it_holds_what_was_staged(fixed, repository):
    place, found, _, _ = fixed(dict.fromkeys(("same.py", "gone.py", "other.py", "done.py", "run.py"), UGLY))
    (repository.path / "run.py").chmod(0o755)
    (repository.path / "gone.py").unlink()
    repository.put("other.py", UGLY + "y = 1\n")
    repository.put("done.py", FINE)
    assert fixes.left(place, found, committed=False) == ["gone.py", "other.py"]
    assert fixes.left(place, found, committed=True) == ["gone.py", "other.py", "run.py", "same.py"]
    fixes.into_tree(place, found)
    assert fixes.left(place, found, committed=True) == ["gone.py", "other.py"]
    assert (repository.path / "same.py").read_text() == FINE
    assert (repository.path / "other.py").read_text() == UGLY + "y = 1\n"
    assert os.access(repository.path / "run.py", os.X_OK)
    assert not (repository.path / "gone.py").exists()
    assert not [name for name in os.listdir(place.path("")) if name.startswith("fix")]


def test_what_a_ruff_left_that_did_not_come_to_its_end_is_not_taken(fixed, repository, tmp_path):
    (tmp_path / "ruff").write_text(
        '#!/bin/sh\ncase "$*" in *--show*) echo "$PWD/a.py"; exit;; esac\necho >a.py; exit 101\n'
    )
    (tmp_path / "ruff").chmod(0o755)
    _, found, note, tree = fixed({"a.py": UGLY}, python=str(tmp_path / "python"))
    assert (found, note, content(repository, tree, "a.py")) == ((), "", UGLY.encode())
