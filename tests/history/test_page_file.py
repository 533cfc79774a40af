import os

import pytest

from devtools.errors import UsageError
from devtools.history.page_file import save
from devtools.history.template import MARK


def refused(path):
    with pytest.raises(UsageError) as error:
        save(str(path), MARK + "x")
    return str(error.value)


def test_a_page_is_written_whole_or_not_at_all(tmp_path):
    for text in ("é", "more\ud800"):
        save(str(tmp_path / "page.html"), MARK + text)
    assert (tmp_path / "page.html").read_bytes() == f"{MARK}more?".encode()
    assert os.stat(tmp_path / "page.html").st_mode & 0o777 == 0o644
    (tmp_path / "folder").mkdir()
    for path in ("folder", "none/page.html", "page.html/page.html"):
        assert "cannot write" in refused(tmp_path / path)
    assert sorted(os.listdir(tmp_path)) == ["folder", "page.html"]


@pytest.mark.parametrize(
    "name",
    [
        *(
            ".git/config",
            ".git/new",
            ".GIT/new",
            ".git/devtools/cycle.json",
            ".git/devtools/new",
            ".git/hooks/pre-commit",
        ),
        *(".claude/settings.json", ".claude/new.md", "sub/.claude/settings.local.json", "a.py", "LEARNINGS.md", "pipe"),
        *("to-git/config", "to-git/new", "to-home/.bashrc", "to-home/new", "linked.html", "dangling.html", "bare/new"),
        *("sub/../.git/new", "to-git/devtools/new"),
    ],
)
def test_nothing_is_written_but_a_new_file_or_a_page_of_ours(repository, tmp_path, name):
    home = tmp_path / "home"
    home.mkdir()
    (home / ".bashrc").write_text("theirs\n")
    for path in ("a.py", "LEARNINGS.md", ".claude/settings.json", "sub/.claude/settings.local.json"):
        repository.put(path, f"theirs {MARK}")
    repository.keep("cycle.json", "{}")
    repository.git("init", "-q", "--bare", "bare")
    repository.put("page.html", MARK)
    for link, target in (
        ("to-git", ".git"),
        ("to-home", "../home"),
        ("linked.html", "page.html"),
        ("dangling.html", "x"),
    ):
        os.symlink(target, link)
    os.mkfifo("pipe")

    def world():
        return {
            (folder, each): os.lstat(os.path.join(folder, each)).st_ino
            for top in (str(repository.path), str(home))
            for folder, _, files in os.walk(top)
            for each in files
        }

    before = world()
    assert refused(name).startswith(f"cannot write {name}")
    assert world() == before


def test_a_page_may_go_outside_of_the_repository_and_over_an_older_one(repository, tmp_path, monkeypatch):
    os.symlink(repository.path, tmp_path / "way")
    monkeypatch.chdir(tmp_path / "way")
    for path in ("page.html", str(tmp_path / "page.html"), str(tmp_path / "way" / "page.html")):
        save(path, f"{MARK}{path}")
    assert (repository.path / "page.html").read_text() == f"{MARK}{tmp_path}/way/page.html"
