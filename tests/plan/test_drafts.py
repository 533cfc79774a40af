import pytest

from devtools.commit.message import parse, problems
from devtools.plan.drafts import draft, fitted
from devtools.plan.hunks import FileChange, Hunk
from devtools.plan.traits import Unit
from devtools.project.config import Config

LINE = Hunk("text", 1, 1, (), ("x = 1\n",))


def unit(path, kind="code", hunk=LINE, **facts):
    facts = {name: frozenset(value) if isinstance(value, set) else value for name, value in facts.items()}
    return Unit(0, 0, path, kind, hunk, **facts)


def new(path, *names, kind="code", **facts):
    return unit(path, kind, defines=set(names), born=set(names), **facts)


def message(*units, old_path=None, modes=("100644", "100644"), config=None):
    changes = [FileChange(unit.path, old_path or unit.path, *modes, "old", "new", ()) for unit in units]
    placed = [Unit(**{**unit.__dict__, "file": at}) for at, unit in enumerate(units)]
    text = draft(placed, changes, config or Config())
    assert not problems(parse(text), config or Config())
    return text


def test_new_public_names_are_a_feature_and_the_outer_ones_are_named_first():
    units = [
        new("devtools/core/a.py", "inner", scope=("Outer", "inner")),
        new("devtools/core/a.py", "Outer", scope=("Outer",)),
    ]
    assert message(*units, new("tests/test_a.py", "test_a", kind="test")) == "feat(core): add Outer and inner"


def test_a_changed_definition_with_a_test_is_a_fix_and_without_one_a_refactoring():
    changed = unit("pkg/a.py", scope=("Reader", "next"))
    assert message(changed, unit("tests/test_a.py", "test")) == "fix(pkg): correct Reader.next"
    assert (
        message(changed, new("pkg/b.py", "_hidden", scope=("_hidden",)))
        == "refactor(pkg): rework Reader.next and _hidden"
    )
    assert message(unit("a.py")) == "refactor: rework a.py"


def test_comments_alone_are_documentation_and_a_mode_alone_a_chore():
    assert message(unit("a.py", hunk=Hunk("text", 1, 1, ("# a\n", "\n"), ("  # b\n",)))) == "docs: update a.py"
    assert message(unit("a.sh", hunk=Hunk("mode"))) == "chore: update a.sh"


def test_a_rename_names_both_ends():
    renamed = unit("core/b.py", hunk=Hunk("rename"), defines={"a", "b"}, born={"b"})
    assert message(renamed, old_path="core/a.py") == "refactor(core): rename a.py to b.py"


def test_what_is_done_to_a_renamed_file_is_no_rename():
    assert message(unit("core/b.py"), old_path="core/a.py") == "refactor(core): rework b.py"


def test_a_module_s_own_name_is_no_definition_unless_one_bears_it():
    assert message(new("core/hue.py", "hue", "hue_of", scope=("hue_of",))) == "feat(core): add hue_of"
    assert message(new("core/hue.py", "hue", scope=("hue",))) == "feat(core): add hue"


def test_one_new_test_is_named_by_its_sentence_and_more_by_their_file():
    one = new("tests/test_a.py", "test_the_root_is_found", kind="test")
    assert message(one) == "test: the root is found"
    assert message(one, new("tests/test_a.py", "test_b", kind="test")) == "test: cover test_a.py"


@pytest.mark.parametrize(
    ("units", "expected"),
    [
        ([unit("README.md", "prose"), unit("docs/CHANGES.md", "changes")], "docs: update README.md and CHANGES.md"),
        ([unit("pyproject.toml", "manifest"), unit("uv.lock", "lock")], "build: update pyproject.toml and uv.lock"),
        (
            [unit("pyproject.toml", "manifest"), unit("data.json", "other")],
            "build: update pyproject.toml and data.json",
        ),
        ([unit("a/My_Data/data.json", "other")], "chore(my-data): update data.json"),
        ([unit(".github/workflows/ci.yml", "other")], "ci(workflows): update ci.yml"),
        ([unit("tests/x.json", "other"), unit("tests/test_x.py", "test")], "test: cover x.json and test_x.py"),
    ],
)
def test_without_code_the_kinds_of_the_files_decide(units, expected):
    assert message(*units) == expected


def test_what_goes_whole_is_removed_and_what_comes_whole_is_added():
    assert message(unit("a.json", "other"), modes=("100644", "000000")) == "chore: remove a.json"
    assert message(unit("a.json", "other"), modes=("000000", "100644")) == "chore: add a.json"


def test_a_name_that_cannot_be_printed_is_made_printable():
    assert message(unit("new\nline\udcff.json", "other")) == "chore: update new?line?.json"


def test_a_type_that_the_project_does_not_allow_gives_way():
    assert message(unit("a.md", "prose"), config=Config(commit_types=("feat", "chore"))) == "chore: update a.md"
    assert message(unit("a.md", "prose"), config=Config(commit_types=("feat",))) == "feat: update a.md"


def test_names_that_do_not_fit_are_counted():
    assert fitted("add ", ["first", "second", "third"], 80) == "add first, second and third"
    assert fitted("add ", ["first", "second", "third"], 25) == "add first and 2 more"
    assert fitted("add ", ["first", "second", "third", "fourth"], 30) == "add first, second and 2 more"
    assert fitted("add ", ["much_too_long"], 10) == "add much_…"
    assert len(message(new("a.py", "a" * 90))) == 72


def test_what_a_hoster_s_folder_holds_beside_its_workflows_is_not_ci():
    assert message(unit(".github/CONTRIBUTING.md", "prose")) == "docs(github): update CONTRIBUTING.md"
    assert message(unit("tox.ini", "other")) == "chore: update tox.ini"
