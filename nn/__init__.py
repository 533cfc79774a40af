"""A neural network in which every number can be seen: numpy, a tape, and the chain rule repeatedly.

`nn.Network([2, 4, 1])` is the place to begin; `nn.train.train` trains any model by a `Plan`.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from nn.checkpoint import load, save
    from nn.datasets import draw
    from nn.ensemble import Ensemble
    from nn.gradcheck import check_gradients
    from nn.network import Network
    from nn.sampling import sample
    from nn.text import Vocabulary
    from nn.train import Outcome, Plan
    from nn.transformer import Transformer

__all__ = [
    "Ensemble",
    "Network",
    "Outcome",
    "Plan",
    "Transformer",
    "Vocabulary",
    "check_gradients",
    "draw",
    "load",
    "sample",
    "save",
]
# Which module has each name. A name must not be that of a module: importing that would put it in the name's place.
_HOMES = {
    "Ensemble": "ensemble",
    "Network": "network",
    "Outcome": "train",
    "Plan": "train",
    "Transformer": "transformer",
    "Vocabulary": "text",
    "check_gradients": "gradcheck",
    "draw": "datasets",
    "load": "checkpoint",
    "sample": "sampling",
    "save": "checkpoint",
}


def __getattr__(name: str) -> object:
    # Loaded when asked for, so that the command can settle the number of threads before numpy is there.
    if name not in _HOMES:
        raise AttributeError(f"module 'nn' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"nn.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
