"""What the outputs of this repository cost, raw and in our form, counted with a named tokenizer."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Sequence
from typing import Any

from devtools.budget import Block, estimate_tokens, fold
from devtools.client import savings
from devtools.client.answers import Answer, answer
from devtools.client.calls import Call, known
from devtools.client.token_use import CHARACTERS
from devtools.errors import DevtoolsError
from devtools.git.safe_process import git
from devtools.project.project import load
from devtools.report import BUDGET, Report
from devtools.runner.observed import plain

ENCODING = "o200k_base"
ESTIMATE = "devtools' own estimate (pip install 'claude-devtools[tokens]' counts with a tokenizer)"


def report(root: str) -> Report:
    """Run the raw tools of this repository, each in the form in which a model calls it."""
    python = load(root).python
    lines = [
        *(["git", "status"], ["git", "log"], ["git", "log", "-20"], ["git", "diff", "HEAD~1"]),
        *([python, "-m", name, *rest] for name, rest in (("ruff", ["check"]), ("mypy", []), ("pytest", _tests(root)))),
    ]
    count, name = counter()
    rows = []
    for words in lines:
        call = known(words)
        if call is not None:
            try:
                rows.append(_row(call, answer(call, root), root, count))
            except DevtoolsError:  # a tool that is not there
                continue
    rows = [row for row in rows if row["raw"]]
    blocks = [Block(f"counted with {name}", pinned=True), *(Block(_line(row)) for row in rows)]
    data = {"tokenizer": name, "rows": rows, **_errors(rows)}
    if name != ESTIMATE and rows:
        blocks.append(
            Block(
                f"the bundled estimate is {data['estimate_error']:+.0%} off, {CHARACTERS} characters a token "
                f"{data['rough_error']:+.0%}"
            )
        )
    return Report("tokens", True, blocks, data=data)


def _tests(root: str) -> list[str]:
    """One test file: the form of the output is the same, and the whole suite would take its time."""
    listed = git(root, "ls-files", "-z", "--", "test_*.py", "*/test_*.py").out.split("\0")
    return listed[:1] if listed[0] else []


def counter() -> tuple[Callable[[str], int], str]:
    """Return the tokenizer that is installed, and its name."""
    # An extra, because it has 25 MB. It carries its own vocabulary, so that nothing is fetched.
    if importlib.util.find_spec("bpe_openai") is None:
        return estimate_tokens, ESTIMATE
    import bpe_openai  # type: ignore[import-not-found,import-untyped,unused-ignore]

    encoding = bpe_openai.get_encoding(ENCODING)
    return lambda text: len(encoding.encode_ordinary(text)), f"{ENCODING} of bpe-openai"


def _row(call: Call, given: Answer, root: str, count: Callable[[str], int]) -> dict[str, Any]:
    raw = savings.shown(given.raw or _said(call.words, root))
    ours = "\n".join(fold(given.blocks, given.budget or BUDGET, "devtools show 99"))
    return {
        "command": call.kind,
        "raw": count(raw),
        "ours": count(ours),
        "estimate": estimate_tokens(raw),
        "characters": len(raw),
    }


def _said(words: Sequence[str], root: str) -> str:
    """What a tool says without us, where ours asked it for data alone."""
    done = plain(words, root)
    return f"{done.out}{done.err}"


def _line(row: dict[str, Any]) -> str:
    fewer = 1 - row["ours"] / row["raw"]
    return f"{row['command']}: {row['raw']:,} tokens raw, {row['ours']:,} ours ({fewer:.0%} fewer)"


def _errors(rows: Sequence[dict[str, Any]]) -> dict[str, float]:
    """By how much the two estimates differ from what was counted, over all outputs together."""
    counted = sum(row["raw"] for row in rows) or 1
    rough = sum(row["characters"] for row in rows) / CHARACTERS
    estimate = sum(row["estimate"] for row in rows)
    return {"estimate_error": round(estimate / counted - 1, 3), "rough_error": round(rough / counted - 1, 3)}
