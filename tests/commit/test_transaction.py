import os
import signal
import subprocess
import threading
import time
from dataclasses import asdict, replace

import pytest

from devtools.commit import fixes as fixing
from devtools.commit import transaction as committing
from devtools.errors import DevtoolsError, ToolError
from devtools.git import draft as drafts
from devtools.git import index_lock, ref_locks
from devtools.learn import markdown

MESSAGE = "feat: x\n\nWhy.\n"


@pytest.fixture
def place(repository):
    repository.put("a.py", "a = 1\n")
    repository.put("b.py", "b = 1\n")
    repository.commit()
    repository.put("a.py", "a = 2\n")
    repository.git("add", "a.py")
    repository.put("b.py", "b = 2\n")
    return drafts.find(str(repository.path))


@pytest.fixture
def draft(place):
    with drafts.held(place), drafts.opened(place) as draft:
        yield draft


def hook(repository, name, script):
    repository.put(f".git/hooks/{name}", f"#!/bin/sh\n{script}\n")
    (repository.path / ".git/hooks" / name).chmod(0o755)


def index(repository):
    return (repository.path / ".git/index").read_bytes()


def status(repository):
    return repository.git("status", "--porcelain").split("\n")[:-1]


def with_b(repository, draft):
    staged = draft.tree()
    drafts.stage(draft, str(repository.path), ["b.py"])
    return staged


def journal_of(draft, staged):
    return committing.Journal(draft.head.commit, draft.digest, staged, draft.tree())


def here(draft, staged):
    """The commit made in this process, where its lines are seen."""
    return committing._commit(draft, MESSAGE, journal_of(draft, staged))


def test_what_is_staged_is_committed_and_the_index_is_not_even_rewritten(repository, place, draft):
    before = index(repository)
    made = committing.commit(draft, MESSAGE, draft.tree())
    assert made.commit == repository.git("rev-parse", "HEAD").strip()
    assert made.tree == repository.git("rev-parse", "HEAD^{tree}").strip()
    assert repository.git("log", "-1", "--format=%B") == MESSAGE + "\n"
    assert (index(repository), status(repository)) == (before, [" M b.py"])
    assert sorted(os.listdir(place.path(""))) == ["git", "index", "lock", "message"]


def test_the_reflog_says_who_made_the_commit(repository, draft):
    assert here(draft, draft.tree()).refusal == ()
    assert repository.git("reflog", "-1", "--format=%gs") == "devtools commit: feat: x\n"


def test_paths_staged_in_the_draft_are_in_the_index_afterwards(repository, place, draft):
    made = here(draft, with_b(repository, draft))
    assert made.refusal == ()
    assert (status(repository), made.note) == ([], "")
    assert repository.git("show", "--name-only", "--format=") == "a.py\nb.py\n"
    assert not os.path.exists(place.path("journal"))


def test_an_index_that_changed_meanwhile_keeps_its_changes_and_gets_ours(repository, draft):
    staged = with_b(repository, draft)
    repository.put("c.py", "c = 1\n")
    repository.git("add", "c.py")
    repository.git("rm", "-q", "-f", "a.py")
    here(draft, staged)
    assert status(repository) == ["D  a.py", "A  c.py"]


def test_the_first_commit_of_a_repository_is_made(repository):
    repository.put("a", "")
    place = drafts.find(str(repository.path))
    with drafts.held(place), drafts.opened(place) as draft:
        staged = draft.tree()
        drafts.stage(draft, str(repository.path), ["a"])
        assert here(draft, staged).commit
    assert status(repository) == []


def test_a_hook_that_refuses_speaks_for_itself_and_all_is_as_before(repository, draft):
    hook(repository, "pre-commit", "echo no tabs; echo please >&2; exit 1")
    before, head = index(repository), repository.git("rev-parse", "HEAD")
    staged = with_b(repository, draft)
    assert here(draft, staged).refusal == ("no tabs", "please")
    hook(repository, "pre-commit", "exit 1")
    assert here(draft, staged).refusal == ("git commit ended with code 1",)
    assert (index(repository), repository.git("rev-parse", "HEAD")) == (before, head)


