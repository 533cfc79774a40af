"""What one hook call costs beside `python -c pass`: medians of alternating runs, and their ratio.

    python benchmarks/hook_speed.py [--runs 60]

Both sides run in the interpreter that runs this script. The calls are made in a scratch repository: idle, and in phase
red, where a file of the working tree is compared as well.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time

FLOOR = [sys.executable, "-c", "pass"]
DEVTOOLS = os.path.join(os.path.dirname(sys.executable), "devtools")
CALLS = {
    "edit of a test": ("pre-tool-use", "Edit", {"file_path": "test_a.py", "old_string": "a", "new_string": "b"}),
    "edit of production": ("pre-tool-use", "Edit", {"file_path": "a.py", "old_string": "a", "new_string": "b"}),
    "bash ls": ("pre-tool-use", "Bash", {"command": "ls -la"}),
    "bash git status": ("pre-tool-use", "Bash", {"command": "git status && git log -3"}),
    "bash pytest, made through devtools run": (
        "pre-tool-use",
        "Bash",
        {"command": "cd . && pytest -q 2>&1 | tail -20"},
    ),
    "bash git commit": ("pre-tool-use", "Bash", {"command": "git commit -m x"}),
    "after bash": ("post-tool-use", "Bash", {"command": "ls -la"}),
}


def seconds(argv: list[str], folder: str, text: str = "") -> float:
    """One run, as on a person's machine: with the compiled modules that an installed package has."""
    env = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    start = time.perf_counter()
    subprocess.run(argv, cwd=folder, env=env, input=text.encode(), capture_output=True, check=True)
    return time.perf_counter() - start


def row(folder: str, phase: str, name: str, runs: int) -> dict[str, object]:
    event, tool, given = CALLS[name]
    if "file_path" in given:
        given = {**given, "file_path": os.path.join(folder, given["file_path"])}
    text = json.dumps({"cwd": folder, "hook_event_name": event, "tool_name": tool, "tool_input": given})
    argv = [DEVTOOLS, "hook", event]
    pairs = [(seconds(FLOOR, folder), seconds(argv, folder, text)) for _ in range(runs)]
    floor, call = (statistics.median(side) * 1000 for side in zip(*pairs, strict=True))
    return {
        "phase": phase,
        "call": name,
        "floor_ms": round(floor, 1),
        "ms": round(call, 1),
        "ratio": round(call / floor, 2),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=60)
    runs = parser.parse_args().runs
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["git", "init", "-q", folder], check=True)
        for number in range(300):
            with open(os.path.join(folder, f"m{number}.py"), "w", encoding="utf-8") as stream:
                stream.write("x = 1\n")
        subprocess.run(["git", "add", "-A"], cwd=folder, check=True)
        for phase in ("idle", "red"):
            if phase == "red":
                subprocess.run([DEVTOOLS, "tdd", "start", "a behaviour"], cwd=folder, capture_output=True, check=True)
            for name in CALLS:
                print(json.dumps(row(folder, phase, name, runs)), flush=True)


if __name__ == "__main__":
    main()
