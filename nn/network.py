"""A fully connected network: z = a @ W + b, a = f(z), layer after layer."""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from numbers import Real
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike

from nn.data import as_batch, as_targets, checked_dtype
from nn.data import checked_seed as checked_seed
from nn.data import chosen as chosen
from nn.init import INITS
from nn.losses import LOSSES
from nn.model import SHAPES_KEPT as SHAPES_KEPT
from nn.model import Model
from nn.ops import Array
from nn.tape import Node, Tape

if TYPE_CHECKING:
    from nn.train import Outcome

ACTIVATIONS = ("sigmoid", "relu", "tanh", "softmax", "identity", "gelu")
DEFAULT_LOSS = {"sigmoid": "binary_cross_entropy", "softmax": "categorical_cross_entropy"}
RECTIFYING = ("relu", "gelu")
DECIDING = ("sigmoid", "softmax")
# Chosen as a pair: then the gradient collapses to the difference between what was said and what was true.
PARTNER = {loss: output for output, loss in DEFAULT_LOSS.items()}


def checked_sizes(layer_sizes: Sequence[int]) -> tuple[int, ...]:
    """At least an input and an output layer, each a whole number of at least 1; else ValueError."""
    sizes = tuple(layer_sizes) if isinstance(layer_sizes, Iterable) else (layer_sizes,)
    whole = all(isinstance(size, int | np.integer) and not isinstance(size, bool) for size in sizes)
    if len(sizes) < 2 or not whole or min(sizes) < 1:
        raise ValueError(f"layer sizes are {list(sizes)}; allowed: two or more whole numbers of at least 1")
    return tuple(int(size) for size in sizes)


