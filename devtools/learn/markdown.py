"""LEARNINGS.md as text: what it holds, and where the next insight goes. A person's text stays byte for byte.

The file is plain Markdown: `## Topic` sections with one bullet an insight. No commit id stands in it: an insight is
written into the commit in which it clicked, whose id is not known then and changes at every rebase; git finds it.

A new topic opens above the others and a new insight below its like, each apart from where the other would go: git's
union merge keeps every line of two branches, but where both write at one place it cannot know whose heading is whose.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from devtools.errors import UsageError
from devtools.learn.item import ITEM, Item, Note, found_by, read, written
from devtools.learn.item import plain as plain

_LONG = 12  # words from which on two sentences can be told to say the same
DEFAULT_TOPIC = "General"
TITLE = "# Learnings"

_HEADING = re.compile(r" {0,3}(#{1,6})(?:[ \t]+(.*?))?(?:[ \t]+#+)?[ \t]*$")
_FENCE = re.compile(r" {0,3}(`{3,}(?=[^`]*$)|~{3,})")
_COMMENT = re.compile(r" {0,3}<!--")
_UNDERLINE = re.compile(r" {0,3}(=+|-+)[ \t]*$")


@dataclass(frozen=True)
class Entry:
    """One insight. `commit` and `date` are git's, where known; `line` is where it stands in the file, from 1.

    `words` are those by which it will be looked for, `notes` the paragraphs below it, each with its label.
    """

    text: str
    topic: str = ""
    commit: str = ""
    date: str = ""
    line: int = 0
    words: str = ""
    notes: tuple[Note, ...] = ()


class _Block(NamedTuple):
    """Lines `start` to `end` (exclusive) that belong together. An open one is a fence or comment never closed."""

    kind: str
    start: int
    end: int
    level: int = 0
    title: str = ""


def key(text: str) -> str:
    """Return the form in which two insights are compared.

    Wrapping, case, code marks and the last full stop do not count.
    """
    return plain(text).replace("`", "").rstrip(". ").casefold()


def parse(text: str) -> list[Entry]:
    """Return every insight of the file, in its order, with its topic (empty above the first heading)."""
    lines = _lines(text)
    entries, topic = [], ""
    for block in outline(lines):
        if block.kind == "heading" and block.level <= 2:
            topic = block.title if block.level == 2 else ""
        elif block.kind == "item":
            item = read(lines[block.start : block.end])
            entries.append(Entry(item.text, topic, line=block.start + 1, words=item.words, notes=item.notes))
    return entries


def add(text: str, entries: Sequence[Entry]) -> str:
    """`text` with the entries that it does not hold yet, each inserted whole; nothing else is touched.

    An entry whose text the file holds already, however wrapped, is left out; only words to find it by are added where
    it has none. UsageError for one without text.
    """
    known = {key(entry.text): entry.words for entry in parse(text)}
    for entry in entries:
        words = plain(entry.text)
        if not words:
            raise UsageError("the insight is empty", "say in one sentence what surprised you")
        if key(words) not in known:
            text = _insert(text, Item(words, entry.words, entry.notes), topic_name(entry.topic))
        # Without this no words could be given later to an insight that stands in the file already.
        elif entry.words and not known[key(words)]:
            text = _worded(text, key(words), entry.words)
        known[key(words)] = known.get(key(words)) or entry.words
    return text


def _worded(text: str, wanted: str, words: str) -> str:
    """The text with words below the first insight that is this one."""
    lines = _lines(text)
    for block in outline(lines):
        if block.kind == "item" and key(read(lines[block.start : block.end]).text) == wanted:
            end = block.start + len("\n".join(lines[block.start : block.end]).rstrip().split("\n"))
            return _splice(text, end, [found_by(words)])
    return text


def missing(text: str, logged: Sequence[Entry], noted: Sequence[str], own: Collection[str]) -> list[Entry]:
    """Return the insights of the log that belong into the file: those that never stood there, in whatever words.

    `noted` is what commits wrote into the file and `own` the keys of what sync once added: what a person took out again
    stays out.
    """
    texts = [*own, *noted, *(entry.text for entry in parse(text))]
    held, sets = {key(each) for each in texts}, [words_of(each) for each in texts]
    found = []
    for entry in logged:
        words = words_of(entry.text)
        # In other words too: four of nine insights of this repository would have been added a second time.
        if key(entry.text) not in held and not any(alike(words, other) for other in sets):
            found.append(entry)
            held.add(key(entry.text))
            sets.append(words)
    return found


def alike(one: set[str], other: set[str]) -> bool:
    """Return whether two long sentences say the same: they share four words of five and the shorter one's numbers.

    In this repository a trailer and its bullet shared at least 0.89 of their words, two insights at most 0.39.
    """
    shorter, longer = sorted((one, other), key=len)
    if len(shorter) < _LONG:
        return False
    # A number is never odd by chance: the same sentence with other figures is another insight.
    odd = shorter - longer
    return len(odd) * 5 <= len(shorter) and not any(any(map(str.isdigit, word)) for word in odd)


def words_of(text: str) -> set[str]:
    """Its distinct words, in lower case."""
    return set(re.findall(r"\w+", text.casefold()))


def topic_name(topic: str) -> str:
    """Return a topic as a heading can hold it: one line, no closing number signs."""
    heading = _HEADING.match(f"## {plain(topic)}")
    return (heading and heading[2]) or ""


def _insert(text: str, item: Item, topic: str) -> str:
    lines = _lines(text)
    blocks = list(outline(lines))
    starts = [block for block in blocks if block.kind == "heading" and block.level == 2]
    if not blocks:
        return _splice(text, len(lines) - 1, [TITLE, "", f"## {topic or DEFAULT_TOPIC}", "", *written(item)])
    if not topic and not starts and any(block.kind == "item" for block in blocks):
        return _append(text, lines, blocks, item)
    wanted = plain(topic or DEFAULT_TOPIC).casefold()
    same = [block for block in starts if plain(block.title).casefold() == wanted]
    if same:
        return _append(text, lines, _section(blocks, same[-1]), item)
    # Above the others: with new topics at the end of the file, git's union filed an insight under the wrong one in 99
    # of 400 random merges, with new ones on top in 21.
    section = [f"## {topic or DEFAULT_TOPIC}", "", *written(item)]
    if starts:
        apart = [""] if starts[0].start and lines[starts[0].start - 1].strip("\ufeff \t\r") else []
        return _splice(text, starts[0].start, [*apart, *section, ""])
    if blocks[-1].kind == "open":
        return _splice(text, blocks[-1].start, [*section, ""])
    return _splice(text, blocks[-1].end, ["", *section])


def _section(blocks: Sequence[_Block], heading: _Block) -> list[_Block]:
    """The heading and what stands under it."""
    section = [heading]
    for block in blocks[blocks.index(heading) + 1 :]:
        if block.kind == "heading" and block.level <= 2:
            break
        section.append(block)
    return section


def _append(text: str, lines: Sequence[str], section: Sequence[_Block], item: Item) -> str:
    """A bullet below the section's last block, in the manner of the bullet above it."""
    if section[-1].kind == "open":
        return _splice(text, section[-1].start, ["", *written(item), ""])
    last = section[-1]
    if last.kind != "item":
        return _splice(text, last.end, ["", *written(item)])
    found = ITEM.match(lines[last.start])
    marker = found[1] if found and found[1] in "*+" else "-"
    loose = len(section) > 1 and section[-2].kind == "item" and section[-2].end < last.start
    return _splice(text, last.end, [*([""] if loose else []), *written(item, marker)])


