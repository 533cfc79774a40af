"""Text from outside as it may be shown: it steers no terminal, and no line of it passes for one of ours."""

from __future__ import annotations

# Spaces of other scripts, which Python counts among what cannot be printed.
KEPT = frozenset("\n\t\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000")
PAINT = "\x1b["
# Words with which a verdict or an instruction of ours begins.
OURS = frozenset(
    (
        *("green", "red", "next", "refused", "done", "idle", "phase", "warning", "proved", "preserved", "committed"),
        *("would", "plan", "nothing", "learned", "devtools", "verified", "holds", "ok"),
    )
)
AFTER = (" ", ":", ";", ",", "(", "")
MARGIN = "  "


def printable(text: str) -> str:
    """Return the text without colours, and with every other sign that is not printed written as an escape.

    Line breaks and tabs stay. An undecodable byte is shown as `\\xff`.
    """
    if text.replace("\n", "").replace("\t", "").isprintable():
        return text
    plain = _unpainted(text.replace("\r\n", "\n"))
    return "".join(sign if sign.isprintable() or sign in KEPT else _escaped(sign) for sign in plain)


def one_line(text: str) -> str:
    """Return the text as one printable line."""
    return printable(text).replace("\n", "\\n")


def indented(text: str) -> str:
    """Return the text with each of its lines behind a margin."""
    return "\n".join(f"{MARGIN}{line}" if line else line for line in printable(text).split("\n"))


def within(text: str, ours: bool) -> str:
    """Return a text of several lines of which only the first, where it is `ours`, begins as our lines do."""
    first, *rest = printable(text).split("\n")
    if not ours and _begins_as_ours(first):
        first = f"{MARGIN}{first}"
    return "\n".join([first, *(f"{MARGIN}{line}" if line[:1].isalnum() else line for line in rest)])


def _begins_as_ours(line: str) -> bool:
    """Whether a line begins with a word of ours; a path such as `green.py:3` does not."""
    end = next((at for at, sign in enumerate(line) if not sign.isalpha()), len(line))
    return line[:end].lower() in OURS and line[end : end + 1] in AFTER


def _unpainted(text: str) -> str:
    """Return the text without the sequences that only paint it or erase the rest of a line."""
    first, *rest = text.split(PAINT)
    shown = [first]
    for piece in rest:
        end = next((at for at, sign in enumerate(piece) if sign not in "0123456789;:"), len(piece))
        shown.append(piece[end + 1 :] if piece[end : end + 1] in ("m", "K") else PAINT + piece)
    return "".join(shown)


def _escaped(sign: str) -> str:
    number = ord(sign)
    if 0xDC80 <= number <= 0xDCFF:
        number -= 0xDC00
    if number < 0x100:
        return f"\\x{number:02x}"
    return f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"
