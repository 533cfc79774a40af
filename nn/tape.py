"""A tape records what was computed, then walks back along it: backprop is bookkeeping.

Recording and differentiating are kept apart: `apply` only runs an operation and writes it down;
`backward` visits the nodes in reverse and asks each operation's own rule for its share
(reverse-mode accumulation; Linnainmaa, 1970).
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from nn.losses import LOSSES
from nn.ops import OPS, Array, Op

RULES: dict[str, Op] = {**OPS, **LOSSES}


@dataclass(frozen=True, eq=False)
class Node:
    """One number or array on the tape: where it came from and what it is worth."""

    index: int
    name: str
    op: str
    inputs: tuple["Node", ...]
    value: Array
    trainable: bool
    settings: dict[str, Any]


@dataclass(frozen=True, eq=False)
class Step:
    """One gradient of the backward pass: dL/d(node), with the share that came through `through`.

    `arriving` is dL/d(through), `share` what its rule made of it for this input, `total` the sum so far.
    """

    node: Node
    through: Node | None
    place: int
    arriving: Array
    share: Array
    total: Array


@dataclass(frozen=True, eq=False)
class Recorded:
    """One numpy call with the arrays it read and the one it wrote."""

    function: Callable[..., Any]
    arguments: tuple[Any, ...]
    keywords: dict[str, Any]
    out: Array


def _identity_of(argument: Any) -> Any:
    return id(argument) if isinstance(argument, np.ndarray) else argument


@dataclass(eq=False)
class Tape:
    """Nodes in the order in which they were computed, and underneath them the numpy calls."""

    nodes: list[Node] = field(default_factory=list)
    calls: list[Recorded] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    _known: dict[Any, Array] = field(default_factory=dict)
    _constants: dict[int, Array] = field(default_factory=dict)
    to_inputs: bool = False

    def leaf(self, name: str, value: Array, trainable: bool = True) -> Node:
        """Put an array of any shape on the tape as it is, no copy: a weight, or data with `trainable=False`."""
        return self._node(name, "", (), np.asarray(value), trainable, {})

    def sample(self, name: str, value: Array) -> Node:
        """Put the samples x, of any shape, on the tape.

        Nothing is learned of them; `to_inputs` asks for dL/dx as well.
        """
        return self.leaf(name, value, self.to_inputs)

    def constant(self, value: Array) -> Array:
        """Return `value`, of any shape, with the promise that it never changes.

        What follows from constants alone is not recorded.
        """
        return self._constants.setdefault(id(value), value)

    def apply(self, op: str, *inputs: Node, name: str = "", **settings: Any) -> Node:
        """Run operation `op` of the table on `inputs` and record it. ValueError for an unknown name."""
        rule = rule_of(op)
        value = rule.forward(self.call, *(node.value for node in inputs), **settings)
        trainable = any(node.trainable for node in inputs)
        return self._node(name or f"n{len(self.nodes)}", op, inputs, value, trainable, settings)

    def backward(self, loss: Node) -> dict[str, Array]:
        """Gradient of the scalar `loss` for every trainable node it depends on, by node name."""
        if loss.value.ndim:
            raise ValueError(f"backward starts from a scalar, not from shape {loss.value.shape}")
        # dL/dL. A constant: what follows from it alone need not be computed again at every step of a training.
        one = self.constant(np.ones_like(loss.value))
        totals = {loss.index: one}
        self.steps = [Step(loss, None, 0, one, one, one)]
        # Nodes stand in the order in which they were computed. Backwards, each one's total is complete when its turn
        # comes: all that read it came later.
        for node in reversed(self.nodes[: loss.index + 1]):
            if node.op and node.index in totals:
                self._share_out(node, totals)
        return {self.nodes[index].name: total for index, total in totals.items()}

    def call(self, function: Callable[..., Any], *arguments: Any, **keywords: Any) -> Array:
        """Compute `function` once, whatever the shape, and write the call down.

        The same call on the same arrays is reused.
        """
        # Arrays are told apart by identity: comparing numbers would cost more than most calls, and the tape keeps each
        # array alive, so that no other one can get its id.
        key = (function, *map(_identity_of, arguments), *keywords.items())
        if key not in self._known:
            with np.errstate(all="ignore"):
                out = np.asarray(function(*arguments, **keywords))
            self._known[key] = out
            if all(id(a) in self._constants for a in arguments if isinstance(a, np.ndarray)):
                return self.constant(out)
            self.calls.append(Recorded(function, arguments, keywords, out))
        return self._known[key]

    def _node(self, name: str, op: str, inputs: tuple[Node, ...], value: Array, *rest: Any) -> Node:
        node = Node(len(self.nodes), name, op, inputs, value, *rest)
        self.nodes.append(node)
        return node

    def _share_out(self, node: Node, totals: dict[int, Array]) -> None:
        values = (source.value for source in node.inputs)
        g = totals[node.index]
        shares = rule_of(node.op).backward(self.call, g, node.value, *values, **node.settings)
        for place, (source, share) in enumerate(zip(node.inputs, shares, strict=True)):
            if source.trainable and share is not None:
                # A value that is read twice gets a share from each reader, and the chain rule adds them up.
                before = totals.get(source.index)
                totals[source.index] = share if before is None else self.call(np.add, before, share)
                # The gradient as it arrived is kept too: the trace shows each formula with the very numbers that its
                # rule was given.
                self.steps.append(Step(source, node, place, g, share, totals[source.index]))


def rule_of(op: str) -> Op:
    """Return the table's row for `op`; ValueError naming what is allowed."""
    if op not in RULES:
        raise ValueError(f"unknown operation {op!r}; known: {', '.join(RULES)}")
    return RULES[op]
