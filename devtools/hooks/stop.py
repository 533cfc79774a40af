"""When the model wants to stop: in phase green with red tests it is told so, once."""

import os

from devtools.system import state
from devtools.tdd.cycle import GREEN, cycle_of

SECONDS = 40.0


def reply(payload: "dict[str, object]") -> "dict[str, object] | None":
    """Return a reason to go on, or None. A run that does not come to its end is no reason."""
    root = state.root_of(str(payload.get("cwd") or os.getcwd()))
    if not root or payload.get("stop_hook_active"):
        return None
    cycle = cycle_of(root)
    # A cycle that came with a copy of the repository would make this hook run the copy's code.
    if cycle.phase != GREEN or not state.is_begun_here(root):
        return None
    from devtools.project.project import load
    from devtools.runner.working_tree import run_pytest

    project = load(root)
    if project.config.tdd_mode == "off":
        return None
    # pytest takes an id that begins as an option does for no path, even behind --, and runs all tests besides.
    tests = (os.path.join(".", test) if test.startswith(("-", "@")) else test for test in cycle.witnessed)
    arguments = ["-p", "no:cacheprovider", "--", *tests]
    # Run and not remembered. A run that hangs is no reason to go on.
    done = run_pytest(project.python, root, arguments, timeout=SECONDS)
    failed = [str(failure["id"]) for failure in done.failures]
    if not failed or done.timed_out:
        return None
    more = f" and {len(failed) - 1} more" if len(failed) > 1 else ""
    way = "Make it pass and run devtools tdd green, or run devtools tdd abort."
    said = f"phase green: {failed[0]}{more} still fails. {way}"
    if project.config.tdd_mode == "warn":
        return {"systemMessage": f"devtools: {said}"}
    return {"decision": "block", "reason": f"devtools: {said}"}
