"""JSON read without the package json, whose import costs a hook more than all its own work.

The interpreter's own scanner does the work, as it does for json; where an interpreter has none, json is loaded.
"""


class _Plain:
    """The settings that the scanner asks for: those of `json.loads`."""

    strict = False
    object_hook = None
    object_pairs_hook = None
    parse_float = float
    parse_int = int
    parse_constant = float
    memo: dict[str, str] = {}


def decode(text: str) -> object:
    """The value of one JSON text. ValueError where it is none."""
    try:
        from _json import make_scanner
    except ImportError:
        import json

        return json.loads(text)
    stripped = text.strip(" \t\r\n")
    try:
        value, end = make_scanner(_Plain)(stripped, 0)  # type: ignore[arg-type]
    except StopIteration:
        end = -1
    if end != len(stripped):
        raise ValueError("not one JSON text")
    return value
