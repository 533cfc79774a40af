"""The git log as a learning history: one concept a commit, in order, in chapters of one topic."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from devtools.learn.markdown import plain

_SUBJECT = re.compile(r"(\w+)(?:\(([^()]+)\))?!?: +(\S.*)")
_CYCLE = re.compile(r"(\w+->\w+)(?: \((\d+) tests?\))?")
# What a commit without topic and scope is about, by its type; any other is named by the type itself.
_TOPICS = {"feat": "Features", "fix": "Fixes", "docs": "Documents", "test": "Tests", "perf": "Speed", "": "Other"}
_TRAILER = re.compile(r"(?:Insight|Topic|TDD):", re.IGNORECASE)


@dataclass(frozen=True)
class Commit:
    """What the log tells: `tdd` is the trailer's value, the sizes are lines and files."""

    id: str
    date: str
    subject: str
    body: str = ""
    topic: str = ""
    insights: tuple[str, ...] = ()
    tdd: str = ""
    files: int = 0
    added: int = 0
    deleted: int = 0


@dataclass(frozen=True)
class Concept:
    """What one commit teaches: its name, what it is about, and how it was come by."""

    name: str
    type: str
    topic: str
    cycle: str
    tests: int
    why: str
    commit: Commit

    @property
    def lines(self) -> int:
        return self.commit.added + self.commit.deleted


@dataclass(frozen=True)
class Chapter:
    """Concepts of one topic that follow one another."""

    topic: str
    concepts: tuple[Concept, ...]


def concept(commit: Commit) -> Concept:
    """Read one commit. Its topic is its trailer's, else its scope, else what its type says."""
    found = _SUBJECT.match(plain(commit.subject))
    kind, scope, name = found.groups() if found else ("", "", plain(commit.subject))
    cycle = _CYCLE.search(commit.tdd)
    return Concept(
        name=name or "(no subject)",
        type=kind.lower(),
        # On one line and without control signs, since words of a message reach the terminal from here.
        topic=plain(commit.topic) or scope or _TOPICS.get(kind.lower(), kind.lower()),
        cycle=cycle[1] if cycle else "",
        tests=int(cycle[2] or 0) if cycle else 0,
        why=_why(commit.body),
        commit=commit,
    )


def _why(body: str) -> str:
    """The body without the trailers that are shown apart, nor the lines folded under them."""
    kept: list[str] = []
    apart = False
    for line in body.split("\n"):
        apart = bool(_TRAILER.match(line)) or (apart and line[:1] in (" ", "\t"))
        if not apart:
            kept.append(line.rstrip())
    return "\n".join(kept).strip("\n")


def matching(concepts: Sequence[Concept], topic: str = "", words: str = "") -> list[Concept]:
    """Return those of one topic that have every word, in subject, body or insight."""
    wanted, needed = plain(topic).casefold(), plain(words).casefold().split()
    return [
        each
        for each in concepts
        if (not wanted or each.topic.casefold() == wanted)
        and (not needed or all(word in _text(each) for word in needed))
    ]


def _text(each: Concept) -> str:
    return plain(f"{each.topic} {each.commit.subject} {each.commit.body}").casefold()


def chapters(concepts: Sequence[Concept]) -> Iterator[Chapter]:
    """Runs of one topic, in order."""
    for _, run in groupby(concepts, key=lambda each: each.topic.casefold()):
        members = tuple(run)
        yield Chapter(members[0].topic, members)


def summary(concepts: Sequence[Concept]) -> str:
    """Return the whole in one line."""
    topics = len({each.topic.casefold() for each in concepts})
    cycles = sum(1 for each in concepts if each.cycle)
    insights = sum(len(each.commit.insights) for each in concepts)
    first, last = concepts[0].commit.date, concepts[-1].commit.date
    span = first if first == last else f"{first} to {last}"
    counted = [(len(concepts), "commit"), (topics, "topic"), (cycles, "red->green cycle"), (insights, "insight")]
    return f"{', '.join(count(number, noun) for number, noun in counted)}; {span}"


def count(number: int, noun: str) -> str:
    """`1 test`, `2,000 tests`."""
    return f"{number:,} {noun}{'s' * (number != 1)}"
