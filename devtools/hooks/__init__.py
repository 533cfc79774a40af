"""Answer Claude Code's hooks: one module an event, each with `reply(payload) -> dict | None`.

This room owns the events, the status line, and all that only they need: shell lines, bypasses, guards and marks.
A call must be quick: import the standard library only where an event needs it. `tdd` owns the phases.
Read `dispatch` first, then `pre_tool_use`.
"""
