"""The settings by which a commit is judged: those of its own snapshot, whatever lies in the working tree."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from devtools.errors import UsageError
from devtools.git import snapshot
from devtools.project.config import Config, differences
from devtools.project.project import Project, settled

FILES = ("pyproject.toml", "devtools.toml")


def of_snapshot(project: Project, tree: str) -> Project:
    """Return the project with the settings of a tree; UsageError where they are malformed there.

    The interpreter stays the working tree's, since it names a place on this machine.
    """
    try:
        # Not from the working tree: an unsaved mode = "off" or max-lines = 9999 skipped the proof and the limits.
        config, manifest = settled(lambda name: snapshot.read(project.root, tree, name))
    except UsageError as error:
        raise UsageError(f"{error.message}, in the snapshot that is judged", error.hint) from error
    return replace(project, config=replace(config, python=project.config.python), manifest=manifest)


def changed(project: Project, parent: str, tree: str, paths: Collection[str]) -> list[str]:
    """Return the settings that a step changes, which touches these paths, each with its value before and after."""
    if not {*FILES}.intersection(paths) or parent == snapshot.EMPTY_TREE:
        return []
    try:
        before, after = (of_snapshot(project, each).config for each in (parent, tree))
    except UsageError as error:
        return [error.message]
    return differences(before, after)


def waiting(judged: Config, here: Config) -> list[str]:
    """Return the settings of the working tree that do not count, since the snapshot that is judged has others."""
    return differences(judged, replace(here, python=judged.python))
