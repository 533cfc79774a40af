"""The folder of git's hooks is asked of git: a setting of any scope may lead elsewhere."""

from devtools.git import hook_folder


def test_without_a_setting_it_lies_in_the_git_directory_also_for_a_linked_worktree(repository, tmp_path):
    repository.git("commit", "-q", "--allow-empty", "-m", "chore: x")
    repository.git("worktree", "add", "-q", str(tmp_path / "linked"))
    inner = str(repository.path / ".git" / "hooks")
    assert hook_folder.find(str(repository.path)) == (inner, "")
    assert hook_folder.find(str(tmp_path / "linked")) == (inner, "")


def test_a_setting_of_the_repository_leads_below_its_top(repository):
    repository.git("config", "core.hooksPath", ".husky/_")
    assert hook_folder.find(str(repository.path)) == (str(repository.path / ".husky" / "_"), "local")


def test_a_setting_of_the_person_is_told_apart(repository, tmp_path):
    repository.git("config", "--global", "core.hooksPath", str(tmp_path / "mine"))
    assert hook_folder.find(str(repository.path)) == (str(tmp_path / "mine"), "global")
