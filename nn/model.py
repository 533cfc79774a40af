"""What every model is: named parameters in one long vector, and a recipe recorded once per batch shape."""

import copy
import threading
from abc import ABC, abstractmethod
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike

from nn.data import chosen, finite
from nn.losses import constant_cost
from nn.ops import Array
from nn.optim import positive_rate
from nn.program import Program
from nn.tape import Node, Tape
from nn.trace import TraceStep, story

# Recorded passes are kept for the latest shapes, as long as their arrays take no more memory than this.
SHAPES_KEPT = 64
BYTES_KEPT = 64 * 2**20
Record = Callable[[Tape, dict[str, Node], Array, Array], tuple[Node, Node]]


class Parameters:
    """Named arrays that are views of one vector, so that an optimiser needs one call, not one per layer."""

    def __init__(self, arrays: Mapping[str, Array], dtype: np.dtype[np.floating]) -> None:
        self.shapes = {name: np.shape(array) for name, array in arrays.items()}
        self.vector: Array = np.concatenate([np.ravel(array) for array in arrays.values()]).astype(dtype)
        self.named = self.split(self.vector)

    def __getstate__(self) -> dict[str, Any]:
        # Copied or pickled each on its own, the views would come apart from the vector.
        return {"shapes": self.shapes, "vector": self.vector}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.shapes, self.vector = state["shapes"], state["vector"]
        self.named = self.split(self.vector)

    def split(self, vector: Array) -> dict[str, Array]:
        """Return views of `vector`, one per parameter, in this order and of these shapes."""
        named, start = {}, 0
        for name, shape in self.shapes.items():
            size = int(np.prod(shape))
            named[name] = vector[start : start + size].reshape(shape)
            start += size
        return named


def record(
    recipe: Record, parameters: Parameters, x: Array, y: Array, to_inputs: bool = False
) -> tuple[Tape, Node, Node]:
    """Run `recipe` on a new tape and return the tape, the output node and the loss node.

    The leaves of the tape are the parameters themselves, not copies. x and y have the shapes that the model checks them
    into; the loss is a scalar.
    """
    tape = Tape(to_inputs=to_inputs)
    leaves = {name: tape.leaf(name, array) for name, array in parameters.named.items()}
    output, loss = recipe(tape, leaves, x, y)
    return tape, output, loss


class Compiled:
    """One recipe for one batch shape: fill `x` and `y`, run, read `output`, `loss` and `gradient`.

    `gradient` is one vector laid out like `parameters.vector`, of the mean loss over the batch; `nbytes` is the memory
    of all results between.
    """

    def __init__(self, recipe: Record, parameters: Parameters, x: Array, y: Array) -> None:
        self.x, self.y = x.copy(), y.copy()
        tape, output, loss = record(recipe, parameters, self.x, self.y)
        gradients = tape.backward(loss)
        self.output, self._loss = output.value, loss.value
        self.nbytes = sum(recorded.out.nbytes for recorded in tape.calls)
        self.gradient = np.zeros_like(parameters.vector)
        names = [name for name in parameters.named if name in gradients]
        places = parameters.split(self.gradient)
        wanted, into = [gradients[name] for name in names], [places[name] for name in names]
        self.run_forward = Program(tape.calls, [self.output]).run
        self.run_loss = Program(tape.calls, [self.output, self._loss]).run
        self.run_gradient = Program(tape.calls, wanted, into).run
        self.run_both = Program(tape.calls, [*wanted, self._loss], [*into, self._loss]).run

    @property
    def loss(self) -> float:
        """The loss of the last run that computed it."""
        return float(self._loss)


