import json

import pytest

from devtools.cli import run

OLD = "def add(a, b):\n    return a + b\n"
TEST = "import calc\n\n\ndef test_add():\n    assert calc.add(1, 2) == 3\n"
NEW = OLD + "\n\ndef double(a):\n    return add(a, a)\n"
NEW_TEST = TEST + "\n\ndef test_double():\n    assert calc.double(2) == 4\n"


@pytest.fixture
def history(repository):
    """A main branch with one commit and a branch with work on it."""
    repository.put("calc.py", OLD)
    repository.put("test_calc.py", TEST)
    repository.put(".gitignore", "__pycache__/\n")
    repository.commit("feat: add")
    repository.git("switch", "-qc", "work")
    return repository


@pytest.fixture
def verify(history, capsys):
    def call(*arguments):
        code = run(["verify", "--json", *arguments])
        return code, json.loads(capsys.readouterr().out)

    return call


def put(repository, message, **files):
    for name, text in files.items():
        repository.put(f"{name}.py", text)
    return repository.commit(message)


def test_a_proved_history_holds_and_the_second_run_answers_from_the_record(history, verify, monkeypatch, capsys):
    first = put(history, "feat: double\n\nWhy.", calc=NEW, test_calc=NEW_TEST)
    put(history, "docs: words", calc=f"# words\n{NEW}")
    code, answer = verify("--jobs", "2")
    assert (code, answer["ok"], answer["counts"]) == (0, True, {"proved": 1, "no-code": 1})
    assert answer["commits"][0] == {
        "commit": first,
        "subject": "feat: double",
        "files": 2,
        "added": 8,
        "deleted": 0,
        "tdd": "proved",
        "problems": [],
    }
    monkeypatch.setattr("devtools.proof.record.prove", None)
    assert verify()[1]["commits"] == answer["commits"]
    assert run(["verify"]) == 0
    assert capsys.readouterr().out == "2 commits hold: 1 no-code, 1 proved\n"
    assert run(["verify", "HEAD~1..HEAD"]) == 0
    assert capsys.readouterr().out == "1 commit holds: 1 no-code\n"


