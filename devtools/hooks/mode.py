"""How strict the project wants the guards to be: read only where there is something to refuse."""

import os

from devtools.system import state

FILES = ("pyproject.toml", "devtools.toml")


def mode_of(root: str) -> str:
    """Return the mode of `[tool.devtools.tdd]`. Settings that cannot be read open no door: then it is strict."""
    paths = [os.path.join(root, name) for name in FILES] if root else []
    try:
        # A refused git commit took 64 ms, of which 40 went to importing tomllib, dataclasses and json.
        if not any("mode" in state.text(path) for path in paths if os.path.isfile(path)):
            return "strict"  # nothing is set, and no reader of TOML is loaded to see it
    except OSError:
        return "strict"
    from devtools.errors import DevtoolsError
    from devtools.project.project import load

    try:
        return load(root).config.tdd_mode
    except DevtoolsError:
        return "strict"


def mode_before(texts: "list[str]") -> str:
    """Return the mode that texts of the settings files set, as they were at another time."""
    if not any("mode" in text for text in texts):
        return "strict"
    from devtools.hooks import settings

    named = [(name, text) for name, text in zip(FILES, texts, strict=True) if settings.table(name, text)]
    return settings.mode(*named[0]) if named else "strict"
