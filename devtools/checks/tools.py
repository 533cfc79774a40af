"""The tools that a project configures and that are not installed: every commit will be refused for their sake."""

from __future__ import annotations

from devtools.checks import Request, lint, types
from devtools.project.project import Project


def missing(project: Project) -> list[str]:
    """Return what each check says whose tool is not there; a check that the project replaces needs none of ours."""
    found = []
    if project.program("ruff") is None and "lint" not in project.config.checks:
        found.append(lint.missing("lint", project).fault)
    tool = types.configured(project)
    if tool and project.program(tool) is None and "types" not in project.config.checks:
        found.append(types.run(project, Request()).fault)
    return [words for words in found if words]
