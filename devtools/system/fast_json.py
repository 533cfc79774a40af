"""JSON read and written without the package json, whose import costs a hook more than all its own work.

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
    """Return the value of one JSON text. ValueError where it is none."""
    try:
        # Importing json makes a hook call take 22.0 ms where it takes 14.3 without. The C scanner behind it adds
        # nothing.
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


def encode(value: object) -> str:
    """Return a value as JSON in ASCII, such as `decode` returns. TypeError for anything else."""
    if isinstance(value, dict):
        return "{" + ",".join(f"{encode(str(key))}:{encode(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(encode, value)) + "]"
    if value is None or isinstance(value, (bool, int, float)):  # an input of a tool has such beside its texts
        return "null" if value is None else repr(value).lower() if isinstance(value, bool) else repr(value)
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is no JSON")
    try:
        from _json import encode_basestring_ascii
    except ImportError:
        import json

        return json.dumps(value)
    return encode_basestring_ascii(value)
