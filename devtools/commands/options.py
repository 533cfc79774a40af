"""The options that every command shares."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

import click

from devtools.report import Report, Style, emit
from devtools.system.process import interruptible


def shared(function: Callable[..., Report]) -> Callable[..., int]:
    """Give a command --json, --budget and --exit-zero, and emit the report that it returns.

    A signal that ends the command ends what it has started as well.
    """

    @click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of text.")
    @click.option(
        "--budget",
        type=click.IntRange(min=1),
        default=800,
        show_default=True,
        help="Limit the text to about this many tokens.",
    )
    @click.option("--exit-zero", is_flag=True, help="Exit with 0 even if there is a finding.")
    @wraps(function)
    def command(as_json: bool, budget: int, exit_zero: bool, **options: Any) -> int:
        # A SIGTERM of hygiene or commit once left pytest running, and Ctrl-C waited until the tests were done.
        with interruptible():
            report = function(**options)
        # Here and nowhere else, so that no command can forget an option that all of them share.
        return emit(report, Style(as_json, budget, exit_zero))

    return command
