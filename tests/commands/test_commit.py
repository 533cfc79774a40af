import json
import os
import subprocess

import pytest

from devtools.cli import run
from devtools.git import draft
from devtools.proof import record as proof_record
from devtools.proof.verdict import Proof
from devtools.tdd import store as cycling

QUIET = "".join(f"{name} = 'true'\n" for name in ("lint", "format", "types"))
CHECK = "tests = '! grep -rn BROKEN *.txt'\n"
CONFLICT = "<" * 7 + " HEAD\nb\n" + "=" * 7 + "\nc\n" + ">" * 7 + " topic\n"


@pytest.fixture
def commit(repository, capsys):
    """Calls devtools commit --json in a repository whose check fails on the word BROKEN in a text file."""
    repository.put("devtools.toml", f"[tdd]\nmode = 'off'\n[checks]\n{QUIET}{CHECK}")
    repository.put("a.txt", "one\ntwo\n")
    repository.put("b.txt", "one\n")
    repository.commit()

    def call(*arguments):
        capsys.readouterr()
        code = run(["commit", "--json", *arguments])
        return code, json.loads(capsys.readouterr().out)

    return call


def codes(answer):
    return [problem["code"] for problem in answer["problems"]]


def index(repository):
    return (repository.path / ".git/index").read_bytes()


def status(repository):
    return repository.git("status", "--porcelain").split("\n")[:-1]


def head(repository):
    return repository.git("rev-parse", "HEAD").strip()


def test_what_is_staged_is_committed_and_nothing_else(commit, repository, capsys):
    repository.put("a.txt", "one\nTWO\n")
    repository.git("add", "a.txt")
    repository.put("a.txt", "one\nTWO\nthree BROKEN\n")
    before = index(repository)
    code, answer = commit("-m", "docs: louder", "-m", "Why.")
    assert (code, answer["ok"], answer["commit"]) == (0, True, head(repository))
    assert {key: answer[key] for key in ("subject", "files", "added", "deleted", "proof")} == {
        "subject": "docs: louder",
        "files": 1,
        "added": 1,
        "deleted": 1,
        "proof": None,
    }
    assert [check["name"] for check in answer["checks"]] == ["lint", "format", "types", "tests", "debt"]
    assert repository.git("log", "-1", "--format=%B") == "docs: louder\n\nWhy.\n\n"
    assert (index(repository), status(repository)) == (before, [" M a.txt"])


def test_success_is_one_line_and_the_run_can_be_shown(commit, repository, capsys):
    repository.put("a.txt", "1\n")
    assert run(["commit", "-m", "docs: numbers", "a.txt"]) == 0
    out = capsys.readouterr().out
    assert out == f"{head(repository)[:9]} docs: numbers (1 file, +1 -2)\n"
    assert run(["show"]) == 0
    assert capsys.readouterr().out.startswith("run 1: commit\n== lint: holds\n")


def test_all_problems_are_reported_together_and_all_is_as_before(commit, repository):
    for name in "abcde":
        repository.put(f"{name}.txt", "BROKEN\n" * 125)
    repository.put("a.txt", CONFLICT)
    repository.git("add", ".")
    repository.put("a.txt", "saved only\n")
    before, files = index(repository), status(repository)
    code, answer = commit("-m", "louder")
    assert (code, answer["ok"]) == (1, False)
    assert codes(answer)[:4] == ["bad-message", "too-many-files", "too-many-lines", "conflict-markers"]
    assert set(codes(answer)[4:]) == {"tests"}
    assert (answer["problems"][3]["path"], answer["problems"][3]["line"]) == ("a.txt", 1)
    assert (index(repository), status(repository)) == (before, files)
    assert (repository.path / "a.txt").read_text() == "saved only\n"


def test_checks_see_the_snapshot_and_not_the_working_tree(commit, repository):
    repository.put("a.txt", "BROKEN\n")
    repository.git("add", "a.txt")
    repository.put("a.txt", "whole\n")
    assert codes(commit("-m", "docs: x")[1]) == ["tests"]
    repository.put("a.txt", "fine\n")
    repository.git("add", "a.txt")
    repository.put("new.txt", "BROKEN\n")
    assert commit("-m", "docs: x")[0] == 0


