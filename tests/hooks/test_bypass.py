import pytest

from devtools.hooks.bypass import acts

ALIASES = {"ci": "commit", "sneak": '!f() { git commit -m "$1"; }; f', "last": "log -1"}


def kinds(text):
    return [act.kind for act in acts(text, "/here", lambda folder, name: ALIASES.get(name, "")) if act.kind != "write"]


def writes(text):
    return [act.path for act in acts(text, "/here", lambda folder, name: "") if act.kind == "write"]


@pytest.mark.parametrize(
    "text",
    [
        "git commit -m x",
        "git commit --no-verify -m x",
        "git commit -nam x",
        "git commit -m --dry-run",
        "git commit -am --help",
        "git -c core.hooksPath=/dev/null commit -m x",
        "git -C sub --no-pager --git-dir=.git commit",
        "cd sub && git add . && git commit -m x",
        "true; false || git \\\n commit",
        "A=1 B='2 3' git commit",
        "env -i -u HOME A=b git commit",
        "env -S 'git commit -m x'",
        "command git commit",
        "/usr/bin/git commit",
        "'git' \"commit\"",
        "g'i't com\"mit\"",
        "$'\\x67it' commit",
        "sh -c 'git commit -m x'",
        'bash -lc "cd a; git commit"',
        "eval git commit",
        "echo x | xargs -n 1 git commit -m",
        "echo 'git commit -m x' | sh",
        "bash <<EOF\ngit commit\nEOF",
        "bash <<< 'git commit'",
        "find . -name a -exec git commit -m x ;",
        "sudo -u me nice -n 5 timeout -k 1 5 git commit",
        "if true; then git commit; fi",
        "(git commit)",
        "echo $(git commit -m x)",
        "echo `git commit -m x`",
        "{git,commit,-m,x}",
        "G=git; $G commit",
        "C='git commit'; ${C} -m x",
        "git ci -m x",
        "git -c alias.x=commit x -m y",
        "git -c 'alias.x=!git commit' x",
        "git sneak message",
        "git config alias.y 'commit -n' && git y",
        "GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0=alias.z GIT_CONFIG_VALUE_0=commit git z",
        "git update-ref HEAD $(git write-tree)",
        "git update-ref refs/heads/main abc",
        "git commit-tree abc -m x",
        "/usr/lib/git-core/git-commit -m x",
        "$(git --exec-path)/git-commit -m x",
        "git hash-object -t commit -w --stdin",
        "git fast-import < dump",
        "git filter-branch -f --msg-filter cat HEAD",
        "git merge --no-verify topic",
        "git -c core.hooksPath= rebase main",
        "git --config-env=core.hooksPath=X merge topic",
        "git rebase -x 'git commit --amend' main",
        "git rebase --exec='git commit --amend' main",
        "git bisect run git commit",
    ],
)
def test_a_commit_past_the_checks_is_seen(text):
    assert "commit" in kinds(text)


@pytest.mark.parametrize(
    "text",
    [
        "git status",
        "git log --grep commit",
        "git log -1 --format=%s commit",
        'echo "git commit"',
        "echo git commit",
        'grep -rn "git commit" docs',
        "git commit-graph write",
        "git help commit",
        "git commit --dry-run",
        "git commit --help",
        "git show HEAD:commit",
        "git last commit",
        "git unknown commit",
        "git merge topic",
        "git rebase main",
        "git cherry-pick abc",
        "git push --no-verify",
        "git config core.hooksPath",
        "git config --get core.hooksPath",
        "git config get core.hooksPath",
        "git config user.name commit",
        "git update-ref -d refs/heads/old",
        "git update-ref refs/notes/x abc",
        'devtools commit -m "docs: why git commit --no-verify is refused"',
        "devtools commit -m 'a; git commit -m b'",
        "cat > notes.md <<'EOF'\nthen git commit\nEOF",
        "# git commit",
        "git stash && git switch main",
        "python -m pytest tests/test_commit.py",
        "git add git commit",
        "bash script.sh git commit",
        "cd",
        "export A=1",
        "git",
        "",
    ],
)
def test_an_honest_command_passes(text):
    assert kinds(text) == []


@pytest.mark.parametrize("text", ["git config core.hooksPath /dev/null", "git config --unset core.hooksPath"])
def test_setting_the_hooks_aside_is_seen(text):
    assert kinds(text) == ["hooks"]
    assert kinds(text.replace("config", "config set" if "unset" not in text else "config")) == ["hooks"]


