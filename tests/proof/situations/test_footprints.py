"""What test files did when they last passed spares them a run, and in no case hides a failure."""

import os
from dataclasses import replace

import pytest

from devtools.project.project import load
from devtools.proof.comparison import Comparison, Tree
from devtools.proof.green import run_on
from devtools.proof.prove import prove
from devtools.selection import footprint_record as footprints
from devtools.selection.footprint_record import RECORD, Footprints
from devtools.system import state
from devtools.system.store import Store

OLD = {
    "pkg/__init__.py": "",
    "pkg/base.py": "def low():\n    return 1\n\n\ndef high():\n    return 2\n",
    "pkg/shop.py": "import json, os\nfrom pkg import base\nHERE = os.path.dirname(__file__)\n\n\ndef price():\n"
    "    return base.high()\n\n\ndef table():\n    with open(os.path.join(HERE, 'table.json')) as stream:\n"
    "        return json.load(stream)\n",
    "pkg/table.json": "{}\n",
    # A mutant that survives is shown to tests that were spared: here it is asked which run without that.
    "pyproject.toml": "[tool.other]\n[tool.devtools.tdd]\nmutants = 'off'\n",
    "test_low.py": "from pkg.base import low\n\n\ndef test_low():\n    LOG('low')\n    assert low() == 1\n",
    "test_shop.py": "from pkg import shop\n\n\ndef test_price():\n    LOG('shop')\n    assert shop.price() > 1\n",
    "test_table.py": "from pkg import base, shop\n\n\ndef test_table():\n    LOG('table')\n"
    "    assert shop.table() == {}\n",
    "test_name.py": "import importlib\nNAMES = ['pkg.shop']\n\n\ndef test_name():\n    LOG('name')\n"
    "    module = importlib.import_module(NAMES[0])\n    assert module.price() > 1\n",
    "test_git.py": "import subprocess\nfrom pkg import base\n\n\ndef test_git():\n    LOG('git')\n"
    "    assert subprocess.run(['git', 'ls-files'], check=True)\n",
}


@pytest.fixture
def world(project, tmp_path):
    """A project whose tests tell that they run, with the record of a first proof that ran all of them."""
    log = tmp_path / "log"
    conftest = f"import builtins\nbuiltins.LOG = lambda name: open({str(log)!r}, 'a').write(name + ' ')\n"
    project.tree = project.commit({**OLD, "conftest.py": conftest})
    project.context = "one"
    store = Store(project.root)

    def step(files, kind="refactor"):
        """The verdict on a step, and the tests that ran for it."""
        before, project.tree = project.tree, project.commit(files)
        log.write_text("")
        record = Footprints(project.loaded(), store, project.context)
        proof = prove(project.loaded(), before, project.tree, kind, (), record)
        assert not proof.fault
        return proof.verdict, sorted(set(log.read_text().split()))

    project.step, project.store = step, store
    step({"pkg/base.py": OLD["pkg/base.py"].replace("return", "return 0 +")})
    return project


def edited(path, old, new):
    text = OLD[path].replace("return", "return 0 +")
    assert f"return 0 + {old}" in text
    return {path: text.replace(f"return 0 + {old}", f"return {new}")}


def test_the_first_time_every_test_that_a_change_reaches_runs(project, world):
    world.context = "another"
    assert world.step(edited("pkg/base.py", "2", "3")) == (
        "preserved",
        ["git", "low", "name", "shop", "table"],
    )


def test_only_who_entered_a_changed_function_runs_again_and_who_cannot_be_seen_into(world):
    assert world.step(edited("pkg/base.py", "1", "2 - 1")) == ("preserved", ["git", "low"])
    assert world.step(edited("pkg/base.py", "2", "3")) == ("preserved", ["git", "low", "name", "shop"])


def test_a_failure_is_found_by_the_tests_that_run(world):
    assert world.step(edited("pkg/base.py", "2", "1")) == ("unproved", ["git", "name", "shop"])


def test_a_file_that_was_read_and_a_setting_count_too(world):
    changed = {"pkg/table.json": "[]\n", **edited("pkg/base.py", "1", "2 - 1")}
    assert world.step(changed) == ("unproved", ["git", "low", "table"])


def test_a_record_whose_tree_is_gone_counts_for_nothing(world):
    record = world.store.read(RECORD)
    tests = {path: {**entry, "tree": "1" * 40} for path, entry in record["tests"].items()}
    world.store.write(RECORD, {**record, "tests": tests})
    assert len(world.step(edited("pkg/base.py", "1", "2 - 1"))[1]) == 5


def test_a_record_of_other_settings_counts_for_nothing(world):
    world.tree = world.commit({"pyproject.toml": "[tool.pytest.ini_options]\naddopts = '-q'\n"})
    assert len(world.step(edited("pkg/base.py", "1", "2 - 1"))[1]) == 5


def test_a_feature_is_proved_with_the_tests_that_it_concerns(world):
    new = {
        "pkg/base.py": OLD["pkg/base.py"].replace("return", "return 0 +") + "\n\ndef new():\n    return 7\n",
        "test_new.py": "from pkg import base\n\n\ndef test_new():\n    LOG('new')\n    assert base.new() == 7\n",
    }
    assert world.step(new, "feat") == ("proved", ["git", "new"])