def test_a_stored_green_answers_for_the_same_tree(commit, repository):
    repository.put("a.txt", "1\n")
    repository.git("add", "a.txt")
    first = commit("-m", "docs: x", "--dry-run")[1]
    assert commit("-m", "docs: x", "--dry-run")[1]["run"] == first["run"]
    repository.put("untracked", "")
    apart = commit("-m", "docs: x", "--dry-run")[1]
    assert apart["run"] == first["run"] + 1
    repository.put("untracked", "more")
    assert commit("-m", "docs: x")[1]["run"] == apart["run"]


def test_hygiene_and_commit_share_their_green(commit, repository):
    repository.put("a.txt", "1\n")
    repository.git("add", "a.txt")
    assert run(["hygiene"]) == 0
    assert commit("-m", "docs: x")[1]["run"] == 1


def test_paths_are_staged_from_any_folder_with_what_is_gone(commit, repository, monkeypatch):
    repository.put("d/c.txt", "c\n")
    repository.put("d/e.txt", "e\n")
    (repository.path / "b.txt").unlink()
    monkeypatch.chdir(repository.path / "d")
    assert commit("-m", "docs: x", "c.txt", "../b.txt")[0] == 0
    assert repository.git("show", "--name-status", "--format=") == "D\tb.txt\nA\td/c.txt\n"
    assert status(repository) == ["?? d/e.txt"]


def test_paths_of_a_refused_commit_are_not_staged(commit, repository):
    repository.put("a.txt", "BROKEN\n")
    before = index(repository)
    assert codes(commit("-m", "docs: x", "a.txt")[1]) == ["tests"]
    assert index(repository) == before
    assert commit("-m", "docs: x", "gone.txt")[0] == 2
    assert index(repository) == before


def test_a_dry_run_writes_nothing(commit, repository, capsys):
    repository.put("a.txt", "1\n")
    before, tip = index(repository), head(repository)
    code, answer = commit("-m", "docs: x", "--dry-run", "a.txt")
    assert (code, answer["ok"], answer["commit"], answer["files"]) == (0, True, None, 1)
    assert (index(repository), head(repository)) == (before, tip)
    assert os.listdir(repository.path / ".git/devtools-commit") == ["lock"]


def test_nothing_staged_is_told_with_what_could_be(commit, repository):
    assert "there is no change" in commit("-m", "docs: x")[1]["problems"][0]["message"]
    repository.put("a.txt", "1\n")
    code, answer = commit("-m", "wip")
    assert (code, codes(answer)) == (1, ["nothing-staged", "bad-message"])
    assert "1 path could be: devtools commit -m MESSAGE PATH..." in answer["problems"][0]["message"]


def test_a_merge_with_conflicts_is_refused_with_the_message(commit, repository):
    repository.git("checkout", "-q", "-b", "topic")
    repository.put("a.txt", "theirs\n")
    repository.commit()
    repository.git("checkout", "-q", "main")
    repository.put("a.txt", "ours\n")
    repository.commit()
    with pytest.raises(Exception, match="merge"):
        repository.git("merge", "topic")
    assert codes(commit("-m", "wip")[1]) == ["merge-in-progress", "bad-message"]
    assert codes(commit()[1]) == ["merge-in-progress"]
    repository.git("add", "a.txt")
    code, answer = commit("-m", "docs: x")
    assert (code, codes(answer)) == (1, ["merge-in-progress", "conflict-markers"])
    assert answer["problems"][0]["message"].startswith("a merge is in progress: git merge --continue")


def test_conflicts_without_a_merge_are_refused_too(commit, repository):
    repository.put("a.txt", "stashed\n")
    repository.git("stash", "-q")
    repository.put("a.txt", "ours\n")
    repository.commit()
    with pytest.raises(Exception, match="stash"):
        repository.git("stash", "pop", "-q")
    assert codes(commit("-m", "docs: x")[1]) == ["merge-in-progress"]


