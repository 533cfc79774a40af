from dataclasses import dataclass

from devtools.commit.limits import measure
from devtools.commit.summary import NAMED, Summary, blocks
from devtools.findings import Problem
from devtools.project.config import Config


@dataclass(frozen=True)
class Change:
    path: str
    status: str = "M"
    added: int = 2
    deleted: int = 1
    binary: bool = False


CHANGES = (Change("a.py"), Change("x\ny.py", "A"), Change("p.png", binary=True), Change("uv.lock"))
DIFF = """diff --git a/a.py b/a.py
index 1..2 100644
--- a/a.py
+++ b/a.py
@@ -1 +1,2 @@
-a
+b
+c
diff --git a/p.png b/p.png
index 1..2 100644
Binary files a/p.png and b/p.png differ
diff --git a/gone b/gone
deleted file mode 100644
--- a/gone
+++ /dev/null
@@ -1 +0,0 @@
-x
"""


def summary(**values):
    base = {"branch": "main", "staged": True, "changes": CHANGES, "size": measure(CHANGES, Config())}
    return Summary(**{**base, "beside": ("b.py",), "subjects": ("feat: last",), "diff": DIFF, **values})


def test_size_problems_and_the_way_on_always_stand():
    shown = blocks(summary(), Config(), [Problem("too-many-files", "4 files")])
    pinned = [block.full for block in shown if block.pinned]
    assert pinned[0] == "staged on main: 2 of 3 files, 6 of at most 499 lines (+4 -2)"
    assert pinned[1] == "too-many-files: 4 files"
    assert pinned[2].startswith("message: TYPE(SCOPE): WHAT in 72 characters, blank line, why; feat, fix, docs")
    assert pinned[3] == "then: devtools commit -m MESSAGE [--insight TEXT] [--topic NAME]"


def test_each_file_is_a_line_that_says_what_does_not_count():
    lines = [block.full for block in blocks(summary(), Config(), []) if not block.pinned][:6]
    assert lines[:2] == ["M a.py +2 -1", "A x\\ny.py +2 -1"]
    assert lines[2:4] == ["M p.png binary (does not count)", "M uv.lock +2 -1 (does not count)"]
    assert lines[4:] == ["beside, not staged: b.py", "before: feat: last"]


def test_the_diff_stands_without_its_heads_and_each_file_folds_to_its_name():
    first, second, third = blocks(summary(), Config(), [])[-3:]
    assert (first.full, first.brief) == ("== a.py\n@@ -1 +1,2 @@\n-a\n+b\n+c", "== a.py: 4 lines of diff")
    assert second.full == "== a file without text\nBinary files a/p.png and b/p.png differ"
    assert third.full == "== gone\ndeleted file mode 100644\n@@ -1 +0,0 @@\n-x"


def test_a_name_with_unusual_bytes_stands_over_its_diff_as_git_writes_it():
    diff = 'diff --git "a/x\\ny.py" "b/x\\ny.py"\n--- /dev/null\n+++ "b/x\\ny.py"\n@@ -0,0 +1 @@\n+x\n'
    assert blocks(summary(diff=diff), Config(), [])[-1].full.splitlines()[0] == "== x\\ny.py"


def test_what_is_not_staged_asks_for_paths_and_many_names_are_counted():
    shown = blocks(summary(staged=False, beside=tuple(f"{n}" for n in range(NAMED + 2))), Config(), [])
    texts = [block.full for block in shown]
    assert texts[0].startswith("not staged on main: ")
    assert any(text.endswith("[--topic NAME] PATH...") for text in texts)
    assert any(text.endswith("19, and 2 more") for text in texts)
    assert not any("beside" in block.full for block in blocks(summary(beside=()), Config(), []))


def test_json_has_the_rows_the_limits_and_the_types():
    entry = summary().to_json(Config())
    assert entry["staged"][0] == {"path": "a.py", "status": "M", "added": 2, "deleted": 1, "counted": True}
    assert (entry["files"], entry["limits"], entry["types"][0]) == (
        2,
        {"files": 3, "lines": 500, "subject": 72},
        "feat",
    )
    assert "unstaged" in summary(staged=False).to_json(Config())
