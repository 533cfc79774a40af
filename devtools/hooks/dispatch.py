"""One hook call: the event's JSON on stdin, the handler of the table, its reply as JSON on stdout. Always exit 0.

Claude Code takes exit 2 for a refusal, so a fault of ours must never end with it: it is said, the tool goes through.
"""

import sys

from devtools.core.scan import decode, encode

EVENTS = {
    "pre-tool-use": "devtools.hooks.pre_tool_use",
    "post-tool-use": "devtools.hooks.post_tool_use",
    "session-start": "devtools.hooks.session_start",
    "stop": "devtools.hooks.stop",
}


def main(arguments: list[str]) -> int:
    """Answer the event that the arguments name."""
    try:
        answer = _answer(arguments)
    except Exception as error:
        answer = {"systemMessage": _fault(error)}
        sys.stderr.write(answer["systemMessage"] + "\n")
    if answer:
        sys.stdout.write(encode(answer) + "\n")
    return 0


def _answer(arguments: list[str]) -> "dict[str, str]":
    event = arguments[0] if arguments else ""
    if event not in EVENTS:
        raise ValueError(f"no event is named {event!r}; known are {', '.join(EVENTS)}")
    payload = decode(sys.stdin.buffer.read().decode("utf-8", "surrogateescape"))
    if not isinstance(payload, dict):
        raise ValueError("the event is no JSON object")
    answer: dict[str, str] | None = __import__(EVENTS[event], fromlist=["reply"]).reply(payload)
    return answer or {}


def _fault(error: Exception) -> str:
    """One line that no one takes for a refusal."""
    words = " ".join(str(error).split()) or type(error).__name__
    kind = "" if isinstance(error, ValueError) else f"{type(error).__name__}: "
    return f"devtools hook is broken and lets everything through: {kind}{words[:300]}"