@pytest.mark.parametrize("operation", ["rebase -q topic", "cherry-pick topic", "revert -n HEAD~1", "bisect start"])
def test_an_operation_in_progress_is_refused_by_name(commit, repository, operation):
    repository.git("checkout", "-q", "-b", "topic")
    repository.put("a.txt", "theirs\n")
    repository.commit()
    repository.git("checkout", "-q", "main")
    for text in ("ours\n", "again\n"):
        repository.put("a.txt", text)
        repository.commit()
    subprocess.run(["git", *operation.split()], check=False, capture_output=True)
    answer = commit("-m", "docs: x")[1]
    assert answer["problems"][0]["code"] == "merge-in-progress"
    assert f"a {operation.split()[0]} is in progress" in answer["problems"][0]["message"]


def test_a_hook_that_changes_what_was_checked_is_told(commit, repository, capsys):
    repository.put(".git/hooks/pre-commit", "#!/bin/sh\necho more >> a.txt\ngit add a.txt\n")
    (repository.path / ".git/hooks/pre-commit").chmod(0o755)
    repository.put("a.txt", "1\n")
    assert run(["commit", "-m", "docs: x", "a.txt"]) == 0
    out = capsys.readouterr().out
    assert out.endswith("; a hook changed what had been checked: devtools verify HEAD^..HEAD\n")
    assert repository.git("show", "HEAD:a.txt") == "1\nmore\n"


def test_a_commit_that_cannot_be_signed_is_told_with_the_way_out(commit, repository):
    repository.git("config", "commit.gpgsign", "true")
    repository.git("config", "gpg.format", "ssh")
    repository.git("config", "user.signingkey", "/nowhere/key.pub")
    repository.put("a.txt", "1\n")
    code, answer = commit("-m", "docs: x", "a.txt")
    assert (code, codes(answer), status(repository)) == (1, ["git-refused"], [" M a.txt"])
    assert "public key /nowhere/key.pub" in answer["problems"][0]["message"]
    assert answer["problems"][0]["message"].endswith("git config user.signingkey, or git config commit.gpgsign false")


def test_a_hooks_no_is_told_in_its_own_words(commit, repository, capsys):
    hook = repository.path / ".git/hooks/commit-msg"
    repository.put(".git/hooks/commit-msg", "#!/bin/sh\necho one >&2\necho no ticket >&2\nexit 1\n")
    hook.chmod(0o755)
    repository.put("a.txt", "1\n")
    before = index(repository)
    code, answer = commit("-m", "docs: x", "a.txt")
    assert (code, codes(answer), answer["said"]) == (1, ["git-refused"], ["one", "no ticket"])
    assert run(["commit", "-m", "docs: x", "a.txt"]) == 1
    assert capsys.readouterr().out == "refused by git or a hook: no ticket; nothing changed\none\n"
    assert index(repository) == before


@pytest.mark.parametrize("adds", ["", "git add a.txt new.txt"])
def test_what_a_hook_that_refuses_has_mended_is_named_and_stays(commit, repository, capsys, adds):
    hook = repository.path / ".git/hooks/pre-commit"
    script = f"#!/bin/sh\necho mended >> a.txt\necho 1 > new.txt\n{adds}\necho files were modified\nexit 1\n"
    repository.put(".git/hooks/pre-commit", script)
    hook.chmod(0o755)
    for name in ("a.txt", "b.txt"):
        repository.put(name, "1\n")
    before = index(repository)
    assert run(["commit", "-m", "docs: x", "--insight", "New.", "a.txt"]) == 1
    head, *_ = capsys.readouterr().out.splitlines()
    left = "the hook changed a.txt new.txt: git add a.txt new.txt, then commit again"
    assert head == f"refused by git or a hook: files were modified; {left}"
    assert (index(repository), (repository.path / "a.txt").read_text()) == (before, "1\nmended\n")
    assert commit("-m", "docs: x", "a.txt")[1]["mended"] == ["a.txt", "new.txt"]


def test_comment_lines_are_read_as_git_will_store_them(commit, repository):
    repository.put("a.txt", "1\n")
    repository.git("config", "core.commentChar", ";")
    text = "; not mine\ndocs: x\n"
    assert codes(commit("-m", text, "a.txt")[1]) == ["bad-message", "bad-message"]
    repository.git("config", "commit.cleanup", "strip")
    assert commit("-m", text, "a.txt")[0] == 0
    assert repository.git("log", "-1", "--format=%B") == "docs: x\n\n"
    repository.git("config", "core.commentChar", "auto")
    assert "bad-message" in codes(commit("-m", text, "a.txt")[1])


