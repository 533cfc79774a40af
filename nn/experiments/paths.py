"""Does the product of the weights along a path say more than one weight? Cut the path and see."""

from dataclasses import dataclass

import numpy as np

from nn.datasets import many
from nn.ensemble import Ensemble
from nn.experiments.result import Result
from nn.experiments.statistics import Mean, rank_correlations
from nn.ops import Array
from nn.spread import Asked, spread

QUESTION = "Does the product of the weights along a path tell better than either weight what cutting the path does?"
TASKS = ("xor", "moons", "circles")
SHOWN = 50  # networks in the picture
GUESSES = ("first weight", "second weight", "product")


@dataclass(frozen=True)
class Config(Asked):
    """`networks` 2-`hidden`-1 networks with tanh per task, each with `samples` samples of its own."""

    networks: int = 500
    hidden: int = 4
    samples: int = 100
    steps: int = 1000
    learning_rate: float = 0.1


def run(config: Config) -> Result:
    """For each network, rank its paths by each guess and by what cutting them does to the output."""
    everything, rows, facts, curves = spread(measure, config), [], {}, {}
    for task in TASKS:
        found = {name: everything[f"{task} {name}"] for name in GUESSES}
        best = max(GUESSES[:2], key=lambda name: float(found[name].mean()))
        more = Mean.of(found["product"] - found[best])
        rows.append((task, *(str(Mean.of(found[name])) for name in GUESSES), f"{more} ({best})"))
        facts[task] = {name: float(found[name].mean()) for name in GUESSES} | {"more": more.value, "half": more.half}
        curves[task] = everything[f"{task} points"][:SHOWN].reshape(-1, 2).tolist()
    columns = ("task", *(f"rank correlation of {name}" for name in GUESSES), "product minus better weight")
    axes = ("|product of weights|", "mean change of the output's logit")
    answer = (
        f"{_answer(facts)} Each correlation is over the {2 * config.hidden} paths of one of {config.networks} networks."
    )
    return Result(QUESTION, columns, rows, answer, facts, axes, curves, lines=False)


def measure(config: Config) -> dict[str, Array]:
    """The rank correlation of each guess with the effect, (networks,), and the points of the picture.

    The points are (product, effect), (networks, paths, 2).
    """
    found: dict[str, Array] = {}
    for task in TASKS:
        guesses, effect = measured(task, config)
        found |= {f"{task} {name}": rank_correlations(guess, effect) for name, guess in guesses.items()}
        found[f"{task} points"] = np.stack([guesses["product"], effect], axis=-1)
    return found


def measured(task: str, config: Config) -> tuple[dict[str, Array], Array]:
    """The guesses and the effect for every path, each (networks, paths); path i * hidden + h is input i, unit h."""
    seeds = config.seeds
    # Samples for each network: with one draw for all, two draws differed by far more than the intervals said.
    x, y = many(task, config.samples, seeds)
    ensemble = Ensemble([2, config.hidden, 1], seeds, "tanh")
    ensemble.train(x, y, config.steps, config.learning_rate, "momentum")
    W1, W2 = (np.abs(W.reshape(config.networks, -1)) for W in ensemble.weights)
    second = np.tile(W2, 2)
    guesses = {"first weight": W1.copy(), "second weight": second, "product": W1 * second}
    return guesses, cut_each(ensemble, x, 2 * config.hidden)


def cut_each(ensemble: Ensemble, x: Array, paths: int) -> Array:
    """Return the mean change of the output's logit when each path's first weight is 0, (networks, paths).

    With one hidden layer and one output a first weight belongs to one path alone, so this cuts nothing else.
    """
    whole, changes = logit(ensemble.forward(x)), []
    for path in range(paths):
        kept = ensemble.parameters[:, path].copy()
        ensemble.parameters[:, path] = 0.0
        changes.append(np.abs(logit(ensemble.forward(x)) - whole).mean(axis=(1, 2)))
        ensemble.parameters[:, path] = kept
    return np.stack(changes, axis=1)


def logit(a: Array) -> Array:
    """Return log(a / (1 - a)) of each entry, in the shape of a.

    It is held where a is 0 or 1 to the last bit.
    """
    a = np.clip(a, 1e-15, 1 - 1e-15)
    return np.asarray(np.log(a) - np.log1p(-a))


def _answer(facts: dict[str, dict[str, float]]) -> str:
    said = [
        f"{task}: {fact['product']:.2f} for the product, {max(fact[name] for name in GUESSES[:2]):.2f} for the better "
        f"weight, {('no measurable difference', 'more', 'less')[Mean(fact['more'], fact['half']).sign]}"
        for task, fact in facts.items()
    ]
    signs = {Mean(fact["more"], fact["half"]).sign for fact in facts.values()}
    verdict = "Yes" if signs == {1} else "Only for some tasks" if 1 in signs else "No, against the folklore"
    return f"{verdict} (mean rank correlation with the effect of cutting). {'; '.join(said)}."
