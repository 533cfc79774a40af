"""The run inside the project's interpreter: what it imports, which statements it sees, what emptied functions do."""

import json
import os
import sys
import textwrap
from dataclasses import replace

import pytest

from devtools.runner.snapshot import Order, environment, joined, run_proof
from devtools.system import bounds

PKG = """
    import threading

    def used(x):
        if x: y = 1
        else: y = 2
        return y

    def in_thread():
        return [0]

    def gone():
        return 5
"""
TEST = """
    import os, subprocess, sys, threading
    import pkg

    def test_used():
        assert pkg.used(1) == 1

    def test_thread():
        thread = threading.Thread(target=pkg.in_thread)
        thread.start(); thread.join()

    def test_child():
        code = "import pkg; print(pkg.gone())"
        assert subprocess.check_output([sys.executable, "-c", code], cwd="/", text=True) == "5\\n"
"""


@pytest.fixture
def world(tmp_path):
    """A snapshot folder and the working tree beside it, whose code must never be what is tested."""
    for place in ("snapshot", "main"):
        (tmp_path / place).mkdir()
        (tmp_path / place / "pkg.py").write_text(textwrap.dedent(PKG))
    (tmp_path / "main" / "pkg.py").write_text("raise RuntimeError('the wrong tree')\n")
    (tmp_path / "snapshot" / "test_pkg.py").write_text(textwrap.dedent(TEST))
    return tmp_path


def order(world, **options):
    main, snapshot = str(world / "main"), str(world / "snapshot")
    return run_proof(sys.executable, Order(snapshot, main, [""], ["pkg"], seconds=30, **options))


def outcomes(seen):
    return {test["name"]: test["outcome"] for test in seen.tests}


