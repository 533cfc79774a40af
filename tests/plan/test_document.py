import json

import pytest

from devtools.errors import UsageError
from devtools.plan import document as plan
from devtools.plan.hunks import FileChange, Hunk
from devtools.plan.trees import entries
from devtools.project.config import Config

OLD, NEW, NONE = "1" * 40, "2" * 40, "0" * 40
ADDED = Hunk("text", 0, 1, (), ("def hue_of():\n", "    return 1"))
CHANGES = [
    FileChange("src/hue.py", "src/hue.py", "000000", "100644", NONE, "hue", (ADDED,)),
    FileChange(
        "src/b.py",
        "src/a.py",
        "100644",
        "100755",
        "a",
        "b",
        (Hunk("rename"), Hunk("mode"), Hunk("text", 1, 1, ("x = 1\n",), ("x = 2\n",))),
    ),
    FileChange("logo.png", "logo.png", "100644", "100644", OLD, NEW, (Hunk("whole"),)),
    FileChange(
        "tests/test_hue.py",
        "tests/test_hue.py",
        "000000",
        "100644",
        NONE,
        "test",
        (Hunk("text", 0, 1, (), ("from src.hue import hue_of\n", "def test_hue(): assert hue_of() == 1\n")),),
    ),
]
TEXTS = {
    "hue": "def hue_of():\n    return 1",
    "a": "x = 1\n",
    "b": "x = 2\n",
    "test": "from src.hue import hue_of\ndef test_hue(): assert hue_of() == 1\n",
}


def made():
    return plan.make(CHANGES, TEXTS, Config())


def document(steps=None):
    return json.loads(json.dumps({"commits": plan.to_json(steps or made(), CHANGES, Config())}))


def problems(changed, changes=CHANGES):
    return plan.read(changed, changes)[1]


def test_every_hunk_stands_in_one_commit_and_all_of_them_are_the_new_tree():
    steps = made()
    hunks = [hunk for step in steps for hunk in step.hunks]
    assert sorted(hunks) == [(0, 0), (1, 0), (1, 1), (1, 2), (2, 0), (3, 0)]
    assert all(entry is None or entry.written for entry in entries(CHANGES, TEXTS, hunks).values())


def test_a_test_is_planned_with_its_code_and_the_message_says_so():
    (step,) = [step for step in made() if (0, 0) in step.hunks]
    assert (3, 0) in step.hunks
    assert step.message == "feat: add hue_of"


def test_a_plan_is_read_back_as_it_was_written():
    assert plan.read(document(), CHANGES) == (made(), [])


def test_each_hunk_stands_in_the_plan_whole():
    step = plan.Step("chore: all", ((0, 0), (1, 0), (1, 1), (1, 2), (2, 0)), verified=True, note="mended")
    (commit,) = plan.to_json([step], CHANGES, Config())
    assert commit["files"] == [
        {
            "path": "src/hue.py",
            "hunks": ["@@ -0,0 +1,2 @@\n+def hue_of():\n+    return 1\n\\ No newline at end of file\n"],
        },
        {
            "path": "src/b.py",
            "old_path": "src/a.py",
            "hunks": ["rename from src/a.py", "mode 100644 to 100755", "@@ -1,1 +1,1 @@\n-x = 1\n+x = 2\n"],
        },
        {"path": "logo.png", "hunks": [f"content 100644 {OLD} to 100644 {NEW}"]},
    ]
    assert [commit[name] for name in ("message", "added", "deleted", "verified", "note")] == [
        "chore: all",
        3,
        1,
        True,
        "mended",
    ]
    assert "over" not in commit


def test_a_commit_that_cannot_be_small_enough_says_so():
    hunk = Hunk("text", 0, 1, (), ("x\n",) * 500)
    changes = [FileChange("a.txt", "a.txt", "000000", "100644", NONE, NEW, (hunk,))]
    (step,) = plan.make(changes, {NEW: "x\n" * 500}, Config())
    (commit,) = plan.to_json([step], changes, Config())
    assert commit["over"] == ["too-many-lines"]
    assert plan.read({"commits": [commit]}, changes)[1] == []