def test_signing_without_a_key_leaves_all_as_before(repository, draft):
    before = index(repository)
    repository.git("config", "commit.gpgsign", "true")
    repository.git("config", "gpg.program", "false")
    assert "error: gpg failed to sign the data" in committing.commit(draft, MESSAGE, draft.tree()).refusal
    assert index(repository) == before


def test_what_a_hook_stages_is_committed_and_stands_in_the_index(repository, draft):
    hook(repository, "pre-commit", "echo 'b = 3' > b.py; git add b.py")
    made = here(draft, draft.tree())
    assert repository.git("show", "HEAD:b.py") == "b = 3\n"
    assert (status(repository), made.note) == ([], committing.HOOKED)


def test_a_head_that_moved_is_refused_before_and_taken_back_during_the_commit(repository, draft):
    staged = with_b(repository, draft)
    journal = journal_of(draft, staged)
    repository.git("commit", "-q", "-m", "chore: another")
    other = repository.git("rev-parse", "HEAD")
    with pytest.raises(DevtoolsError, match="HEAD moved while the checks ran"):
        committing.commit(draft, MESSAGE, staged)
    with pytest.raises(DevtoolsError, match="HEAD moved while git made the commit"):
        committing._commit(draft, MESSAGE, journal)
    assert repository.git("rev-parse", "HEAD") == other
    assert status(repository) == [" M b.py"]


def test_the_branch_stays_where_another_program_keeps_the_index_locked(repository, draft, monkeypatch):
    monkeypatch.setattr(index_lock, "SECONDS", 0.05)
    staged, before = with_b(repository, draft), repository.git("rev-parse", "HEAD")
    repository.put(".git/index.lock", "theirs")
    reason = f"the index is locked: another git is at work, or remove {draft.place.index}.lock"
    assert here(draft, staged).refusal == (reason,)
    assert repository.git("rev-parse", "HEAD") == before
    assert (repository.path / ".git/index.lock").read_text() == "theirs"
    assert not os.path.exists(draft.place.path("journal"))
    os.unlink(draft.place.index + ".lock")
    assert status(repository) == ["M  a.py", " M b.py"]


def test_nobody_writes_the_index_while_git_makes_the_commit(repository, draft):
    hook(repository, "post-commit", "env -u GIT_INDEX_FILE git rm -q --cached a.py 2> refused")
    here(draft, with_b(repository, draft))
    assert "index.lock" in (repository.path / "refused").read_text()
    assert status(repository) == ["?? refused"]


def test_an_index_that_is_gone_meanwhile_is_made_anew(repository, draft):
    staged = with_b(repository, draft)
    os.unlink(draft.place.index)
    here(draft, staged)
    assert status(repository) == []


def test_a_commit_whose_index_is_locked_when_it_is_to_be_finished_refuses_until_it_can(repository, place, monkeypatch):
    monkeypatch.setattr(index_lock, "SECONDS", 0.05)
    with drafts.held(place), drafts.opened(place) as draft:
        journal = journal_of(draft, with_b(repository, draft))
        repository.git(
            "update-ref", "HEAD", repository.git("commit-tree", "-p", "HEAD", "-m", "x", draft.tree()).strip()
        )
        committing._write(place.path("journal"), committing.json.dumps(asdict(journal)))
    repository.put(".git/index.lock", "theirs")
    with drafts.held(place), pytest.raises(DevtoolsError, match="the index is locked"):
        committing.recover(place)
    os.unlink(place.index + ".lock")
    with drafts.held(place):
        assert committing.recover(place) == repository.git("rev-parse", "HEAD").strip()
        assert committing.recover(place) == ""
    assert status(repository) == []


