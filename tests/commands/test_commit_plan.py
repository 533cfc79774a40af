import json
import os
import random
import subprocess

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from devtools.cli import run

CODE = "def hue_of(colour):\n    return colour\n"
TEST = "from pkg.hue import hue_of\n\n\ndef test_hue():\n    assert hue_of(1) == 1\n"


@pytest.fixture
def dirty(repository):
    repository.put("pkg/size.py", "def size_of(box):\n    return box\n")
    repository.put("README.md", "# A project\n")
    repository.commit()
    repository.put("pkg/hue.py", CODE)
    repository.put("tests/test_hue.py", TEST)
    repository.put("pkg/size.py", "def size_of(box):\n    return len(box)\n")
    return repository


def answer(capsys, *arguments):
    """(exit code, the JSON object) of a devtools commit."""
    capsys.readouterr()
    code = run(["commit", *arguments, "--json"])
    return code, json.loads(capsys.readouterr().out)


def test_a_text_of_more_than_two_megabytes_counts_its_lines(repository, capsys):
    lines = [f"{number:079}\n" for number in range(30_000)]
    repository.put("changed.csv", "".join(lines))
    repository.put("old.csv", "".join(reversed(lines)))
    repository.commit()
    repository.put("changed.csv", "".join(["one\n", *lines[:-2]]))
    repository.git("mv", "old.csv", "moved.csv")
    repository.put("moved.csv", "".join(["one\n", *reversed(lines)]))
    repository.put("fresh.csv", "x".join(lines) + "last")
    (repository.path / "binary").write_bytes(b"\0" * 3_000_000)
    (repository.path / "link").symlink_to("fresh.csv")
    code, found = answer(capsys, "--plan")
    assert code == 0
    sizes = dict.fromkeys(("changed.csv", "moved.csv", "fresh.csv", "binary", "link"), (0, 0))
    for commit in found["commits"]:
        for file in commit["files"]:
            sizes[file["path"]] = (commit["added"], commit["deleted"], commit.get("over"))
    assert sizes["changed.csv"][:2] == (1, 2)
    assert sizes["moved.csv"][:2] == (1, 0)
    assert sizes["fresh.csv"] == (30_001, 0, ["too-many-lines"])
    assert sizes["binary"][:2] == sizes["link"][:2] == (0, 0)


@pytest.mark.parametrize("touched", ["README.md", "pkg/hue.py"])
def test_a_file_that_was_merely_touched_is_no_change(dirty, capsys, touched):
    code, document = answer(capsys, "--plan")
    plan = write(dirty, document)
    later = os.stat(touched).st_mtime + 60
    os.utime(touched, (later, later))
    before = (dirty.path / ".git/index").read_bytes()
    assert run(["hygiene", "--only", "git"]) == 0
    assert (dirty.path / ".git/index").read_bytes() == before, "who only looks writes no index"
    code, made = answer(capsys, "--apply", plan)
    assert (code, len(made["commits"])) == (0, len(document["commits"]))
    assert dirty.git("status", "--porcelain") == ""


def write(repository, document, name="../PLAN.json"):
    repository.put(name, json.dumps(document))
    return name


def read(file):
    with open(file, "rb") as stream:
        return stream.read()


def worktree(path):
    """All files of a working tree, with their kind and bytes."""
    found = {}
    for folder, names, files in os.walk(os.fsencode(path)):
        if b".git" in names:
            names.remove(b".git")
        for name in files:
            file = os.path.join(folder, name)
            link = os.path.islink(file)
            found[file] = (
                os.lstat(file).st_mode,
                os.lstat(file).st_mtime_ns,
                os.readlink(file) if link else read(file),
            )
    return found


def state(repository):
    return [
        repository.git(*name.split())
        for name in ("rev-parse HEAD", "ls-files -s", "status --porcelain", "worktree list")
    ]


