"""The script of `devtools demo`: what is written and run, step by step, and what each step must show."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from devtools.budget import Block

COMMAND = "devtools"


@dataclass(frozen=True)
class Write:
    """Text for a file of the scratch repository; `more` puts it at the end of what is there."""

    path: str
    text: str
    more: bool = False


@dataclass(frozen=True)
class Scene:
    """One command of the story: what is written before it, the exit code and the words that show that it held.

    `edit` is the path of a file that Claude Code asks the hook about, on the command's stdin.
    """

    title: str
    argv: tuple[str, ...]
    says: tuple[str, ...]
    expected: int = 0
    writes: tuple[Write, ...] = ()
    edit: str = ""


@dataclass(frozen=True)
class Outcome:
    """What a scene did: its exit code, its output and how long it took."""

    step: Scene
    code: int
    output: str
    seconds: float = 0.0

    @property
    def ok(self) -> bool:
        return self.code == self.step.expected and all(words in self.output for words in self.step.says)

    def to_json(self) -> dict[str, Any]:
        return {
            "title": self.step.title,
            "command": line(self.step.argv),
            "writes": [write.path for write in self.step.writes],
            "expected": self.step.expected,
            "exit_code": self.code,
            "ok": self.ok,
            "seconds": round(self.seconds, 3),
            "output": self.output,
        }


CODE, TEST = "shop/prices.py", "tests/test_discount.py"
BEHAVIOUR = "a discount lowers the total"
SUBJECT = f"feat(prices): {BEHAVIOUR}"
INSIGHT = "Whole cents round down: 10 % off 405 leaves 364."
HEAD = "from shop.prices import discounted\n\n\ndef test_a_discount_rounds_down():\n"

PROJECT = (
    Write("pyproject.toml", '[project]\nname = "shop"\nversion = "1"\n'),
    Write(".gitignore", "__pycache__/\n.*_cache/\n"),
    Write("shop/__init__.py", '"""A shop that knows its prices."""\n'),
    Write(CODE, '"""Prices in cents."""\n\n\ndef total(prices: list[int]) -> int:\n    return sum(prices)\n'),
    Write(
        "tests/test_prices.py",
        "from shop.prices import total\n\n\ndef test_a_total_is_the_sum():\n    assert total([250, 150]) == 400\n",
    ),
)

STORY = (
    Scene("The project is sound", (COMMAND, "hygiene"), ("green: ",)),
    Scene("A cycle starts with a behaviour", (COMMAND, "tdd", "start", BEHAVIOUR), ("phase red",)),
    Scene(
        "Code before its test: the hook in Claude Code denies the edit",
        (COMMAND, "hook", "pre-tool-use"),
        ('"permissionDecision":"deny"', "phase red"),
        edit=CODE,
    ),
    Scene(
        "A test that asserts nothing is refused",
        (COMMAND, "tdd", "red"),
        ("no-assertion",),
        1,
        (Write(TEST, f"{HEAD}    discounted([250, 155], 10)\n"),),
    ),
    Scene(
        "A test that fails for the right reason is witnessed",
        (COMMAND, "tdd", "red"),
        ("1 test witnessed",),
        writes=(Write(TEST, "    assert discounted([250, 155], 10) == 364\n", more=True),),
    ),
    Scene(
        "The code makes it pass, and no new line is untested",
        (COMMAND, "tdd", "green"),
        ("green: ",),
        writes=(
            Write(
                CODE,
                "\n\ndef discounted(prices: list[int], percent: int) -> int:\n"
                "    return total(prices) * (100 - percent) // 100\n",
                more=True,
            ),
        ),
    ),
    Scene("The cycle is done", (COMMAND, "tdd", "done"), ("TDD: red->green (1 test)",)),
    Scene(
        "The commit is proved, and keeps the insight",
        (COMMAND, "commit", "-m", SUBJECT, "--insight", INSIGHT, "--topic", "Money", "shop", "tests"),
        (SUBJECT, "proved"),
    ),
    Scene("Its LEARNINGS.md", ("git", "show", "HEAD:LEARNINGS.md"), ("## Money", f"- {INSIGHT}")),
    Scene("The insight is found again", (COMMAND, "learn", "search", "cents"), ("1 hit", INSIGHT, SUBJECT)),
    Scene("The log is a learning history", (COMMAND, "history"), ("red->green", INSIGHT)),
    Scene("Anyone can prove it again", (COMMAND, "verify", "HEAD~1..HEAD"), ("1 commit", "proved")),
)


def event(root: str, path: str) -> str:
    """Return what Claude Code tells its hook before it writes the file at `path`."""
    tool = {"tool_name": "Write", "tool_input": {"file_path": f"{root}/{path}", "content": ""}}
    return json.dumps({"session_id": "demo", "cwd": root, "hook_event_name": "PreToolUse", **tool})


def line(argv: Sequence[str]) -> str:
    """Return the command as a person would type it."""
    return " ".join(f'"{word}"' if set(word) & set(" ;()") else word for word in argv)


def scene(number: int, seen: Outcome) -> Block:
    """Return a step as it is told: title, what was written, the command line and its output."""
    written = [f"  {write.path}\n{_indented(write.text, '  | ')}" for write in seen.step.writes]
    title = f"{number}. {seen.step.title}"
    told = [title, *written, f"  $ {line(seen.step.argv)}", _indented(_readable(seen.output), "  ")]
    return Block("\n".join(filter(None, told)), title, pinned=not seen.ok)


def _indented(text: str, margin: str) -> str:
    return "\n".join(margin + row for row in text.splitlines() if row.strip())


def _readable(output: str) -> str:
    """The hook's decision and its reason in place of their JSON; else all but the hint, which the story follows."""
    try:
        decision = json.loads(output)["hookSpecificOutput"]
        return f"{decision['permissionDecision']}: {decision['permissionDecisionReason']}"
    except (ValueError, KeyError, TypeError):
        return "\n".join(row for row in output.splitlines() if not row.startswith("next: "))


def unexpected(number: int, seen: Outcome) -> str:
    """Return how a step that did not hold differs from the script."""
    if seen.code != seen.step.expected:
        return f"step {number}: {line(seen.step.argv)}: exit {seen.code}, not {seen.step.expected}"
    missing = next(words for words in seen.step.says if words not in seen.output)
    return f"step {number}: {line(seen.step.argv)}: its output lacks {missing!r}"