def test_a_kill_before_the_commit_leaves_nothing_but_a_journal_that_is_dropped(repository, place):
    before = index(repository)
    with drafts.held(place), drafts.opened(place) as draft:
        staged = with_b(repository, draft)
        committing._write(place.path("journal"), committing.json.dumps(asdict(journal_of(draft, staged))))
    committing._write(place.path("held"), "")
    os.link(place.path("held"), place.index + ".lock")
    with drafts.held(place):
        assert committing.recover(place) == ""
    assert not os.path.exists(place.index + ".lock")
    assert os.listdir(place.path("")) == ["lock"]
    assert (index(repository), status(repository)) == (before, ["M  a.py", " M b.py"])


def test_a_kill_after_the_index_was_moved_is_finished_without_the_draft(repository, place):
    with drafts.held(place), drafts.opened(place) as draft:
        journal = journal_of(draft, with_b(repository, draft))
        here(draft, journal.staged)
        committing._write(place.path("journal"), committing.json.dumps(asdict(journal)))
    with drafts.held(place):
        assert committing.recover(place) == repository.git("rev-parse", "HEAD").strip()
    assert (status(repository), os.path.exists(place.path("journal"))) == ([], False)


def test_a_damaged_journal_is_no_journal(place):
    with drafts.held(place):
        committing._write(place.path("journal"), "{")
        assert committing.recover(place) == ""


@pytest.mark.parametrize("lay", [os.mkfifo, lambda path: os.symlink("/dev/zero", path)])
def test_what_is_no_regular_file_is_no_journal(place, lay):
    with drafts.held(place):
        lay(place.path("journal"))
        lay(place.path("git"))
        assert committing.recover(place) == ""
        committing._outlive(place)


def test_an_interrupt_ends_a_slow_hook_and_puts_nothing_in_place(repository, draft):
    hook(repository, "pre-commit", "touch started; sleep 60")
    before, staged = index(repository), with_b(repository, draft)
    interrupt_when(repository.path / "started")
    with pytest.raises(KeyboardInterrupt):
        here(draft, staged)
    assert (index(repository), os.path.exists(draft.place.path("journal"))) == (before, False)
    (repository.path / "started").unlink()
    interrupt_when(repository.path / "started")
    with pytest.raises(KeyboardInterrupt):
        committing.commit(draft, MESSAGE, staged)
    assert index(repository) == before


def interrupt_when(path):
    def wait():
        while not path.exists():
            time.sleep(0.01)
        signal.pthread_kill(threading.main_thread().ident, signal.SIGINT)

    threading.Thread(target=wait).start()


def test_what_the_child_raises_or_its_death_is_raised_here():
    def fails(error):
        def work():
            raise error

        return work

    with pytest.raises(DevtoolsError, match="one") as caught:
        committing.sheltered(fails(DevtoolsError("one", "two")))
    assert (caught.value.exit_code, caught.value.hint) == (1, "two")
    with pytest.raises(ToolError, match="OSError: disk"):
        committing.sheltered(fails(OSError("disk")))
    with pytest.raises(ToolError, match="was killed"):
        committing.sheltered(lambda: os._exit(9))


def test_the_child_answers_in_a_session_of_its_own_and_then_ends(monkeypatch):
    class Ended(Exception):
        pass

    def end(_):
        raise Ended

    written = []
    monkeypatch.setattr(os, "fork", lambda: 0)
    monkeypatch.setattr(os, "setsid", lambda: written.append("session"))
    monkeypatch.setattr(os, "_exit", end)
    monkeypatch.setattr(os, "write", lambda _, data: written.append(data))
    monkeypatch.setattr(signal, "signal", lambda *_: None)
    for work in (lambda: {"a": 1}, lambda: int("x"), lambda: (_ for _ in ()).throw(KeyboardInterrupt)):
        with pytest.raises(Ended):
            committing.sheltered(lambda work=work: dict(work()))
    assert written[:2] == ["session", b'{"a": 1}']
    assert (b"ValueError" in written[3], written[5]) == (True, b'{"interrupted": true}')


