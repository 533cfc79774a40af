"""The menu of experiments: name -> module. Each module has a frozen `Config` and `run(config)`."""

from importlib import import_module
from typing import Any

from nn.experiments.result import Result

EXPERIMENTS: dict[str, str] = {
    "linear-separability": "nn.experiments.linear_separability",
    "seeds": "nn.experiments.seeds",
    "learning-rate": "nn.experiments.learning_rate",
    "features": "nn.experiments.features",
    "steps": "nn.experiments.steps",
    "noise": "nn.experiments.noise",
    "trajectories": "nn.experiments.trajectories",
    "paths": "nn.experiments.paths",
    "minima": "nn.experiments.minima",
    "vanishing": "nn.experiments.vanishing",
    "initialisation": "nn.experiments.initialisation",
    "induction": "nn.experiments.induction",
}


def questions() -> dict[str, str]:
    """Return what each experiment asks, by name."""
    return {name: import_module(module).QUESTION for name, module in EXPERIMENTS.items()}


def perform(name: str, **settings: Any) -> Result:
    """Run the experiment `name` with the given fields of its Config. ValueError for an unknown name."""
    if name not in EXPERIMENTS:
        raise ValueError(f"unknown experiment {name!r}; allowed: {', '.join(EXPERIMENTS)}")
    module = import_module(EXPERIMENTS[name])
    result: Result = module.run(module.Config(**settings))
    return result
