"""One hook call: the event's JSON on stdin, the handler of the table, its reply as JSON on stdout. Always exit 0.

Claude Code takes exit 2 for a refusal, so a fault of ours must never end with it: it is said, the tool goes through.
"""

import sys

from devtools.system.fast_json import decode, encode

INPUT = "updatedInput"
EVENTS = {
    "pre-tool-use": "devtools.hooks.pre_tool_use",
    "post-tool-use": "devtools.hooks.post_tool_use",
    "post-tool-use-failure": "devtools.hooks.post_tool_use",
    "session-start": "devtools.hooks.session_start",
    "subagent-start": "devtools.hooks.session_start",
    "config-change": "devtools.hooks.config_change",
    "user-prompt-expansion": "devtools.hooks.user_prompt_expansion",
    "stop": "devtools.hooks.stop",
}


def main(arguments: list[str]) -> int:
    """Answer the event that the arguments name."""
    try:
        answer = _answer(arguments)
    except Exception as error:
        # Said and let through: another guard's own fault locked its users out of every edit.
        answer = {"systemMessage": _fault(error)}
        sys.stderr.write(str(_shown(answer)["systemMessage"]) + "\n")
    if answer:
        sys.stdout.write(encode(_shown(answer)) + "\n")
    return 0


def _answer(arguments: list[str]) -> "dict[str, object]":
    event = _event(arguments[0] if arguments else "")
    if event not in EVENTS:
        raise ValueError(f"no event is named {event!r}; known are {', '.join(EVENTS)}")
    payload = decode(sys.stdin.buffer.read().decode("utf-8", "surrogateescape"))
    if not isinstance(payload, dict):
        raise ValueError("the event is no JSON object")
    # Claude Code heeds a reply under the event's own name alone, and several events may share an entry.
    if _event(str(payload.get("hook_event_name"))) not in EVENTS:
        payload["hook_event_name"] = event
    payload["hook_event_name"] = _title(_event(str(payload["hook_event_name"])))
    answer: dict[str, object] | None = __import__(EVENTS[event], fromlist=["reply"]).reply(payload)
    return answer or {}


def _event(name: str) -> str:
    """An event's name as our table has it: PostToolUse and post_tool_use are post-tool-use."""
    apart = "".join(f"-{sign}" if sign.isupper() else sign for sign in name)
    return (name.replace("_", "-") if "-" in name or "_" in name else apart.strip("-")).lower()


def _title(event: str) -> str:
    """An event's name as Claude Code has it."""
    return "".join(part.capitalize() for part in event.split("-"))


def _shown(answer: "dict[str, object]") -> "dict[str, object]":
    """The answer with its words as they may be shown; a tool's input is handed back as it is."""
    from devtools.printable import printable

    # A reason names files, tests and commands of the project, and the client prints it as it comes.
    words = {name: printable(value) for name, value in answer.items() if isinstance(value, str)}
    inner = {name: _shown(value) for name, value in answer.items() if isinstance(value, dict) and name != INPUT}
    return {**answer, **words, **inner}


def _fault(error: Exception) -> str:
    """One line that no one takes for a refusal."""
    words = " ".join(str(error).split()) or type(error).__name__
    kind = "" if isinstance(error, ValueError) else f"{type(error).__name__}: "
    return f"devtools hook failed, so it allowed the tool: {kind}{words[:300]}"
