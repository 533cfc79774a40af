import ast
import atexit
import importlib.machinery
import json
import os
import subprocess
import sys
import types

import pytest

from devtools.runner.inside.startup import sitecustomize as hook

CODE = "def f(x):\n    'words'\n    if x: y = 1\n    return y\n"


@pytest.fixture
def run(tmp_path):
    """Start a Python as the tests of a snapshot would; returns its output and what it told."""
    root, main = tmp_path / "snapshot", tmp_path / "main"
    for folder in (root, main):
        (folder / "space").mkdir(parents=True)
        (folder / "pkg.py").write_text(f"{CODE}HERE = {folder.name!r}\n")
        (folder / "space" / "part.py").write_text(f"HERE = {folder.name!r}\n")
    (main / "only.py").write_text("")
    spec = {
        "token": "t",
        "plugin": "",
        "root": str(root),
        "main": str(main),
        "roots": [str(root)],
        "names": ["pkg"],
        "tops": ["pkg", "space"],
        "probes": {"pkg.py": {"statements": [[3, 10, 1], [4, 4, 2]], "functions": [[1, 0, 3]]}},
        "seen": str(tmp_path / "seen"),
    }
    (tmp_path / "spec.json").write_text(json.dumps(spec))

    def start(code, **env):
        path = os.pathsep.join([os.path.dirname(hook.__file__), str(root), str(main)])
        env = {
            **os.environ,
            "PYTHONPATH": path,
            hook.HASHES: "0",
            hook.SPEC: f"gone.json{os.pathsep}{tmp_path / 'spec.json'}",
            **env,
        }
        done = subprocess.run(
            [sys.executable, "-c", code], cwd=main, env=env, capture_output=True, text=True, check=True
        )
        told = (tmp_path / "seen").read_text().split("\n") if (tmp_path / "seen").exists() else []
        return done.stdout.strip(), told

    return start


def test_a_child_imports_the_snapshot_and_tells_what_it_executed(run):
    out, told = run("import pkg; print(pkg.HERE, pkg.f(1), pkg.f(1))")
    assert out == "snapshot 1 1"
    assert sorted(filter(None, told)) == ["1", "2", "3"]


def test_statements_of_one_line_are_told_apart(run):
    assert "1" not in run("import pkg\ntry: pkg.f(0)\nexcept NameError: pass")[1]


def test_a_namespace_package_comes_from_the_snapshot_too(run):
    assert run("from space.part import HERE; print(HERE)")[0] == "snapshot"


def test_an_emptied_function_returns_none_in_a_child(run):
    assert run("import pkg; print(pkg.f(1))", SITE_MUTANT_t="3")[0] == "None"


def test_a_module_of_the_working_tree_is_told(run, tmp_path):
    code = f"import sys; sys.path.insert(0, {str(tmp_path / 'main')!r}); import only"
    assert run(code)[1] == [f"foreign {os.path.realpath(tmp_path / 'main' / 'only.py')}", ""]
    assert run("import json")[1][2:] == []


def test_a_script_of_an_environment_within_the_working_tree_is_installed(tmp_path, monkeypatch):
    script = tmp_path / "main" / ".venv" / "bin" / "tool"
    script.parent.mkdir(parents=True)
    script.write_text("")
    spec = {"root": str(tmp_path / "snapshot"), "main": str(tmp_path / "main"), "names": ["pkg"], "plugin": "/plugin"}
    monkeypatch.setitem(sys.modules, "a_tool", types.SimpleNamespace(__file__=str(script)))
    assert str(script) in hook.foreign(spec)
    monkeypatch.setattr(sys, "prefix", str(tmp_path / "main" / ".venv"))
    assert str(script) not in hook.foreign(spec)


