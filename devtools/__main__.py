"""The entry: what needs no command line parser is answered before one is imported."""

import os
import sys

# What Claude Code calls at every turn; `main(arguments)` of a module that imports next to nothing.
FAST = {"hook": "devtools.hooks.dispatch", "statusline": "devtools.hooks.statusline"}


def main() -> int:
    """Run the command of `sys.argv`; returns the exit code."""
    _open_closed()
    if sys.argv[1:] == ["--version"]:
        from devtools import __version__

        sys.stdout.write(f"devtools {__version__}\n")
        return 0
    if sys.argv[1:] and sys.argv[1] in FAST and not any(word.startswith("-") for word in sys.argv[2:]):
        code: int = __import__(FAST[sys.argv[1]], fromlist=["main"]).main(sys.argv[2:])
        return code
    from devtools.cli import run

    return run(sys.argv[1:])


def _open_closed() -> None:
    """Open those of stdin, stdout and stderr upon nothing that the caller closed.

    A file that is opened later would have the number of one of them, and get what is written to it.
    """
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, os.fdopen(os.open(os.devnull, os.O_RDWR), mode))


if __name__ == "__main__":
    sys.exit(main())
