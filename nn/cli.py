"""The command line: `nn train`, `nn chars`, `nn experiment`, `nn export`, `nn lab`.

Exit 0 for done, 1 for diverged, 2 for a usage error, 130 for interrupted.
"""

import argparse
import json
import math
import os
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import fields
from itertools import pairwise
from pathlib import Path
from typing import Any

from nn import chars
from nn.datasets import DATASETS, draw
from nn.experiments import EXPERIMENTS, perform, questions
from nn.experiments.result import share
from nn.lab.command import export, export_options
from nn.lab.recording import recorded
from nn.network import ACTIVATIONS, Network, checked_sizes
from nn.optim import OPTIMISERS
from nn.plot import spark, svg
from nn.progress import watching
from nn.spread import in_processes, on_dask, spreading
from nn.text import shipped, text_of
from nn.train import Outcome, Plan, train

LARGEST = 10_000_000  # parameters or samples: what `nn train` can do in minutes, not in weeks
DEFAULT = "[default: %(default)s]"


def run(arguments: Sequence[str]) -> int:
    """Do what the arguments say; the exit code. A user's mistake is one line on stderr and exit 2."""
    options = parser().parse_args(arguments)
    try:
        # Before any work: a missing folder was once found only after the training.
        for option in ("checkpoint", "plot"):
            check_file(option, getattr(options, option, None))
        code: int = options.act(options)
        sys.stdout.flush()
    except BrokenPipeError:  # a reader that left early, as head does, is no error
        _abandon_stdout()
        return 0
    except KeyboardInterrupt:
        print(f"nn: interrupted{kept(options)}", file=sys.stderr)
        return 130
    except (ValueError, OSError, RuntimeError) as error:
        said = str(error)
        if isinstance(error, OSError) and error.filename:
            said = f"{error.filename}: {error.strerror}"
        elif isinstance(error, OSError):
            said = f"stdout cannot be written: {error.strerror}"
            _abandon_stdout()
        print(f"nn: {said}", file=sys.stderr)
        if options.json:
            _print_json(options.command, False, {"problems": [{"code": "bad-input", "message": said}]})
        return 2
    return code


class OneLine(argparse.ArgumentParser):
    """A parser whose complaint is one line."""

    def error(self, message: str) -> Any:
        """Exit 2 with `message` on stderr."""
        self.exit(2, f"nn: {message}\n")


def parser() -> argparse.ArgumentParser:
    """Return the whole menu of commands and options."""
    top = OneLine(prog="nn", description="A neural network in which every number can be seen.")
    commands = top.add_subparsers(dest="command", required=True)
    _experiment_options(commands.add_parser("experiment", help="Ask a question of many networks."))
    _train_options(commands.add_parser("train", help="Train a network on a small task."))
    _chars_options(commands.add_parser("chars", help="Train a transformer on a text, and let it write."))
    writing = commands.add_parser("export", help="Write a page that shows a training and continues it.")
    export_options(writing)
    writing.set_defaults(act=write_page)
    serving = commands.add_parser("lab", help="open the page on this machine, with Python behind it")
    serving.add_argument("--port", type=int, default=8642, help="0 for any")
    serving.set_defaults(act=serve_lab)
    for command in commands.choices.values():
        command.add_argument("--seed", type=int, default=0, help=f"Draw everything random from this seed. {DEFAULT}")
        command.add_argument("--json", action="store_true", help="Print one JSON object instead of text.")
        command.add_argument("--plot", type=Path, metavar="FILE", help="Write the picture as SVG to this file.")
    return top


def _experiment_options(command: argparse.ArgumentParser) -> None:
    command.add_argument("name", metavar="NAME", nargs="?", help=f"Run one of {', '.join(EXPERIMENTS)}.")
    command.add_argument("--list", action="store_true", help="List the experiments and what they ask.")
    command.add_argument("--networks", type=int, metavar="N", help="Ask so many networks, in a process for each core.")
    command.add_argument("--dask", metavar="ADDRESS", help="Measure on the Dask cluster of this scheduler instead.")
    command.set_defaults(act=experiment)


def _train_options(command: argparse.ArgumentParser) -> None:
    command.add_argument("--layers", help="Set the layer sizes, such as 2,4,1. The default has 4 hidden units.")
    command.add_argument("--hidden", default="tanh", help=f"Use one of {', '.join(ACTIVATIONS)}. {DEFAULT}")
    command.add_argument("--data", default="xor", help=f"Learn one of {', '.join(DATASETS)}. {DEFAULT}")
    command.add_argument("--samples", type=int, default=0, help="Draw so many samples. The default is 200, for xor 4.")
    command.add_argument("--epochs", type=int, default=1000, help=f"Show all samples so many times. {DEFAULT}")
    command.add_argument("--learning-rate", type=float, default=0.5, help=f"Take steps of this size. {DEFAULT}")
    command.add_argument("--optimiser", default="sgd", help=f"Use one of {', '.join(OPTIMISERS)}. {DEFAULT}")
    command.add_argument("--batch-size", type=int, default=0, help="Learn from so many samples a step, by default all.")
    command.add_argument("--patience", type=int, default=0, help="Stop after so many epochs without progress.")
    command.add_argument("--checkpoint", type=Path, metavar="FILE", help="Resume from this file, and write to it.")
    command.set_defaults(act=learn)