SHOW = "import os; print({name: os.environ.get(name) for name in ('PYTHONPATH', 'SITE_SPEC', 'PYTHONHASHSEED')})"
STARTS = {
    "inherited": "subprocess.check_call([sys.executable, '-c', code])",
    "copied": "subprocess.check_call([sys.executable, '-c', code], env={**os.environ, 'X': '1'})",
    "emptied": "os.environ.clear(); subprocess.check_call([sys.executable, '-c', code])",
    "spawned": "os.waitpid(os.posix_spawn(sys.executable, ['python', '-c', code], dict(os.environ)), 0)",
    "by a shell": "os.system(f'{sys.executable} -c {shlex.quote(code)}')",
    "replaced": "os.execve(sys.executable, ['python', '-c', code], {**os.environ, 'X': '1'})",
}


@pytest.mark.parametrize("how", STARTS)
def test_a_grandchild_is_seen_too_and_finds_no_variable_of_ours(run, tmp_path, how):
    code = f"import pkg; print(pkg.HERE, pkg.f(1)); {SHOW}"
    out, told = run(f"import os, shlex, subprocess, sys\ncode = {code!r}\n{STARTS[how]}")
    path = None if how == "emptied" else str(tmp_path / "snapshot")
    expected = {"PYTHONPATH": path, "SITE_SPEC": None, "PYTHONHASHSEED": None}
    assert out.splitlines() == ["snapshot 1", str(expected)]
    assert sorted(filter(None, told)) == ["1", "2", "3"]


def test_an_environment_of_the_test_s_own_stays_as_it_is(run):
    code = "import subprocess; print(subprocess.check_output(['env'], env={'A': '1'}, text=True))"
    assert run(code)[0] == "A=1"


def test_a_child_finds_no_module_or_folder_of_ours(run):
    out, _ = run(
        "import sys; print([each for each in (*sys.modules, *sys.path) if 'sitecustomize' in each or 'hook' in each])"
    )
    assert out == "[]"


def test_a_sitecustomize_of_the_person_s_own_is_loaded_all_the_same(run, tmp_path):
    (tmp_path / "main" / "sitecustomize.py").write_text("import sys\nsys.persons = __file__\n")
    out, _ = run("import sys, pkg, sitecustomize; print(sys.persons == sitecustomize.__file__, pkg.HERE)")
    assert out == "True snapshot"


def test_specs_of_a_proof_within_a_proof_are_handed_on_together(monkeypatch):
    spec = {"root": "/snapshot", "main": "/main", "roots": ["/snapshot/src"]}
    carried = hook.Carried()
    carried.values[hook.SPEC] = "/inner.json"
    carried.front, carried.moved = ["/hook", "/snapshot/src"], lambda path: hook.moved(path, spec)
    monkeypatch.setenv("PYTHONPATH", "/main/lib")
    found = carried.into({**os.environ, hook.SPEC: "/outer.json"} if carried.has(None) else None)
    assert found == {**os.environ, hook.SPEC: "/outer.json"}, "no variable of this process is in it: it is the caller's"
    carried.names = frozenset(os.environ)
    found = carried.into({**os.environ, hook.SPEC: "/outer.json"})
    assert found["PYTHONPATH"].split(os.pathsep) == ["/hook", "/snapshot/src", "/snapshot/lib"]
    assert found[hook.SPEC].split(os.pathsep) == ["/outer.json", "/inner.json"]


def test_only_paths_of_the_working_tree_are_moved():
    spec = {"root": "/work/scratch", "main": "/work"}
    kept = ("/work/.venv/lib/site-packages", "/work/scratch/a", "/workshop", "/usr/lib")
    assert [hook.moved(path, spec) for path in kept] == list(kept)
    assert hook.moved("/work/src", spec) == "/work/scratch/src"


def test_probes_keep_docstrings_and_places():
    tree = ast.parse(CODE)
    hook.place(tree, {"statements": [[3, 4, 1]], "functions": [[1, 0, 2]]}, "t")
    assert ast.get_docstring(tree.body[0]) == "words"
    assert ast.unparse(tree).splitlines()[2:5] == [
        "    if __mutant_t__(2):",
        "        return",
        "    __probe_t__(1)",
    ]
    assert {node.lineno for node in ast.walk(tree) if hasattr(node, "lineno")} == {1, 2, 3, 4}


