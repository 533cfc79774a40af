"""What a process does with the files of a snapshot, as marks."""

import ast
import json
import os
import sys
import types

import pytest

from devtools.runner.inside.startup import footprint as hook
from devtools.runner.inside.startup.sitecustomize import Carried
from devtools.syntax.module import callables

HANDED = {"HOME": "/", "LANG": "C", "USER": "x"}

CODE = '''
def f(x):
    """Words."""
    return [x]

class C:
    if True:
        def g(self):
            return 1
try:
    pass
except ValueError:
    def h(): pass
'''


@pytest.fixture
def seen(tmp_path, monkeypatch):
    """A footprint of a process that is not pytest's own, and the marks that it told."""
    (tmp_path / "root").mkdir()
    spec = {"root": str(tmp_path / "root"), "marks": str(tmp_path / "marks"), "codes": str(tmp_path / "codes")}
    carried = Carried()
    carried.names = frozenset(HANDED)
    made = hook.Marks({**spec, "token": "t"}, carried, main=False)
    monkeypatch.setattr(made, "pid", 0)
    monkeypatch.chdir(tmp_path)
    return made


def told(seen):
    return [json.loads(line)[:2] for line in open(seen.target)] if os.path.exists(seen.target) else []


def test_functions_tell_of_their_entry_wherever_they_stand(seen, tmp_path):
    path = str(tmp_path / "root" / "a.py")
    for _ in ("compiled", "from the cache"):
        names = {seen.probe: seen.mark}
        exec(seen.code(path, CODE.encode()), names)
        assert (names["f"](1), names["f"].__doc__, names["C"]().g()) == ([1], "Words.", 1)
    assert {tuple(json.loads(each)) for each in seen.marks} == {("entered", "a.py", "f"), ("entered", "a.py", "C.g")}
    assert len(os.listdir(tmp_path / "codes")) == 1


def test_a_cache_that_has_grown_large_starts_anew(seen, tmp_path, monkeypatch):
    monkeypatch.setattr(hook, "KEPT", 1)
    for name in "abc":
        seen.code(str(tmp_path / "root" / f"{name}.py"), b"x = 1\n")
    assert len(os.listdir(tmp_path / "codes")) == 1
    (tmp_path / "file").write_text("")
    seen.codes = str(tmp_path / "file")
    assert seen.code("a.py", b"x = 1\n").co_filename == "a.py"


def test_functions_have_the_names_that_the_core_gives_them():
    tree = ast.parse(CODE)
    assert [name for name, _ in hook.callables(tree.body)] == [name for name, _ in callables(tree.body)]


def test_a_mark_is_told_once_and_under_the_test_file_at_work(seen, tmp_path):
    seen.note("read", "a")
    seen.note("read", "a")
    assert told(seen) == [["read", "a"]]
    seen.of(3)
    seen.note("read", "a")
    assert (seen.target[-2:], seen.carried.values[seen.variable]) == (".3", "3")
    assert (told(seen), len(seen.marks)) == ([], 1)
    seen.pid, seen.target = 0, str(tmp_path / "no" / "folder.0")
    seen.note("read", "b")
    assert len(seen.marks) == 2


def test_files_of_the_root_that_are_read_are_marked(seen, tmp_path):
    for path, mode, flags in [
        ("root/data.json", "r", 0),
        (b"root/more.json", None, os.O_RDONLY),
        ("root/a.pyc", "r", 0),
        ("root/out", "w", 0),
        ("root/log", None, os.O_WRONLY),
        ("elsewhere", "r", 0),
        (3, "r", 0),
    ]:
        seen.audit("open", (path, mode, flags))
    assert told(seen) == [["read", "data.json"], ["read", "more.json"]]


def test_who_asks_through_pathlib_is_who_called_it(seen, tmp_path):
    names = {}
    exec(compile("def read(seen): seen.audit('open', ('root/a', 'r', 0))", "/lib/pathlib.py", "exec"), names)
    exec(compile("read(seen)", str(tmp_path / "root" / "x.py"), "exec"), {**names, "seen": seen})
    assert [json.loads(line) for line in seen.marks] == [["read", "a", "x.py"]]


