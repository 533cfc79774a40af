from dataclasses import replace

import pytest

from devtools.project.config import Config
from devtools.selection.affected import Memory, Selection, joined, recall, select
from devtools.syntax.code import read
from devtools.syntax.imports import mentions

TEXTS = {
    "pkg/__init__.py": "",
    "pkg/a.py": "",
    "pkg/b.py": "from pkg import a\n",
    "pkg/plugin.py": "",
    "tests/test_a.py": "from pkg import a\n",
    "tests/test_b.py": "import pkg.b\n",
    "tests/test_c.py": "",
    "README.md": "",
    "data.json": "",
}
ALL = {"tests/test_a.py", "tests/test_b.py", "tests/test_c.py"}
COUNTS = {"passed": 1, "skipped": 0, "ran": 1, "total": 1}
MEMORY = Memory("world", dict.fromkeys(TEXTS, "1"), {}, dict.fromkeys(ALL, COUNTS))


def run(memory=MEMORY, context="world", texts=TEXTS, codes=None, config=Config(), values=None, **changed):  # noqa: B008
    hashes = dict.fromkeys(texts, "1") | dict.fromkeys(changed.pop("paths", ()), "2")
    named = {path: sorted(mentions(path, text)) for path, text in texts.items() if path.endswith(".py")}
    before = {path: sorted(mentions(path, text)) for path, text in TEXTS.items() if path.endswith(".py")}
    memory = replace(memory, mentions=before) if memory else None
    return select(memory, context, hashes, named, ("",), config, codes, values)


def ran(*arguments, **keywords):
    return ALL - run(*arguments, **keywords).fresh


def test_nothing_changed_runs_nothing():
    assert run() == Selection(frozenset(ALL), quiet=True)


@pytest.mark.parametrize(
    ("path", "tests"),
    [
        ("pkg/a.py", {"tests/test_a.py", "tests/test_b.py"}),
        ("pkg/b.py", {"tests/test_b.py"}),
        ("pkg/__init__.py", {"tests/test_a.py", "tests/test_b.py"}),
        ("tests/test_c.py", {"tests/test_c.py"}),
        ("README.md", set()),
    ],
)
def test_a_changed_file_runs_the_tests_that_reach_it(path, tests):
    assert ran(paths=[path]) == tests


@pytest.mark.parametrize(
    ("keywords", "reason"),
    [
        ({"memory": None}, "no run to build on"),
        ({"context": "other"}, "environment, interpreter or packages changed"),
        ({"paths": ["data.json"]}, "data.json changed"),
        (
            {"memory": replace(MEMORY, reads={"README.md": ["", "tests/test_a.py"]}), "paths": ["README.md"]},
            "README.md",
        ),
        ({"texts": {**TEXTS, "pkg/new.py": ""}}, "pkg/new.py came or went"),
        ({"texts": {path: text for path, text in TEXTS.items() if path != "pkg/a.py"}}, "pkg/a.py came or went"),
        ({"memory": replace(MEMORY, reads={"pkg/a.py": [""]}), "paths": ["pkg/a.py"]}, "pkg/a.py is read by all tests"),
        ({"memory": replace(MEMORY, opaque=[""]), "paths": ["pkg/b.py"]}, "a fixture of the session starts programs"),
        (
            {"memory": replace(MEMORY, loaded={"pkg/plugin.py": "tests/test_c.py"}), "paths": ["pkg/plugin.py"]},
            "pkg/plugin.py is loaded by a name that no import shows",
        ),
        ({"memory": replace(MEMORY, loaded={"pkg/plugin.py": ""}), "paths": ["pkg/plugin.py"]}, "pkg/plugin.py is loa"),
    ],
)
def test_all_tests_run_where_a_part_could_miss_something(keywords, reason):
    found = run(**keywords)
    assert found.fresh == frozenset()
    assert found.reason.startswith(reason)


def test_a_module_that_imports_show_is_not_hidden():
    assert ran(replace(MEMORY, loaded={"pkg/a.py": "tests/test_a.py"}), paths=["pkg/a.py"]) != ALL


def test_failed_tests_programs_and_listed_folders_run_again():
    assert ran(replace(MEMORY, due=["tests/test_c.py"])) == {"tests/test_c.py"}
    assert ran(replace(MEMORY, opaque=["tests/test_c.py"])) == set()
    assert ran(replace(MEMORY, opaque=["tests/test_c.py"]), paths=["README.md"]) == {"tests/test_c.py"}
    lister = replace(MEMORY, listing=["tests/test_c.py"])
    assert ran(lister, paths=["README.md"]) == set()
    assert ran(lister, texts={**TEXTS, "tests/test_new.py": ""}) == {"tests/test_c.py"}


def test_a_module_read_as_a_text_runs_its_readers():
    assert ran(replace(MEMORY, reads={"pkg/plugin.py": ["tests/test_c.py"]}), paths=["pkg/plugin.py"]) == {
        "tests/test_c.py"
    }