def test_our_mark_is_in_the_environment_of_hooks(repository, draft):
    hook(repository, "post-commit", "echo $DEVTOOLS_COMMIT > mark")
    here(draft, draft.tree())
    assert (repository.path / "mark").read_text() == "1\n"
    assert subprocess.run(["git", "fsck", "--no-dangling"], cwd=repository.path, check=True)
    assert replace(draft, digest="").index == draft.index


def test_locks_that_a_killed_git_left_are_removed_but_not_those_of_others(repository, place, monkeypatch):
    monkeypatch.setattr(ref_locks, "STALE_SECONDS", 0.5)
    locks = [repository.path / ".git" / name for name in ("HEAD.lock", "refs/heads/main.lock", "index.lock")]
    for lock in locks:
        lock.write_text("")
    with drafts.held(place):
        assert committing.recover(place) == ""
    assert all(lock.exists() for lock in locks)
    with drafts.held(place), drafts.opened(place) as draft:
        committing._write(place.path("journal"), committing.json.dumps(asdict(journal_of(draft, draft.tree()))))
        threading.Timer(0.25, lambda: (locks[1].unlink(), locks[1].write_text("new"))).start()
        committing.recover(place)
    assert [lock.exists() for lock in locks] == [False, True, True]


def test_a_git_that_outlived_us_is_waited_for(repository, place):
    hook(repository, "pre-commit", "touch started; sleep 0.3")
    with drafts.held(place), drafts.opened(place) as draft:
        staged = with_b(repository, draft)
        child = os.fork()
        if not child:
            here(draft, staged)
            os._exit(0)
        while not (repository.path / "started").exists():
            time.sleep(0.01)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    before = repository.git("rev-parse", "HEAD").strip()
    with drafts.held(place):
        made = committing.recover(place)
    assert made == repository.git("rev-parse", "HEAD").strip() != before
    assert [line for line in status(repository) if "started" not in line] == []


INSIGHTS = (("one", "Topic"),)


def add(text, insights):
    return text + "".join(f"- {insight}\n" for insight, _ in insights if insight not in text)


def test_insights_stand_in_the_commit_in_the_index_and_in_the_working_tree(repository, place):
    repository.put("LEARNINGS.md", "# L\n")
    repository.git("add", "LEARNINGS.md")
    repository.put("LEARNINGS.md", "# L\nmine, unsaved\n")
    with drafts.held(place), drafts.opened(place) as draft:
        made = committing.commit(draft, MESSAGE, draft.tree(), INSIGHTS, add)
    assert repository.git("show", f"{made.commit}:LEARNINGS.md") == "# L\n- one\n"
    assert (repository.path / "LEARNINGS.md").read_text() == "# L\nmine, unsaved\n- one\n"
    assert status(repository) == [" M LEARNINGS.md", " M b.py"]


def test_insights_of_a_refused_commit_stand_nowhere(repository, draft):
    hook(repository, "pre-commit", "exit 1")
    before = index(repository)
    assert committing.commit(draft, MESSAGE, draft.tree(), INSIGHTS, add).refusal
    assert (index(repository), (repository.path / "LEARNINGS.md").exists()) == (before, False)


def test_insights_that_could_not_be_written_are_written_by_the_next_command(repository, place, monkeypatch):
    def fails(*_):
        raise PermissionError(13, "Permission denied")

    with drafts.held(place), drafts.opened(place) as draft:
        staged = draft.tree()
        committing.into_draft(draft, INSIGHTS, add)
        journal = replace(journal_of(draft, staged), insights=INSIGHTS)
        with monkeypatch.context() as patch:
            patch.setattr(committing, "into_tree", fails)
            made = committing._commit(draft, MESSAGE, journal, add)
    assert made.note == "LEARNINGS.md cannot be written (Permission denied): the next devtools commit tries again"
    with drafts.held(place):
        assert committing.recover(place, add) == made.commit
    assert (repository.path / "LEARNINGS.md").read_text() == "- one\n"
    assert status(repository) == [" M b.py"]


