import ast

import pytest

from devtools.project.config import Config
from devtools.project.roles import borrowed, linked, with_roles
from devtools.syntax.imports import mentions


def test_settings_know_which_folders_hold_code():
    known = with_roles(
        Config(max_files=4), ["app/__init__.py", "jobs/work.py", "lib/setup.py", "lib/a.py", "b/tasks.py"]
    )
    assert (known.max_files, known.packages, known.modules) == (4, {"app"}, {"app", "jobs"})
    assert with_roles(known, [], {"tests/a.py"}).borrowed == {"tests/a.py"}


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("import tests.help", {"tests/help.py"}),
        ("from tests import help", {"tests/help.py"}),
        ("from tests.help import f", {"tests/help.py"}),
        ("from ..tests import help", {"tests/help.py"}),
        ("import help", {"tests/help.py"}),
        ("import importlib\nimportlib.import_module('tests.help')", {"tests/help.py"}),
        ("import tests.more", {"tests/more/__init__.py", "docs/conf.py"}),
        ("text = '''\nfrom tests import help\n'''", set()),
        ("word = 'tests.help'", set()),
        ("import app.help", set()),
        ("import conf as", set()),
    ],
)
def test_what_production_imports_is_borrowed_from_the_others(code, found):
    texts = {
        "app/core.py": code,
        "app/help.py": "",
        "tests/help.py": "",
        "tests/more/__init__.py": "import docs.conf",
        "docs/conf.py": "",
        "docs/page.md": "",
    }

    def source(path):
        try:
            return ast.parse(texts[path])
        except SyntaxError:
            return None

    said = {path: mentions(path, text) for path, text in texts.items() if path.endswith(".py")}
    others = ["tests/help.py", "tests/more/__init__.py", "docs/conf.py", "docs/page.md"]
    assert borrowed(["app/core.py", "app/help.py"], others, said, [""], source) == found


def test_a_link_stands_for_what_it_leads_to_in_the_tree():
    texts = {
        "app/a.py": "../attic/a.txt",
        "app/b.py": "a.py",
        "app/sub": "../attic/sub",
        "app/away": "/etc/passwd",
        "app/up": "..",
        "round": "round",
    }
    entries = {path: ("120000", path) for path in texts}
    entries |= {path: ("100644", path) for path in ("attic/a.txt", "attic/sub/c.py", "attic/sub/d/e.py")}
    assert linked(entries, lambda path: texts[path].encode()) == {
        "app/a.py": "attic/a.txt",
        "app/b.py": "attic/a.txt",
        "app/sub/c.py": "attic/sub/c.py",
        "app/sub/d/e.py": "attic/sub/d/e.py",
    }
