"""Whether a test file that passed on one tree has the same outcome on another, by what it executed there.

A footprint says what its run loaded, entered and read. Where none of that differs the run would be the same, step by
step, so it need not be made. What is bound to a name is followed from statement to statement by the names themselves;
wherever that is not certain the answer is no.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Protocol

from devtools.git.snapshot import differing
from devtools.syntax import module as units
from devtools.syntax.imports import users

Name = tuple[str, str]  # a file and what is bound in it
ANYWHERE = "*"


class Snapshot(Protocol):
    """What has to be known of a snapshot. `entries` maps a path to mode and content id."""

    @property
    def entries(self) -> Mapping[str, tuple[str, str]]: ...

    @property
    def imports(self) -> Mapping[str, frozenset[str]]: ...

    @property
    def roots(self) -> Sequence[str]: ...

    def read(self, path: str) -> bytes | None: ...


@dataclass(frozen=True)
class Footprint:
    """What the run of a test file did: modules loaded, functions entered, files read or run unseen, folders listed."""

    loaded: Sequence[str] = ()
    entered: Mapping[str, Sequence[str]] = field(default_factory=dict)
    whole: Sequence[str] = ()
    listed: Sequence[str] = ()


# After random edits on boltons, itsdangerous and tomlkit no failing test was in a file that it had spared.
class Carrying:
    """Two trees, and which footprints of the first hold on the second."""

    def __init__(self, old: Snapshot, new: Snapshot) -> None:
        self.old, self.new = old, new
        self.differing = {*differing(old.entries, new.entries)}
        self.moved = {path for path in self.differing if path not in old.entries or path not in new.entries}
        self._units: dict[tuple[str, bool], units.Module | None] = {}
        self._differences: dict[str, units.Difference | None] = {}

    def holds(self, footprint: Footprint) -> bool:
        """Return whether the run would be the same."""
        if self.differing.intersection(footprint.whole) or self.shadowing or self._lists(footprint):
            return False
        seeds = set(self._arrived())
        # By imports a change of a root module reached nearly all tests and cost minutes. Few of them execute it.
        for path in self.differing.intersection(footprint.loaded):
            found = self._difference(path)
            if found is None or found.strict or found.bodies.intersection(footprint.entered.get(path, ())):
                return False
            if found.names and not self._imports_as_before(path, footprint):
                return False
            seeds |= {(path, name) for name in found.names}
        return not seeds or not _Mentions(self, footprint).any(seeds)

    def _lists(self, footprint: Footprint) -> bool:
        """Whether a folder that was listed has other files now."""
        return any(not folder or path.startswith(folder + "/") for folder in footprint.listed for path in self.moved)

    @cached_property
    def shadowing(self) -> bool:
        """Whether a new module can come in place of another one of its name: it stands where imports start."""
        python = [path for path in self.moved if path in self.new.entries and path.endswith(".py")]
        came = [path for path in python if not posixpath.basename(path).startswith("test_")]
        folders = {*self.new.roots, ""}
        return any(
            posixpath.dirname(path.removesuffix("/__init__.py") if path.endswith("/__init__.py") else path) in folders
            for path in came
        )

    def _arrived(self) -> Iterator[Name]:
        """A file that came or went is a name of its package; a file of data may be asked for anywhere."""
        for path in self.moved:
            folder, name = posixpath.split(path)
            package = f"{folder}/__init__.py"
            yield package if path.endswith(".py") and package in self.new.entries else ANYWHERE, name.partition(".")[0]

    def taken(self, path: str, new: bool = False) -> units.Module | None:
        if (path, new) not in self._units:
            source = (self.new if new else self.old).read(path)
            self._units[path, new] = None if source is None else units.read(source)
        return self._units[path, new]

    def _difference(self, path: str) -> units.Difference | None:
        """What changed in a module; None where that cannot be said."""
        if path not in self._differences:
            before, after = self.taken(path), self.taken(path, new=True)
            known = before is not None and after is not None and path.endswith(".py")
            self._differences[path] = units.difference(before, after) if known and before and after else None
        return self._differences[path]

    @cached_property
    def using(self) -> tuple[dict[str, set[str]], dict[str, set[str]]]:
        """Who imports a file: on the old tree, on the new one."""
        return users(self.old.imports, self.old.roots), users(self.new.imports, self.new.roots)

    @cached_property
    def _used(self) -> dict[str, set[str]]:
        """File -> the files that it imports, on the new tree."""
        found: dict[str, set[str]] = {}
        for target, sources in self.using[1].items():
            for source in sources:
                found.setdefault(source, set()).add(target)
        return found

    def _imports_as_before(self, path: str, footprint: Footprint) -> bool:
        """Whether a changed module loads nothing new but modules that do nothing to others when they are loaded."""
        known = {*footprint.loaded, *footprint.whole}
        before = {target for target, sources in self.using[0].items() if path in sources}
        now = self._used.get(path, set())
        # A module that is loaded no more may have done something to others, which is missing now.
        if not all(self._is_quiet(target, new=False) for target in before - now):
            return False
        waiting, seen = now - before, set[str]()
        while waiting:
            target = waiting.pop()
            seen.add(target)
            circle = target == path  # whether it can be imported depends on where one begins
            if circle or (target not in known and not self._is_quiet(target)):
                return False
            waiting |= self._used.get(target, set()) - seen
        return True

    def _is_quiet(self, path: str, new: bool = True) -> bool:
        module = self.taken(path, new)
        return module is not None and all(each.plain for each in module.statements)


class _Mentions:
    """Follows changed names through the texts that a run executed."""

    def __init__(self, carrying: Carrying, footprint: Footprint) -> None:
        self.carrying, self.footprint = carrying, footprint
        texts = [*footprint.loaded, *(path for path in footprint.whole if path.endswith(".py"))]
        self.texts = {path: carrying.old.read(path) or b"" for path in texts}
        self.computing = {path for path, text in self.texts.items() if path.endswith(".py") and units.computes(text)}

    def any(self, seeds: Iterable[Name]) -> bool:
        """Whether an executed text mentions one of the names, or one that is made of it, or looks at code as such."""
        # Code that looks at code sees names of which no text says a word.
        if any(units.CURIOUS in each for path in self.texts for each in self._executed(path)):
            return True
        waiting, seen = list(seeds), set(seeds)
        while waiting:
            made = self._made_of(waiting.pop())
            if made is None:
                return True
            waiting += made - seen
            seen |= made
        return False

    def _made_of(self, name: Name) -> set[Name] | None:
        """The names that module-level statements make of it; None where a text that was executed mentions it."""
        home, word = name
        # The name of a file need not be UTF-8. A commit beside such a file ended with a traceback.
        sign = re.compile(rb"\b%s\b" % re.escape(word.encode("utf-8", "surrogateescape")))
        near = self._near(home)
        found: set[Name] = set()
        for path, text in self.texts.items():
            if (near is None or path in near) and sign.search(text):
                made = self._made_in(path, word)
                if made is None:
                    return None
                found |= made
        return found

    def _near(self, home: str) -> set[str] | None:
        """The files that can name what a file binds: itself and those that import it, or may without a word of it."""
        old, new = self.carrying.using
        return None if home == ANYWHERE else {home} | old.get(home, set()) | new.get(home, set()) | self.computing

    def _made_in(self, path: str, word: str) -> set[Name] | None:
        module = self.carrying.taken(path)
        # Whoever reads a file as a text sees all of it.
        if module is None or path in self.footprint.whole:
            return None
        entered = self.footprint.entered.get(path, ())
        if any(word in module.bodies[name].words for name in entered if name in module.bodies):
            return None
        saying = [each for each in module.statements if word in each.words]
        if not all(each.plain for each in saying):
            return None
        return {(path, name) for each in saying for name in each.names}

    def _executed(self, path: str) -> Iterator[frozenset[str]]:
        """The words of every piece of a file that was executed."""
        module = self.carrying.taken(path) if units.SIGN.search(self.texts[path]) else None
        entered = self.footprint.entered.get(path, ())
        for each in module.statements if module else ():
            yield each.words
        for name, body in module.bodies.items() if module else ():
            if name in entered or path in self.footprint.whole:
                yield body.words
