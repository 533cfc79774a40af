"""devtools learn: what was learned, kept in LEARNINGS.md and found again."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import click

from devtools.budget import Block
from devtools.commands.options import shared
from devtools.commit import message
from devtools.errors import UsageError
from devtools.git import status as git
from devtools.learn import file as learning
from devtools.learn import markdown as learnings
from devtools.learn.markdown import Entry
from devtools.report import Report
from devtools.system.store import Store

WHOLE = "--budget 1000000"


@dataclass(frozen=True)
class Invocation:
    """What the caller wants: its words, and the options."""

    words: tuple[str, ...]
    topic: str
    sought: str
    others: tuple[str, ...]

    @property
    def text(self) -> str:
        return " ".join(self.words)

    @property
    def root(self) -> str:
        return git.root(os.getcwd())


@click.command("learn")
@click.argument("action", default="list")
@click.argument("words", nargs=-1, metavar="[TEXT | QUERY]")
@click.option("--topic", default="", metavar="NAME", help="Use this heading of LEARNINGS.md.")
@click.option(
    "--words", "sought", default="", metavar="WORDS", help="Add words to find the insight by, not in its text."
)
@click.option("--or", "others", multiple=True, metavar="QUERY", help="Search for this phrasing too; may be repeated.")
@click.option("--quiet", is_flag=True, help="Print nothing if all is well (for git hooks).")
@shared
def command(action: str, words: Sequence[str], topic: str, sought: str, others: Sequence[str], quiet: bool) -> Report:
    """Add, list or search what was learned.

    LEARNINGS.md is plain Markdown. What a person wrote there is never changed.

    \b
    add TEXT      add an insight, under --topic
    list          list all insights, or those of one --topic
    search QUERY  search LEARNINGS.md and commit messages: words, prefix*, "a phrase"
    sync          add insights of commits that the file never had, and resolve conflicts in it
    review        show insights that later commits contradict, or that stand there twice
    merge O A B   merge three versions of the file, as git's merge driver

    Any other words are searched for.
    """
    # /learn with a question would end with exit 2, for which the client drops the whole request.
    if action not in ACTIONS:
        action, words = "search", (action, *words)
    if others and action != "search":
        raise UsageError("--or is for search", f"devtools learn search {' '.join(words)} --or {others[0]}")
    if sought and action != "add":
        raise UsageError("--words is for add", "devtools learn add TEXT --words WORDS")
    report = ACTIONS[action](Invocation(tuple(words), topic, sought, tuple(others)))
    return Report("learn", report.ok, [], data=report.data) if quiet else report


def _add(asked: Invocation) -> Report:
    root, (text, topic, words) = asked.root, map(message.unescaped, (asked.text, asked.topic, asked.sought))
    entry = Entry(text, topic, words=words)
    added = learning.grow(Store(root), root, lambda old: learnings.add(old, [entry]))
    place = _place(root, text)
    said = f"learned: {place}" if added else f"already there: {place}"
    return Report("learn", True, [Block(said, pinned=True)], data={"action": "add", "added": added, "place": place})


def _place(root: str, text: str) -> str:
    wanted = learnings.key(text)
    found = (entry for entry in learnings.parse(learning.read(root)) if learnings.key(entry.text) == wanted)
    entry = next(found, Entry(text))
    return f"{learning.NAME}:{entry.line} ({entry.topic})"


def _list(asked: Invocation) -> Report:
    root, topic = asked.root, asked.topic
    if asked.text:
        raise UsageError("list takes no words", f"devtools learn search {asked.text}")
    everything = learnings.parse(learning.read(root))
    wanted = learnings.plain(topic).casefold()
    entries = [entry for entry in everything if not wanted or entry.topic.casefold() == wanted]
    topics = list(dict.fromkeys(entry.topic for entry in entries))
    if not entries:
        known = ", ".join(dict.fromkeys(entry.topic for entry in everything if entry.topic))
        said = f"no insight under {topic!r}; topics: {known}" if known else "no insight yet: devtools learn add TEXT"
    else:
        said = f"{_count(len(entries), 'insight')} in {_count(len(topics), 'topic')}"
    shown = [Block(said, pinned=True), *(block for name in topics for block in _section(name, entries))]
    data = {"action": "list", "entries": [_json(entry) for entry in entries]}
    return Report("learn", True, shown, data=data, more=f"devtools learn list {WHOLE}")


def _section(topic: str, entries: Sequence[Entry]) -> list[Block]:
    lines = [f"- {entry.text}" for entry in entries if entry.topic == topic]
    first = f"{topic or '(no topic)'}\n{lines[0]}"
    return [Block(first, _brief(first)), *(Block(line, _brief(line)) for line in lines[1:])]


def _brief(line: str) -> str:
    """The line's first words, where it is long."""
    return line if len(line) <= 72 else line[:71].rsplit(" ", 1)[0] + " …"


def _json(entry: Entry) -> dict[str, object]:
    notes = {label.lower(): said for label, said in entry.notes}
    known = {"line": entry.line, "commit": entry.commit, "date": entry.date, "words": entry.words, **notes}
    return {"text": entry.text, "topic": entry.topic, **{name: value for name, value in known.items() if value}}


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'s' * (number != 1)}"


def _search(asked: Invocation) -> Report:
    from devtools.commands import learn_review, learn_search

    report = learn_search.report(asked.root, [asked.text, *asked.others], asked.topic)
    learn_review.note(asked.root, [hit["text"] for hit in report.data["hits"] if hit["kind"] == "insight"])
    return report


def _sync(asked: Invocation) -> Report:
    from devtools.commands.learn_sync import sync

    if asked.text or asked.topic:
        raise UsageError("sync takes no words and no topic", "devtools learn add TEXT --topic NAME adds one")
    return sync(asked.root, _json)


def _merge(asked: Invocation) -> Report:
    from devtools.commands.learn_sync import merge

    return merge(asked.words)


def _review(asked: Invocation) -> Report:
    from devtools.commands.learn_review import report

    if asked.text or asked.topic:
        raise UsageError("review takes no words and no topic", "devtools learn review")
    return report(asked.root)


ACTIONS: dict[str, Callable[[Invocation], Report]] = {
    "add": _add,
    "list": _list,
    "merge": _merge,
    "review": _review,
    "search": _search,
    "sync": _sync,
}
