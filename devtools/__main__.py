"""The entry: what needs no command line parser is answered before one is imported."""

from __future__ import annotations

import sys


def main() -> int:
    """Run the command of `sys.argv`; returns the exit code."""
    if sys.argv[1:] == ["--version"]:
        from devtools import __version__

        sys.stdout.write(f"devtools {__version__}\n")
        return 0
    from devtools.cli import run

    return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