class Network(Model):
    """`Network([2, 4, 1])`: weights W of shape (inputs, outputs), biases b of shape (outputs,).

    `hidden` and `output` are names of activations (`hidden` may be a list, one for each hidden layer), `loss` of a
    loss (default: the one that fits the output), `init` of an initialisation (default: he for ReLU and GELU, xavier
    otherwise). `l1` and `l2` add l1 * sum|W| and l2 * sum W^2 to the loss (not for biases). Everything random comes
    from `seed`.
    ValueError names any value that is not allowed.
    """

    def __init__(
        self,
        layer_sizes: Sequence[int],
        hidden: str | Sequence[str] = "relu",
        output: str = "sigmoid",
        loss: str | None = None,
        init: str | None = None,
        seed: int = 0,
        dtype: str | type[np.floating] = "float64",
        l1: float = 0.0,
        l2: float = 0.0,
    ) -> None:
        self.layer_sizes = checked_sizes(layer_sizes)
        self.hidden = _checked_hidden(hidden, len(self.layer_sizes) - 2)
        self.output = chosen("output activation", output, ACTIVATIONS)
        self.loss = chosen("loss", loss or DEFAULT_LOSS.get(output, "mean_squared_error"), list(LOSSES))
        # The two cross-entropies start from logits and contain their activation: with another one they are no loss.
        if PARTNER.get(self.loss, output) != output:
            raise ValueError(f"loss {self.loss!r} needs output {PARTNER[self.loss]!r}, not {output!r}")
        self.init = chosen("initialisation", init or ("he" if _rectifying(self.hidden) else "xavier"), list(INITS))
        self.seed = checked_seed(seed)
        self.l1, self.l2 = _not_negative("l1", l1), _not_negative("l2", l2)
        super().__init__(drawn(self.layer_sizes, self.init, self.seed), checked_dtype(dtype), self.layer_sizes[-1])

    @property
    def weights(self) -> list[Array]:
        """W1, W2, ... of shapes (inputs, outputs): the arrays themselves, not copies."""
        return [self.parameters.named[f"W{layer}"] for layer in self._layers]

    @property
    def biases(self) -> list[Array]:
        """b1, b2, ... of shapes (outputs,): the arrays themselves, not copies."""
        return [self.parameters.named[f"b{layer}"] for layer in self._layers]

    def forward(self, x: ArrayLike) -> Array:
        """Return outputs of shape (outputs,) for x of shape (features,), (batch, outputs) for (batch, features)."""
        outputs = super().forward(x)
        return outputs[0] if np.ndim(x) == 1 else outputs

    def fit(self, x: ArrayLike, y: ArrayLike, epochs: int = 1000, learning_rate: float = 0.5, **more: Any) -> "Outcome":
        """Learn y from x, and say how it went: see `nn.train.Plan` for what `more` can be.

        `fit(x, y, optimiser="adam", batch_size=32)`. ValueError names a setting or a shape that is not allowed.
        """
        from nn.train import Plan, train  # which reads checkpoints, which make networks

        unknown = [name for name in more if name not in Plan.__dataclass_fields__]
        if unknown:
            chosen("setting", unknown[0], list(Plan.__dataclass_fields__))
        return train(self, x, y, Plan(epochs, learning_rate, **more))

    def predict(self, x: ArrayLike) -> Array:
        """Return what the network decides, for x of shape (features,) or (batch, features).

        With output softmax the number of the likeliest class, shape () or (batch,); with sigmoid 0 or 1 for every
        output, of the shape that `forward` gives; otherwise the outputs themselves.
        """
        outputs = self.forward(x)
        if self.output == "softmax":
            return np.asarray(outputs.argmax(axis=-1))
        return (outputs > 0.5).astype(int) if self.output == "sigmoid" else outputs

    def accuracy(self, x: ArrayLike, y: ArrayLike) -> float:
        """Return the share of samples, a scalar from 0 to 1, of which `predict` gets every output right.

        ValueError for a network whose outputs are numbers, not decisions.
        """
        if self.output not in DECIDING:
            raise ValueError(f"accuracy needs output {' or '.join(DECIDING)}; this network has {self.output}")
        samples, targets = self._pair(x, y)
        decided = self.predict(samples)
        # Targets may be soft (0.9 for yes): what counts is the side that they are on.
        right = decided == (targets.argmax(axis=-1) if self.output == "softmax" else targets > 0.5)
        return float(right.reshape(len(samples), -1).all(axis=1).mean())

    def samples(self, x: ArrayLike) -> Array:
        """x as (batch, features)."""
        return as_batch(x, self.layer_sizes[0], self.dtype)

    def targets(self, y: ArrayLike, samples: Array) -> Array:
        """y as (batch, outputs): see `nn.data`."""
        return as_targets(y, len(samples), self.layer_sizes[-1], self.loss, self.dtype)

    def settings(self) -> dict[str, Any]:
        """Return the arguments that make this network again, apart from what it has learned."""
        names = ("hidden", "output", "loss", "init", "seed", "l1", "l2")
        chosen_values = {name: getattr(self, name) for name in names}
        return {"layer_sizes": list(self.layer_sizes), "dtype": self.dtype.name, **chosen_values}

    @property
    def _layers(self) -> range:
        return range(1, len(self.layer_sizes))

    def _recipe(self, tape: Tape, leaves: dict[str, Node], x: Array, y: Array) -> tuple[Node, Node]:
        a = tape.sample("x", x)
        hidden = [self.hidden] * len(self.layer_sizes) if isinstance(self.hidden, str) else self.hidden
        activations = [*hidden[: len(self.layer_sizes) - 2], self.output]
        for layer in self._layers:
            z = tape.apply("affine", a, leaves[f"W{layer}"], leaves[f"b{layer}"], name=f"z{layer}")
            a = tape.apply(activations[layer - 1], z, name=f"a{layer}")
        # From z: -log(sigmoid(z)), taken literally, is -log(0) below about z = -709.8.
        prediction = z if self.loss in PARTNER else a
        loss = tape.apply(self.loss, prediction, tape.leaf("y", y, trainable=False), name="L")
        return a, self._penalised(tape, leaves, loss)

    def _penalised(self, tape: Tape, leaves: dict[str, Node], loss: Node) -> Node:
        for name, op, strength in (("l1", "absolute_sum", self.l1), ("l2", "square_sum", self.l2)):
            # No special case in the update rule: two more operations, which the tape differentiates like any other.
            if strength:
                factor = tape.leaf(name, np.array(strength, self.dtype), trainable=False)
                for layer in self._layers:
                    size = tape.apply(op, leaves[f"W{layer}"], name=f"{op}(W{layer})")
                    penalty = tape.apply("multiply", size, factor, name=f"{name}(W{layer})")
                    loss = tape.apply("add", loss, penalty, name=f"L+{name}(W{layer})")
        return loss


def drawn(layer_sizes: Sequence[int], init: str, seed: int) -> dict[str, Array]:
    """Return the first weights W1, W2, ... (inputs, outputs) and biases b1, b2, ... (outputs,), drawn from `seed`."""
    rng, arrays = np.random.default_rng(checked_seed(seed)), {}
    for layer, (inputs, outputs) in enumerate(pairwise(layer_sizes), 1):
        arrays[f"W{layer}"] = INITS[init](rng, inputs, outputs)
        arrays[f"b{layer}"] = np.zeros(outputs)
    return arrays


def _checked_hidden(hidden: str | Sequence[str], layers: int) -> str | list[str]:
    if isinstance(hidden, str):
        return chosen("hidden activation", hidden, ACTIVATIONS)
    names = [chosen("hidden activation", name, ACTIVATIONS) for name in hidden]
    if len(names) != layers:
        raise ValueError(f"hidden names {len(names)} activations; allowed: one, or one for each of {layers} layers")
    return names


def _rectifying(hidden: str | list[str]) -> bool:
    return any(name in RECTIFYING for name in ([hidden] if isinstance(hidden, str) else hidden))


def _not_negative(name: str, value: float) -> float:
    if not isinstance(value, Real) or not (value >= 0 and np.isfinite(value)):
        raise ValueError(f"{name} is {value}; it must be a number of at least 0")
    return float(value)