def test_an_import_that_was_taken_out_still_counts_once():
    texts = {**TEXTS, "tests/test_a.py": ""}
    assert ran(texts=texts, paths=["pkg/a.py"]) == {"tests/test_a.py", "tests/test_b.py"}


def test_a_memory_survives_json_and_a_damaged_one_is_none():
    assert recall(MEMORY.to_json()) == MEMORY
    assert recall({}) is None
    assert recall({"nonsense": 1}) is None


def test_a_partial_run_keeps_what_was_known_of_the_rest():
    before = replace(
        MEMORY,
        opaque=["tests/test_a.py", "tests/test_b.py"],
        listing=["tests/test_a.py"],
        due=["tests/test_b.py"],
        reads={"x": ["tests/test_a.py", "tests/test_b.py"], "z": ["tests/test_b.py"]},
        loaded={"m.py": "tests/test_a.py"},
    )
    now = Memory("world", {}, {}, {"tests/test_b.py": COUNTS}, reads={"y": ["tests/test_b.py"]}, loaded={"n.py": ""})
    whole = joined(before, {"tests/test_a.py", "tests/test_c.py"}, now)
    assert set(whole.tests) == ALL
    assert (whole.opaque, whole.listing, whole.due) == (["tests/test_a.py"], ["tests/test_a.py"], ())
    assert whole.reads == {"x": ["tests/test_a.py"], "y": ["tests/test_b.py"]}
    assert whole.loaded == {"m.py": "tests/test_a.py", "n.py": ""}
    assert joined(None, {"x"}, now) == joined(before, (), now) == now


@pytest.mark.parametrize(
    "name", ["hashes", "mentions", "tests", "reads", "loaded", "seconds", "due", "opaque", "listing"]
)
def test_a_memory_with_a_part_of_another_shape_is_none(name):
    sound = {**MEMORY.to_json(), "due": [], "opaque": [], "listing": []}
    assert recall(sound) is not None
    for part in (7, None, "x"):
        assert recall({**sound, name: part}) is None
    assert recall({**sound, "tests": {"test_a.py": 7}}) is None


def code(text):
    return list(read(text.encode()))


TEXT = "def f():\n    return 1\n"
RETOLD = {"comment": f"# Say.\n{TEXT}", "docstring": TEXT.replace("    r", "    '''Do.'''\n    r")}


def edited(text, **lookers):
    """The tests that run where the text of pkg/a.py is another one, with words of other files."""
    texts = {path: code(lookers.get(path.split("/")[-1][:-3], "")) for path in TEXTS if path.endswith(".py")}
    memory = replace(MEMORY, codes={**texts, "pkg/a.py": code(TEXT)}, **lookers.get("memory", {}))
    return ran(memory, paths=["pkg/a.py"], codes={**texts, "pkg/a.py": code(text)})


@pytest.mark.parametrize("edit", ["comment", "docstring"])
def test_an_edit_that_leaves_the_code_as_it_was_runs_no_test(edit):
    assert edited(RETOLD[edit]) == set()


def test_an_edit_of_the_code_runs_what_reaches_it():
    assert edited(TEXT.replace("1", "2")) == {"tests/test_a.py", "tests/test_b.py"}


def test_a_comment_runs_the_tests_that_look_at_places_in_code():
    assert edited(RETOLD["comment"], test_b="sys._getframe()") == {"tests/test_b.py"}
    assert edited(RETOLD["comment"], test_c="sys._getframe()") == set()
    assert edited(RETOLD["comment"], test_b="f.__doc__") == set()


def test_a_docstring_runs_the_tests_that_reach_it_and_who_looks_at_docstrings():
    assert edited(RETOLD["docstring"], test_a="f.__doc__") == {"tests/test_a.py"}
    assert edited(RETOLD["docstring"], b="import click") == {"tests/test_b.py"}


def test_a_comment_runs_who_read_the_text_or_started_a_program():
    memory = {"reads": {"pkg/a.py": ["tests/test_c.py"]}, "opaque": ["tests/test_b.py"]}
    assert edited(RETOLD["comment"], memory=memory) == {"tests/test_b.py", "tests/test_c.py"}
    assert edited(RETOLD["comment"], memory={"reads": {"pkg/a.py": [""]}}) == ALL


def test_a_module_that_no_import_shows_may_get_a_comment():
    memory = {"loaded": {"pkg/a.py": "tests/test_c.py"}}
    assert edited(RETOLD["comment"], memory=memory) == set()
    assert edited(TEXT.replace("1", "2"), memory=memory) == ALL


def test_a_module_with_another_mode_is_another_one():
    codes = {"pkg/a.py": code(TEXT)}
    memory = replace(MEMORY, hashes={**MEMORY.hashes, "pkg/a.py": "1 420"}, codes=codes)
    named = {path: sorted(mentions(path, text)) for path, text in TEXTS.items() if path.endswith(".py")}
    hashes = {**MEMORY.hashes, "pkg/a.py": "1 493"}
    selection = select(replace(memory, mentions=named), "world", hashes, named, ("",), Config(), codes)
    assert ALL - selection.fresh == {"tests/test_a.py", "tests/test_b.py"}