def test_what_the_audit_cannot_take_in_is_unseen(seen):
    seen.audit("open", ())
    assert told(seen) == [["opaque", ""]]


def test_folders_that_are_listed_are_marked(seen, tmp_path):
    seen.audit("os.listdir", ("root",))
    seen.audit("os.scandir", (str(tmp_path),))
    seen.audit("os.scandir", (None,))
    exec(compile("seen.audit('os.listdir', ('root/a',))", str(tmp_path / "root" / "x.py"), "exec"), {"seen": seen})
    seen.audit("compile", ())
    assert told(seen) == [["listed", ""], ["listed", "a"]]
    assert '"x.py"' in "".join(seen.marks)


def test_what_pytest_reads_for_itself_is_no_mark_in_its_own_process(seen, tmp_path):
    seen.ignored = (*seen.ignored, "/_pytest/")
    names = {"seen": seen}
    exec(
        compile("seen.audit('open', ('root/a', 'r', 0)); seen.audit('os.listdir', ('root',))", "/_pytest/x", "exec"),
        names,
    )
    exec(compile("seen.audit('open', ('root/a', 'r', 0))", "<frozen importlib._bootstrap>", "exec"), names)
    assert told(seen) == []


@pytest.mark.parametrize(
    ("args", "cwd", "opaque"),
    [
        (["python3", "-c", "-I"], "root", False),
        (["python3", "-P", "a.py"], "root", False),
        (["python3"], "root", False),
        (["python3", "-I", "a.py"], "/", True),
        (["python3", "-uE"], "/", True),
        (["git", "status"], "/", False),
        (["git", "status"], "root", True),
        (["git", "-C", "{root}"], "/", True),
        (["env", "-i", "python"], "/", True),
    ],
)
def test_a_program_that_nobody_can_see_into_is_marked(seen, tmp_path, args, cwd, opaque):
    words = [each.format(root=tmp_path / "root") for each in args]
    seen.audit("subprocess.Popen", (args[0], words, cwd, HANDED))
    assert told(seen) == ([["opaque", ""]] if opaque else [])


@pytest.mark.parametrize(
    ("event", "args"),
    [
        ("subprocess.Popen", ("python", ["python"], "/", {})),
        ("os.posix_spawn", ("/bin/git", ["git"], {b"PATH": b""})),
        ("os.exec", ("/bin/git", ("git",), {})),
        ("os.spawn", (0, "/bin/git", ["git"], {})),
    ],
)
def test_a_program_without_the_environment_is_marked_however_it_starts(seen, event, args):
    seen.audit(event, args)
    assert told(seen) == [["opaque", ""]]


def test_a_shell_that_may_look_at_the_snapshot_is_marked(seen, tmp_path):
    seen.audit("os.system", ("git status",))
    assert told(seen) == []
    seen.audit("os.system", (f"cat {tmp_path}/root/a",))
    assert told(seen) == [["opaque", ""]]


def test_scripts_and_modules_that_were_loaded_unseen_count_whole(seen, tmp_path, monkeypatch):
    for name in ("script.py", "odd.py", "seen.py"):
        (tmp_path / "root" / name).write_text("")
    monkeypatch.setattr(sys, "orig_argv", ["python", "-u", str(tmp_path / "root" / "script.py"), "root"])
    seen.arrive()
    for name in ("odd", "seen"):
        monkeypatch.setitem(sys.modules, name, types.SimpleNamespace(__file__=str(tmp_path / "root" / f"{name}.py")))
    seen.note("loaded", "seen.py")
    seen.leave()
    assert told(seen) == [["whole", "script.py"], ["loaded", "seen.py"], ["whole", "odd.py"]]
    seen.of(1)
    os.environ.pop(seen.variable, None)
    seen.leave()
    assert told(seen) == []
