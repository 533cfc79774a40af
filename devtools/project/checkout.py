"""The project as one snapshot has it: in a folder of its own, with the imports that come from there."""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass

from devtools.git.snapshot import materialised
from devtools.project.built_files import with_made
from devtools.project.project import Project, at
from devtools.system import environment

# A line of an editable install's finder: {'package': '/folder/of/package'}.
_MAPPED = re.compile(r"""['"][\w.]+['"]: ['"](/[^'"]+)['"]""")


@dataclass(frozen=True)
class _Editable:
    """A file of site-packages that names import folders, and how they are read off it."""

    suffix: str
    pattern: re.Pattern[str]
    parent: bool


_EDITABLE = (
    _Editable(".pth", re.compile(r"^(/.*)$", re.MULTILINE), parent=False),
    _Editable("_finder.py", _MAPPED, parent=True),
)


# The person's PYTHONPATH while a snapshot's stands in its place; the innermost last.
_REPLACED: list[str | None] = []


def own_environment() -> dict[str, str]:
    """Return the environment without what `project_at` put there, for what makes its own way to a snapshot."""
    env = environment.of_program()
    if not _REPLACED:
        return env
    rest = {name: value for name, value in env.items() if name != "PYTHONPATH"}
    return rest if _REPLACED[0] is None else {**rest, "PYTHONPATH": _REPLACED[0]}


# What an installer of another language puts beside the code, and git ignores: a snapshot borrows the working tree's.
INSTALLED = ("node_modules",)


def lend(project: Project, folder: str) -> None:
    """Let a snapshot of a project in another language find what is installed for it."""
    for name in INSTALLED if project.config.tests_command else ():
        here, there = os.path.join(project.root, name), os.path.join(folder, name)
        if os.path.isdir(here) and not os.path.lexists(there):
            os.symlink(os.path.realpath(here), there)


@contextlib.contextmanager
def project_at(project: Project, tree: str) -> Iterator[Project]:
    """The project in a folder that holds exactly `tree` and what a build has made for it, ours alone while inside.

    Where the project is installed editable, its modules are imported from that folder and not from the working tree.
    """
    with materialised(project.root, with_made(project, tree)[0]) as folder:
        lend(project, folder)
        before = os.environ.get("PYTHONPATH")
        here = [
            os.path.join(folder, os.path.relpath(path, os.path.realpath(project.root))) for path in editable(project)
        ]
        # An editable install points at the working tree, which must not be what is tested.
        if here:
            os.environ["PYTHONPATH"] = os.pathsep.join([*map(os.path.normpath, here), *filter(None, [before])])
        _REPLACED.append(before)
        try:
            yield at(project, folder)
        finally:
            _REPLACED.pop()
            if before is not None:
                os.environ["PYTHONPATH"] = before
            elif here:
                del os.environ["PYTHONPATH"]


def editable(project: Project) -> list[str]:
    """Return folders of the working tree from which the interpreter imports, by files of its site-packages."""
    library = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(project.python))), "lib")
    found = []
    for version in sorted(os.listdir(library)) if os.path.isdir(library) else ():
        packages = os.path.join(library, version, "site-packages")
        for name in sorted(os.listdir(packages)) if os.path.isdir(packages) else ():
            for kind in _EDITABLE:
                if name.endswith(kind.suffix):
                    found += _named(os.path.join(packages, name), kind)
    root = os.path.realpath(project.root)
    inside = [path for path in found if f"{os.path.realpath(path)}{os.sep}".startswith(root + os.sep)]
    return list(dict.fromkeys(map(os.path.realpath, inside)))


def _named(path: str, kind: _Editable) -> list[str]:
    with open(path, encoding="utf-8", errors="surrogateescape") as stream:
        places = kind.pattern.findall(stream.read())
    return [os.path.dirname(place) if kind.parent else place.rstrip() for place in places]
