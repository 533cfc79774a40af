"""A transformer that learns a text character by character, judged beside what counting reaches, and then writes."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from nn.plot import spark, svg
from nn.sampling import probabilities, sample
from nn.text import Vocabulary, counted, split, windows
from nn.train import Outcome, Plan, train
from nn.transformer import Transformer

# The last tenth of a text is never learned from.
HELD_OUT = 0.1

# The settings that are options of the command, and what each does.
OPTIONS = {
    "context": "Look back at so many characters.",
    "width": "Describe each character by so many numbers.",
    "heads": "Give each block so many heads of attention.",
    "blocks": "Stack so many blocks.",
    "epochs": "Read the text so many times.",
    "batch_size": "Learn from so many windows a step.",
    "learning_rate": "Take steps of this size.",
    "patience": "Stop after so many epochs without progress; 0 never stops.",
    "temperature": "Write more boldly above 1, more safely below.",
}


@dataclass(frozen=True)
class Config:
    """What to learn, with what model and how; then `sample` characters are written, going on from `prompt`.

    Without a prompt the text's first character is one. Windows of `context` characters overlap by two thirds.
    """

    text: str
    seed: int = 0
    context: int = 48
    width: int = 64
    heads: int = 4
    blocks: int = 2
    epochs: int = 10
    batch_size: int = 16
    learning_rate: float = 0.003
    patience: int = 0
    checkpoint: Path | None = None
    sample: int = 200
    # At 0.8 most of its words were none: a small model is surer of a word's beginning than of its end.
    temperature: float = 0.5
    prompt: str = ""


@dataclass(frozen=True)
class Learned:
    """How the training went, what counting single characters and pairs reaches on the same held-out text, a sample."""

    outcome: Outcome
    characters: tuple[int, int]
    single: float
    pairs: float
    vocabulary: str
    written: str

    @property
    def facts(self) -> dict[str, Any]:
        """Every number of `text`, and the losses of each epoch: nats per character."""
        return {
            "ended": self.outcome.ended,
            "epochs": len(self.outcome.losses),
            "losses": self.outcome.losses,
            "met": self.outcome.met,
            "baselines": {"single": self.single, "pairs": self.pairs},
            "characters": {"learned": self.characters[0], "held_out": self.characters[1]},
            "vocabulary": self.vocabulary,
            "sample": self.written,
        }

    def text(self) -> str:
        """Return the loss curve, the verdict, the sample."""
        losses, held_out = self.outcome.losses, self.characters[1]
        last = losses[-1] if losses else float("nan")
        said = (
            f"{self.outcome.ended} after {len(losses)} epochs: {last:.3f} nats per character on {held_out} never seen"
        )
        beside = f"counting reaches {self.single:.3f} with single characters and {self.pairs:.3f} with pairs"
        below = "below both" if last < min(self.single, self.pairs) else "not below both"
        return "\n".join([spark(losses), f"{said}, {below}", beside, "", self.written])

    def picture(self) -> str:
        """Return the loss of each epoch beside both baselines, as SVG."""
        measured = {"never seen": self.outcome.losses, "met on the way": self.outcome.met}
        counted_on = {"single": self.single, "pairs": self.pairs}
        flat = {name: [level] * len(self.outcome.losses) for name, level in counted_on.items()}
        curves = {name: [(float(i), y) for i, y in enumerate(ys, 1)] for name, ys in {**measured, **flat}.items()}
        return svg("nn chars", "epoch", "nats per character", curves)


def learn(config: Config, watch: Callable[[int, float], None] | None = None) -> Learned:
    """Train, judge and write; the same config gives the same bits. ValueError names a value that is not allowed."""
    vocabulary = Vocabulary(config.text)
    learned, judged = split(vocabulary.encode(config.text), HELD_OUT)
    if len(judged) <= config.context:
        needed = f"a context of {config.context} needs more than {config.context}"
        raise ValueError(f"a text of {len(config.text)} characters leaves {len(judged)} to be judged on; {needed}")
    prompt = _checked_wish(config, vocabulary)
    names = ("context", "width", "heads", "blocks", "seed")
    model = Transformer(len(vocabulary), **{name: getattr(config, name) for name in names}, dtype="float32")
    outcome = train(
        model,
        *windows(learned, config.context, max(1, config.context // 3)),
        _plan(config),
        watch,
        windows(judged, config.context, config.context),
    )
    # A loss says little alone. Beside what counting reaches on the same held-out text it says something.
    single, pairs = (counted(learned, judged, len(vocabulary), before) for before in (0, 1))
    # A diverged model has no probabilities to draw from.
    count = 0 if outcome.ended == "diverged" else config.sample
    tokens = sample(model, prompt, count, config.seed, config.temperature)
    written = vocabulary.decode([*prompt, *tokens])
    return Learned(outcome, (len(learned), len(judged)), single, pairs, vocabulary.characters, written)


def _checked_wish(config: Config, vocabulary: Vocabulary) -> list[int]:
    # What is wrong with the sample to be written is said before the training, not after it.
    if config.sample < 0:
        raise ValueError(f"sample is {config.sample}; it must be at least 0")
    probabilities(np.zeros(1), config.temperature)
    prompt: list[int] = vocabulary.encode(config.prompt or config.text[0]).tolist()
    return prompt


def _plan(config: Config) -> Plan:
    if config.batch_size < 1:
        raise ValueError(f"batch size is {config.batch_size}; it must be at least 1")
    names = ("epochs", "learning_rate", "batch_size", "patience", "checkpoint")
    return Plan(**{name: getattr(config, name) for name in names}, optimiser="adam", checkpoint_every=1)
