"""Prove that the tests pass after every step of a plan, and mend cheaply where they do not."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from devtools.core.message import parse
from devtools.core.plan import Step

# The evidence against the tree after these steps; empty where its tests pass.
Trial = Callable[[Sequence[Step]], str]


def verify(steps: Sequence[Step], trial: Trial, fits: Callable[[Step], bool]) -> list[Step]:
    """The steps, each with `verified`. A step that fails is put after the next one, else joined with it.

    Where both would not help, or the joined step would not fit the limits, it stays as it is, with the evidence. Where
    the tests fail after the last step as well, nothing is mended: it is the work that is not done, not the plan.
    """
    done: list[Step] = []
    left = list(steps)
    mend = not trial(steps)
    while left:
        evidence = trial([*done, left[0]])
        mended = _mended(done, left, trial, fits) if evidence and mend else None
        if mended is not None:
            left = mended
            continue
        note = "; ".join(filter(None, [left[0].note, evidence]))
        done.append(replace(left.pop(0), verified=not evidence, note=note))
    return done


def _mended(done: list[Step], left: list[Step], trial: Trial, fits: Callable[[Step], bool]) -> list[Step] | None:
    """What is left, arranged so that its first step passes; None where neither way does it."""
    if len(left) < 2:
        return None
    first, second, *rest = left
    if not trial([*done, second]):
        late = replace(first, note=_noted(first, "put after the next one, which it needs"))
        return [second, late, *rest]
    both = joined(first, second)
    if fits(both) and not trial([*done, both]):
        return [both, *rest]
    return None


def joined(first: Step, second: Step) -> Step:
    """Two steps as one, under the message of the bigger one; the other's subject stays in the note."""
    main, other = (first, second) if len(first.hunks) >= len(second.hunks) else (second, first)
    note = _noted(main, f"joined with {parse(other.message).subject!r}: neither passes alone")
    return Step(main.message, tuple(sorted((*first.hunks, *second.hunks))), note=note)


def _noted(step: Step, words: str) -> str:
    return "; ".join(filter(None, [step.note, words]))