def test_whichever_command_ends_a_killed_commit_its_insight_is_in_the_working_tree(repository, place, monkeypatch):
    """`commit --apply` ended it without: the next `git commit -a` would have taken the insight back."""
    learnings = repository.path / "LEARNINGS.md"
    with drafts.held(place), drafts.opened(place) as draft:
        staged = draft.tree()
        committing.into_draft(draft, INSIGHTS, lambda text, _: markdown.add(text, [markdown.Entry("one", "Topic")]))
        journal = replace(journal_of(draft, staged), insights=INSIGHTS)
        with monkeypatch.context() as patch:
            patch.setattr(committing, "into_tree", lambda *_: os.stat("/nowhere"))
            made = committing._commit(draft, MESSAGE, journal)
    assert not learnings.exists()
    with drafts.held(place):
        assert committing.recover(place) == made.commit
    assert (learnings.exists(), status(repository)) == (True, [" M b.py"])
    assert learnings.read_text() == "# Learnings\n\n## Topic\n\n- one\n"


def test_a_lock_of_the_draft_that_a_killed_git_left_does_not_hinder_the_end(repository, place):
    with drafts.held(place), drafts.opened(place) as draft:
        journal = journal_of(draft, with_b(repository, draft))
        repository.git(
            "update-ref", "HEAD", repository.git("commit-tree", "-p", "HEAD", "-m", "x", draft.tree()).strip()
        )
        committing._write(place.path("journal"), committing.json.dumps(asdict(journal)))
        committing._write(place.path("index.lock"), "")
    with drafts.held(place):
        assert committing.recover(place) == repository.git("rev-parse", "HEAD").strip()
    assert status(repository) == []


def fix_of(repository, draft, path, after):
    """What a fixer has put into the draft in the place of the staged content."""
    before = draft.checked("rev-parse", f":{path}").strip()
    stored = draft.checked("hash-object", "-w", "--stdin", feed=after).strip()
    draft.checked("update-index", "--cacheinfo", f"100644,{stored},{path}")
    return fixing.Fix(path, "100644", before, stored)


def test_a_fix_stands_in_the_commit_in_the_index_and_where_the_file_held_what_was_staged(repository, place):
    repository.git("add", "b.py")
    repository.put("b.py", "b = 2\nunsaved = 1\n")
    with drafts.held(place), drafts.opened(place) as draft:
        staged = draft.tree()
        fixes = [fix_of(repository, draft, name, f"{name[0]} = 3\n") for name in ("a.py", "b.py")]
        made = committing.commit(draft, MESSAGE, staged, fixes=fixes)
    assert repository.git("show", f"{made.commit}:a.py", f"{made.commit}:b.py") == "a = 3\nb = 3\n"
    assert (repository.path / "a.py").read_text() == "a = 3\n"
    assert (repository.path / "b.py").read_text() == "b = 2\nunsaved = 1\n"
    assert (status(repository), made.note) == ([" M b.py"], "")


def test_a_fix_of_a_refused_commit_stands_nowhere(repository, draft):
    hook(repository, "pre-commit", "exit 1")
    before, staged = index(repository), draft.tree()
    assert committing.commit(draft, MESSAGE, staged, fixes=[fix_of(repository, draft, "a.py", "a = 3\n")]).refusal
    assert (index(repository), (repository.path / "a.py").read_text()) == (before, "a = 2\n")


def test_a_commit_that_was_killed_brings_its_fix_to_the_working_tree_by_the_next_command(repository, place):
    with drafts.held(place), drafts.opened(place) as draft:
        staged = draft.tree()
        fix = fix_of(repository, draft, "a.py", "a = 3\n")
        committing._write(
            place.path("journal"), committing.json.dumps(asdict(replace(journal_of(draft, staged), fixes=(fix,))))
        )
        made = repository.git("commit-tree", "-p", "HEAD", "-m", "x", draft.tree()).strip()
        repository.git("update-ref", "HEAD", made)
    assert (repository.path / "a.py").read_text() == "a = 2\n"
    with drafts.held(place):
        assert committing.recover(place) == made
    assert ((repository.path / "a.py").read_text(), status(repository)) == ("a = 3\n", [" M b.py"])