def test_a_plan_is_shown_in_order_with_messages_files_and_sizes(dirty, capsys):
    before = state(dirty), worktree(dirty.path)
    assert run(["commit", "--plan"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[:3] == ["plan: 2 commits", "1. feat(pkg): add hue_of", "   pkg/hue.py, tests/test_hue.py +7 -0"]
    assert lines[3:5] == ["2. refactor(pkg): rework size_of", "   pkg/size.py +1 -1"]
    assert lines[5].startswith("to edit and make them: devtools commit --plan --json > PLAN.json")
    assert (state(dirty), worktree(dirty.path)) == before


def test_a_plan_ends_with_the_next_step_which_the_hooks_let_pass(dirty, capsys):
    assert run(["commit", "--plan"]) == 0
    assert capsys.readouterr().out.endswith("then devtools commit --apply PLAN.json --verify\n")


def test_a_plan_as_json_is_applied_and_nothing_is_left(dirty, capsys):
    code, planned = answer(capsys, "--plan")
    assert (code, planned["ok"], planned["left"]) == (0, True, [])
    assert planned["base"] == dirty.git("rev-parse", "HEAD").strip()
    assert [set(commit) for commit in planned["commits"]] == [{"message", "files", "added", "deleted", "verified"}] * 2
    before = worktree(dirty.path)
    code, made = answer(capsys, "--apply", write(dirty, planned))
    assert code == 0
    assert dirty.git("log", "-2", "--format=%H").split() == [entry["commit"] for entry in made["commits"]][::-1]
    subjects = dirty.git("log", "-2", "--reverse", "--format=%s").splitlines()
    assert subjects == ["feat(pkg): add hue_of", "refactor(pkg): rework size_of"]
    assert dirty.git("status", "--porcelain") == ""
    assert worktree(dirty.path) == before


def test_an_edited_plan_is_made_as_it_was_edited_and_the_rest_stays_uncommitted(dirty, capsys):
    _, planned = answer(capsys, "--plan")
    planned["commits"][0]["message"] = "feat: hues\n\nThey were missing.\n"
    del planned["commits"][1]
    assert run(["commit", "--apply", write(dirty, planned)]) == 0
    lines = capsys.readouterr().out.splitlines()
    head = dirty.git("rev-parse", "--short=9", "HEAD").strip()
    assert lines[:2] == ["1 commit made", f"1. {head} feat: hues"]
    assert lines[-1] == "left: pkg/size.py (not in the plan)"
    assert dirty.git("log", "-1", "--format=%B").strip() == "feat: hues\n\nThey were missing."
    assert dirty.git("status", "--porcelain") == " M pkg/size.py\n"


def test_a_plan_kept_in_the_repository_is_no_part_of_itself(dirty):
    command = "import sys; from devtools.cli import run; sys.exit(run(sys.argv[1:]))"
    with open(dirty.path / "PLAN.json", "w") as stream:
        subprocess.run([os.sys.executable, "-c", command, "commit", "--plan", "--json"], stdout=stream, check=True)
    planned = json.loads((dirty.path / "PLAN.json").read_text())
    assert planned["left"] == [{"path": "PLAN.json", "reason": "the plan itself"}]
    assert run(["commit", "--apply", "PLAN.json"]) == 0
    assert dirty.git("status", "--porcelain") == "?? PLAN.json\n"


def test_a_plan_that_was_written_through_a_pipe_into_the_repository_can_be_applied(dirty, capsys):
    dirty.put("PLAN.json", "")
    _, planned = answer(capsys, "--plan")
    assert "PLAN.json" in [file["path"] for commit in planned["commits"] for file in commit["files"]]
    assert answer(capsys, "--apply", write(dirty, planned, "PLAN.json"))[0] == 0
    assert dirty.git("status", "--porcelain") == "?? PLAN.json\n"


def test_a_plan_of_another_commit_or_of_changes_that_are_gone_is_refused(dirty, capsys):
    name = write(dirty, answer(capsys, "--plan")[1])
    dirty.put("pkg/size.py", "def size_of(box):\n    return 3\n")
    before = state(dirty)
    code, refused = answer(capsys, "--apply", name)
    assert (code, [problem["code"] for problem in refused["problems"]]) == (1, ["stale-plan"])
    assert refused["problems"][0]["path"] == "pkg/size.py"
    assert run(["commit", "--apply", name]) == 1
    assert capsys.readouterr().out.startswith(
        "no commit was made\nstale-plan: commits[1].files[0].hunks[0] is no change"
    )
    assert state(dirty) == before
    dirty.commit()
    code, refused = answer(capsys, "--apply", name)
    assert code == 1
    assert "base_tree is" in refused["problems"][0]["message"]


def test_an_empty_plan_and_a_malformed_one_make_nothing(dirty, capsys):
    _, planned = answer(capsys, "--plan")
    code, refused = answer(capsys, "--apply", write(dirty, {**planned, "commits": []}))
    assert (code, refused["problems"][0]["code"]) == (1, "nothing-planned")
    for document in ([], {"commits": []}, {**planned, "commits": 3}):
        code, refused = answer(capsys, "--apply", write(dirty, document))
        assert (code, refused["problems"][0]["code"]) == (2, "usage")
    assert answer(capsys, "--apply", "nowhere.json")[0] == 2
    assert answer(capsys, "--apply", "")[0] == 2


def test_a_clean_tree_has_nothing_to_plan(repository, capsys):
    assert answer(capsys, "--plan")[1]["commits"] == []
    assert run(["commit", "--plan"]) == 0
    assert capsys.readouterr().out == "nothing to plan: there is no uncommitted change\n"


def test_the_first_commits_of_a_repository_are_planned_and_made(repository, capsys):
    repository.put("a.py", "A = 1\n")
    repository.put("docs/x.md", "# Words\n")
    _, planned = answer(capsys, "--plan")
    assert planned["base"] == ""
    assert answer(capsys, "--apply", write(repository, planned))[0] == 0
    assert repository.git("log", "--format=%s").count("\n") == len(planned["commits"])
    assert repository.git("status", "--porcelain") == ""


def test_while_a_merge_is_in_progress_nothing_is_planned_and_nothing_made(dirty, capsys):
    name = write(dirty, answer(capsys, "--plan")[1])
    (dirty.path / ".git" / "MERGE_HEAD").write_text(dirty.git("rev-parse", "HEAD"))
    for arguments in (["--plan"], ["--apply", name]):
        code, refused = answer(capsys, *arguments)
        assert (code, refused["problems"][0]["code"]) == (1, "merge-in-progress")


def test_a_plan_stands_alone_and_outside_of_a_repository_there_is_none(dirty, capsys, monkeypatch):
    for rest in (["-m", "x"], ["a.py"], ["--apply", "x"], ["--dry-run"]):
        assert answer(capsys, "--plan", *rest)[0] == 2
    monkeypatch.chdir(dirty.path.parent)
    assert answer(capsys, "--plan")[0] == 2


def test_a_file_too_big_for_the_limits_is_flagged_and_an_odd_name_stays_on_one_line(repository, capsys):
    repository.put("odd\nname.txt", "x\n" * 500)
    assert run(["commit", "--plan"]) == 0
    out = capsys.readouterr().out
    assert "   'odd\\nname.txt' +500 -0; over the limit (too-many-lines)\n" in out


def test_verify_runs_the_tests_after_each_step_and_says_that_they_pass(dirty, capsys):
    dirty.put("devtools.toml", "[tdd]\nmode = 'off'\n")
    dirty.git("add", "devtools.toml")
    dirty.git("commit", "-q", "-m", "chore: no proof", "--", "devtools.toml")
    before = state(dirty), worktree(dirty.path)
    code, planned = answer(capsys, "--plan", "--verify")
    assert (code, [commit["verified"] for commit in planned["commits"]]) == (0, [True, True])
    assert (state(dirty), worktree(dirty.path)) == before
    assert answer(capsys, "--apply", write(dirty, planned))[0] == 0


@pytest.fixture
def numbers(repository):
    """Two files of a number each; their tests are a shell command that compares them."""

    def put(before, after, comparison):
        repository.put("devtools.toml", f"[checks]\ntests = 'test $(cat a.json) {comparison} $(cat b.yaml)'\n")
        for numbers in (before, after):
            repository.put("a.json", f"{numbers[0]}\n")
            repository.put("b.yaml", f"{numbers[1]}\n")
            if numbers is before:
                repository.commit()

    return put


def test_verify_shows_a_step_after_which_the_tests_fail(numbers, capsys):
    numbers((2, 2), (2, 3), "-ge")
    code, planned = answer(capsys, "--plan", "--verify")
    (commit,) = planned["commits"]
    evidence = "tests: tests ended with code 1"
    assert (code, commit["verified"], commit["note"]) == (1, False, evidence)
    assert planned["problems"] == [{"code": "unproved", "message": f"commit 1 does not hold: {evidence}"}]
    assert run(["commit", "--plan", "--verify"]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[:2] == ["plan: 1 commit", f"unproved: commit 1 does not hold: {evidence}"]


def test_verify_mends_an_order_that_does_not_stand(numbers, capsys):
    numbers((2, 2), (1, 1), "-ge")
    assert run(["commit", "--plan", "--verify"]) == 0
    assert capsys.readouterr().out.splitlines()[:5] == [
        "plan: 2 commits, each holds",
        "1. chore: update b.yaml",
        "   b.yaml +1 -1",
        "2. chore: update a.json",
        "   a.json +1 -1; put after the next one, which it needs",
    ]


def test_verify_joins_what_passes_only_together(numbers, capsys):
    numbers((1, 1), (2, 2), "-eq")
    (commit,) = answer(capsys, "--plan", "--verify")[1]["commits"]
    assert [file["path"] for file in commit["files"]] == ["a.json", "b.yaml"]
    assert (commit["verified"], commit["note"]) == (True, "joined with 'chore: update b.yaml': they hold together")


def test_tests_that_cannot_be_run_prove_nothing(dirty, capsys):
    dirty.put("devtools.toml", "[checks]\ntests = 'no-such-program-anywhere'\n")
    code, refused = answer(capsys, "--plan", "--verify")
    assert (code, refused["problems"][0]["code"]) == (3, "tool")
    assert answer(capsys, "--verify")[0] == 2


LINES = st.lists(st.sampled_from(["a\n", "b\n", "c\r\n", "def f():\n", "    return 1\n", "\n", "é\n"]), max_size=9)
NAMES = [b"a.py", b"b.md", b"dir/c.py", b"dir/test_c.py", b"dir", b"caf\xe9", b"new\nline", b"a b"]
FILES = st.dictionaries(
    st.sampled_from(NAMES), st.tuples(LINES, st.sampled_from(["text", "cut", "binary", "link", "run"]))
)


def lay(root, files):
    """Make the working tree hold these files: where one is in the way of another, the first one stays."""
    for name in os.listdir(root):
        if name != b".git":
            subprocess.run([b"rm", b"-rf", os.path.join(root, name)], check=True)
    for name, (lines, kind) in files.items():
        path, data = os.path.join(root, name), "".join(lines).encode()
        try:
            os.makedirs(os.path.dirname(path), exist_ok=True)
            if kind == "link":
                os.symlink(data.replace(b"\n", b"") or b"x", path)
                continue
            with open(path, "wb") as stream:
                stream.write(data[:-1] if kind == "cut" else b"\0" + data if kind == "binary" else data)
            os.chmod(path, 0o755 if kind == "run" else 0o644)
        except OSError:
            continue


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(before=FILES, after=FILES, seed=st.integers(0, 99))
def test_any_plan_applied_gives_the_working_tree_and_leaves_it_as_it_is(tmp_path_factory, capsys, before, after, seed):
    root = tmp_path_factory.mktemp("any")
    git = lambda *arguments: subprocess.run(["git", *arguments], cwd=root, check=True, capture_output=True).stdout  # noqa: E731
    git("init", "-q", "-b", "main")
    os.chdir(root)
    lay(os.fsencode(root), before)
    git("add", "-A")
    git("commit", "-q", "--allow-empty", "-m", "chore: before")
    lay(os.fsencode(root), after)
    files = worktree(root)
    code, planned = answer(capsys, "--plan")
    assert code == 0
    chance = random.Random(seed)
    if not any(name == b"dir" for name in {*before, *after}):
        chance.shuffle(planned["commits"])
    if planned["commits"]:
        (root.parent / "PLAN.json").write_text(json.dumps(planned))
        code, made = answer(capsys, "--apply", str(root.parent / "PLAN.json"))
        assert (code, made["left"]) == (0, [])
    assert git("status", "--porcelain") == b""
    assert worktree(root) == files


QUIET = "".join(f"{name} = 'true'\n" for name in ("lint", "format", "types"))


@pytest.fixture
def strict(repository):
    """A project whose commits must be proved, with a behaviour and its test uncommitted."""
    repository.put("devtools.toml", f"[checks]\n{QUIET}")
    repository.put("hue.py", "def hue_of(colour):\n    return 0\n")
    repository.put(".gitignore", "__pycache__/\n.*_cache/\n")
    repository.commit()
    repository.put("hue.py", CODE)
    repository.put("test_hue.py", TEST.replace("pkg.hue", "hue"))
    return repository


def test_a_verified_plan_is_made_of_commits_that_are_each_proved(strict, capsys):
    _, planned = answer(capsys, "--plan")
    files = [file for commit in planned["commits"] for file in commit["files"]]
    planned["commits"] = [{"message": "feat: hues are colours", "files": files}]
    code, made = answer(capsys, "--apply", write(strict, planned), "--verify")
    assert (code, [entry["verified"] for entry in made["commits"]]) == (0, [True])
    assert strict.git("status", "--porcelain") == ""


def test_what_plan_verify_calls_proved_its_apply_makes_with_the_drafts_as_they_are(strict, capsys):
    """A constant that no test notices goes with a function that is proved, and an import with what uses it."""
    constant = '"""Hues."""\n\nimport math\n\nNAME = "hue"\n\n\n'
    strict.put("hue.py", constant + CODE + "\n\ndef round_of(colour):\n    return math.ceil(colour)\n")
    tests = "from hue import hue_of, round_of\n\n\ndef test_hue():\n    assert hue_of(1) == 1\n"
    strict.put("test_hue.py", tests + "\n\ndef test_round():\n    assert round_of(1.5) == 2\n")
    code, planned = answer(capsys, "--plan", "--verify")
    assert (code, {commit["verified"] for commit in planned["commits"]}) == (0, {True})
    code, made = answer(capsys, "--apply", write(strict, planned), "--verify")
    assert (code, {entry["verified"] for entry in made["commits"]}) == (0, {True})
    assert strict.git("status", "--porcelain") == ""


def test_plan_verify_says_what_apply_would_refuse(strict, capsys):
    (strict.path / "test_hue.py").unlink()
    code, planned = answer(capsys, "--plan", "--verify")
    assert (code, planned["commits"][0]["verified"], planned["problems"][0]["code"]) == (1, False, "unproved")
    dirty = "value = 1\n" * 600
    strict.put("hue.py", dirty)
    assert "too-many-lines: " in answer(capsys, "--plan", "--verify")[1]["problems"][0]["message"]


def test_a_plan_that_is_not_proved_is_refused_whole(strict, capsys):
    (strict.path / "test_hue.py").unlink()
    _, planned = answer(capsys, "--plan")
    planned["commits"][0]["message"] = "feat: hues are colours"
    before = state(strict)
    code, made = answer(capsys, "--apply", write(strict, planned), "--verify")
    assert (code, made["commits"], made["problems"][0]["code"]) == (1, [], "unproved")
    assert made["problems"][0]["message"].startswith("commits[0]: ")
    assert state(strict) == before


def test_a_verified_plan_has_no_commit_over_the_limits(dirty, capsys):
    dirty.put("pkg/size.py", "value = 1\n" * 600)
    _, planned = answer(capsys, "--plan")
    code, made = answer(capsys, "--apply", write(dirty, planned), "--verify")
    assert (code, made["problems"][0]["code"]) == (1, "too-many-lines")


def test_a_plan_made_without_proof_says_so_and_what_proves_it(dirty, capsys):
    _, planned = answer(capsys, "--plan")
    base = dirty.git("rev-parse", "--short=9", "HEAD").strip()
    capsys.readouterr()
    assert run(["commit", "--apply", write(dirty, planned)]) == 0
    head = dirty.git("rev-parse", "--short=9", "HEAD").strip()
    assert capsys.readouterr().err == f"neither checked nor proved: devtools verify {base}..{head}\n"


def test_generated_files_do_not_count_in_a_plan(dirty, capsys):
    dirty.put(".gitattributes", "*.pb.py linguist-generated\n")
    dirty.commit()
    dirty.put("pkg/hue.pb.py", "hue_of = 1\n" * 600)
    _, planned = answer(capsys, "--plan")
    assert not any("over" in commit for commit in planned["commits"])
    everything = {"message": "feat: hues", "files": [file for commit in planned["commits"] for file in commit["files"]]}
    code, _ = answer(capsys, "--apply", write(dirty, {**planned, "commits": [everything]}))
    assert (code, dirty.git("status", "--porcelain")) == (0, "")