def test_insights_become_trailers_and_entries_of_the_same_commit(commit, repository):
    repository.put("LEARNINGS.md", "# Learnings\n\n## Tests\n\n- Old.\n")
    repository.commit()
    repository.put("LEARNINGS.md", "# Learnings\n\nUnsaved.\n\n## Tests\n\n- Old.\n")
    repository.put("a.txt", "1\n")
    code, answer = commit(
        "-m", "docs: x", "--insight", "First\nof 2.", "--insight", "Second.", "--topic", "Tests", "a.txt"
    )
    assert (code, answer["insights"], answer["files"]) == (0, ["First\nof 2.", "Second."], 1)
    trailers = repository.git("log", "-1", "--format=%(trailers:unfold)")
    assert trailers == "Insight: First of 2.\nInsight: Second.\nTopic: Tests\n\n"
    assert repository.git("show", "HEAD:LEARNINGS.md").endswith("## Tests\n\n- Old.\n- First of 2.\n- Second.\n")
    saved = (repository.path / "LEARNINGS.md").read_text()
    assert saved == "# Learnings\n\nUnsaved.\n\n## Tests\n\n- Old.\n- First of 2.\n- Second.\n"
    assert status(repository) == [" M LEARNINGS.md"]


def test_words_and_paragraphs_of_an_insight_go_with_it_into_the_trailers_and_the_file(commit, repository):
    repository.put("a.txt", "1\n")
    text = "docs: x\n\nInsight: Three.\nExample: 3\nTopic: Own"
    given = ("--insight", "One.", "--insight", "Two.", "--words", "first uno", "--topic", "T")
    assert commit("-m", text, *given, "a.txt")[0] == 0
    assert "  <!-- words: first uno -->" in repository.git("show", "HEAD:LEARNINGS.md")
    assert "- Three.\n\n  Example: 3\n" in (repository.path / "LEARNINGS.md").read_text()
    log = repository.git("log", "-1", "--format=%(trailers:only)").split("\n")
    assert log[log.index("Insight: One.") + 1 :][:2] == ["Words: first uno", "Insight: Two."]


def test_words_without_an_insight_are_a_usage_error(commit, repository, capsys):
    repository.put("a.txt", "1\n")
    assert run(["commit", "-m", "docs: x", "--words", "w", "a.txt"]) == 2
    assert "--words belongs to an --insight" in capsys.readouterr().err


def test_insights_of_different_topics_keep_their_own_in_the_log(commit, repository, capsys):
    repository.put("a.txt", "<<<<<<< a\n=======\n>>>>>>> b\n")
    assert run(["commit", "-m", "docs: x", "--insight", "One.", "--topic", "A", "--words", "w", "a.txt"]) == 1
    repository.put("a.txt", "1\n")
    assert commit("-m", "docs: x", "--insight", "Two.", "--topic", "B", "a.txt")[0] == 0
    log = repository.git("log", "-1", "--format=%(trailers:only)").strip().split("\n")
    assert log == ["Insight: One.", "Topic: A", "Words: w", "Insight: Two.", "Topic: B"]


def test_an_insight_written_as_a_trailer_is_noted_too_and_only_once(commit, repository):
    repository.put("a.txt", "1\n")
    text = "docs: x\n\nInsight: One.\nTopic: Odd\n"
    code, answer = commit("-m", text, "--insight", "One.", "a.txt")
    assert (code, answer["insights"]) == (0, ["One."])
    assert repository.git("log", "-1", "--format=%B") == text + "\n"
    assert "## Odd\n\n- One.\n" in repository.git("show", "HEAD:LEARNINGS.md")
    assert status(repository) == []


def test_a_backslash_of_the_clients_shell_tool_goes_into_no_commit_and_no_insight(commit, repository):
    repository.put("a.txt", "TWO\n")
    insight = r"x \!= y for a nan"
    assert commit("-m", r"docs\!: new", "-m", r"Why\!", "--insight", insight, "--topic", r"Oh\!", "a.txt")[0] == 0
    said = repository.git("log", "-1", "--format=%B")
    assert said.splitlines()[:3] == ["docs!: new", "", "Why!"]
    assert "Insight: x != y for a nan\nTopic: Oh!" in said
    assert "\\" not in (repository.path / "LEARNINGS.md").read_text()


