"""Every intermediate value of a forward and a backward pass, in order, each with its formula."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

import numpy as np

from nn.expand import expanded
from nn.ops import Array
from nn.tape import Node, Step, Tape, rule_of

SHOWN = 16
COUNT = -1  # the place of n, over how many terms a mean goes, among the words for a node's inputs


@dataclass(frozen=True, eq=False)
class TraceStep:
    """`name` = `formula` = `numbers`, in the `phase` "input", "forward", "backward" or "update".

    `formula` uses names, `numbers` the same with the values put in; `inputs` names what was read.
    `value` has shape `shape`. In the backward phase, `value` is the share of dL/d(name) that came
    through this step and `total` the sum of all shares so far; in the other phases they are the same. `note` says what
    the formula alone does not. `template` is the formula with places for the arrays in `operands`.
    """

    phase: str
    name: str
    op: str
    formula: str
    numbers: str
    inputs: tuple[str, ...]
    shape: tuple[int, ...]
    value: Array
    total: Array
    note: str = ""
    template: str = ""
    operands: Mapping[str, Array] = field(default_factory=dict)

    def expanded(self, *place: int) -> str:
        """Return how the number at `place` of `value` was computed, in numbers: see `nn.expand`; empty for an input."""
        return expanded(self.template, self.operands, self.shape, place)

    def __str__(self) -> str:
        """The step in four lines: what it is, its formula, the numbers put in, what comes out."""
        head = f"{self.phase}  {self.name}{_size(self.shape)} = {self.formula}"
        lines = [head, self.numbers, shown(self.value)]
        if self.total is not self.value and not np.array_equal(self.total, self.value):
            lines.append(f"{shown(self.total)} with what came before")
        return "\n    = ".join(dict.fromkeys(lines)) + (f"\n    ({self.note})" if self.note else "")


def _size(shape: tuple[int, ...]) -> str:
    return f" ({'x'.join(map(str, shape))})" if shape else ""


def story(tape: Tape, loss: Node, learning_rate: float | None = None, learned: Collection[str] = ()) -> list[TraceStep]:
    """Return the whole story of one recorded pass: leaves, forward, then backward from `loss`.

    With a `learning_rate` it ends with one step of gradient descent for every leaf in `learned` that has a gradient.
    """
    gradients = tape.backward(loss)
    steps = [*map(_forward, tape.nodes), *map(_backward, tape.steps)]
    if learning_rate is not None:
        leaves = (node for node in tape.nodes if not node.op and node.name in learned and node.name in gradients)
        steps += [_update(node, gradients[node.name], learning_rate) for node in leaves]
    return steps


def shown(value: Array) -> str:
    """Return numbers of at most SHOWN entries written out, of more by their shape."""
    if value.size > SHOWN:
        return f"<{'x'.join(map(str, value.shape))}>"
    return np.array2string(value, separator=", ", formatter={"float_kind": "{:.6g}".format}).replace("\n", "")


def _filled(template: str, node: Node, words: Mapping[int, str], g: str, out: str) -> str:
    inputs = (words[source.index] for source in node.inputs)
    return template.format(*inputs, g=g, out=out, n=words[COUNT], **node.settings)


def _both(template: str, node: Node, g: tuple[str, str], out: tuple[str, str]) -> tuple[str, str]:
    names = {source.index: source.name for source in node.inputs} | {COUNT: "n"}
    values = {source.index: shown(source.value) for source in node.inputs}
    values[COUNT] = str(rule_of(node.op).count(node.inputs[0].value))
    return _filled(template, node, names, g[0], out[0]), _filled(template, node, values, g[1], out[1])


def _forward(node: Node) -> TraceStep:
    phase, formula, numbers, template = "input", node.name, shown(node.value), ""
    if node.op:
        phase, template = "forward", rule_of(node.op).formula
        formula, numbers = _both(template, node, ("", ""), ("", ""))
    inputs = tuple(source.name for source in node.inputs)
    value = node.value.copy()
    return TraceStep(
        phase, node.name, node.op, formula, numbers, inputs, value.shape, value, value, "", template, _operands(node)
    )


def _operands(node: Node) -> dict[str, Array]:
    """What the places of a formula stand for: inputs by number, the count, the settings."""
    inputs = {str(place): source.value.copy() for place, source in enumerate(node.inputs)}
    count = {"n": np.asarray(rule_of(node.op).count(node.inputs[0].value))} if node.inputs else {}
    return {**inputs, **count}


def _update(node: Node, gradient: Array, rate: float) -> TraceStep:
    value = node.value - rate * gradient
    slope = f"dL/d{node.name}"
    formula, numbers = f"{node.name} - rate * {slope}", f"{shown(node.value)} - {rate:g} * {shown(gradient)}"
    operands = {"0": node.value.copy(), "rate": np.asarray(rate), "g": gradient.copy()}
    return TraceStep(
        "update",
        node.name,
        "",
        formula,
        numbers,
        (node.name, slope),
        value.shape,
        value,
        value,
        "",
        "{0} - {rate} * {g}",
        operands,
    )


def _backward(step: Step) -> TraceStep:
    name, op, formula, numbers, note, template = f"dL/d{step.node.name}", "", "1", "1", "", ""
    inputs: tuple[str, ...] = ()
    operands: dict[str, Array] = {}
    if step.through is not None:
        through = step.through
        op, rule = through.op, rule_of(through.op)
        g = (f"dL/d{through.name}", shown(step.arriving))
        out = (through.name, shown(through.value))
        template = rule.gradients[step.place]
        formula, numbers = _both(template, through, g, out)
        note, _ = _both(rule.note, through, g, out)
        inputs = (g[0], *(source.name for source in through.inputs))
        operands = {**_operands(through), "g": step.arriving.copy(), "out": through.value.copy()}
    value, total = step.share.copy(), step.total.copy()
    return TraceStep(
        "backward", name, op, formula, numbers, inputs, value.shape, value, total, note, template, operands
    )
