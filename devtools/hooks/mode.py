"""How strict the project wants the guards to be: read only where there is something to refuse."""

from devtools.adapters.project import load
from devtools.core.errors import DevtoolsError


def mode_of(root: str) -> str:
    """The mode of `[tool.devtools.tdd]`. Settings that cannot be read open no door: then it is strict."""
    try:
        return load(root).config.tdd_mode if root else "strict"
    except DevtoolsError:
        return "strict"