def test_a_weak_test_is_told_and_the_commit_holds(history, verify, capsys):
    code = NEW + "\n\ndef much(a):\n    return a > 9\n"
    test = NEW_TEST + "\n\ndef test_much():\n    assert (calc.much(1), calc.much(99)) == (False, True)\n"
    put(history, "feat: much\n\nWhy.", calc=code, test_calc=test)
    code, answer = verify()
    [warning] = answer["commits"][0]["warnings"]
    assert (code, warning["code"], warning["path"]) == (0, "weak-test", "calc.py")
    assert run(["verify"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[1] == "1 weak test in 1 commit: devtools verify --json names each"


def test_whose_expectation_a_commit_changes_is_told(history, verify):
    put(history, "feat: double\n\nWhy.", calc=NEW, test_calc=NEW_TEST)
    texts = {"calc": NEW.replace("a, a", "a, a + 1"), "test_calc": NEW_TEST.replace("== 4", "== 5")}
    put(history, "fix: double\n\nWhy.", **texts)
    code, answer = verify("HEAD~1..HEAD")
    [commit] = answer["commits"]
    assert (code, commit["tdd"], commit["expectations"]) == (0, "proved", ["test_calc.py::test_double"])


def test_what_does_not_hold_is_named_by_commit_and_code(history, verify, capsys):
    bad = put(history, "double", calc=NEW)
    code, answer = verify("main..HEAD")
    assert (code, answer["ok"]) == (1, False)
    assert [problem["code"] for problem in answer["problems"]] == ["bad-message", "untested-code"]
    assert all(problem["message"].startswith(bad[:9]) for problem in answer["problems"])
    assert run(["verify", "--exit-zero"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "1 of 1 commit does not hold: 1 unproved"
    assert lines[1] == f"{bad[:9]} double"
    assert lines[3] == "  untested-code: no test executes calc.py lines 6"


def test_a_range_is_judged_by_the_settings_of_its_last_commit(history, verify, capsys):
    """Not by those of the working tree; the commit that changes a rule is named, and so is a lenient mode."""
    put(history, "feat: double", calc=NEW)
    history.put("devtools.toml", "[tdd]\nmode = 'warn'\n")
    assert [problem["code"] for problem in verify()[1]["commits"][0]["problems"]] == ["unproved", "untested-code"]
    history.git("add", "devtools.toml")
    history.git("commit", "-q", "-m", "chore: warn only")
    code, answer = verify()
    assert (code, answer["commits"][0]["tdd"], answer["commits"][0]["problems"]) == (0, "unproved", [])
    assert answer["commits"][1]["settings"] == ["tdd.mode strict -> warn"]
    history.put("devtools.toml", "[tdd]\nmode = 'off'\n")
    history.git("commit", "-q", "-a", "-m", "chore: no proof")
    assert verify()[1]["commits"][0]["tdd"] == "no-code"
    assert run(["verify"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[1].endswith(" chore: warn only changes the rules: tdd.mode strict -> warn")
    assert lines[3] == "the mode is off by the last of these commits: nothing is proved"


def test_a_tool_that_fails_is_an_error_and_no_violation(history, verify, capsys):
    put(history, "feat: double", calc=NEW, test_calc=NEW_TEST, conftest="import nonsense_xyz\n")
    code, answer = verify()
    assert (code, answer["commits"][0]["tdd"], answer["commits"][0]["problems"]) == (3, "error", [])
    assert "nonsense_xyz" in answer["commits"][0]["fault"]
    run(["verify"])
    head = capsys.readouterr().out.splitlines()[0]
    assert head == "1 of 1 commit could not be proved or refuted: 1 error"


def test_a_merge_is_neither_measured_nor_named_and_a_revert_may_take_its_test_along(history, verify):
    put(history, "fix: add whole numbers", calc=OLD.replace("a + b", "int(a) + int(b)"),
        test_calc=TEST + "\n\ndef test_text():\n    assert calc.add('1', 2) == 3\n")  # fmt: skip
    history.git("revert", "--no-edit", "HEAD")
    history.git("switch", "-q", "main")
    history.git("merge", "-q", "--no-ff", "--no-edit", "work")
    code, answer = verify("HEAD^..HEAD")
    assert (code, [each["tdd"] for each in answer["commits"]]) == (0, ["proved", "preserved", "no-code"])


def test_nothing_to_verify_says_how_to_name_a_range(history, verify, capsys):
    assert verify()[1]["commits"] == []
    run(["verify"])
    assert "name one, such as HEAD~5..HEAD" in capsys.readouterr().out
    assert run(["verify", "nowhere..HEAD"]) == 2


def test_generated_files_count_no_more_than_at_the_commit(history, verify):
    history.put(".gitattributes", "*.pb.txt linguist-generated\n")
    history.commit("chore: mark what is generated")
    history.put("a.pb.txt", "1\n" * 600)
    history.put("b.txt", "1\n")
    history.commit("docs: generate")
    code, answer = verify("HEAD~1..HEAD")
    assert (code, answer["commits"][0]["files"], answer["commits"][0]["added"]) == (0, 1, 1)


@pytest.fixture
def clone(history, tmp_path, monkeypatch):
    """Clone the history as a CI does and go there."""

    def call(*options):
        where = tmp_path / f"clone{len(list(tmp_path.iterdir()))}"
        history.git("clone", "-q", *options, f"file://{history.path}", str(where))
        monkeypatch.chdir(where)
        return where

    return call


def test_of_a_shallow_clone_only_what_is_whole_is_judged(history, verify, clone):
    put(history, "feat: double\n\nWhy.", calc=NEW, test_calc=NEW_TEST)
    put(history, "docs: words", calc=f"# words\n{NEW}")
    clone("--depth", "2")
    code, answer = verify("HEAD")
    assert (code, [each["tdd"] for each in answer["commits"]]) == (3, ["error", "no-code"])
    assert answer["problems"][0]["message"].endswith("lacks what this commit changed: git fetch --unshallow")
    assert verify("HEAD~1..HEAD")[0] == 0
    code, answer = verify("HEAD~5..HEAD")
    assert (code, answer["problems"][0]["message"]) == (
        3,
        "this clone is shallow and lacks a part of 'HEAD~5..HEAD': git fetch --unshallow",
    )


def test_a_bad_commit_beside_one_that_cannot_be_judged_is_still_a_finding(history, verify, clone):
    put(history, "docs: words", calc=f"# words\n{OLD}")
    put(history, "double", calc=NEW)
    clone("--depth", "2")
    code, answer = verify("HEAD")
    assert (code, answer["commits"][0]["tdd"]) == (1, "error")
    assert [problem["code"] for problem in answer["problems"]] == ["bad-message", "untested-code", "tool"]


def test_a_clone_of_one_branch_cannot_tell_what_is_new(history, verify, clone):
    put(history, "docs: words", calc=f"# words\n{OLD}")
    history.git("switch", "-q", "main")
    where = clone("--single-branch", "-b", "work")
    code, answer = verify()
    fetch = "git fetch origin '+refs/heads/*:refs/remotes/origin/*'"
    assert (code, answer["problems"][0]["message"].endswith(fetch)) == (3, True)
    fetch = "git fetch origin main:refs/remotes/origin/main"
    code, answer = verify("origin/main..HEAD")
    assert (code, answer["problems"][0]["message"]) == (
        3,
        f"origin/main is not in this clone, so 'origin/main..HEAD' cannot be judged: {fetch}",
    )
    history.path = where
    history.git(*fetch.split()[1:])
    assert verify("origin/main..HEAD")[1]["counts"] == {"no-code": 1}
    put(history, "docs: more words", calc=f"# more words\n{OLD}")
    assert (verify()[0], verify()[1]["counts"]) == (0, {"no-code": 1})


def test_what_git_has_replaced_is_not_what_was_committed(history, verify):
    put(history, "double", calc=NEW)
    history.git("replace", "--graft", "HEAD")
    code, answer = verify("HEAD")
    assert (code, "git replace -d" in answer["problems"][0]["message"]) == (3, True)


def test_a_partial_clone_fetches_what_it_needs_and_says_where_it_cannot(history, verify, clone, tmp_path):
    history.git("config", "uploadpack.allowFilter", "true")
    history.git("config", "uploadpack.allowAnySHA1InWant", "true")
    put(history, "feat: double\n\nWhy.", calc=NEW, test_calc=NEW_TEST)
    clone("--filter=blob:none", "--no-checkout")
    history.path.rename(tmp_path / "away")
    code, answer = verify("HEAD~1..HEAD")
    assert (code, "git diff-tree failed: fatal: " in answer["problems"][0]["message"]) == (3, True)
    (tmp_path / "away").rename(history.path)
    assert verify("HEAD~1..HEAD")[1]["counts"] == {"proved": 1}


def test_a_commit_that_waits_for_its_rebase_is_reported(history, verify):
    put(history, "docs: words", calc=f"# words\n{OLD}")
    put(history, "fixup! docs: words", calc=f"# more words\n{OLD}")
    put(history, "squash! docs: words", calc=f"# most words\n{OLD}")
    code, answer = verify()
    codes = [[problem["code"] for problem in each["problems"]] for each in answer["commits"]]
    assert (code, codes) == (1, [[], ["bad-message"], ["bad-message"]])
