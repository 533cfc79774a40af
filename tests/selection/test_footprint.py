"""A run that executed nothing that differs has the same outcome; in every doubt the tests run."""

import hashlib

import pytest

from devtools.selection.footprint import Carrying, Footprint
from devtools.syntax.imports import mentions

FILES = {
    "pkg/__init__.py": "",
    "pkg/base.py": "LIMIT = 3\n\n\ndef low():\n    return LIMIT\n\n\ndef other():\n    return 5\n",
    "pkg/shop.py": "from pkg.base import LIMIT, low\n\nMORE = LIMIT + 1\n\n\ndef price():\n    return low()\n\n\n"
    "def top():\n    return MORE\n",
    "pkg/table.json": "{}\n",
    "test_shop.py": "import pkg.shop\n\n\ndef test_price():\n    assert pkg.shop.price() == 3\n",
}
RUN = Footprint(
    loaded=["pkg/__init__.py", "pkg/base.py", "pkg/shop.py"],
    entered={"pkg/base.py": ["low"], "pkg/shop.py": ["price"]},
    whole=["test_shop.py"],
)


class Snapshot:
    roots = ("",)

    def __init__(self, files):
        self.files = files
        self.entries = {path: ("100644", hashlib.sha1(text.encode()).hexdigest()) for path, text in files.items()}
        self.imports = {path: mentions(path, text) for path, text in files.items() if path.endswith(".py")}

    def read(self, path):
        return self.files[path].encode() if path in self.files else None


def holds(*edits, footprint=RUN, **new):
    """Whether the run holds after `edits` (path, old, new text) and with `new` files."""
    files = dict(FILES)
    for path, old, text in edits:
        assert old in files[path]
        files[path] = files[path].replace(old, text)
    files.update(new.pop("files", {}))
    files = {path: text for path, text in files.items() if text is not None}
    return Carrying(Snapshot(FILES), Snapshot(files)).holds(footprint)


@pytest.mark.parametrize(
    "edit",
    [
        ("pkg/base.py", "return 5", "return 6"),
        ("pkg/base.py", "return 5", "return 5\n\n\ndef new():\n    return 1"),
        ("pkg/base.py", "def other():\n    return 5\n", ""),
        ("pkg/base.py", "LIMIT = 3", "LIMIT = 3  # a comment\nSIZE = 4"),
        ("pkg/base.py", "LIMIT = 3", "import json\n\nLIMIT = 3"),
        ("pkg/shop.py", "MORE = LIMIT + 1", "MORE = LIMIT + 2"),
        ("pkg/table.json", "{}", "[]"),
    ],
    ids=["a body", "a new function", "one is gone", "a new name", "an import", "a name that is not used", "data"],
)
def test_a_run_holds_that_did_not_execute_what_differs(edit):
    assert holds(edit)


def outcome(**new):
    try:
        return holds(**new)
    except UnicodeError as error:
        return error


def test_a_file_with_an_undecodable_name_may_come():
    assert outcome(files={"odd\nname\udcff.txt": "1"}) is True


@pytest.mark.parametrize(
    "edit",
    [
        ("pkg/base.py", "return LIMIT", "return 3"),
        ("pkg/base.py", "LIMIT = 3", "LIMIT = 4"),
        ("pkg/base.py", "LIMIT = 3", "LIMIT = 3\nregister()"),
        ("pkg/base.py", "def low():", "def low(a=1):"),
        ("pkg/base.py", "return 5", "return 5\n\n\ndef low():\n    return 4"),
        ("pkg/shop.py", "import LIMIT, low", "import LIMIT, other as low"),
        ("pkg/base.py", "def other():", "def low():\n    return 1\n\n\ndef other():"),
        ("pkg/base.py", "LIMIT", "LIMIT ="),
        ("test_shop.py", "== 3", "== 4"),
    ],
    ids=["a body", "a name", "a call", "a head", "an overriding", "an import", "a second one", "no Python", "the test"],
)
def test_a_run_that_executed_what_differs_is_made_again(edit):
    assert not holds(edit)


def test_a_name_is_followed_through_what_is_made_of_it():
    edit = ("pkg/base.py", "LIMIT = 3", "LIMIT = 4")
    only = {"pkg/shop.py": ["price"]}
    assert holds(edit, footprint=Footprint(RUN.loaded, only, RUN.whole))
    assert not holds(edit, footprint=Footprint(RUN.loaded, {"pkg/shop.py": ["top"]}, RUN.whole))


