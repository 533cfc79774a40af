"""A fully connected network: z = a @ W + b, a = f(z), layer after layer."""

from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from nn.data import as_batch, as_targets, finite
from nn.init import INITS
from nn.losses import LOSSES
from nn.model import Compiled, Parameters, record
from nn.ops import Array
from nn.optim import positive_rate
from nn.tape import Node, Tape
from nn.trace import TraceStep, story

ACTIVATIONS = ("sigmoid", "relu", "tanh", "softmax", "identity")
DEFAULT_LOSS = {"sigmoid": "binary_cross_entropy", "softmax": "categorical_cross_entropy"}
PARTNER = {loss: output for output, loss in DEFAULT_LOSS.items()}
SHAPES_KEPT = 8


def chosen(what: str, name: str, allowed: Sequence[str]) -> str:
    """`name` if it is allowed; ValueError listing what is."""
    if name not in allowed:
        raise ValueError(f"unknown {what} {name!r}; allowed: {', '.join(allowed)}")
    return name


def checked_sizes(layer_sizes: Sequence[int]) -> tuple[int, ...]:
    """At least an input and an output layer, each a whole number of at least 1; else ValueError."""
    sizes = tuple(layer_sizes) if isinstance(layer_sizes, Iterable) else (layer_sizes,)
    whole = all(isinstance(size, int | np.integer) and not isinstance(size, bool) for size in sizes)
    if len(sizes) < 2 or not whole or min(sizes) < 1:
        raise ValueError(f"layer sizes are {list(sizes)}; allowed: two or more whole numbers of at least 1")
    return tuple(int(size) for size in sizes)


