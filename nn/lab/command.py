"""The command `nn export`: train a small network, and write the page that shows it."""

import argparse
from pathlib import Path
from typing import Any

from nn.lab.page import page
from nn.lab.recording import menu_for, recorded


def export_options(command: argparse.ArgumentParser) -> None:
    """The file, and what to train."""
    command.add_argument("file", type=Path, metavar="RUN.html", help="the page to write")
    command.add_argument("--data", default="xor", help="xor, moons, circles, spirals, parity")
    command.add_argument("--units", default="4", help="units of each hidden layer, e.g. 8,4; 0 for no hidden layer")
    command.add_argument("--hidden", default="tanh", help="activation, or one for each hidden layer: tanh,relu")
    command.add_argument("--optimiser", default="sgd", help="sgd, momentum, adam")
    command.add_argument("--learning-rate", type=float, default=0.5)
    command.add_argument("--steps", type=int, default=1000, help="steps to record")


def asked(options: argparse.Namespace) -> dict[str, Any]:
    """The recording that the options ask for. ValueError for what is no list of numbers, and as `recorded` says."""
    try:
        units = tuple(int(count) for count in options.units.split(",") if options.units != "0")
    except ValueError:
        raise ValueError(f"units are {options.units!r}; allowed: whole numbers and commas, such as 8,4") from None
    hidden = tuple(options.hidden.split(","))
    names = {"data": options.data, "optimiser": options.optimiser, "rate": options.learning_rate}
    return recorded(units=units, hidden=hidden if units else (), steps=options.steps, seed=options.seed, **names)


def export(options: argparse.Namespace) -> dict[str, Any]:
    """Write the page that the options ask for; what was written."""
    if not options.file.parent.is_dir():
        raise ValueError(f"there is no folder {options.file.parent} for {options.file.name}")
    kept = asked(options)
    text = page(menu_for(kept), kept, f"nn lab: {options.data}")
    options.file.write_text(text, encoding="utf-8")
    return {"file": str(options.file), "bytes": len(text.encode()), "steps": options.steps}
