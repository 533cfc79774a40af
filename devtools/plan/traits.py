"""What a hunk is about: the names it brings, drops and uses, where in its file it stands, what kind of file that is."""

from __future__ import annotations

import ast
import builtins
import keyword
import posixpath
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from devtools.plan.hunks import ABSENT, REGULAR, FileChange, Hunk

EMPTY_BLOB = "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391"
NAME = re.compile(r"[^\W\d]\w{2,}")
# An indented constant too: an enumeration's new member counted as a use, and was drafted as a fix.
DEFINITION = re.compile(
    r"^\s*(?:async\s+)?(?:def|class|fn|func|function)\s+(\w+)|^(\w+|\s+[A-Z][A-Z0-9_]+)\s*(?::[^=\n]+)?=[^=]",
    re.MULTILINE,
)
COMMON = frozenset(keyword.kwlist) | frozenset(dir(builtins)) | {"self", "cls", "the", "and", "for", "with"}
PROSE = (".md", ".rst", ".txt", ".adoc")
CHANGELOG = re.compile(
    r"(?:change|news|history|release)[^/]*$|(?:changelog|news|changes|newsfragments|changelog\.d)/", re.IGNORECASE
)
LOCKS = {"uv.lock", "poetry.lock", "Pipfile.lock", "package-lock.json", "yarn.lock", "Cargo.lock", "go.sum"}
MANIFESTS = {"pyproject.toml", "setup.py", "setup.cfg", "package.json", "Cargo.toml", "go.mod", "Pipfile"}
SOURCE = (".py", ".pyi", ".pyx", ".js", ".ts", ".go", ".rs", ".c", ".h", ".java", ".rb", ".sh")


@dataclass(frozen=True)
class Unit:
    """One hunk and what was read off it. `file` and `index` find it again in the changes."""

    file: int
    index: int
    path: str
    kind: str
    hunk: Hunk
    scope: tuple[str, ...] = ()
    added: frozenset[str] = frozenset()
    removed: frozenset[str] = frozenset()
    defines: frozenset[str] = frozenset()
    born: frozenset[str] = frozenset()
    dead: frozenset[str] = frozenset()
    imports: frozenset[str] = frozenset()

    @property
    def weight(self) -> int:
        """Changed lines; a change without lines weighs one."""
        return max(len(self.hunk.added) + len(self.hunk.removed), 1)

    @property
    def names(self) -> frozenset[str]:
        return self.added | self.removed


class Piece(NamedTuple):
    """A hunk as the limits measure it."""

    path: str
    status: str
    added: int
    deleted: int
    binary: bool

    def plus(self, other: Piece) -> Piece:
        """Return two hunks of one file: what either counts, both count."""
        status = self.status if self.status == other.status else "M"
        return self._replace(
            status=status,
            added=self.added + other.added,
            deleted=self.deleted + other.deleted,
            binary=self.binary or other.binary,
        )


def sized(change: FileChange, hunk: Hunk) -> Piece:
    """Return what one hunk counts: a rename nothing, a binary nothing, a mode a file without lines."""
    status = "R" if hunk.kind == "rename" else "M"
    return Piece(change.path, status, *hunk.counts(), _binary(change, hunk))


def kind_of(path: str, is_test: Callable[[str], bool]) -> str:
    """test, changes (a list of changes), prose, lock, manifest, code or other."""
    name = posixpath.basename(path)
    if name in LOCKS or name.endswith(".lock"):
        return "lock"
    if name in MANIFESTS or re.match(r"(?:.*[-_])?requirements.*\.txt$", path):
        return "manifest"
    # Not a source: news.py and history/page.py are code, whatever their names say.
    if CHANGELOG.search(path) and not path.endswith(SOURCE):
        return "changes"
    if is_test(path):
        return "test"
    if path.endswith(PROSE) or path.startswith(("docs/", "doc/")):
        return "prose"
    return "code" if path.endswith(SOURCE) else "other"


def units(changes: Sequence[FileChange], texts: Mapping[str, str], is_test: Callable[[str], bool]) -> list[Unit]:
    """Return a unit for each hunk of each change, in order. `texts` holds the blobs of files with text hunks by id."""
    old_names = _names_in(texts.get(change.old_id, "") for change in changes)
    new_names = _names_in(texts.get(change.new_id, "") for change in changes)
    found = []
    for number, change in enumerate(changes):
        kind = kind_of(change.path, is_test)
        old = Scopes(change.old_path, texts.get(change.old_id, ""))
        new = Scopes(change.path, texts.get(change.new_id, ""))
        for index, hunk in enumerate(change.hunks):
            found.append(_unit((number, index), change, kind, hunk, (old, new), (old_names, new_names)))
    return found