class Network:
    """`Network([2, 4, 1])`: weights W of shape (inputs, outputs), biases b of shape (outputs,).

    `hidden` and `output` are names of activations, `loss` of a loss (default: the one that fits the
    output), `init` of an initialisation (default: he for ReLU, xavier otherwise). `l1` and `l2` add
    l1 * sum|W| and l2 * sum W^2 to the loss (not for biases). Everything random comes from `seed`.
    ValueError names any value that is not allowed.
    """

    def __init__(
        self,
        layer_sizes: Sequence[int],
        hidden: str = "relu",
        output: str = "sigmoid",
        loss: str | None = None,
        init: str | None = None,
        seed: int = 0,
        dtype: str | type[np.floating] = "float64",
        l1: float = 0.0,
        l2: float = 0.0,
    ) -> None:
        self.layer_sizes = checked_sizes(layer_sizes)
        self.hidden = chosen("hidden activation", hidden, ACTIVATIONS)
        self.output = chosen("output activation", output, ACTIVATIONS)
        self.loss = chosen("loss", loss or DEFAULT_LOSS.get(output, "mean_squared_error"), list(LOSSES))
        if PARTNER.get(self.loss, output) != output:
            raise ValueError(f"loss {self.loss!r} needs output {PARTNER[self.loss]!r}, not {output!r}")
        self.init = chosen("initialisation", init or ("he" if hidden == "relu" else "xavier"), list(INITS))
        self.dtype = np.dtype(chosen("dtype", getattr(dtype, "__name__", str(dtype)), ("float64", "float32")))
        self.seed = checked_seed(seed)
        self.l1, self.l2 = _not_negative("l1", l1), _not_negative("l2", l2)
        self.parameters = Parameters(self._drawn(), self.dtype)
        self._compiled: OrderedDict[int, Compiled] = OrderedDict()

    @property
    def weights(self) -> list[Array]:
        """W1, W2, ... of shapes (inputs, outputs): the arrays themselves, not copies."""
        return [self.parameters.named[f"W{layer}"] for layer in self._layers]

    @property
    def biases(self) -> list[Array]:
        """b1, b2, ... of shapes (outputs,): the arrays themselves, not copies."""
        return [self.parameters.named[f"b{layer}"] for layer in self._layers]

    def forward(self, x: ArrayLike) -> Array:
        """Outputs of shape (outputs,) for x of shape (features,), (batch, outputs) for (batch, features)."""
        samples = as_batch(x, self.layer_sizes[0], self.dtype)
        compiled = self._for(len(samples))
        compiled.x[...] = samples
        with np.errstate(all="ignore"):
            compiled.run_forward()
        return compiled.output[0].copy() if np.ndim(x) == 1 else compiled.output.copy()

    def cost(self, x: ArrayLike, y: ArrayLike) -> float:
        """The loss of predicting `y` from `x`, averaged over the batch, with its L1 and L2 terms."""
        compiled = self.compile(x, y)
        with np.errstate(all="ignore"):
            compiled.run_loss()
        return compiled.loss

    def backward(self, x: ArrayLike, y: ArrayLike) -> dict[str, Array]:
        """dL/dW1, dL/db1, ... by name ("W1", "b1"), each of its parameter's shape."""
        compiled = self.compile(x, y)
        with np.errstate(all="ignore"):
            compiled.run_gradient()
        return self.parameters.split(compiled.gradient.copy())

    def step(self, gradients: Mapping[str, Array], learning_rate: float) -> None:
        """Gradient descent: every named parameter moves by -learning_rate times its gradient."""
        positive_rate(learning_rate)
        for name, gradient in gradients.items():
            parameter = self.parameters.named[chosen("parameter", name, list(self.parameters.named))]
            if np.shape(gradient) != parameter.shape:
                raise ValueError(f"gradient {name} has shape {np.shape(gradient)}; allowed: {parameter.shape}")
            parameter -= learning_rate * finite(f"gradient {name}", gradient, self.dtype)

    def compile(self, x: ArrayLike, y: ArrayLike) -> Compiled:
        """The recorded pass for this batch shape, with `x` and `y` filled in: the fast way to train."""
        samples = as_batch(x, self.layer_sizes[0], self.dtype)
        targets = as_targets(y, len(samples), self.layer_sizes[-1], self.loss, self.dtype)
        compiled = self._for(len(samples))
        compiled.x[...], compiled.y[...] = samples, targets
        return compiled

    def record(self, x: ArrayLike, y: ArrayLike) -> tuple[Tape, Node, Node]:
        """A fresh tape of one forward pass: the tape, its output node and its loss node."""
        samples = as_batch(x, self.layer_sizes[0], self.dtype)
        targets = as_targets(y, len(samples), self.layer_sizes[-1], self.loss, self.dtype)
        return record(self._recipe, self.parameters, samples, targets)

    def trace(self, x: ArrayLike, y: ArrayLike) -> list[TraceStep]:
        """Every intermediate value of both passes, in order, each with its formula: see `nn.trace`."""
        tape, _, loss = self.record(x, y)
        return story(tape, loss)

    def settings(self) -> dict[str, Any]:
        """The arguments that make this network again, apart from what it has learned."""
        names = ("hidden", "output", "loss", "init", "seed", "l1", "l2")
        chosen_values = {name: getattr(self, name) for name in names}
        return {"layer_sizes": list(self.layer_sizes), "dtype": self.dtype.name, **chosen_values}

    @property
    def _layers(self) -> range:
        return range(1, len(self.layer_sizes))

    def _drawn(self) -> dict[str, Array]:
        rng, arrays = np.random.default_rng(self.seed), {}
        for layer in self._layers:
            inputs, outputs = self.layer_sizes[layer - 1 : layer + 1]
            arrays[f"W{layer}"] = INITS[self.init](rng, inputs, outputs)
            arrays[f"b{layer}"] = np.zeros(outputs)
        return arrays

    def _for(self, batch: int) -> Compiled:
        if batch not in self._compiled:
            x = np.zeros((batch, self.layer_sizes[0]), self.dtype)
            y = np.zeros((batch, self.layer_sizes[-1]), self.dtype)
            self._compiled[batch] = Compiled(self._recipe, self.parameters, x, y)
            if len(self._compiled) > SHAPES_KEPT:
                self._compiled.popitem(last=False)
        return self._compiled[batch]

    def _recipe(self, tape: Tape, leaves: dict[str, Node], x: Array, y: Array) -> tuple[Node, Node]:
        a = tape.leaf("x", x, trainable=False)
        for layer in self._layers:
            z = tape.apply("affine", a, leaves[f"W{layer}"], leaves[f"b{layer}"], name=f"z{layer}")
            a = tape.apply(self.hidden if layer < self._layers[-1] else self.output, z, name=f"a{layer}")
        prediction = z if self.loss in PARTNER else a
        loss = tape.apply(self.loss, prediction, tape.leaf("y", y, trainable=False), name="L")
        return a, self._penalised(tape, leaves, loss)

    def _penalised(self, tape: Tape, leaves: dict[str, Node], loss: Node) -> Node:
        for op, strength in (("absolute_sum", self.l1), ("square_sum", self.l2)):
            for layer in self._layers if strength else ():
                factor = tape.leaf("strength", np.array(strength, self.dtype), trainable=False)
                size = tape.apply(op, leaves[f"W{layer}"], name=f"{op}(W{layer})")
                loss = tape.apply("add", loss, tape.apply("multiply", size, factor))
        return loss


def checked_seed(seed: int) -> int:
    """A whole number of at least 0; else ValueError."""
    if isinstance(seed, bool) or not isinstance(seed, int | np.integer) or seed < 0:
        raise ValueError(f"seed is {seed!r}; allowed: a whole number of at least 0")
    return int(seed)


def _not_negative(name: str, value: float) -> float:
    if isinstance(value, str) or not (value >= 0 and np.isfinite(value)):
        raise ValueError(f"{name} is {value}; it must be a number of at least 0")
    return float(value)
