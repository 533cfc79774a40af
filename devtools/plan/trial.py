"""Prove that every step of a plan holds upon those before it, and mend the plan where one does not."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from devtools.commit.message import parse, retyped
from devtools.plan.document import Step

# The evidence against the last of these steps, made upon the others; empty where it holds.
Trial = Callable[[Sequence[Step]], str]
Fits = Callable[[Step], bool]
# What is done, and what is left to do.
State = tuple[list[Step], list[Step]]


def verify(
    steps: Sequence[Step], trial: Trial, fits: Fits, sound: bool = True, kinds: Sequence[str] = ()
) -> list[Step]:
    """Return the steps, each with `verified`, rearranged until each holds.

    One that no way helps stays, with the evidence. `kinds` are the types that a step may get instead of its own. Where
    the work is not `sound` as a whole nothing is mended: then it is the work that is not done, not the plan.
    """
    done: list[Step] = []
    left = list(steps)
    while left:
        evidence = trial([*done, left[0]])
        # Where the work itself is red no order of commits can help, so none is tried.
        mended = _mended(done, left, trial, fits, kinds) if evidence and sound else None
        if mended is not None:
            done, left = mended
            continue
        note = "; ".join(filter(None, [left[0].note, evidence]))
        done.append(replace(left.pop(0), verified=not evidence, note=note))
    return done


def _mended(done: list[Step], left: list[Step], trial: Trial, fits: Fits, kinds: Sequence[str]) -> State | None:
    """The first way that helps: after the next step, joined with another, under another type, or later."""
    first, *rest = left
    early = bool(rest) and not trial([*done, rest[0]])
    if early and not trial([*done, rest[0], first]):
        late = replace(first, note=_noted(first, "put after the next one, which it needs"))
        return done, [rest[0], late, *rest[1:]]
    for at, both in _unions(done, left):
        before, after = [*done, *rest][: min(at, len(done))], [*done, *rest]
        if fits(both) and not trial([*before, both]):
            return before, [both, *(step for step in after[len(before) :] if step is not after[at])]
    for kind in kinds:
        other = replace(first, message=retyped(first.message, kind))
        if other.message != first.message and not trial([*done, other]):
            words = f"as {parse(first.message).type} it does not hold"
            return done, [replace(other, note=_noted(first, words)), *rest]
    return (done, [rest[0], first, *rest[1:]]) if early else None


def _unions(done: Sequence[Step], left: Sequence[Step]) -> Iterator[tuple[int, Step]]:
    """The first step left, joined with each other: the next one, those before from the last on, then those after."""
    first, *rest = left
    others = [*done, *rest]
    near = [len(done)] if rest else []
    for at in [*near, *reversed(range(len(done))), *range(len(done) + 1, len(others))]:
        both = joined(*((others[at], first) if at < len(done) else (first, others[at])))
        yield at, both
        kinds = (parse(step.message).type for step in (first, others[at]))
        yield from ((at, replace(both, message=retyped(both.message, kind))) for kind in kinds)


def joined(first: Step, second: Step) -> Step:
    """Return two steps as one, under the message of the bigger one; the other's subject stays in the note."""
    main, other = (first, second) if len(first.hunks) >= len(second.hunks) else (second, first)
    note = _noted(main, f"joined with {parse(other.message).subject!r}: they hold together")
    return Step(main.message, tuple(sorted((*first.hunks, *second.hunks))), note=note)


def _noted(step: Step, words: str) -> str:
    return "; ".join(filter(None, [step.note, words]))
