"""devtools commit where repositories are unusual."""

import json
import os
import subprocess
import sys
import threading

import pytest

from devtools.cli import run
from devtools.git import index_lock

CHECKS = "".join(f"{name} = 'true'\n" for name in ("lint", "format", "types", "tests"))


@pytest.fixture
def commit(repository, capsys):
    repository.put("devtools.toml", f"[tdd]\nmode = 'off'\n[checks]\n{CHECKS}")
    repository.put("a.txt", "one\n")
    repository.put("run.sh", "echo\n")
    repository.commit()

    def call(*arguments):
        capsys.readouterr()
        code = run(["commit", "--json", *arguments])
        return code, json.loads(capsys.readouterr().out)

    return call


def committed(repository):
    return repository.git("show", "--no-renames", "--name-status", "-z", "--format=", "HEAD").split("\0")[:-1]


def status(repository):
    return repository.git("status", "--porcelain").split("\n")[:-1]


def test_an_intent_to_add_is_no_change_and_stays_one(commit, repository):
    repository.put("new.txt", "new\n")
    repository.git("add", "-N", "new.txt")
    assert [problem["code"] for problem in commit("-m", "docs: x")[1]["problems"]] == ["nothing-staged"]
    repository.put("a.txt", "two\n")
    assert commit("-m", "docs: x", "a.txt")[0] == 0
    assert (committed(repository), status(repository)) == (["M", "a.txt"], [" A new.txt"])
    assert commit("-m", "docs: x", "new.txt")[0] == 0
    assert (committed(repository), status(repository)) == (["A", "new.txt"], [])


def test_a_change_of_mode_alone_is_a_file_of_no_lines(commit, repository):
    (repository.path / "run.sh").chmod(0o755)
    code, answer = commit("-m", "fix: x", "run.sh")
    assert (code, answer["files"], answer["added"] + answer["deleted"]) == (0, 1, 0)
    assert repository.git("ls-files", "-s", "run.sh").startswith("100755 ")


def test_links_and_binary_files_are_committed_as_they_are(commit, repository):
    (repository.path / "link").symlink_to("nowhere")
    (repository.path / "data.bin").write_bytes(bytes(range(256)))
    code, answer = commit("-m", "feat: x", "link", "data.bin")
    assert (code, answer["files"], answer["added"]) == (0, 1, 1)
    assert repository.git("ls-files", "-s", "link").startswith("120000 ")
    assert status(repository) == []


def test_fifty_megabytes_are_one_uncounted_file(commit, repository):
    (repository.path / "big.bin").write_bytes(b"\0" + os.urandom(1 << 20) * 50)
    code, answer = commit("-m", "feat: x", "big.bin")
    assert (code, answer["files"]) == (0, 0)
    assert status(repository) == []


def test_a_submodule_is_one_file(commit, repository, tmp_path):
    subprocess.run(["git", "clone", "-q", str(repository.path), str(repository.path / "sub")], check=True)
    repository.git("submodule", "add", "-q", "./", "sub")
    code, answer = commit("-m", "feat: x")
    assert (code, answer["files"]) == (0, 2)
    assert committed(repository) == ["A", ".gitmodules", "A", "sub"]
    assert status(repository) == []


def test_names_with_newlines_and_bytes_that_are_no_text(commit, repository):
    name = b"a\n\xff \"'.txt"
    (repository.path / os.fsdecode(name)).write_text("x\n")
    assert commit("-m", "docs: x", os.fsdecode(name))[0] == 0
    assert committed(repository) == ["A", os.fsdecode(name)]
    (repository.path / os.fsdecode(name)).write_text("<" * 7 + " a\n" + "=" * 7 + "\n" + ">" * 7 + " b\n")
    code, answer = commit("-m", "docs: x", os.fsdecode(name))
    assert (code, answer["problems"][0]["path"]) == (1, os.fsdecode(name))


def test_the_first_commit_and_a_detached_head(repository, commit, tmp_path, monkeypatch, capsys):
    repository.git("checkout", "-q", "--detach")
    repository.put("a.txt", "two\n")
    assert commit("-m", "docs: x", "a.txt")[0] == 0
    repository.git("checkout", "-q", "--orphan", "fresh")
    assert commit("-m", "docs: begin")[0] == 0
    assert repository.git("log", "--format=%s") == "docs: begin\n"