def test_hunks_may_be_taken_out_and_moved_and_commits_reordered():
    edited = document([plan.Step("chore: all", ((1, 0), (2, 0))), plan.Step("feat: hue", ((0, 0),))])
    edited["commits"].reverse()
    edited["commits"][0]["files"].append({"path": "logo.png", "hunks": edited["commits"][1]["files"].pop()["hunks"]})
    steps, found = plan.read(edited, CHANGES)
    assert [(step.message, step.hunks) for step in steps] == [
        ("feat: hue", ((0, 0), (2, 0))),
        ("chore: all", ((1, 0),)),
    ]
    assert found == []


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda plan: [], "the plan is not an object"),
        (lambda plan: {}, "the plan has no commits"),
        (lambda plan: {"commits": {}}, "commits is not a list"),
        (lambda plan: {"commits": [1]}, "commits[0] is not an object"),
        (lambda plan: plan["commits"][0].pop("message") and plan, "the plan has no commits[0].message"),
        (lambda plan: plan["commits"][0].pop("files") and plan, "the plan has no commits[0].files"),
        (lambda plan: plan["commits"][0].update(files=[]) or plan, "the plan's commits[0].files holds no hunk"),
        (lambda plan: plan["commits"][0].update(files=["x"]) or plan, "commits[0].files[0] is not an object"),
        (lambda plan: plan["commits"][0]["files"][0].pop("path") and plan, "the plan has no commits[0].files[0].path"),
        (
            lambda plan: plan["commits"][0]["files"][0].update(hunks=[3]) or plan,
            "commits[0].files[0].hunks[0] is not a string",
        ),
    ],
)
def test_a_malformed_plan_names_the_field(change, words):
    with pytest.raises(UsageError) as error:
        plan.read(change(document()), CHANGES)
    assert error.value.message == words


def test_a_hunk_that_stands_twice_or_fits_nothing_is_named():
    twice = document()
    twice["commits"].append(twice["commits"][0])
    first = problems(twice)[0]
    assert (first.code, first.path) == ("bad-plan", twice["commits"][0]["files"][0]["path"])
    assert f"commits[{len(made())}].files[0].hunks[0] stands in commits[0].files[0].hunks[0] already" in first.message
    strange = document()
    strange["commits"][0]["files"][0]["hunks"][0] += "+more\n"
    assert [(found.code, found.message) for found in problems(strange)] == [
        ("stale-plan", "commits[0].files[0].hunks[0] is no change of the working tree")
    ]


def test_whether_a_step_is_a_good_commit_is_not_asked_where_a_plan_is_read():
    """plan.judge asks it, of the steps' trees and by the settings that these have."""
    marked = Hunk("text", 4, 5, (), ("<<<<<<< ours\n", "a\n", "=======\n", "b\n", ">>>>>>> theirs\n"))
    names = ("a.txt", "b.txt", "c.txt", "d.txt")
    changes = [FileChange(name, name, "100644", "100644", OLD, NEW, (marked,)) for name in names]
    steps = [plan.Step("all of it", tuple((number, 0) for number in range(len(names))))]
    assert problems({"commits": plan.to_json(steps, changes, Config())}, changes) == []


def test_a_file_that_makes_way_for_a_folder_must_go_in_the_commit_that_brings_it():
    changes = [
        FileChange("a", "a", "100644", "000000", OLD, NONE, (Hunk("text", 1, 0, ("x\n",), ()),)),
        FileChange("a/b", "a/b", "000000", "100644", NONE, NEW, (Hunk("text", 0, 1, (), ("x\n",)),)),
    ]
    both = plan.Step("chore: both", ((0, 0), (1, 0)))
    apart = [plan.Step("chore: one", ((0, 0),)), plan.Step("chore: two", ((1, 0),))]
    written = {"commits": plan.to_json(apart, changes, Config())}
    found = problems(written, changes)
    assert [(each.code, each.path) for each in found] == [("bad-plan", "a")]
    assert found[0].message == "the path turns from a file into a folder or back: put both changes into one commit"
    assert problems({"commits": plan.to_json([both], changes, Config())}, changes) == []
    assert [found.code for found in problems({"commits": written["commits"][:1]}, changes)] == ["bad-plan"]


def test_the_paths_that_a_plan_leaves_out_are_known():
    assert plan.rest(made(), CHANGES) == []
    assert plan.rest([plan.Step("chore: some", ((1, 0), (0, 0)))], CHANGES) == [
        "src/b.py",
        "logo.png",
        "tests/test_hue.py",
    ]


def test_a_plan_says_which_tree_it_was_made_upon():
    assert plan.base({"base_tree": "abc", "commits": []}) == "abc"
    for document, words in (({}, "the plan has no base_tree"), ({"base_tree": 1}, "base_tree is not a string")):
        with pytest.raises(UsageError, match=words):
            plan.base(document)


def test_hunks_of_the_plan_s_own_file_are_passed_over():
    written = document()
    empty = {"path": "PLAN.json", "hunks": ["content 000000 0 to 100644 1"]}
    written["commits"].append({"message": "chore: add PLAN.json", "files": [empty]})
    written["commits"][0]["files"].append(empty)
    assert plan.read(written, CHANGES, "PLAN.json") == (made(), [])
    assert [found.code for found in problems(written)] == ["stale-plan", "stale-plan"]
