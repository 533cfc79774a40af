"""One bullet of LEARNINGS.md: the insight, what is said below it, and the words by which it will be looked for.

A bullet may go on with paragraphs that begin with `Takeaway:`, `Example:` or `Mistake:`, and end with the words in a
comment, which no reader of the rendered file sees.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

WIDTH = 120
LABELS = ("Takeaway", "Example", "Mistake")
ITEM = re.compile(r" {0,3}([-*+]|\d{1,9}[.)])[ \t]+(?=\S)")
# A word that Markdown would read as structure, were it the first of a line.
_STRUCTURE = re.compile(r"[-+*=_]+$|#{1,6}$|>|```|~~~|<|\||\d{1,9}[.)]$")
_ESCAPED = re.compile(r"(\d{0,9})\\([-+*=_#>`~<|.)\\])")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1b\x7f-\x9f]")
_WORDS = re.compile(r"<!--[ \t]*words:(.*)-->\s*", re.DOTALL)
_LABEL = re.compile(rf"(?:\*\*|__)?({'|'.join(LABELS)})(?::(?:\*\*|__)?|(?:\*\*|__):)[ \t]+(?=\S)")
Note = tuple[str, str]  # label and text


class Item(NamedTuple):
    """What a bullet holds."""

    text: str
    words: str = ""
    notes: tuple[Note, ...] = ()


def plain(text: str) -> str:
    """Return the text on one line."""
    return " ".join(_CONTROL.sub(" ", text).split())


def read(lines: Sequence[str]) -> Item:
    """Read a bullet, given by its lines."""
    whole = "\n".join([ITEM.sub("", lines[0], count=1), *lines[1:]])
    start = whole.rfind("<!--")
    alone = start > 0 and whole[:start].rstrip(" \t").endswith("\n")
    comment = _WORDS.fullmatch(whole, start) if alone else None
    first, *rest = re.split(r"\n[ \t]*\n", whole[:start] if comment else whole)
    paragraphs = [["", first]]
    for paragraph in rest:
        label = _LABEL.match(paragraph.lstrip())
        if label:
            paragraphs.append([label[1], paragraph.lstrip()[label.end() :]])
        else:
            paragraphs[-1][1] += f" {paragraph}"
    text = plain(paragraphs[0][1])
    text = _ESCAPED.sub(r"\1\2", text, count=1) if _ESCAPED.match(text) else text
    notes = tuple((label, plain(said)) for label, said in paragraphs[1:])
    return Item(text, plain(comment[1]) if comment else "", notes)


def written(item: Item, marker: str = "-") -> list[str]:
    """Write a bullet in lines at most 120 wide, none of which Markdown could take for structure."""
    first, *rest = item.text.split(" ")
    lines = _wrapped([f"{marker} {_escaped(first)}", *rest])
    for label, said in item.notes:
        lines += ["", *_wrapped([f"  {label}:", *said.split(" ")])]
    if item.words:
        lines.append(found_by(item.words))
    return lines


def found_by(words: str) -> str:
    """Write the words by which an insight is to be found as a line that no reader of the rendered file sees."""
    return f"  <!-- words: {plain(words).replace('-->', '')} -->"


def _wrapped(words: Sequence[str]) -> list[str]:
    chunks = list(words[:1])
    for word in words[1:]:
        if _STRUCTURE.match(word):
            chunks[-1] += f" {word}"
        else:
            chunks.append(word)
    lines = [chunks[0]]
    for chunk in chunks[1:]:
        if len(lines[-1]) + 1 + len(chunk) <= WIDTH:
            lines[-1] += f" {chunk}"
        else:
            lines.append(f"  {chunk}")
    return lines


def _escaped(word: str) -> str:
    """The first word of an item, with a backslash where it would start a list, a heading, a fence or a quotation."""
    if not _STRUCTURE.match(word) and not _ESCAPED.match(word):
        return word
    digits = len(word) - len(word.lstrip("0123456789"))
    return f"{word[:digits]}\\{word[digits:]}"
