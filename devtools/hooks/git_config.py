"""What a `git config` command would write, read off its words."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

# Options that take the next word.
VALUED = frozenset(("-f", "--file", "--blob", "-t", "--type", "--default", "--comment", "--url", "--value"))
VERBS = frozenset(("set", "unset", "get", "list", "edit", "rename-section", "remove-section"))
READING = ("--get", "--list", "-l")


def written(words: "Iterable[str]") -> "tuple[str, list[str]]":
    """Return the key that is written, in small letters, and its value's words; for a section its name and a dot.

    The key is empty where nothing is written.
    """
    options: list[str] = []
    plain: list[str] = []
    place, rest = 0, list(words)
    while place < len(rest):
        (options if rest[place].startswith("-") else plain).append(rest[place])
        place += 2 if rest[place] in VALUED else 1
    verb = plain.pop(0) if plain and plain[0] in VERBS else ""
    if not plain or verb in ("get", "list") or any(option.startswith(READING) for option in options):
        return "", []
    key = plain[0].lower()
    if "section" in verb or any("section" in option for option in options):
        return f"{key}.", plain[1:]
    removes = verb == "unset" or any(option.startswith("--unset") for option in options)
    return (key, plain[1:]) if removes or len(plain) > 1 else ("", [])


def decides_on_hooks(key: str) -> bool:
    """Return whether a key decides which git hooks run: where they are, and what else is read."""
    return key in ("core.hookspath", "core.") or (key.startswith("include") and key.endswith((".path", ".")))
