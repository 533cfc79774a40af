"""The plugin in the real client: its validator accepts it, its install guards a project, one text serves both ways."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.client.conftest import CLAUDE

ROOT = Path(__file__).parent.parent.parent
MANIFEST = json.loads((ROOT / ".claude-plugin" / "plugin.json").read_text())
ALLOW = ("--permission-mode", "bypassPermissions")


@pytest.fixture
def plugin(tmp_path):
    """What a marketplace would fetch, without what a checkout has besides."""
    folder = tmp_path / "plugin"
    for name in (".claude-plugin", "bin", "devtools", ".claude"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__", "settings*.json"))
    for name in ("README.md", "LICENSE"):
        shutil.copy(ROOT / name, folder)
    return folder


def managed(tmp_path, folder, *words):
    """Run `claude plugin` with the person's folder of the `claude` fixture."""
    env = {"HOME": str(tmp_path / "home"), "PATH": os.environ["PATH"], "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC": "1"}
    argv = [CLAUDE, "plugin", *words]
    return subprocess.run(argv, cwd=folder, env=env, capture_output=True, text=True, timeout=60, check=False)


@pytest.mark.usefixtures("claude")
def test_the_client_s_own_validator_accepts_it_and_finds_all_parts(plugin, tmp_path):
    done = managed(tmp_path, tmp_path, "validate", str(plugin))
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Validation passed" in done.stdout
    for part in ("hooks: PostToolUseFailure", "commands: devtools:hygiene", "bin: devtools"):
        assert part in done.stdout
    assert "problem" not in done.stdout.partition("Plugin directory checks")[0]


def test_installed_for_a_project_it_brings_commands_and_guards(claude, repository, plugin, tmp_path):
    shutil.rmtree(repository.path / ".claude")
    for words in (("marketplace", "add", str(plugin)), ("install", "devtools@claude-devtools", "--scope", "project")):
        done = managed(tmp_path, repository.path, *words)
        assert done.returncode == 0, done.stdout + done.stderr
    settings = json.loads((repository.path / ".claude/settings.json").read_text())
    assert settings["enabledPlugins"] == {"devtools@claude-devtools": True}
    repository.put("a.py", "x = 1\n")
    repository.commit()
    [said] = [text for text in claude("/devtools:hygiene --only git") if "green" in text]
    assert "If it says green, answer with that line" in said
    tool = {"name": "Write", "input": {"file_path": str(repository.path / "b.py"), "content": "x"}}
    start = {"name": "Bash", "input": {"command": "devtools tdd start 'doubles'", "description": "x"}}
    last = claude("go on", *ALLOW, script=[start, tool, "done"])[-1]
    assert "phase red: b.py is production code" in last
    assert not (repository.path / "b.py").exists()
    from devtools.cli import run

    assert run(["doctor"]) == 1  # the git hook is init's
    assert (
        managed(tmp_path, repository.path, "uninstall", "devtools@claude-devtools", "--scope", "project").returncode
        == 0
    )


def test_its_command_comes_with_it(claude, repository, plugin):
    shutil.rmtree(repository.path / ".claude")
    script = [
        {"name": "Bash", "input": {"command": "devtools --version; command -v devtools", "description": "x"}},
        "done",
    ]
    said = claude("go on", *ALLOW, "--plugin-dir", str(plugin), script=script, path="/usr/bin:/bin")[-1]
    assert f"{plugin}/bin/devtools" in said


def test_the_manifest_says_what_the_package_says():
    import devtools

    assert MANIFEST["version"] == devtools.__version__
    assert f"{MANIFEST['description']}." == devtools.__doc__
    assert (ROOT / MANIFEST["commands"] / "hygiene.md").is_file()
    assert (ROOT / MANIFEST["hooks"]).is_file()