def _chars_options(command: argparse.ArgumentParser) -> None:
    wished = chars.Config
    command.add_argument("--text", type=Path, metavar="FILE", help="Learn this text, by default three short stories.")
    for name, said in chars.OPTIONS.items():
        default = getattr(wished, name)
        option = f"--{name.replace('_', '-')}"
        command.add_argument(option, type=type(default), default=default, help=f"{said} {DEFAULT}")
    command.add_argument("--checkpoint", type=Path, metavar="FILE", help="Resume from this file, and write to it.")
    command.add_argument(
        "--sample", type=int, default=wished.sample, metavar="N", help=f"Write N characters. {DEFAULT}"
    )
    command.add_argument("--prompt", default="", metavar="TEXT", help="Continue from this text.")
    command.set_defaults(act=write)


def experiment(options: argparse.Namespace) -> int:
    """`nn experiment NAME`: question, table, answer; the picture where it was asked for. Without a name: the menu."""
    if options.list or options.name is None:
        return menu(options)
    asked = {} if options.networks is None else {"networks": networks(options.networks)}
    engine = on_dask(options.dask) if options.dask else in_processes
    with Progress() as line, watching(line.training if sys.stderr.isatty() else None), spreading(engine):
        result = perform(options.name, seed=options.seed, **asked)
    if options.plot:
        options.plot.write_text(result.picture(), encoding="utf-8")
    if options.json:
        table = {"columns": result.columns, "rows": result.rows}
        said = {"name": options.name, "seed": options.seed, "question": result.question}
        _print_json("experiment", True, {**said, **table, "answer": result.answer, "facts": result.facts})
    else:
        print(result.text())
    return 0


def menu(options: argparse.Namespace) -> int:
    """Return what can be asked, one line each; exit 2 where a name was forgotten."""
    asked = questions()
    if options.json:
        _print_json("experiment", options.list, {"experiments": asked})
    else:
        print("\n".join(f"{name:<20} {question}" for name, question in asked.items()))
    if not options.list:
        print("nn: which experiment? Give one of these names.", file=sys.stderr)
    return 0 if options.list else 2


def learn(options: argparse.Namespace) -> int:
    """`nn train`: any layers, any data set; the loss curve, how it ended, and what the network says now."""
    x, y = draw(options.data, samples(options), options.seed)
    network = Network(fitting_layers(options, x.shape[1]), options.hidden, seed=options.seed)
    names = ("epochs", "learning_rate", "optimiser", "batch_size", "patience", "checkpoint")
    plan = Plan(**{name: getattr(options, name) for name in names})
    with Progress() as watch:
        outcome = train(network, x, y, plan, watch if sys.stderr.isatty() else None)
    if options.plot:
        curve = {"loss": [(float(i), loss) for i, loss in enumerate(outcome.losses, 1)]}
        options.plot.write_text(svg("nn train", "epoch", "loss", curve), encoding="utf-8")
    outputs = network.forward(x)
    right = int(((outputs > 0.5) == (y > 0.5)).all(axis=1).sum())
    if options.json:
        said = {"ended": outcome.ended, "epochs": len(outcome.losses), "losses": outcome.losses}
        _print_json(
            "train",
            outcome.ended != "diverged",
            {**said, "data": options.data, "right": right, "samples": len(x), "outputs": outputs[:, 0].tolist()},
        )
    elif options.data == "xor" and len(x) == 4:
        print(summary(outcome, outputs[:, 0].tolist()))
    else:
        print(*summary(outcome, []).splitlines()[:2], f"{share(right, len(x))} right", sep="\n")
    return int(outcome.ended == "diverged")


def write(options: argparse.Namespace) -> int:
    """`nn chars`: the loss curve, the verdict beside counting, and what the model writes."""
    wished = {field.name: getattr(options, field.name) for field in fields(chars.Config)}
    wished["text"] = text_of(options.text) if options.text else shipped()
    with Progress() as watch:
        learned = chars.learn(chars.Config(**wished), watch if sys.stderr.isatty() else None)
    if options.plot:
        options.plot.write_text(learned.picture(), encoding="utf-8")
    ok = learned.outcome.ended != "diverged"
    if options.json:
        _print_json("chars", ok, {"seed": options.seed, **learned.facts})
    else:
        print(learned.text())
    return int(not ok)


def write_page(options: argparse.Namespace) -> int:
    """`nn export RUN.html`: one file that shows a training, explains every number, and goes on by itself."""
    facts = export(options)
    if options.json:
        _print_json("export", True, facts)
    else:
        print(f"{facts['file']}: {facts['steps']} steps, {facts['bytes'] / 1000:.0f} kB; open it in a browser")
    return 0


