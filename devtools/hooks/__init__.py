"""What Claude Code's hooks ask: one module an event, each with `reply(payload) -> dict | None`."""
