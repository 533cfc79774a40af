"""devtools uninstall says what it takes out, and takes out what devtools init put in."""

import json

from devtools.cli import run


def test_a_dry_run_says_what_would_go_and_a_second_one_has_nothing_to_do(repository, capsys):
    run(["init"])
    capsys.readouterr()
    assert run(["uninstall", "--dry-run", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert {".claude/settings.json", "LEARNINGS.md", ".git/hooks/commit-msg"} <= set(said["changed"])
    assert (repository.path / "LEARNINGS.md").exists()
    assert run(["uninstall"]) == 0
    assert not (repository.path / ".claude").exists()
    assert capsys.readouterr().out.startswith("took devtools out of .claude/settings.json")
    assert run(["uninstall"]) == 0
    assert capsys.readouterr().out == "nothing to take out: init is not to be seen here\n"