def _splice(text: str, line: int, inserted: Sequence[str]) -> str:
    """Put lines before line number `line`, in the file's own line ends; past the last line, after its end."""
    newline = "\r\n" if "\r\n" in text else "\n"
    lines = text.split("\n")
    rest = _lines(text)[line:]
    below = next(filter(str.strip, rest), "").expandtabs(4)
    if below.startswith("  "):
        inserted = [*inserted, "", "<!-- -->", ""]  # else Markdown would read it as part of the new bullet
    elif rest and rest[0].strip() and inserted[-1] and not _starts_block(rest[0]):
        inserted = [*inserted, ""]
    if line >= len(lines):
        return text + newline + newline.join(inserted)
    position = sum(len(each) + 1 for each in lines[:line])
    position += line == 0 and text.startswith("\ufeff")
    return text[:position] + newline.join(inserted) + newline + text[position:]


def _lines(text: str) -> list[str]:
    return [line.removesuffix("\r") for line in text.removeprefix("\ufeff").split("\n")]


def outline(lines: Sequence[str]) -> Iterator[_Block]:
    """Yield the outline: headings, list items, and the text between them. Blank lines belong to none."""
    i = 0
    if lines[0] == "---" and "---" in lines[1:]:
        i = lines.index("---", 1) + 1
        yield _Block("text", 0, i)
    while i < len(lines):
        if lines[i].strip():
            block = _block(lines, i)
            yield block
            i = block.end
        else:
            i += 1


def _block(lines: Sequence[str], i: int) -> _Block:
    heading = _HEADING.match(lines[i])
    if heading:
        return _Block("heading", i, i + 1, len(heading[1]), plain(heading[2] or ""))
    if ITEM.match(lines[i]):
        return _Block("item", i, _item_end(lines, i))
    fence = _FENCE.match(lines[i])
    if fence:
        closing = re.compile(rf" {{0,3}}{re.escape(fence[1])}{fence[1][0]}*[ \t]*$")
        return _closed(i, (j for j in range(i + 1, len(lines)) if closing.match(lines[j])), len(lines))
    if _COMMENT.match(lines[i]):
        return _closed(i, (j for j in range(i, len(lines)) if "-->" in lines[j]), len(lines))
    return _paragraph(lines, i)


def _closed(start: int, ends: Iterator[int], beyond: int) -> _Block:
    end = next(ends, None)
    return _Block("open", start, beyond) if end is None else _Block("text", start, end + 1)


def _paragraph(lines: Sequence[str], i: int) -> _Block:
    """Text up to a blank line or another block; underlined, it is a heading."""
    j = i + 1
    while j < len(lines) and lines[j].strip():
        line = _UNDERLINE.match(lines[j])
        if line:
            level = 1 if line[1][0] == "=" else 2
            return _Block("heading", i, j + 1, level, plain(" ".join(lines[i:j])))
        if _starts_block(lines[j]):
            break
        j += 1
    return _Block("text", i, j)


def _starts_block(line: str) -> bool:
    return any(pattern.match(line) for pattern in (_HEADING, ITEM, _FENCE, _COMMENT))


def _item_end(lines: Sequence[str], i: int) -> int:
    """The line after a list item: what is indented belongs to it, also below blank lines, and so does its lazy text."""
    end = i + 1
    for j in range(i + 1, len(lines)):
        line = lines[j].expandtabs(4)
        if not line.strip():
            continue
        lazy = j == end and not _starts_block(line)
        if not line.startswith("  ") and not lazy:
            break
        end = j + 1
    return end
