"""What cp, mv and their like do to folders: which files go into one, and what is taken away whole."""

INTO, AWAY = "into", "away"
COPIERS = frozenset(("cp", "install", "ln", "rsync", "mv"))
REMOVERS = frozenset(("rm", "mv", "rmdir", "unlink", "shred"))


def moves(name: str, words: "list[str]") -> "list[tuple[str, str]]":
    """Return each file as it would be called if the target is a folder, and each path that is taken away."""
    plain = [word for word in words if not word.startswith("-")]
    target = next((words[at + 1] for at, word in enumerate(words[:-1]) if word == "-t"), "")
    sources = [word for word in plain if word != target] if target else plain[:-1]
    target = target or (plain[-1] if plain else "")
    found = [(INTO, f"{target}/{word.rstrip('/').rpartition('/')[2]}") for word in sources if name in COPIERS]
    return found + [(AWAY, word) for word in (sources if name == "mv" else plain) if name in REMOVERS]