def test_a_linked_worktree_commits_to_its_own_branch(commit, repository, tmp_path, monkeypatch):
    repository.git("worktree", "add", "-q", str(tmp_path / "w"), "-b", "topic")
    main = repository.git("rev-parse", "main")
    monkeypatch.chdir(tmp_path / "w")
    (tmp_path / "w" / "a.txt").write_text("two\n")
    assert commit("-m", "docs: x", "a.txt")[0] == 0
    assert repository.git("log", "-1", "--format=%s", "topic") == "docs: x\n"
    assert (repository.git("rev-parse", "main"), status(repository)) == (main, [])


def test_a_sparse_checkout_commits_and_keeps_what_it_left_out(commit, repository):
    repository.put("out/b.txt", "b\n")
    repository.commit()
    repository.git("sparse-checkout", "set", "--cone", "in")
    repository.put("a.txt", "two\n")
    assert commit("-m", "docs: x", "a.txt")[0] == 0
    assert committed(repository) == ["M", "a.txt"]
    assert (status(repository), (repository.path / "out").exists()) == ([], False)
    assert commit("-m", "docs: x", "out/b.txt")[0] == 2


def test_hooks_of_another_folder_and_the_persons_own_author_are_honoured(commit, repository, monkeypatch):
    repository.put(".git/elsewhere/prepare-commit-msg", '#!/bin/sh\necho "Seen: $2" >> "$1"\n')
    (repository.path / ".git/elsewhere/prepare-commit-msg").chmod(0o755)
    repository.git("config", "core.hooksPath", ".git/elsewhere")
    repository.put(".git/template", "a template that is not asked for\n")
    repository.git("config", "commit.template", ".git/template")
    monkeypatch.delenv("GIT_AUTHOR_NAME")
    repository.git("config", "user.name", "Somebody Else")
    repository.put("a.txt", "two\n")
    assert commit("-m", "docs: x", "a.txt")[0] == 0
    assert repository.git("log", "-1", "--format=%an %B") == "Somebody Else docs: x\nSeen: message\n\n"


def test_two_commits_at_once_are_made_one_after_the_other(commit, repository):
    repository.put("a.txt", "two\n")
    repository.put("run.sh", "two\n")
    codes = {}

    def call(name):
        argv = [sys.executable, "-m", "devtools", "commit", "-m", f"docs: {name}", name]
        codes[name] = subprocess.run(argv, cwd=repository.path, capture_output=True, check=False).returncode

    threads = [threading.Thread(target=call, args=(name,)) for name in ("a.txt", "run.sh")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert codes == {"a.txt": 0, "run.sh": 0}
    assert sorted(repository.git("log", "-2", "--format=%s").split("\n")[:-1]) == ["docs: a.txt", "docs: run.sh"]
    assert status(repository) == []


def test_a_locked_index_refuses_the_commit_and_the_next_git_commit_takes_nothing_away(commit, repository, monkeypatch):
    monkeypatch.setattr(index_lock, "SECONDS", 0.05)
    repository.put("new.txt", "new\n")
    repository.put(".git/index.lock", "")
    before = repository.git("rev-parse", "HEAD")
    code, answer = commit("-m", "docs: x", "new.txt")
    assert (code, answer["problems"][0]["code"], answer["checks"]) == (1, "git-refused", [])
    assert answer["problems"][0]["message"].startswith("the index is locked")
    assert repository.git("rev-parse", "HEAD") == before
    (repository.path / ".git/index.lock").unlink()
    assert status(repository) == ["?? new.txt"]
    assert commit("-m", "docs: x", "new.txt")[0] == 0
    repository.git("commit", "-q", "--allow-empty", "-m", "chore: next")
    assert repository.git("show", "HEAD:new.txt") == "new\n"


def test_outside_a_repository_is_one_line(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert run(["commit", "-m", "docs: x"]) == 2
    captured = capsys.readouterr()
    assert (captured.out, captured.err.count("\n")) == ("", 1)


def test_a_pipe_beside_the_snapshot_is_opened_by_nobody(repository, capsys):
    """git names it nowhere, so that the tree looks like the snapshot: ruff would wait for the pipe's writer."""
    repository.put("devtools.toml", "[tdd]\nmode = 'off'\n[checks]\ntests = 'true'\n")
    repository.put("a.txt", "one\n")
    repository.commit()
    repository.put("a.txt", "two\n")
    os.mkfifo("LEARNINGS.md")
    assert run(["commit", "-m", "docs: two", "--insight", "Two is 2.", "a.txt"]) == 2
    assert "not a regular file" in capsys.readouterr().err
    os.unlink("LEARNINGS.md")
    assert run(["commit", "-m", "docs: two", "a.txt"]) == 0