class Model(ABC):
    """Everything that follows from parameters and a recipe: outputs, cost, gradients, steps, the trace.

    A subclass says what it accepts (`samples`, `targets`), what it computes (`_recipe`), and the arguments that make it
    again (`settings`). `seed` fixes everything random; `outputs` is the size of the last axis of what it computes.
    """

    seed: int
    loss: str

    def __init__(self, arrays: Mapping[str, Array], dtype: np.dtype[np.floating], outputs: int) -> None:
        self.dtype, self.outputs = dtype, outputs
        self.parameters = Parameters(arrays, dtype)
        self._kept = threading.local()

    def __getstate__(self) -> dict[str, Any]:
        return {name: value for name, value in self.__dict__.items() if name != "_kept"}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self._kept = threading.local()

    def __copy__(self) -> Self:
        # A shallow copy would share its parameters, so that training the one moved the other as well.
        return copy.deepcopy(self)

    @abstractmethod
    def samples(self, x: ArrayLike) -> Array:
        """Return `x` with its samples along the first axis, checked: (batch, ...).

        ValueError names what is not allowed.
        """

    @abstractmethod
    def targets(self, y: ArrayLike, samples: Array) -> Array:
        """Return `y` with one entry for each of `samples`, checked: (batch, ...).

        ValueError names what is not allowed.
        """

    @abstractmethod
    def settings(self) -> dict[str, Any]:
        """Return the arguments that make this model again, apart from what it has learned."""

    @abstractmethod
    def _recipe(self, tape: Tape, leaves: dict[str, Node], x: Array, y: Array) -> tuple[Node, Node]:
        """Record one pass on `tape`: the output node and the loss node."""

    def forward(self, x: ArrayLike) -> Array:
        """Return the outputs (batch, ..., outputs) for every sample of `x`: a copy that is yours to keep."""
        compiled = self._for(self.samples(x))  # of this thread alone
        with np.errstate(all="ignore"):
            compiled.run_forward()
        return compiled.output.copy()

    def cost(self, x: ArrayLike, y: ArrayLike) -> float:
        """Return the loss of predicting `y` from `x`, a scalar: the batch's mean, with the penalties of the model."""
        compiled = self._filled(x, y)
        with np.errstate(all="ignore"):
            compiled.run_loss()
        return compiled.loss

    def backward(self, x: ArrayLike, y: ArrayLike) -> dict[str, Array]:
        """Return dL/d(parameter) by name, each of its parameter's shape."""
        compiled = self._filled(x, y)
        with np.errstate(all="ignore"):
            compiled.run_gradient()
        return self.parameters.split(compiled.gradient.copy())

    def step(self, gradients: Mapping[str, Array], learning_rate: float) -> None:
        """Take one step of gradient descent: each named parameter moves by -learning_rate times its gradient.

        A gradient has its parameter's shape; any other is a ValueError, and so is an unknown name or a rate that is not
        positive.
        """
        positive_rate(learning_rate)
        for name, gradient in gradients.items():
            parameter = self.parameters.named[chosen("parameter", name, list(self.parameters.named))]
            if np.shape(gradient) != parameter.shape:
                raise ValueError(f"gradient {name} has shape {np.shape(gradient)}; allowed: {parameter.shape}")
            parameter -= learning_rate * finite(f"gradient {name}", gradient, self.dtype)

    def compile(self, x: ArrayLike, y: ArrayLike) -> Compiled:
        """Return a recorded pass over `x` and `y` that is the caller's own: the fast way to train.

        Nothing else writes into its arrays. `refill` puts in other samples of the same shape: much cheaper than
        compiling again.
        """
        samples, aims = self._pair(x, y)
        # Never a kept one: a loop that trained and validated in turns learned from the samples that it validated on.
        return Compiled(self._recipe, self.parameters, samples, aims.astype(self.dtype))

    def refill(self, compiled: Compiled, x: ArrayLike, y: ArrayLike) -> None:
        """Put `x` and `y`, checked, into `compiled`. ValueError where their shapes are not those it was made for."""
        samples, aims = self._pair(x, y)
        if samples.shape != compiled.x.shape:
            raise ValueError(f"x has shape {samples.shape}; compiled was {compiled.x.shape}")
        compiled.x[...], compiled.y[...] = samples, aims

    def record(self, x: ArrayLike, y: ArrayLike) -> tuple[Tape, Node, Node]:
        """Return a fresh tape of one forward pass, with its output node and its loss node.

        The output has shape (batch, ..., outputs), the loss is a scalar.
        """
        return record(self._recipe, self.parameters, *self._pair(x, y))

    def trace(self, x: ArrayLike, y: ArrayLike, learning_rate: float | None = None) -> list[TraceStep]:
        """Return every intermediate value of both passes, in order, each with shape and formula: see `nn.trace`.

        With a `learning_rate` the step that gradient descent would take follows; the parameters stay as they are.
        """
        tape, _, loss = record(self._recipe, self.parameters, *self._pair(x, y), to_inputs=True)
        rate = None if learning_rate is None else positive_rate(learning_rate)
        return story(tape, loss, rate, self.parameters.named)

    def _pair(self, x: ArrayLike, y: ArrayLike) -> tuple[Array, Array]:
        samples = self.samples(x)
        return samples, self.aims(self.targets(y, samples))

    def aims(self, targets: Array) -> Array:
        """Return what the loss reads: checked targets (batch, ...).

        A model whose targets are class numbers makes rows (batch, ..., classes) of them here.
        """
        return targets

    def constant_cost(self, targets: Array) -> float:
        """Return the loss, a scalar, of the best answer that is the same for every sample of targets (batch, ...).

        A model is worth what it does better.
        """
        return constant_cost(self.loss, targets)

    def _places(self, samples: Array) -> tuple[int, ...]:
        # The axes of the output before its last: one output for each of these places.
        return samples.shape[:1]

    @property
    def _compiled(self) -> OrderedDict[tuple[int, ...], Compiled]:
        # One for each thread: threads that share arrays would read each other's results.
        passes: OrderedDict[tuple[int, ...], Compiled] = self._kept.__dict__.setdefault("passes", OrderedDict())
        return passes

    def _filled(self, x: ArrayLike, y: ArrayLike) -> Compiled:
        samples, aims = self._pair(x, y)
        compiled = self._for(samples)
        compiled.y[...] = aims
        return compiled

    def _for(self, samples: Array) -> Compiled:
        passes = self._compiled
        if samples.shape not in passes:
            blank = np.zeros((*self._places(samples), self.outputs), self.dtype)
            passes[samples.shape] = Compiled(self._recipe, self.parameters, samples, blank)
            while len(passes) > SHAPES_KEPT or (len(passes) > 1 and _bytes(passes.values()) > BYTES_KEPT):
                passes.popitem(last=False)
        passes.move_to_end(samples.shape)
        compiled = passes[samples.shape]
        compiled.x[...] = samples
        return compiled


def _bytes(passes: Iterable[Compiled]) -> int:
    return sum(compiled.nbytes for compiled in passes)
