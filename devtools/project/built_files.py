"""Modules that the build makes and git ignores, such as a version file: a snapshot of the project lacks them."""

from __future__ import annotations

import os
import posixpath
from collections.abc import Collection
from typing import Any

from devtools.git import snapshot
from devtools.git.safe_process import git
from devtools.project.path_kinds import is_test
from devtools.project.project import Project

LIMIT = 1_000_000


def made(project: Project, tree: str) -> dict[str, str]:
    """Return ignored modules of the working tree that lie in a package of the tree and that it names, by path.

    What a snapshot has lost is none of them: a file that the tree has is never looked up.
    """
    # Without the version file that setuptools-scm or hatch-vcs makes, no check of a commit could import the package.
    listed = git(project.root, "ls-files", "-oi", "--exclude-standard", "--directory", "-z").out.split("\0")
    python = [path for path in listed if path.endswith(".py") and not is_test(path, project.config)]
    places = [path for path in python if _is_small(os.path.join(project.root, path))]
    known = snapshot.entries(project.root, tree) if places else {}
    inside = [path for path in places if path not in known and f"{posixpath.dirname(path)}/__init__.py" in known]
    wanted = [path for path in inside if _names(project.root, tree, posixpath.basename(path).removesuffix(".py"))]
    return {path: git(project.root, "hash-object", "-w", "--no-filters", "--", path).out.strip() for path in wanted}


def with_made(project: Project, tree: str, but: Collection[str] = ()) -> tuple[str, list[str]]:
    """Return the tree with these modules, those aside that are named in `but`, and which they are."""
    found = {path: ("100644", content) for path, content in made(project, tree).items() if path not in but}
    return (snapshot.compose(project.root, tree, found), sorted(found)) if found else (tree, [])


def promised(project: Project) -> list[str]:
    """Return files that by pyproject.toml a build makes and that are not in the working tree."""
    hooks: Any = project.tool("hatch", "build", "hooks", "vcs") or {}
    scm: Any = project.tool("setuptools_scm") or {}
    named = [
        hooks.get("version-file"),
        scm.get("version_file"),
        scm.get("write_to"),
        project.tool("pdm", "version", "write_to"),
    ]
    return [path for path in named if isinstance(path, str) and not project.has(path)]


def _is_small(path: str) -> bool:
    return os.path.isfile(path) and not os.path.islink(path) and os.path.getsize(path) < LIMIT


def _names(root: str, tree: str, module: str) -> bool:
    """Whether Python of the tree holds the module's name as a word."""
    return bool(git(root, "grep", "-lwF", "-e", module, tree, "--", "*.py").out)
