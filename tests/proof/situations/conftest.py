"""Two snapshots of a small project, as a person would make them, for the proof to compare."""

import pytest

from devtools.git import snapshot
from devtools.project.project import load


class Project:
    """A repository whose commits are the snapshots; files are given as name -> text, None to remove one."""

    def __init__(self, repository):
        self.repository = repository
        self.root = str(repository.path)

    def commit(self, files):
        for name, text in files.items():
            if text is None:
                (self.repository.path / name).unlink()
            else:
                self.repository.put(name, text)
        self.repository.git("add", "-A")
        self.repository.git("commit", "-q", "--allow-empty", "-m", "chore: a step")
        return snapshot.tree_of(self.root, "HEAD")

    def loaded(self):
        return load(self.root)


@pytest.fixture
def project(repository, shared):
    return Project(repository)
