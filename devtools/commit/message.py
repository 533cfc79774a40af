"""A commit message: Conventional Commits 1.0.0 over git's own rules for cleaning and trailers.

Forms that git writes itself are taken for what they wrap: `fixup! S`, `squash! S` and `amend! S` have the type of S,
because a later rebase dissolves them into it; `Revert "S"` and `Reapply "S"` are of type revert. The 72 characters
apply to S.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from devtools.findings import Problem
from devtools.project.config import Config

SUBJECT_LIMIT = 72
_HEADER = re.compile(r"(?P<type>[^\W\d_][\w-]*)(?:\((?P<scope>[^()\n]+)\))?(?P<mark>!?): +(?P<text>\S.*)")
_WRAPPED = re.compile(r"(?:fixup|squash|amend)! (?P<inner>.*)", re.DOTALL)
_REVERTED = re.compile(r'(?:Revert|Reapply) "(?P<inner>.+)"')
_BREAKING = re.compile(r"^BREAKING[ -]CHANGE(?:: | #)\S", re.MULTILINE)
# A token as git reads one: letters, digits and dashes, with blanks only before the colon.
_TRAILER = re.compile(r"(?P<key>[A-Za-z0-9-]+)[ \t]*:(?P<value>.*)", re.DOTALL)
_GIT_MADE = ("Signed-off-by: ", "(cherry picked from commit ")


@dataclass(frozen=True)
class Message:
    """`subject` is the whole first line; `type` is empty where it is not conventional, else in lower case.

    `body` is what stands between subject and trailers. A trailer is (key, value), its folded lines joined by spaces.
    `text` is the whole as git stores it.
    """

    text: str
    type: str
    scope: str
    breaking: bool
    subject: str
    body: str
    trailers: tuple[tuple[str, str], ...]

    def values(self, key: str) -> list[str]:
        """Return the values of all trailers of that key; keys know no case."""
        return [value for name, value in self.trailers if name.lower() == key.lower()]


def parse(text: str, comment: str = "") -> Message:
    """Read a message as git stores it, which drops the lines that begin with `comment` where that is given.

    Any text can be read; `problems` says what is wrong with it.
    """
    # Before the type is read: below `# note` a feature had no type, and was not asked for a test.
    text = cleaned(text, comment)
    lines = text.split("\n")
    start = _trailer_start(lines)
    header = _header(lines[0])
    return Message(
        text=text,
        type=header["type"].lower() if header else "revert" if _REVERTED.fullmatch(_unwrapped(lines[0])) else "",
        scope=(header["scope"] or "") if header else "",
        breaking=bool(header and header["mark"]) or bool(_BREAKING.search("\n".join(lines[1:]))),
        subject=lines[0],
        body="\n".join(lines[1:start]).strip("\n"),
        trailers=tuple(_trailers(lines[start:])),
    )


def retyped(text: str, kind: str) -> str:
    """Return the message with another type, where it has one and the subject does not become too long."""
    subject, line, rest = text.partition("\n")
    match = _HEADER.fullmatch(subject)
    new = kind + subject[match.end("type") :] if match else subject
    return (new if len(new) <= SUBJECT_LIMIT else subject) + line + rest


def unescaped(text: str) -> str:
    """Return the text as it was meant.

    The client's shell tool writes ! as a backslash and !, also between single quotes.
    """
    return text.replace("\\!", "!")


def cleaned(text: str, comment: str = "") -> str:
    """Return what `git stripspace` leaves: no blanks at line ends, no blank lines at the ends nor two together.

    With `comment`, the sign of comment lines, those go too (`commit.cleanup = strip`).
    """
    lines = [line.rstrip(" \t\r\v\f") for line in text.split("\n") if not (comment and line.startswith(comment))]
    kept = [line for line, before in zip(lines, ["", *lines], strict=False) if line or before]
    return "\n".join(kept).rstrip("\n")


def unfinished(message: Message) -> list[Problem]:
    """Report a message that a rebase was to dissolve into another one, and that stands in a history all the same."""
    if not _WRAPPED.fullmatch(message.subject):
        return []
    return [Problem("bad-message", "the commit waits for its rebase: git rebase -i --autosquash")]


def problems(message: Message, config: Config) -> list[Problem]:
    """Report everything that is bad about a message, each with what to do."""
    lines = message.text.split("\n")
    wrapped = _REVERTED.fullmatch(_unwrapped(lines[0]))
    subject = wrapped["inner"] if wrapped else _unwrapped(lines[0])
    if not lines[0]:
        return [Problem("bad-message", "the message is empty: write TYPE(SCOPE): WHAT, then a blank line and why")]
    found = [] if wrapped else _header_faults(subject, config)
    if wrapped and "revert" not in config.commit_types:
        found = [f"type revert is not allowed: use one of {', '.join(config.commit_types)}"]
    if not wrapped and config.ticket and not re.search(config.ticket, message.text):
        found.append(f"the message names no ticket: add one that fits {config.ticket}")
    if len(subject) > SUBJECT_LIMIT:
        found.append(f"the subject has {len(subject)} characters, at most {SUBJECT_LIMIT}: move details to the body")
    if len(lines) > 1 and lines[1]:
        found.append("the line after the subject is not blank: put an empty line before the body")
    found += _wide(message.body, config.max_body_width)
    if "\0" in message.text:
        found.append("the message holds a NUL byte: remove it")
    return [Problem("bad-message", fault) for fault in found]


def _header_faults(subject: str, config: Config) -> list[str]:
    header = _HEADER.fullmatch(subject)
    if not header:
        return [f"{_short(subject)} is not TYPE(SCOPE): WHAT: begin with one of {', '.join(config.commit_types)}"]
    if header["type"].lower() not in (name.lower() for name in config.commit_types):
        return [f"type {header['type']} is not allowed: use one of {', '.join(config.commit_types)}"]
    scope = header["scope"]
    if scope and config.scopes and not {part.strip() for part in scope.split(",")} <= set(config.scopes):
        return [f"scope {scope} is not allowed: use one of {', '.join(config.scopes)}, or none"]
    return []


def _wide(body: str, width: int) -> list[str]:
    """The first line of the body that could be broken and is too wide; a word that is longer, as an address, may be."""
    lines = [line for line in body.split("\n") if width and len(line) > width]
    wide = [line for line in lines if all(len(word) <= width for word in line.split())]
    return [f"a line of the body has {len(wide[0])} columns, at most {width}: break {_short(wide[0])}"] if wide else []


def with_trailers(text: str, trailers: Sequence[tuple[str, str]]) -> str:
    """Return the message with these trailers at its end: in its block of trailers where it has one, else in a new one.

    Each line of a value after the first is folded under it by a blank, as git reads it; empty lines go. A trailer that
    stands there already is not added again.
    """
    lines = cleaned(text).split("\n")
    start = _trailer_start(lines)
    known = _trailers(lines[start:])
    added = []
    for key, value in trailers:
        parts = [part.strip() for part in value.splitlines() if part.strip()]
        if parts and (key, " ".join(parts)) not in known:
            added.append(f"{key}: " + "\n ".join(parts))
            known.append((key, " ".join(parts)))
    # A paragraph that mixes `BREAKING CHANGE: x` with `Key: value` is text to git: a trailer added to it would be
    # lost.
    if start == len(lines):
        return "\n".join([*lines, *([""] if added else []), *added]) + "\n"
    end = _end(lines)
    return "\n".join([*lines[:end], *added, *lines[end:]]) + "\n"


def _unwrapped(subject: str) -> str:
    """The subject without the marks of an autosquash, however many."""
    while match := _WRAPPED.fullmatch(subject):
        subject = match["inner"]
    return subject


def _header(subject: str) -> re.Match[str] | None:
    return _HEADER.fullmatch(_unwrapped(subject))


def _short(subject: str) -> str:
    return repr(subject if len(subject) <= 30 else subject[:29] + "…")


def _trailer_start(lines: list[str]) -> int:
    """The first line of the trailers, `len(lines)` where there are none; git's rule.

    They are the last paragraph, unless that is the title: all of its lines are trailers or folded under one, or one
    is a line that git itself writes and at least a quarter are trailers. Lines that begin with # are no part of it.
    """
    end = _end(lines)
    last = max((number for number, line in enumerate(lines[:end]) if not line.strip()), default=None)
    if last is None or not any(lines[:last]):
        return len(lines)
    # git's rule and not a simpler one: a test holds it against git's own answers on 400 messages.
    trailers = others = folded = 0
    made = False
    for line in reversed(lines[last + 1 : end]):
        if line[:1].isspace():
            folded += 1
        elif line.startswith(_GIT_MADE) or _TRAILER.fullmatch(line):
            made = made or line.startswith(_GIT_MADE)
            trailers, folded = trailers + 1, 0
        else:
            others, folded = others + folded + (not line.startswith("#")), 0
    others += folded
    return last + 1 if trailers and (not others or (made and trailers * 3 >= others)) else len(lines)


def _end(lines: list[str]) -> int:
    """The number of lines without the blank and # lines at the end, in front of which git adds trailers."""
    rest = len(lines)
    while rest and (not lines[rest - 1].strip() or lines[rest - 1].startswith("#")):
        rest -= 1
    return rest


def _trailers(lines: list[str]) -> list[tuple[str, str]]:
    """Keys and unfolded values; a line that is none is left out."""
    found: list[tuple[str, str]] = []
    open_value = False
    for line in lines:
        match = _TRAILER.fullmatch(line)
        if line[:1].isspace() and open_value:
            found[-1] = (found[-1][0], f"{found[-1][1]} {line.strip()}".strip())
        else:
            open_value = bool(match)
            if match:
                found.append((match["key"], match["value"].strip()))
    return found