def test_a_file_that_ran_in_part_is_not_known(world):
    project = world.loaded()
    new = world.commit({"test_low.py": f"{OLD['test_low.py']}\n\ndef test_more():\n    pass\n"})
    record = Footprints(project, world.store, "one")
    case = Comparison(project, new, new, record=record)
    record.note(case.new, run_on(case, case.new, ["test_low.py"]))
    assert record.known(case.new, ["test_low.py"])["test_low.py"]["total"] == 2
    world.store.write(RECORD, {})
    again = Footprints(project, world.store, "one")
    again.note(case.new, run_on(case, case.new, ["test_low.py"], unneeded=[("test_low.py", "test_low")]))
    assert again.known(case.new, ["test_low.py"]) == {}


def test_who_reaches_a_place_is_known_the_quickest_first(world):
    record = Footprints(world.loaded(), world.store, "one")
    files = ["test_low.py", "test_shop.py", "test_table.py", "test_git.py", "test_unheard.py"]
    high, low, module = ("pkg/base.py", "high"), ("pkg/base.py", "low"), ("pkg/shop.py", "")
    assert record.reaching(files, {low}) == ["test_low.py"]
    assert sorted(record.reaching(files, {low, high})) == ["test_low.py", "test_shop.py"]
    assert record.reaching(files, {high, module}) == ["test_shop.py"]
    assert record.reaching(files, {("pkg/base.py", "none")}) == []
    kept = world.store.read(RECORD)
    world.store.write(RECORD, {**kept, "tests": {path: e | {"seconds": 9} for path, e in kept["tests"].items()}})
    slow = Footprints(world.loaded(), world.store, "one")
    world.store.write(RECORD, {**kept, "tests": {**kept["tests"], "test_shop.py": slow._kept["test_shop.py"]}})
    assert Footprints(world.loaded(), world.store, "one").reaching(files, {module}) == ["test_table.py"]


def test_a_damaged_record_is_none(world):
    for value in ({"context": "x"}, {"tests": 1}, {**world.store.read(RECORD), "tests": 3}):
        world.store.write(RECORD, value)
        assert Footprints(load(world.root), world.store, "one")._kept == {}
    assert os.path.exists(os.path.join(state.folder(world.root), RECORD))


def test_a_test_file_that_changes_concerns_no_other_one(world):
    low = {"test_low.py": OLD["test_low.py"].replace("== 1", "== 2 - 1")}
    assert world.step({**low, **edited("pkg/base.py", "1", "2 - 1")}) == ("preserved", ["git", "low"])


def test_what_is_known_comes_with_its_counts_and_what_never_will_be_is_told(world):
    project = world.loaded()
    record = Footprints(project, world.store, "one")
    tree = Tree(project, world.tree)
    files = ["test_low.py", "test_git.py", "pkg/base.py", "conftest.py"]
    assert record.known(tree, files) == {"test_low.py": {"passed": 1, "skipped": 0, "total": 1}}
    assert record.unseen(tree, files) == {"test_git.py"}
    seen = run_on(Comparison(project, tree.id, tree.id, record=record), tree, files)
    record.note(tree, seen, files)
    assert record.unseen(tree, files) == {"test_git.py", "pkg/base.py", "conftest.py"}
    changed = Tree(project, world.commit({"test_git.py": "def test_none(): pass\n"}))
    assert record.unseen(changed, files) == {"pkg/base.py", "conftest.py"}


HARMS = [{"counts": 1}, {"counts": {}}, {"seconds": "x"}, {"tree": 1}, {"settings": None}]
HARMS += [{"loaded": "abc"}, {"whole": [1]}, {"entered": []}, {"entered": {"a": 1}}]


@pytest.mark.parametrize("harm", HARMS)
def test_an_entry_of_another_shape_counts_for_nothing(world, harm):
    kept = world.store.read(RECORD)
    harmed = {**kept["tests"], "test_low.py": {**kept["tests"]["test_low.py"], **harm}}
    world.store.write(RECORD, {**kept, "tests": harmed})
    record = Footprints(world.loaded(), world.store, "one")
    assert record.known(Tree(world.loaded(), world.tree), ["test_low.py"]) == {}
    assert record.reaching(["test_low.py"], {("pkg/base.py", "low")}) == []


def test_a_build_server_believes_no_stored_footprint_but_those_of_this_very_run(monkeypatch, request):
    monkeypatch.setenv("CI", "true")
    world = request.getfixturevalue("world")
    tree = Tree(world.loaded(), world.tree)
    assert "test_low.py" in Footprints(world.loaded(), world.store, "one").known(tree, ["test_low.py"])
    monkeypatch.setattr(footprints, "_seen_here", {})
    assert Footprints(world.loaded(), world.store, "one").known(tree, ["test_low.py"]) == {}


def test_who_reaches_one_of_the_places_is_asked_and_who_is_unknown(world):
    record = Footprints(world.loaded(), world.store, "one")
    files = ["test_low.py", "test_shop.py", "test_git.py", "test_unheard.py"]
    low, high = ("pkg/base.py", "low"), ("pkg/base.py", "high")
    assert sorted(record.reachers(files, {low, high})) == ["test_low.py", "test_shop.py", "test_unheard.py"]
    assert record.reachers(files, set()) == ["test_unheard.py"]


def test_a_record_holds_whatever_becomes_of_mutants(world):
    """What a test does has nothing to do with them: who tries none for once shall not lose the record."""
    project = world.loaded()
    other = replace(project, config=replace(project.config, mutants="refuse"))
    assert Footprints(other, world.store, "one").context == Footprints(project, world.store, "one").context