def test_a_name_of_another_module_is_another_name():
    old = {**FILES, "pkg/far.py": "FAR = 1\n"}
    new = {**old, "pkg/far.py": "FAR = 1\n\n\ndef low():\n    return 1\n"}
    footprint = Footprint([*RUN.loaded, "pkg/far.py"], RUN.entered, RUN.whole)
    assert Carrying(Snapshot(old), Snapshot(new)).holds(footprint)


@pytest.mark.parametrize(
    ("path", "text"),
    [("test_shop.py", "import pkg.base\nSIZE = pkg.base.LIMIT\n"), ("pkg/shop.py", "print(LIMIT)\n")],
    ids=["by the test", "by a statement that acts"],
)
def test_a_changed_name_that_is_mentioned_when_a_file_is_loaded_counts(path, text):
    old = {**FILES, path: FILES[path] + text}
    new = {**old, "pkg/base.py": FILES["pkg/base.py"].replace("= 3", "= 4")}
    footprint = Footprint(RUN.loaded, {"pkg/shop.py": ["price"]}, RUN.whole)
    assert not Carrying(Snapshot(old), Snapshot(new)).holds(footprint)


def test_what_was_read_and_what_was_loaded_unseen_count_whole():
    whole = Footprint(RUN.loaded, RUN.entered, ["test_shop.py", "pkg/table.json"])
    assert not holds(("pkg/table.json", "{}", "[]"), footprint=whole)


def test_a_listed_folder_counts_by_what_is_in_it():
    listing = Footprint(RUN.loaded, RUN.entered, RUN.whole, ["pkg"])
    assert holds(("pkg/table.json", "{}", "[]"), footprint=listing)
    assert not holds(files={"pkg/more.json": ""}, footprint=listing)
    assert not holds(files={"more.json": ""}, footprint=Footprint(RUN.loaded, RUN.entered, RUN.whole, [""]))
    assert not holds(files={"pkg/base.py": None})


def test_a_file_that_comes_counts_where_its_name_is_mentioned():
    assert holds(files={"pkg/new.json": ""})
    assert not holds(files={"pkg/LIMIT.json": ""})
    assert not holds(files={"pkg/low.py": ""})
    assert holds(files={"test_json.py": ""})
    assert not holds(files={"json.py": ""})
    assert not holds(files={"json/__init__.py": ""})


def test_code_that_looks_at_code_sees_every_name():
    looking = FILES["test_shop.py"] + "\n\ndef test_names():\n    assert 'low' in vars(pkg.base)\n"
    old = {**FILES, "test_shop.py": looking}
    for text, same in (("return 6", True), ("return 5\n\n\ndef new():\n    return 1", False)):
        new = {**old, "pkg/base.py": FILES["pkg/base.py"].replace("return 5", text)}
        assert Carrying(Snapshot(old), Snapshot(new)).holds(RUN) is same


def test_who_makes_up_the_name_of_a_module_may_mean_each():
    for name, same in (("'json'", True), ("'pkg.' + 'shop'", False)):
        text = f"import importlib\n\n\ndef test_more():\n    assert importlib.import_module({name}).MORE == 4\n"
        old = {**FILES, "test_far.py": text}
        new = {**old, "pkg/shop.py": FILES["pkg/shop.py"].replace("LIMIT + 1", "LIMIT + 2")}
        assert Carrying(Snapshot(old), Snapshot(new)).holds(Footprint(RUN.loaded, {}, ["test_far.py"])) is same


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("VALUE = 1\n", True),
        ("VALUE = print(1)\n", False),
        ("from pkg import base\n", False),
    ],
    ids=["does nothing", "acts", "a circle"],
)
def test_a_module_that_is_loaded_newly_must_do_nothing_to_others(text, same):
    assert (
        holds(("pkg/base.py", "LIMIT = 3", "from pkg.new import VALUE\n\nLIMIT = 3"), files={"pkg/new.py": text})
        is same
    )


@pytest.mark.parametrize(("text", "same"), [("VALUE = 1\n", True), ("VALUE = register(1)\n", False)])
def test_a_module_that_is_loaded_no_more_must_have_done_nothing_to_others(text, same):
    old = {**FILES, "pkg/old.py": text, "pkg/base.py": "from pkg.old import VALUE\n" + FILES["pkg/base.py"]}
    new = {**old, "pkg/base.py": FILES["pkg/base.py"]}
    footprint = Footprint([*RUN.loaded, "pkg/old.py"], RUN.entered, RUN.whole)
    assert Carrying(Snapshot(old), Snapshot(new)).holds(footprint) is same
