"""What every model is: named parameters in one long vector, and a recipe recorded once per batch shape."""

from collections.abc import Callable, Mapping

import numpy as np

from nn.ops import Array
from nn.program import Program
from nn.tape import Node, Tape

Record = Callable[[Tape, dict[str, Node], Array, Array], tuple[Node, Node]]


class Parameters:
    """Named arrays that are views of one vector, so that an optimiser needs one call, not one per layer."""

    def __init__(self, arrays: Mapping[str, Array], dtype: np.dtype[np.floating]) -> None:
        self.shapes = {name: np.shape(array) for name, array in arrays.items()}
        self.vector: Array = np.concatenate([np.ravel(array) for array in arrays.values()]).astype(dtype)
        self.named = self.split(self.vector)

    def split(self, vector: Array) -> dict[str, Array]:
        """Views of `vector`, one per parameter, in this order and of these shapes."""
        named, start = {}, 0
        for name, shape in self.shapes.items():
            size = int(np.prod(shape))
            named[name] = vector[start : start + size].reshape(shape)
            start += size
        return named


def record(recipe: Record, parameters: Parameters, x: Array, y: Array) -> tuple[Tape, Node, Node]:
    """Run `recipe` on a new tape whose leaves are the parameters themselves; returns tape, output, loss."""
    tape = Tape()
    leaves = {name: tape.leaf(name, array) for name, array in parameters.named.items()}
    output, loss = recipe(tape, leaves, x, y)
    return tape, output, loss


class Compiled:
    """One recipe for one batch shape: fill `x` and `y`, run, read `output`, `loss` and `gradient`.

    `gradient` is one vector laid out like `parameters.vector`, of the mean loss over the batch.
    """

    def __init__(self, recipe: Record, parameters: Parameters, x: Array, y: Array) -> None:
        self.x, self.y = x.copy(), y.copy()
        tape, output, loss = record(recipe, parameters, self.x, self.y)
        gradients = tape.backward(loss)
        self.output, self._loss = output.value, loss.value
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