def test_insights_of_a_refused_commit_or_a_dry_run_stand_nowhere(commit, repository):
    repository.put("a.txt", "BROKEN\n")
    assert commit("-m", "docs: x", "--insight", "One.", "a.txt")[0] == 1
    repository.put("a.txt", "1\n")
    assert commit("-m", "docs: x", "--insight", "One.", "a.txt", "--dry-run")[1]["insights"] == ["One."]
    assert status(repository) == [" M a.txt"]
    assert commit("-m", "docs: x", "--insight", " \n", "a.txt")[0] == 2


def test_an_insight_of_a_refused_commit_is_kept_and_the_next_commit_carries_it_once(commit, repository, capsys):
    repository.put("a.txt", "BROKEN\n")
    assert run(["commit", "-m", "docs: x", "--insight", "One.", "--topic", "Tests", "a.txt"]) == 1
    assert "1 insight kept: the next commit carries it, or devtools learn add TEXT\n" in capsys.readouterr().out
    assert commit("-m", "docs: x", "--insight", "One", "--topic", "Tests", "a.txt")[0] == 1
    repository.put("a.txt", "1\n")
    assert commit("-m", "docs: x", "--insight", "Two.", "a.txt")[1]["insights"] == ["One", "Two."]
    assert repository.git("log", "-1", "--format=%(trailers)") == "Insight: One\nInsight: Two.\nTopic: Tests\n\n"
    text = (repository.path / "LEARNINGS.md").read_text()
    assert (text.count("- One"), text.count("- Two."), text.count("## Tests\n\n- One\n")) == (1, 1, 1)
    repository.put("a.txt", "2\n")
    assert commit("-m", "docs: x", "a.txt")[1]["insights"] == []


def test_a_setting_counts_once_it_is_staged_and_the_answer_says_so(commit, repository, capsys):
    """What lies in the working tree alone neither loosens nor tightens a rule."""
    settings = (repository.path / "devtools.toml").read_text()
    repository.put("devtools.toml", f"max-lines = 1\n{settings}")
    repository.put("a.txt", "1\n")
    assert run(["commit", "-m", "docs: x", "a.txt"]) == 0
    assert capsys.readouterr().out.endswith("; counts once it is staged: max-lines 500 -> 1\n")
    assert run(["commit", "-m", "docs: x", "devtools.toml"]) == 1
    assert capsys.readouterr().out.splitlines()[2] == "changes the rules: max-lines 500 -> 1"
    repository.put("devtools.toml", f"max-lines = 9\n{settings}")
    repository.put("a.txt", "2\n")
    code, answer = commit("-m", "docs: x", "a.txt", "devtools.toml")
    assert (code, answer["settings"]) == (0, ["max-lines 500 -> 9"])


@pytest.fixture
def python(commit, repository):
    repository.put("devtools.toml", f"[checks]\n{QUIET}")
    repository.put("a.py", "def f():\n    return 1\n")
    repository.put("test_a.py", "import a\n\n\ndef test_f():\n    assert a.f() == 1\n")
    repository.put(".gitignore", "__pycache__/\n.*_cache/\n")
    repository.commit()
    repository.put("a.py", "def f():\n    return 2\n")
    repository.put("test_a.py", "import a\n\n\ndef test_f():\n    assert a.f() == 2\n")


@pytest.mark.usefixtures("python")
def test_a_feature_must_be_proved(commit, repository):
    code, answer = commit("-m", "feat: x", "--dry-run", "a.py", "test_a.py")
    assert (code, answer["proof"]) == (0, "proved")
    repository.put("a.py", "def f():\n    return 1\n\n\ndef g():\n    return 3\n")
    code, answer = commit("-m", "feat: x", "a.py")
    assert (code, answer["proof"], "unproved" in codes(answer)) == (1, "unproved", True)
    repository.put("devtools.toml", f"[tdd]\nmode = 'warn'\n[checks]\n{QUIET}")
    assert run(["commit", "-m", "feat: x", "a.py"]) == 1
    assert run(["commit", "-m", "feat: x", "a.py", "devtools.toml"]) == 0


