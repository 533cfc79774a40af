"""A recorded tape, compiled into a flat list of numpy calls that write into arrays they already own.

The calls are the very ones the tape made, so there is one forward path, not two. Every array keeps its
place: copy new numbers into the leaves, run the list, read the results where they always are.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from nn.ops import Array
from nn.reuse import arrays_of, owner, reused
from nn.tape import Recorded


def needed(calls: Sequence[Recorded], wanted: Iterable[Array]) -> list[Recorded]:
    """Return, in order, the calls without which `wanted`, arrays of any shape, could not be computed."""
    alive = {id(owner(array)) for array in wanted}
    kept = []
    # Backwards, so that each call's readers have been seen before it: one pass is enough.
    for recorded in reversed(calls):
        if id(owner(recorded.out)) in alive:
            kept.append(recorded)
            alive.update(id(owner(array)) for array in arrays_of(recorded))
    return kept[::-1]


def bound(recorded: Recorded, out: Array) -> partial[Any]:
    """Return the call with everything filled in: replaying it takes no arguments and fills `out`, shape and all."""
    # By position is the fastest way to say `out`, but numpy deprecates it for maximum and minimum.
    by_keyword = recorded.keywords or recorded.function in (np.maximum, np.minimum)
    if isinstance(recorded.function, np.ufunc) and not by_keyword:
        return partial(recorded.function, *recorded.arguments, out)
    return partial(recorded.function, *recorded.arguments, out=out, **recorded.keywords)


class Program:
    """Recompute `wanted` from the current contents of the leaves, and put them where `into` says.

    `into[i]`, if given, is an array of the shape of `wanted[i]`, for instance a slice of one long vector
    of gradients. A result that nobody else reads is computed there at once; else it is copied. `frugal` takes memory
    that is no longer read for later results: then only `wanted` can be looked at after a run.
    """

    def __init__(
        self, calls: Sequence[Recorded], wanted: Sequence[Array], into: Sequence[Array] = (), frugal: bool = False
    ) -> None:
        kept = needed(calls, wanted)
        moves = dict(_moves(kept, wanted, into))
        placed = [replace(recorded, out=moves.get(id(recorded.out), recorded.out)) for recorded in kept]
        if frugal:
            placed = reused(placed, [*wanted, *into])
        self.calls = [bound(recorded, recorded.out) for recorded in placed]
        # Results that somebody reads later stay where they are, and are copied at the end.
        for source, target in zip(wanted, into, strict=False):
            if id(source) not in moves:
                self.calls.append(partial(np.copyto, target, source))

    def run(self) -> None:
        """Replay every call, in order. Overflow and NaN are for the caller to look at, not to warn about."""
        for call in self.calls:
            call()


def _moves(kept: list[Recorded], wanted: Sequence[Array], into: Sequence[Array]) -> Iterable[tuple[int, Array]]:
    read = {id(owner(array)) for recorded in kept for array in arrays_of(recorded)}
    computed = {id(recorded.out) for recorded in kept}
    uses = Counter(id(owner(array)) for array in wanted)
    for source, target in zip(wanted, into, strict=False):
        # One result wanted in two places has to be copied: written straight to one, the other kept the gradient of the
        # last run.
        if id(source) in computed and id(source) not in read and uses[id(source)] == 1:
            yield id(source), target