@pytest.mark.parametrize(
    "program",
    ["devtools", ".venv/bin/devtools --debug", "python3 -m devtools", "uv run devtools", "nice poetry run devtools"],
)
def test_a_plan_that_is_applied_without_its_proof_is_seen(program):
    assert kinds(f"cd a; {program} commit --apply plan.json --json") == ["apply"]
    assert kinds(f"{program} commit --apply=plan.json") == ["apply"]
    assert kinds(f"{program} commit --apply plan.json --verify") == []
    assert kinds(f"{program} commit --apply --help") == kinds(f"{program} commit -m 'feat: --apply'") == []


def test_what_runs_in_a_project_s_environment_is_seen():
    assert kinds("uv run --with x git commit -m y") == ["commit"]
    assert kinds("uv add git commit") == kinds("python -m") == kinds("python commit --apply") == []


def test_the_folder_of_an_act_is_where_it_would_run():
    def folder(text):
        return acts(text, "/here", lambda folder, name: "")[-1].folder

    assert folder("cd sub && git -C deeper commit") == "/here/sub/deeper"
    assert folder("git -C /there commit") == "/there"
    assert "'commit', '/here'" in repr(acts("git commit", "/here", lambda folder, name: "")[0])


def test_files_that_a_line_writes_are_named():
    assert writes("echo x > a.py; cat <<E >> b.py\nE") == ["a.py", "b.py"]
    assert writes("rm -f c && tee d < e") == ["-f", "c", "d"]
    assert writes("cp e f; mv g h") == ["f", "g", "h"]
    assert writes("sed -i s/a/b/ f; sed s/a/b/ g; dd if=h of=i") == ["-i", "s/a/b/", "f", "i"]
    assert writes("cat .devtools/cycle.json") == []
    assert writes("find -L .devtools src -name '*.json' -delete; find -delete; find src -print") == [
        *(".devtools", "src", ".")
    ]


def test_aliases_that_call_one_another_come_to_an_end():
    assert acts("git a", "/here", lambda folder, name: {"a": "b", "b": "a"}[name]) == []
    assert acts("git a", "/here", lambda folder, name: "!git a") == []


def test_a_page_of_the_history_is_a_file_that_is_written():
    assert writes("devtools history --html .git/config; python -m devtools history x --html=b.html") == [
        *(".git/config", "b.html")
    ]
    assert writes("devtools history --html; devtools learn --html a; devtools history --htmlx a") == []


@pytest.mark.parametrize(
    "text",
    [
        "git config --file .git/config core.hooksPath /x",
        "git config --remove-section core",
        "git config include.path /x",
        "git -C a config --global core.hooksPath /x",
    ],
)
def test_every_way_to_set_the_hooks_aside_is_seen(text):
    assert kinds(text) == ["hooks"]


@pytest.mark.parametrize(
    "text",
    [
        "GIT_CONFIG_PARAMETERS=\"'core.hooksPath=/x'\" git merge other",
        "script -c 'git commit -m x' /dev/null",
        "parallel git commit -m ::: x",
    ],
)
def test_a_commit_behind_another_program_or_variable_is_seen(text):
    assert kinds(text) == ["commit"]


def test_what_is_moved_or_removed_whole_is_an_act_of_its_own():
    found = acts("mv a b; pushd c; rm d", "/here", lambda folder, name: "")
    assert [(act.kind, act.folder, act.path) for act in found if act.kind != "write"] == [
        *(("into", "/here", "b/a"), ("away", "/here", "a"), ("away", "/here/c", "d"))
    ]


@pytest.mark.parametrize(
    "text",
    ["d=$(mktemp -d); cd $d; git commit", 'cd "$(mktemp -d)" && git commit', 'd=`mktemp -d`; git -C "$d" commit'],
)
def test_a_commit_in_a_folder_that_mktemp_makes_is_none_of_this_repository(text):
    found = acts(text, "/here", lambda folder, name: "")
    assert [act.folder for act in found if act.kind == "commit"] == ["/"]


def test_what_devtools_run_is_to_run_is_seen_as_if_it_stood_alone():
    found = acts("devtools run --json -- git commit -nm x; devtools run -- touch a.py", "/r", lambda folder, name: "")
    assert [(act.kind, act.path) for act in found] == [("commit", ""), ("write", "a.py")]