@pytest.mark.usefixtures("python")
def test_what_the_checks_ran_is_not_run_again_for_the_proof(commit, repository, tmp_path):
    count = f"import a\n\n\ndef test_count():\n    a.f()\n    open({str(tmp_path / 'runs')!r}, 'a').write('x')\n"
    repository.put("test_far.py", count)
    code, answer = commit("-m", "feat: x", "a.py", "test_a.py", "test_far.py")
    assert (code, answer["proof"]) == (0, "proved")
    runs = (tmp_path / "runs").read_text()
    repository.put("a.py", "def f():\n    return 3\n")
    repository.put("test_a.py", "import a\n\n\ndef test_f():\n    assert a.f() == 3\n")
    code, answer = commit("-m", "feat: y", "a.py", "test_a.py")
    assert (code, answer["proof"]) == (0, "proved")
    assert (tmp_path / "runs").read_text() == runs + "x"


@pytest.mark.usefixtures("python")
def test_a_proof_that_cannot_be_made_exits_three(commit, repository, monkeypatch):
    monkeypatch.setattr(proof_record, "recorded", lambda *_: Proof("error", fault="no pytest"))
    code, answer = commit("-m", "feat: x", "a.py", "test_a.py")
    assert (code, codes(answer), answer["problems"][0]["message"]) == (3, ["tool"], "no pytest")


@pytest.mark.usefixtures("python")
def test_a_comment_above_the_subject_hides_no_feature_from_the_proof(commit, repository):
    repository.git("config", "commit.cleanup", "strip")
    repository.git("checkout", "-q", ".")
    repository.put("a.py", "def f():\n    return 1 + 0\n")
    code, answer = commit("-m", "# a note\nfeat: x", "--dry-run", "a.py")
    assert (code, answer["proof"]) == (1, "unproved")


def test_finished_cycles_wait_for_the_commit_that_holds_their_tests(commit, repository):
    before = cycling.load(str(repository.path))[0]
    after = before.having(carried=("test_b.py::test_b", "test_b.py::test_c", "test_d.py::test_d"))
    cycling.save(str(repository.path), before, after, "done", True)
    repository.put("a.txt", "docs\n")
    assert commit("-m", "docs: x", "a.txt")[0] == 0
    assert repository.git("log", "-1", "--format=%(trailers)") == "\n"
    repository.put("test_b.py", "def test_b():\n    assert True\n")
    assert commit("-m", "test: x", "test_b.py")[0] == 0
    assert repository.git("log", "-1", "--format=%(trailers)") == "TDD: red->green (2 tests)\n\n"
    assert cycling.load(str(repository.path))[0].carried == ("test_d.py::test_d",)
    repository.put("test_b.py", "def test_b():\n    assert 1\n")
    assert commit("-m", "test: y", "test_b.py")[0] == 0
    assert repository.git("log", "-1", "--format=%(trailers)") == "\n"


def test_a_malformed_cycle_hinders_no_commit(commit, repository):
    repository.keep("cycle.json", "[]")
    repository.put("b.txt", "more\n")
    assert commit("-m", "docs: x", "b.txt")[0] == 0


def test_commits_of_a_plan_that_a_kill_left_without_their_index_are_not_taken_back(commit, repository):
    repository.put("b.txt", "planned\n")
    place = draft.find(str(repository.path))
    before = draft.digest(place.index)
    env = {**os.environ, "GIT_INDEX_FILE": str(repository.path / ".git" / "next")}
    subprocess.run(["git", "read-tree", "HEAD"], env=env, check=True)
    subprocess.run(["git", "add", "b.txt"], env=env, check=True)
    tree = subprocess.run(["git", "write-tree"], env=env, check=True, capture_output=True, text=True).stdout.strip()
    made = repository.git("commit-tree", "-p", "HEAD", "-m", "docs: planned", tree).strip()
    repository.put(".git/devtools-apply/journal", json.dumps({"new": made, "digest": before}))
    (repository.path / ".git" / "next").rename(repository.path / ".git" / "devtools-apply" / "index")
    repository.git("update-ref", "HEAD", made)
    repository.put("a.txt", "next\n")
    assert commit("-m", "docs: next", "a.txt")[0] == 0
    assert repository.git("show", "--format=", "--name-only", "HEAD").split() == ["a.txt"]