def test_the_snapshot_is_imported_by_the_tests_and_their_children(world, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", str(world / "main"), prepend=os.pathsep)
    seen = order(world)
    assert outcomes(seen) == {"test_used": "passed", "test_thread": "passed", "test_child": "passed"}
    assert (seen.foreign, seen.fault) == ((), "")


def test_tests_that_are_not_needed_do_not_run_and_their_file_is_partial(world):
    (world / "snapshot" / "test_more.py").write_text("def test_more():\n    pass\n")
    left = [("test_pkg.py", "test_child"), ("test_pkg.py", "test_thread"), ("test_gone.py", "test_gone")]
    seen = order(world, unneeded=left)
    assert (outcomes(seen), seen.partial) == ({"test_more": "passed", "test_used": "passed"}, {"test_pkg.py"})
    assert [item["name"] for item in seen.items] == ["test_more", "test_used"]
    assert joined(seen, order(world, files=["test_pkg.py"])).partial == frozenset()
    assert joined(order(world, files=["test_more.py"]), seen).partial == {"test_pkg.py"}


def test_two_runs_are_one(world):
    (world / "snapshot" / "test_more.py").write_text("import pkg\ndef test_more():\n    assert pkg.used(0) == 3\n")
    (world / "snapshot" / "test_broken.py").write_text("import nothing_such\n")
    probes = {"pkg.py": {"statements": [[5, 10, 1], [6, 10, 2]], "functions": []}}
    one = order(world, files=["test_pkg.py"], probes=probes)
    two = order(world, files=["test_more.py", "test_broken.py"], probes=probes)
    both = joined(one, two)
    assert outcomes(both) == {**outcomes(one), "test_more": "failed"}
    assert {number for test in both.tests for number in test["probes"]} == {1, 2}
    assert [each["path"] for each in both.uncollected] == ["test_broken.py"]
    assert (both.fault, both.log) == ("", f"{one.log}\n\n{two.log}")


@pytest.mark.parametrize(("named", "loaded"), [("", "True"), ("1", "False")])
def test_plugins_load_by_themselves_unless_the_environment_says_no(world, monkeypatch, named, loaded):
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", named)
    monkeypatch.setenv("PYTEST_ADDOPTS", "--collect-only")
    text = f"def test_plugins(request):\n    assert request.config.pluginmanager.hasplugin('xdist') is {loaded}\n"
    (world / "snapshot" / "test_pkg.py").write_text(text)
    assert outcomes(order(world)) == {"test_plugins": "passed"}


FINDER = """
import importlib.util, sys
class Finder:
    @classmethod
    def find_spec(cls, name, path=None, target=None):
        if name == "pkg":
            return importlib.util.spec_from_file_location(name, PATH)
sys.meta_path.insert(0, Finder)
"""


@pytest.mark.parametrize("how", ["path", "finder", "mapping"])
def test_an_editable_install_of_the_working_tree_is_not_what_is_tested(world, monkeypatch, how):
    """Put into the interpreter's start as pip's path files do it, ahead of everything."""
    main = str(world / "main")
    text = {
        "path": f"import sys; sys.path.insert(0, {main!r})\n",
        "finder": FINDER.replace("PATH", repr(f"{main}/pkg.py")),
        "mapping": "import sys, types; m = types.ModuleType('__editable___x_finder')\n"
        f"m.MAPPING = {{'pkg': {main!r}}}\n"
        "sys.modules['__editable___x_finder'] = m\n",
    }[how]
    (world / "start").mkdir()
    (world / "start" / "sitecustomize.py").write_text(text)
    monkeypatch.setenv("PYTHONPATH", str(world / "start"), prepend=os.pathsep)
    seen = order(world)
    assert (outcomes(seen)["test_used"], seen.foreign) == ("passed", ())


@pytest.mark.parametrize(
    "loading",
    ["exec(code)", "subprocess.check_call([sys.executable, '-c', code])"],
    ids=["in the test", "in a child"],
)
def test_code_loaded_from_the_working_tree_is_told(world, loading):
    (world / "main" / "other.py").write_text("X = 1\n")
    code = f"import sys; sys.path.insert(0, {str(world / 'main')!r}); import other"
    text = f"import subprocess, sys\ncode = {code!r}\ndef test_other():\n    {loading}\n"
    (world / "snapshot" / "test_pkg.py").write_text(text)
    seen = order(world)
    assert seen.foreign == (os.path.realpath(world / "main" / "other.py"),)


PROBES = {
    "pkg.py": {
        "statements": [[5, 10, 1], [6, 10, 2], [10, 4, 3], [13, 4, 4]],
        "functions": [[4, 0, 5], [9, 0, 6], [12, 0, 7]],
    }
}


def test_executed_statements_are_seen_by_test_in_threads_and_children(world):
    seen = order(world, probes=PROBES)
    assert {test["name"]: test["probes"] for test in seen.tests} == {
        "test_used": [1, 5],
        "test_thread": [3, 6],
        "test_child": [4, 7],
    }


def test_an_emptied_function_is_noticed_by_a_test_that_asserts(world):
    witnessed = [("test_pkg.py", name) for name in ("test_used", "test_thread", "test_child")]
    seen = order(world, probes=PROBES, functions=[5, 6, 7], witnessed=witnessed)
    assert seen.mutants == {5: True, 6: False, 7: True}
    assert order(world, probes=PROBES, functions=[5, 6, 7], witnessed=witnessed[:1]).mutants == {5: True}


def test_a_crash_of_the_interpreter_names_the_test_and_keeps_the_others(world):
    text = "import os\ndef test_a(): pass\ndef test_b(): os._exit(0)\ndef test_c(): assert 0\n"
    text += "def test_d(): os.abort()\ndef test_e(): pass\n"
    (world / "snapshot" / "test_pkg.py").write_text(text)
    seen = order(world)
    assert outcomes(seen) == {"test_a": "passed", "test_c": "failed", "test_e": "passed"}
    assert (seen.running, seen.fault, seen.overdue) == ("test_pkg.py::test_b", "", False)


def test_only_the_files_asked_for_are_collected(world):
    (world / "snapshot" / "test_other.py").write_text("1 / 0\n")
    assert order(world, files=["test_pkg.py"]).uncollected == []
    [broken] = order(world).uncollected
    assert (broken["path"], broken["raised"]["type"]) == ("test_other.py", "builtins.ZeroDivisionError")


def test_settings_that_deselect_or_parallelise_are_seen_or_undone(world, plugins):
    (world / "snapshot" / "pytest.ini").write_text("[pytest]\naddopts = -k used -n2 --ff\n")
    seen = order(world)
    assert outcomes(seen) == {"test_used": "passed"}
    assert {each["name"] for each in seen.deselected} == {"test_thread", "test_child"}


def test_a_broken_conftest_and_a_missing_pytest_are_told_apart(world, tmp_path):
    (world / "snapshot" / "conftest.py").write_text("1 / 0\n")
    seen = order(world)
    assert "ZeroDivisionError" in seen.broken
    assert seen.fault == ""
    python = tmp_path / "python"
    python.write_text(f'#!/bin/sh\nexec {sys.executable} -S "$@"\n')
    python.chmod(0o755)
    snapshot = str(world / "snapshot")
    assert "pytest is not installed" in run_proof(str(python), Order(snapshot, snapshot, [""], [])).fault


def test_a_snapshot_that_keeps_pytest_from_being_imported_is_told_by_its_own_error(world):
    (world / "snapshot" / "iniconfig.py").write_text("import iniconfig_made\n")
    fault = order(world).fault
    assert fault.endswith(": ModuleNotFoundError: No module named 'iniconfig_made'")
    assert "not installed" not in fault


def test_an_exception_is_data_with_its_places_and_whose_name_was_missing(world):
    lines = ["import pkg, json", "def test_a(): json.nonsense", "def test_b(): pkg.nonsense"]
    lines += ["def test_c(): pkg.used(z=1)"]
    lines += ["def test_d(): json.dumps()", "def test_e(): import pkg.nonsense", "def test_f(): raise Odd"]
    lines += ["def test_g(): raise ExceptionGroup('two', [ValueError('x')])"]
    lines += ["def test_h(): compile('(', 'f.py', 'exec')"]
    lines += ["class Odd(Exception):", "    def __str__(self): raise ValueError"]
    (world / "snapshot" / "test_pkg.py").write_text("\n".join(lines))
    seen = {test["name"][-1]: test["raised"] for test in order(world).tests}
    path = str(world / "snapshot" / "pkg.py")
    assert [seen[name].get("owner") for name in "bcd"] == [path, path, None]
    assert seen["a"]["owner"] == json.__file__
    assert (seen["e"]["module"], seen["e"]["bases"][:2]) == ("pkg.nonsense", ["ModuleNotFoundError", "ImportError"])
    assert (seen["f"]["text"], seen["f"]["frames"][-1][1:]) == ("", [7, "test_f"])
    assert [each["text"] for each in seen["g"]["within"]] == ["x"]
    assert seen["h"]["file"] == "f.py"


def test_statements_executed_by_imports_are_seen_too(world):
    probes = {"pkg.py": {"statements": [[2, 0, 1], [5, 4, 2]], "functions": []}}
    assert order(world, probes=probes).imported == (1,)


def test_each_file_has_a_footprint_of_its_own(world):
    text = "import json, os, pkg\nCASES = os.listdir('.')\ndef test_more():\n    assert pkg.used(0) == 2\n"
    reading = "def test_reading():\n    assert json.load(open('data.json')) == {}\n    import late\n"
    (world / "snapshot" / "test_more.py").write_text(text + reading)
    (world / "snapshot" / "late.py").write_text("")
    (world / "snapshot" / "data.json").write_text("{}")
    seen = order(world, footprints=True, codes=str(world / "codes"))
    assert set(outcomes(seen).values()) == {"passed"}
    marks = {path: {tuple(json.loads(line)) for line in lines} for path, lines in seen.footprints.items()}
    assert {name for kind, _, name in marks["test_pkg.py"] if kind == "entered"} == {"used", "in_thread", "gone"}
    assert {name for kind, _, name in marks["test_more.py"] if kind == "entered"} == {"used"}
    assert {("read", "data.json", "test_more.py"), ("loaded", "late.py", "")} <= marks["test_more.py"]
    assert {("listed", "", "test_more.py"), ("loaded", "pkg.py", ""), ("whole", "test_pkg.py", "")} <= marks[""]
    both = joined(seen, order(world, files=["test_pkg.py"], footprints=True))
    assert both.footprints == seen.footprints


def test_a_later_file_finds_nothing_that_an_earlier_one_left(world):
    (world / "snapshot" / "pkg.py").write_text("KNOWN = []\n")
    for name in "ab":
        text = "import pkg\ndef test_known():\n    pkg.KNOWN.append(1)\n    assert pkg.KNOWN == [1]\n"
        (world / "snapshot" / f"test_{name}.py").write_text(text)
    (world / "snapshot" / "test_pkg.py").unlink()
    assert [test["outcome"] for test in order(world, footprints=True).tests] == ["passed", "passed"]
    assert [test["outcome"] for test in order(world).tests] == ["passed", "failed"]


def test_what_emptied_functions_do_is_no_footprint(world):
    (world / "snapshot" / "data.json").write_text("{}")
    text = "import pkg\ndef test_used():\n    assert pkg.used(1) or open('data.json')\n    assert pkg.used(1)\n"
    (world / "snapshot" / "test_pkg.py").write_text(text)
    witnessed = [("test_pkg.py", "test_used")]
    seen = order(world, probes=PROBES, functions=[5], witnessed=witnessed, footprints=True)
    assert seen.mutants == {5: True}
    assert not [line for line in seen.footprints["test_pkg.py"] if "data.json" in line]


def test_a_script_of_the_snapshot_runs_and_counts_whole(world):
    (world / "snapshot" / "script.py").write_text("print('ran')\n")
    path = str(world / "snapshot" / "script.py")
    text = "import subprocess, sys\ndef test_script():\n"
    text += f"    assert subprocess.check_output([sys.executable, {path!r}], text=True) == 'ran\\n'\n"
    (world / "snapshot" / "test_pkg.py").write_text(text)
    seen = order(world, footprints=True)
    assert outcomes(seen) == {"test_script": "passed"}
    assert '["whole", "script.py", ""]' in seen.footprints["test_pkg.py"]


def test_the_files_after_one_that_ended_the_interpreter_run_all_the_same(world):
    (world / "snapshot" / "test_a.py").write_text("import os\ndef test_a(): os._exit(3)\n")
    seen = order(world, files=["test_a.py", "test_pkg.py"], footprints=True)
    assert set(outcomes(seen)) == {"test_used", "test_thread", "test_child"}
    assert (seen.running, seen.overdue) == ("test_a.py::test_a", False)
    assert "test_a.py" not in seen.footprints


def test_what_chooses_other_tests_or_another_repository_is_not_in_the_environment(monkeypatch):
    for name in ("GIT_DIR", "PYTEST_ADDOPTS", "COVERAGE_RUN", "KEPT_FOR_TESTS"):
        monkeypatch.setenv(name, "x")
    found = environment("/some/where/python")
    assert {"GIT_DIR", "PYTEST_ADDOPTS", "COVERAGE_RUN", "KEPT_FOR_TESTS"} & found.keys() == {"KEPT_FOR_TESTS"}
    assert (found["PATH"].split(os.pathsep)[0], found["PYTHONHASHSEED"]) == ("/some/where", "0")


TELLING = """
    import builtins, json, os, subprocess, sys, tempfile
    WORDS = ("devtools", "proof", "scratch")
    CODE = "import os, sys, json; print(json.dumps([dict(os.environ), sys.path, list(sys.modules), sys.argv]))"

    def shown(request):
        plugins = [repr(each) for each in request.config.pluginmanager.get_plugins()]
        options = [str(request.config.invocation_params), str(vars(request.config.option))]
        finders = [repr(each) + type(each).__module__ for each in sys.meta_path]
        return [dict(os.environ), sys.path, list(sys.modules), sys.argv, sys.orig_argv, plugins, options, finders,
                os.getcwd(), tempfile.gettempdir(), list(vars(sys.modules["__main__"]))]

    def test_here(request):
        text = json.dumps(shown(request)).lower().replace(os.getcwd().lower(), "").replace(PYTHON, "")
        assert [word for word in WORDS if word in text] == []
        assert sys.argv == [os.path.join(os.path.dirname(__import__("pytest").__file__), "__main__.py")]
        assert request.config.invocation_params.args == ()

    def test_in_a_child():
        for env in (None, os.environ.copy()):
            text = subprocess.check_output([sys.executable, "-c", CODE], text=True, env=env)
            text = text.lower().replace(os.getcwd().lower(), "").replace(PYTHON, "")
            assert [word for word in WORDS if word in text] == []
"""


def test_what_is_tested_finds_no_variable_module_or_option_of_ours(world, monkeypatch):
    for name in [
        name for name in os.environ if name.startswith(("PYTEST_", "DEVTOOLS_")) or "devtools" in os.environ[name]
    ]:
        monkeypatch.delenv(name)
    text = textwrap.dedent(TELLING).replace("PYTHON", repr(sys.prefix.lower()))
    (world / "snapshot" / "test_pkg.py").write_text(text)
    seen = order(world, footprints=True)
    assert outcomes(seen) == {"test_here": "passed", "test_in_a_child": "passed"}, seen.tests


def test_a_mutant_is_noticed_by_two_runs_where_one_of_them_noticed(world):
    seen = order(world)
    one, other = ({1: False, 2: False, 3: None, 4: True, 5: None}, {1: True, 2: False, 3: False, 4: None, 5: True})
    both = joined(replace(seen, weak=one), replace(seen, weak={**other, 6: False}))
    assert both.weak == {1: True, 2: False, 3: None, 4: True, 5: True, 6: False}


@pytest.mark.skipif(not os.path.isdir("/proc/self"), reason="needs /proc")
def test_a_test_that_prints_without_end_is_ended_and_the_bound_is_named(world, monkeypatch):
    monkeypatch.setattr(bounds, "PRINTED", 1 << 20)
    flood = "import time\ndef test_a():\n    while True: print('x' * 1_000_000); time.sleep(0.1)\n"
    (world / "snapshot" / "test_pkg.py").write_text(flood)
    assert order(world).fault == "pytest did not come to its end: devtools ended it: it printed more than 1 MB"


def test_what_the_start_of_pytest_takes_is_not_taken_from_the_tests(world):
    """On a busy machine the imports alone would use up the seconds of a short run."""
    (world / "snapshot" / "conftest.py").write_text("import time\ntime.sleep(1.2)\n")
    (world / "snapshot" / "test_pkg.py").write_text("def test_quick():\n    assert True\n")
    seen = run_proof(sys.executable, Order(str(world / "snapshot"), str(world / "main"), [""], ["pkg"], seconds=1.0))
    assert (seen.overdue, outcomes(seen)) == (False, {"test_quick": "passed"})
