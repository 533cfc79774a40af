"""devtools learn: what was learned, kept in LEARNINGS.md and found again."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence

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

STATE = "learn.json"
WHOLE = "--budget 1000000"


@click.command("learn")
@click.argument("action", default="list")
@click.argument("words", nargs=-1, metavar="[TEXT | QUERY]")
@click.option("--topic", default="", metavar="NAME", help="Use this heading of LEARNINGS.md.")
@click.option("--or", "others", multiple=True, metavar="QUERY", help="Search for this phrasing too; may be repeated.")
@click.option("--quiet", is_flag=True, help="Print nothing if all is well (for git hooks).")
@shared
def command(action: str, words: Sequence[str], topic: str, others: Sequence[str], quiet: bool) -> Report:
    """Add, list or search what was learned.

    LEARNINGS.md is plain Markdown. What a person wrote there is never changed.

    \b
    add TEXT      add an insight, under --topic
    list          list all insights, or those of one --topic
    search QUERY  search LEARNINGS.md and commit messages: words, prefix*, "a phrase"
    sync          add insights from commit trailers that the file never had

    Any other words are searched for.
    """
    if action not in ACTIONS:
        action, words = "search", (action, *words)
    if others and action != "search":
        raise UsageError("--or is for search", f"devtools learn search {' '.join(words)} --or {others[0]}")
    root = git.root(os.getcwd())
    report = (
        _search(root, [" ".join(words), *others], topic) if others else ACTIONS[action](root, " ".join(words), topic)
    )
    return Report("learn", report.ok, [], data=report.data) if quiet else report


def _add(root: str, text: str, topic: str) -> Report:
    text, topic = message.unescaped(text), message.unescaped(topic)
    entry = Entry(text, topic)
    added = learning.grow(Store(root), root, lambda old: learnings.add(old, [entry]))
    place = _place(root, text)
    said = f"learned: {place}" if added else f"already there: {place}"
    return Report("learn", True, [Block(said, pinned=True)], data={"action": "add", "added": added, "place": place})


def _place(root: str, text: str) -> str:
    wanted = learnings.key(text)
    found = (entry for entry in learnings.parse(learning.read(root)) if learnings.key(entry.text) == wanted)
    entry = next(found, Entry(text))
    return f"{learning.NAME}:{entry.line} ({entry.topic})"


def _list(root: str, words: str, topic: str) -> Report:
    if words:
        raise UsageError("list takes no words", f"devtools learn search {words}")
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


def _sync(root: str, words: str, topic: str) -> Report:
    """Add what never stood in the file. What was seen up to which commit is remembered: a hook calls this often."""
    if words or topic:
        raise UsageError("sync takes no words and no topic", "devtools learn add TEXT --topic NAME adds one")
    found: list[Entry] = []
    store = Store(root)
    head = learning.head(root)
    state = store.read(STATE)
    seen, own = str(state.get("head", "")), state.get("own", [])
    seen = "" if seen.strip("0123456789abcdef") else seen
    own = [str(text) for text in own] if isinstance(own, list) else []
    if head and head != seen and not learning.busy(root):
        logged = learning.logged(root, seen if learning.follows(root, seen) else "")
        here = {learnings.key(entry.text) for entry in learnings.parse(learning.read(root))} if logged else set()
        logged = [entry for entry in logged if learnings.key(entry.text) not in here]
        if logged:  # only then is the file's own history worth its time
            noted = [entry.text for entry in learning.noted(root)]

            def grown(text: str) -> str:
                found[:] = learnings.missing(text, logged, noted, own)
                return learnings.add(text, found)

            learning.grow(store, root, grown)
        store.write(STATE, {"head": head, "own": [*own, *(learnings.key(entry.text) for entry in found)]})
    said = f"{_count(len(found), 'insight')} added to {learning.NAME}" if found else f"{learning.NAME} has them all"
    data = {"action": "sync", "added": [_json(entry) for entry in found]}
    return Report("learn", True, [Block(said, pinned=True), *(Block(f"- {entry.text}") for entry in found)], data=data)


def _json(entry: Entry) -> dict[str, object]:
    known = {"line": entry.line, "commit": entry.commit, "date": entry.date}
    return {"text": entry.text, "topic": entry.topic, **{name: value for name, value in known.items() if value}}


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'s' * (number != 1)}"


def _search(root: str, queries: Sequence[str], topic: str) -> Report:
    from devtools.commands.learn_search import report

    return report(root, queries, topic)


ACTIONS: dict[str, Callable[[str, str, str], Report]] = {
    "add": _add,
    "list": _list,
    "search": lambda root, words, topic: _search(root, [words], topic),
    "sync": _sync,
}