def _unit(
    place: tuple[int, int],
    change: FileChange,
    kind: str,
    hunk: Hunk,
    scopes: tuple[Scopes, Scopes],
    known: tuple[Collection[str], Collection[str]],
) -> Unit:
    number, index = place
    come, go = _path_names(change, hunk, index)
    added, removed = "".join(hunk.added), "".join(hunk.removed)
    plus, minus = _names(added) | come, _names(removed) | go
    if hunk.kind not in ("text", "rename"):
        plus |= frozenset(NAME.findall(posixpath.basename(change.path)))
    old, new = scopes
    scope: tuple[str, ...] = ()
    if hunk.added:
        scope = new.at(hunk.new_start, hunk.new_start + len(hunk.added) - 1)
    elif hunk.removed:
        scope = old.at(hunk.old_start, hunk.old_start + len(hunk.removed) - 1)
    return Unit(
        file=number,
        index=index,
        path=change.path,
        kind=kind,
        hunk=hunk,
        scope=scope,
        added=plus - minus,
        removed=minus - plus,
        defines=(_defined(added) | come) ^ (_defined(removed) | go),
        born=frozenset(name for name in plus if name not in known[0]),
        dead=frozenset(name for name in minus if name not in known[1]),
        imports=new.imports,
    )


def _path_names(change: FileChange, hunk: Hunk, index: int) -> tuple[frozenset[str], frozenset[str]]:
    """The names that a hunk brings and takes away by what it does to the file: others import it by them."""
    # A path is a name that others import: a rename that was planned without its callers failed its tests.
    if hunk.kind == "rename":
        return frozenset(NAME.findall(change.path)), frozenset(NAME.findall(change.old_path))
    come = change.created and index == 0
    go = change.deleted and index == 0
    return _module(change.path) if come else frozenset(), _module(change.path) if go else frozenset()


def _module(path: str) -> frozenset[str]:
    """The name by which others speak of a file of code; of a package's own file there is none."""
    name, ending = posixpath.splitext(posixpath.basename(path))
    return frozenset([name] if ending in SOURCE and not name.startswith("_") else [])


def _binary(change: FileChange, hunk: Hunk) -> bool:
    """Whether a change without lines is one of content that has none; links and submodules count as one line."""
    regular = {change.old_mode, change.new_mode} <= {*REGULAR, ABSENT}
    return hunk.kind == "whole" and not hunk.uncut and regular and EMPTY_BLOB not in (change.old_id, change.new_id)


def _names(text: str) -> frozenset[str]:
    return frozenset(NAME.findall(text)) - COMMON


def _names_in(texts: Iterable[str]) -> frozenset[str]:
    return frozenset(name for text in texts for name in NAME.findall(text))


def _defined(text: str) -> frozenset[str]:
    return frozenset((first or second).strip() for first, second in DEFINITION.findall(text)) - COMMON


class Scopes:
    """The definitions of a Python text by line, and the modules that it imports. Other texts have none."""

    def __init__(self, path: str, text: str) -> None:
        self.spans: list[tuple[int, int, tuple[str, ...]]] = []
        self.imports: frozenset[str] = frozenset()
        if not path.endswith((".py", ".pyi")) or not text:
            return
        try:
            tree = ast.parse(text)
        except (SyntaxError, ValueError, RecursionError):
            return
        self._walk(tree, ())
        self.imports = frozenset(_imported(tree))

    def _walk(self, node: ast.AST, outer: tuple[str, ...]) -> None:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
                name = (*outer, child.name)
                first = min([child.lineno, *(item.lineno for item in child.decorator_list)])
                self.spans.append((first, child.end_lineno or first, name))
                self._walk(child, name)
            elif isinstance(child, (ast.If, ast.Try, ast.With)):
                self._walk(child, outer)

    def at(self, first: int, last: int) -> tuple[str, ...]:
        """Return the innermost definition that holds lines `first` to `last`; where they hold a whole one, that one."""
        best: tuple[str, ...] = ()
        inside: list[tuple[str, ...]] = []
        for start, end, name in self.spans:
            if start <= first and last <= end and len(name) > len(best):
                best = name
            elif first <= start and end <= last:
                inside.append(name)
        tops = [name for name in inside if len(name) == len(best) + 1]
        return tops[0] if len(tops) == 1 else best


def _imported(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            yield base
            yield from (f"{base}.{alias.name}".lstrip(".") for alias in node.names)