def serve_lab(options: argparse.Namespace) -> int:
    """`nn lab`: the page on loopback. ValueError without the extra `lab`, or for a port that is taken."""
    try:
        from nn.lab.server import serve
    except ModuleNotFoundError as error:
        raise ValueError(f"nn lab needs {error.name}; pip install 'claude-devtools[lab]'") from None
    serve(recorded(seed=options.seed), options.port)
    return 0


def layer_sizes(text: str) -> list[int]:
    """ "2,4,1" as [2, 4, 1]; ValueError for what is not numbers and commas."""
    try:
        return [int(size) for size in text.split(",")]
    except ValueError:
        raise ValueError(f"layers are {text!r}; allowed: whole numbers and commas, such as 2,4,1") from None


def fitting_layers(options: argparse.Namespace, features: int) -> tuple[int, ...]:
    """Return the layer sizes asked for, or by default one hidden layer of 4.

    ValueError where they do not fit the data.
    """
    sizes = checked_sizes(layer_sizes(options.layers) if options.layers is not None else [features, 4, 1])
    if (sizes[0], sizes[-1]) != (features, 1):
        needs = f"data set {options.data} needs {features} inputs and 1 output, such as {features},4,1"
        raise ValueError(f"layers are {options.layers}; {needs}")
    parameters = sum((inputs + 1) * outputs for inputs, outputs in pairwise(sizes))
    if parameters > LARGEST:
        raise ValueError(f"layers {options.layers} have {parameters:,} parameters; allowed: {LARGEST:,} at most")
    return sizes


def samples(options: argparse.Namespace) -> int:
    """Return how many samples to draw; ValueError for more than make sense here."""
    if options.samples > LARGEST:
        raise ValueError(f"samples is {options.samples}; allowed: {LARGEST:,} at most")
    return options.samples or (4 if options.data == "xor" else 200)


def networks(count: int) -> int:
    """How many networks to ask; ValueError for none, or for more than make sense here."""
    if not 1 <= count <= LARGEST:
        raise ValueError(f"networks is {count}; allowed: 1 to {LARGEST:,}")
    return count


def check_file(option: str, path: Path | None) -> None:
    """ValueError for a file that could not be written, before any work is done for it."""
    if path is not None and not path.parent.is_dir():
        raise ValueError(f"--{option} is {path}; there is no folder {path.parent}")
    if path is not None and path.is_dir():
        raise ValueError(f"--{option} is {path}, which is a folder; allowed: a file")


def kept(options: argparse.Namespace) -> str:
    """Return what an interrupt did not cost."""
    file = getattr(options, "checkpoint", None)
    return f"; the same command goes on from {file}" if file and file.exists() else ""


def progress(epoch: int, loss: float) -> None:
    """Write one line to stderr, in place of the one before."""
    print(f"\repoch {epoch}  loss {loss:.6f}", end="", file=sys.stderr)


class Progress:
    """A line on stderr while a training runs, rewritten at most ten times a second of `clock`, and then wiped away."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.clock, self.next, self.ended = clock, -math.inf, 0

    def __call__(self, epoch: int, loss: float) -> None:
        """Show where the training is, unless that was shown just now: a terminal is slower than an epoch."""
        self._show(lambda: progress(epoch, loss))

    def training(self, done: int, steps: int) -> None:
        """Show how far the present training of an experiment is, and how many came before it."""
        said = f"\rtraining {self.ended + 1}: {100 * done // max(steps, 1)} %"
        self._show(lambda: print(f"{said}  ", end="", file=sys.stderr, flush=True))
        self.ended += done >= steps

    def _show(self, show: Callable[[], None]) -> None:
        if self.clock() >= self.next:
            self.next = self.clock() + 0.1
            show()

    def __enter__(self) -> "Progress":
        return self

    def __exit__(self, *_: object) -> None:
        if self.next > -math.inf:
            # Else the result begins on the line of the progress.
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)


def summary(outcome: Outcome, outputs: Sequence[float]) -> str:
    """Return the loss curve, the ending and the four outputs, three lines."""
    last = f"{outcome.losses[-1]:.6g}" if outcome.losses else "none"
    said = "  ".join(f"{output:.3f}" for output in outputs)
    ending = f"{outcome.ended} after {len(outcome.losses)} epochs, loss {last}"
    return f"{spark(outcome.losses) or 'no epoch, no curve'}\n{ending}\n00 01 10 11 -> {said}"


def _abandon_stdout() -> None:
    """Let stdout lead nowhere: what waits to be written would raise a second error when Python ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _print_json(command: str, ok: bool, facts: dict[str, Any]) -> None:
    print(json.dumps({"schema": 1, "command": command, "ok": ok, **_finite(facts)}, allow_nan=False))


def _finite(value: Any) -> Any:
    # JSON has no NaN and no infinity; a diverged loss is null there.
    if isinstance(value, dict):
        return {key: _finite(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(item) for item in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