def test_what_cannot_be_written_is_not_told_and_breaks_nothing(tmp_path):
    hook.Coverage(str(tmp_path / "no" / "folder"), "t", main=False).probe(1)


@pytest.fixture
def installed(tmp_path, monkeypatch):
    """Installs the hook in this process, but for what could not be taken back: that comes back as a list."""
    (tmp_path / "root").mkdir()
    for name in ("plain", "probed"):
        (tmp_path / "root" / f"{name}_of_marks.py").write_text("def f():\n    return 1\n")
    spec = {
        "token": "marks",
        "plugin": "",
        "root": str(tmp_path / "root"),
        "main": str(tmp_path),
        "names": [],
        "tops": [],
    }
    probes = {"probed_of_marks.py": {"statements": [[2, 4, 1]], "functions": []}}
    spec |= {"roots": [str(tmp_path / "root")], "probes": probes, "seen": str(tmp_path / "seen")}
    (tmp_path / "spec.json").write_text(json.dumps({**spec, "marks": str(tmp_path / "marks")}))
    kept = []
    loader = importlib.machinery.SourceFileLoader
    monkeypatch.setattr(loader, "get_code", loader.get_code)
    monkeypatch.setattr(sys, "path", list(sys.path))
    monkeypatch.setattr(sys, "meta_path", list(sys.meta_path))
    monkeypatch.setattr(sys, "orig_argv", ["python", str(tmp_path / "root" / "plain_of_marks.py")])
    monkeypatch.setattr(sys, "addaudithook", kept.append)
    monkeypatch.setattr(atexit, "register", kept.append)
    hook.watch(str(tmp_path / "spec.json"))
    yield kept
    for name in ("plain_of_marks", "probed_of_marks"):
        sys.modules.pop(name, None)


def test_with_marks_every_file_of_the_snapshot_tells_of_its_functions(installed, tmp_path):
    for name in ("plain_of_marks", "probed_of_marks"):
        assert importlib.import_module(name).f() == 1
    assert len(installed) == 3
    audit, leave, _ = installed
    with open(tmp_path / "root" / "plain_of_marks.py") as stream:
        audit("open", (stream.name, "r", 0))
    leave()
    told = [json.loads(line)[:2] for line in (tmp_path / "marks.0").read_text().splitlines()]
    whole, *rest = told
    assert whole == ["whole", "plain_of_marks.py"]
    loaded = [["loaded", "plain_of_marks.py"], ["entered", "plain_of_marks.py"]]
    probed = [["loaded", "probed_of_marks.py"], ["entered", "probed_of_marks.py"]]
    assert rest == [*loaded, *probed, ["read", "plain_of_marks.py"]]
    assert (tmp_path / "seen").read_text() == "1\n"


def test_an_expression_tells_when_it_is_evaluated_and_what_has_no_place_is_not_missed():
    tree = ast.parse("def f(a):\n    return [1 if a else 2, (lambda: a or 3)()]\n")
    branches = [[2, 12, 2, 13, 1], [2, 24, 2, 25, 2], [2, 41, 2, 42, 3], [9, 0, 9, 1, 4]]
    hook.place(tree, {"statements": [], "functions": [], "branches": branches}, "t")
    told = []
    names = {"__probe_t__": told.append}
    exec(compile(tree, "f.py", "exec"), names)
    assert told == [4]
    assert names["f"](5) == [1, 5]
    assert told == [4, 1]
    assert names["f"](0) == [2, 3]
    assert told == [4, 1, 2, 3]


def test_what_each_run_needs_is_loaded_and_looked_at_once(monkeypatch):
    monkeypatch.setattr(hook, "_beside", {})
    monkeypatch.setattr(hook, "_reals", {})
    hook.warm()
    assert hook.beside("channel") is hook.beside("channel")
    assert (set(hook._beside), hook._reals[json.__file__]) == (
        {"channel", "footprint", "innermost"},
        os.path.realpath(json.__file__),
    )
