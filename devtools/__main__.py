"""The entry: what needs no command line parser is answered before one is imported."""

import _signal  # type: ignore[import-not-found]  # `signal` itself loads enum: 3 ms of each hook call
import os
import sys

if __name__ == "__main__" and _signal.getsignal(_signal.SIGINT) is _signal.default_int_handler:
    _signal.signal(_signal.SIGINT, lambda number, frame: os._exit(130))  # to the very end, as in scripts/devtools

# What Claude Code calls at every turn; `main(arguments)` of a module that imports next to nothing.
FAST = {"hook": "devtools.hooks.dispatch", "statusline": "devtools.hooks.statusline"}


def main() -> int:
    """Run the command of `sys.argv`; returns the exit code."""
    if sys.getfilesystemencoding() != "utf-8" and not sys.flags.utf8_mode and sys.executable:
        _in_utf8()
    _open_closed()
    before = _signal.getsignal(_signal.SIGINT)
    if before is _signal.default_int_handler:
        _signal.signal(_signal.SIGINT, _leave)
    try:
        return _answer(sys.argv[1:])
    finally:
        if before is _signal.default_int_handler:
            _signal.signal(_signal.SIGINT, before)


def _answer(arguments: "list[str]") -> int:
    name = arguments[0] if arguments else ""
    if arguments != ["--version"] and (name not in FAST or any(word.startswith("-") for word in arguments[1:])):
        from devtools.cli import run

        return run(arguments)
    try:
        code = _fast(name, arguments[1:])
        sys.stdout.flush()
    except OSError as error:  # of stdout; what still waits to be written goes nowhere, so that it raises no second one
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if isinstance(error, BrokenPipeError):
            return 0
        sys.stderr.write(f"devtools: stdout cannot be written: {error.strerror}\n")
        return 0 if name == "hook" else 3
    return code


def _fast(name: str, arguments: "list[str]") -> int:
    if name == "--version":
        from devtools import __version__

        sys.stdout.write(f"devtools {__version__}\n")
        return 0
    code: int = __import__(FAST[name], fromlist=["main"]).main(arguments)
    return code


def _leave(number: int, frame: object) -> None:
    """End at once: an interrupt before anything was begun, or after all was done, is no error to explain."""
    os._exit(130)


def _in_utf8() -> None:
    """Start again with UTF-8 for names, arguments and streams: git's texts and ours are that, whatever the locale."""
    words = [word.encode("utf-8", "surrogateescape") for word in sys.orig_argv[1:]]
    os.execv(sys.executable, [os.fsencode(sys.executable), b"-X", b"utf8", *words])


def _open_closed() -> None:
    """Open those of stdin, stdout and stderr upon nothing that the caller closed; have the others write UTF-8.

    A file that is opened later would have the number of one of them, and get what is written to it.
    """
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, os.fdopen(os.open(os.devnull, os.O_RDWR), mode))
        elif mode == "w" and stream.encoding.lower() != "utf-8":
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


if __name__ == "__main__":
    sys.exit(main())
