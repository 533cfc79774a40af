"""The learning history as one self-contained page. Whatever stands in a commit message is text there, never markup."""

from __future__ import annotations

import base64
import hashlib
import html
import re
from collections.abc import Sequence

from devtools.history.concepts import Chapter, Concept, chapters, count
from devtools.history.template import PAGE, SCRIPT, STYLE

BARS = 120
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufffe\uffff]")


def render(name: str, concepts: Sequence[Concept]) -> str:
    """Return the page of a repository of that name; all of it works without its script, which only filters."""
    parts = {
        "digest": base64.b64encode(hashlib.sha256(SCRIPT.encode()).digest()).decode(),
        "name": _text(name),
        "style": STYLE,
        "span": _span(concepts),
        "sums": _sums(concepts),
        "strip": _strip(concepts),
        "topics": _topics(concepts),
        "chapters": "\n".join(map(_chapter, chapters(concepts))) or "<p>No commit fits.</p>",
        "script": SCRIPT,
    }
    return re.sub(r"\{(\w+)\}", lambda hole: parts[hole[1]], PAGE)


def _text(text: str) -> str:
    """Escaped for element and attribute; undecodable bytes, control and direction signs become a visible sign."""
    decoded = text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    return html.escape(_CONTROL.sub("\ufffd", decoded))


def _span(concepts: Sequence[Concept]) -> str:
    if not concepts:
        return ""
    dates = [f'<time datetime="{_text(each.commit.date)}">{_text(each.commit.date)}</time>' for each in concepts]
    return dates[0] if dates[0] == dates[-1] else f"{dates[0]} to {dates[-1]}, oldest first"


def _sums(concepts: Sequence[Concept]) -> str:
    numbers = {
        "commits": len(concepts),
        "topics": len({each.topic.casefold() for each in concepts}),
        "cycles red to green": sum(bool(each.cycle) for each in concepts),
        "insights": sum(len(each.commit.insights) for each in concepts),
    }
    return "".join(f"<li><b>{number:,}</b> {noun}</li>" for noun, number in numbers.items() if number)


def _strip(concepts: Sequence[Concept]) -> str:
    """A bar for each commit, or for some in a row, as high as the root of its lines; a dot where one has an insight."""
    if not concepts:
        return ""
    step = -(-len(concepts) // BARS)
    groups = [concepts[i : i + step] for i in range(0, len(concepts), step)]
    heights = [max(each.lines for each in group) ** 0.5 for group in groups]
    tallest, width = max(heights) or 1.0, min(100 / len(groups), 4.0)
    drawn = []
    for number, (group, height) in enumerate(zip(groups, heights, strict=True)):
        taught = any(each.commit.insights for each in group)
        tall = max(1.5, 56 * height / tallest)
        place = f'x="{number * width:.2f}%" width="{width * 0.72:.2f}%" y="{72 - tall:.1f}" height="{tall:.1f}"'
        drawn.append(f'<rect class="{"lit" if taught else "dim"}" {place} rx="1"/>')
        if taught:
            drawn.append(f'<circle cx="{(number + 0.36) * width:.2f}%" cy="{64 - tall:.1f}" r="3"/>')
    largest = max(concepts, key=lambda each: each.lines)
    label = f"Size of each commit in order. The largest changed {count(largest.lines, 'line')}: {_text(largest.name)}."
    unit = "Each bar is a commit" if step == 1 else f"Each bar is the largest of {step} commits"
    caption = f"{unit}, as high as the square root of its changed lines. A dot marks an insight."
    svg = f'<svg role="img" aria-label="{label}">{"".join(drawn)}</svg>'
    return f'<figure class="strip">{svg}<figcaption>{caption}</figcaption></figure>'


def _topics(concepts: Sequence[Concept]) -> str:
    names = sorted({each.topic.casefold(): each.topic for each in reversed(concepts)}.items())
    return "".join(f'<option value="{_text(folded)}">{_text(name)}</option>' for folded, name in names)


def _chapter(chapter: Chapter) -> str:
    added = sum(each.commit.added for each in chapter.concepts)
    deleted = sum(each.commit.deleted for each in chapter.concepts)
    size = f"{count(len(chapter.concepts), 'commit')}, {count(added, 'line')} added, {deleted:,} deleted"
    return (
        f'<section class="chapter" data-topic="{_text(chapter.topic.casefold())}">'
        f'<h2 dir="auto">{_text(chapter.topic)}</h2><p>{size}</p>\n'
        f"<ol>{''.join(map(_concept, chapter.concepts))}</ol></section>"
    )


def _concept(each: Concept) -> str:
    commit = each.commit
    insights = "".join(
        f'<p class="insight" dir="auto"><b>Insight</b>{_text(insight)}</p>' for insight in commit.insights
    )
    why = (
        f'<details><summary>Why</summary><p class="why" dir="auto">{_text(each.why)}</p></details>' if each.why else ""
    )
    return (
        f'<li class="concept{" taught" if insights else ""}"><h3 dir="auto">{_text(each.name)}</h3>'
        f'<p class="facts">{_facts(each)}</p>{_bar(each)}{insights}{why}</li>\n'
    )


def _facts(each: Concept) -> str:
    commit = each.commit
    facts = [
        f'<time datetime="{_text(commit.date)}">{_text(commit.date)}</time>',
        f"<code>{_text(commit.id[:9])}</code>",
        *([f"<span>{_text(each.type)}</span>"] if each.type else []),
    ]
    if commit.files:
        lines = [f'<span class="plus">+{commit.added:,}</span>'] if commit.added else []
        lines += [f'<span class="minus">\u2212{commit.deleted:,}</span>'] if commit.deleted else []
        facts.append(f"<span>{' '.join([*lines, 'in' if lines else ''])} {count(commit.files, 'file')}</span>")
    if each.cycle:
        tests = f", {count(each.tests, 'test')}" if each.tests else ""
        start, _, end = each.cycle.partition("->")
        facts.append(
            f'<span class="cycle"><i class="red"></i>{_text(start)} to<i class="green"></i>{_text(end)}{tests}</span>'
        )
    return " ".join(facts)


def _bar(each: Concept) -> str:
    """Added and deleted lines, as long together as the root of their number, 500 lines at most filling it."""
    if not each.lines:
        return ""
    length = min(100.0, 100 * (each.lines / 500) ** 0.5)
    kinds = {"more": each.commit.added, "less": each.commit.deleted}
    parts = [
        f'<span class="{kind}" style="width:{length * lines / each.lines:.1f}%"></span>'
        for kind, lines in kinds.items()
        if lines
    ]
    return f'<div class="bar" aria-hidden="true">{"".join(parts)}</div>'