@pytest.mark.parametrize(
    ("keywords", "quiet"),
    [
        ({}, True),
        ({"paths": ["README.md"]}, True),
        ({"paths": ["tests/test_c.py"]}, False),
        ({"texts": {**TEXTS, "MORE.md": ""}}, False),
        ({"memory": replace(MEMORY, due=["tests/test_a.py"])}, False),
        ({"memory": replace(MEMORY, due=["tests/test_known_elsewhere.py"])}, False),
        ({"memory": None}, False),
    ],
)
def test_it_is_quiet_where_nothing_runs_and_nothing_else_is_collected(keywords, quiet):
    assert run(**keywords).quiet is quiet


def test_prose_runs_who_reads_it_and_all_where_it_is_not_sure_who_does():
    memory = replace(MEMORY, reads={"README.md": ["tests/test_c.py"]})
    assert ran(memory, paths=["README.md"]) == {"tests/test_c.py"}
    assert ran(replace(MEMORY, reads={"README.md": [""]}), paths=["README.md"]) == ALL


def test_a_test_file_that_is_to_run_always_runs_by_the_setting_and_by_its_mark():
    config = Config(always_run=("test_b.py",))
    marked = {"tests/test_c.py": code("import pytest\npytestmark = pytest.mark.always_run\n")}
    assert ran(config=config) == {"tests/test_b.py"}
    assert ran(codes=marked) == {"tests/test_c.py"}
    assert run(config=config).why == {"tests/test_b.py": "it is to run always"}


@pytest.mark.parametrize(
    ("keywords", "test", "why"),
    [
        ({"paths": ["pkg/b.py"]}, "tests/test_b.py", "it can reach pkg/b.py"),
        ({"paths": ["pkg/a.py", "pkg/b.py"]}, "tests/test_a.py", "it can reach pkg/a.py or another of 2 changed files"),
        (
            {"memory": replace(MEMORY, due=["tests/test_c.py"])},
            "tests/test_c.py",
            "it did not pass in its last run",
        ),
        (
            {"memory": replace(MEMORY, opaque=["tests/test_c.py"]), "paths": ["pkg/b.py"]},
            "tests/test_c.py",
            "it starts programs, which may see pkg/b.py",
        ),
        (
            {"memory": replace(MEMORY, listing=["tests/test_c.py"]), "texts": {**TEXTS, "MORE.md": ""}},
            "tests/test_c.py",
            "it lists folders, and MORE.md came or went",
        ),
        (
            {"memory": replace(MEMORY, reads={"README.md": ["tests/test_c.py"]}), "paths": ["README.md"]},
            "tests/test_c.py",
            "it reads README.md, which changed",
        ),
    ],
)
def test_it_says_why_a_test_file_runs(keywords, test, why):
    assert run(**keywords).why[test] == why


COMPUTES, GATHERS = "import_module(name)\n", "Base.__subclasses__()\n"


@pytest.mark.parametrize(
    ("looker", "text", "changed", "tests"),
    [
        ("tests/test_c.py", COMPUTES, "pkg/b.py", {"tests/test_b.py", "tests/test_c.py"}),
        ("pkg/a.py", COMPUTES, "pkg/b.py", {"tests/test_a.py", "tests/test_b.py"}),
        ("pkg/a.py", COMPUTES, "tests/test_c.py", {"tests/test_c.py"}),
        ("pkg/a.py", GATHERS, "tests/test_c.py", ALL),
    ],
)
def test_what_finds_modules_or_classes_that_no_import_shows_runs_with_them(looker, text, changed, tests):
    """The first who loads a module is seen, and who finds it loaded is not."""
    assert ran(paths=[changed], codes={looker: code(text)}) == tests


def test_a_comment_concerns_nobody_who_finds_modules_by_computed_names():
    assert edited(RETOLD["comment"], test_c=COMPUTES) == set()


def test_another_width_of_the_terminal_runs_who_reads_it():
    memory = replace(MEMORY, asked={"COLUMNS": ["tests/test_b.py"]}, values={"COLUMNS": "80"})
    assert ran(memory, values={"COLUMNS": "80", "TERM": "x"}) == set()
    assert ran(memory, values={"COLUMNS": "90"}) == {"tests/test_b.py"}
    assert ran(memory, values={}) == {"tests/test_b.py"}
    shared = replace(memory, asked={"COLUMNS": [""]})
    assert (ran(shared, values={}), run(shared, values={}).reason[:7]) == (ALL, "COLUMNS")


def test_a_partial_run_keeps_who_read_a_variable():
    before = replace(MEMORY, asked={"TERM": ["tests/test_a.py", "tests/test_b.py"]})
    now = replace(MEMORY, asked={"LINES": ["tests/test_b.py"]})
    assert joined(before, ["tests/test_a.py"], now).asked == {"TERM": ["tests/test_a.py"], "LINES": ["tests/test_b.py"]}
