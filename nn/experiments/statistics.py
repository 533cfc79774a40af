"""How sure can a run be? Means and shares with their 95 % confidence intervals, and correlations of ranks."""

import math
from dataclasses import dataclass

import numpy as np

from nn.ops import Array

SURE = 1.959964  # standard errors to either side that hold 95 % of a normal distribution


@dataclass(frozen=True)
class Mean:
    """A mean with half the width of its 95 % confidence interval; 0.5 ± inf where there is but one value."""

    value: float
    half: float

    @classmethod
    def of(cls, values: Array) -> "Mean":
        """Return the mean of `values`, of any shape, each independent of the others."""
        flat = np.ravel(values)
        half = SURE * float(flat.std(ddof=1)) / math.sqrt(flat.size) if flat.size > 1 else math.inf
        return cls(float(flat.mean()), half)

    def __str__(self) -> str:
        return f"{self.value:.4f} ± {self.half:.4f}"

    @property
    def sign(self) -> int:
        """1 or -1 where the interval lies on one side of 0, else 0: not distinguishable from nothing."""
        return int(np.sign(self.value)) if abs(self.value) > self.half else 0


def interval(part: int, whole: int) -> tuple[float, float]:
    """95 % confidence interval of the share part / whole (Wilson, 1927); (0, 1) where there is nothing."""
    if not whole:
        return 0.0, 1.0
    share, z2 = part / whole, SURE**2
    centre = share + z2 / (2 * whole)
    half = SURE * math.sqrt(share * (1 - share) / whole + z2 / (4 * whole**2))
    return max(0.0, (centre - half) / (1 + z2 / whole)), min(1.0, (centre + half) / (1 + z2 / whole))


def percent(part: int, whole: int) -> str:
    """ "12.5 % (10.1 to 15.4)": the share with its interval; "none" of nothing."""
    if not whole:
        return "none"
    low, high = (100 * bound for bound in interval(part, whole))
    return f"{100 * part / whole:.1f} % ({low:.1f} to {high:.1f})"


def rank_correlations(a: Array, b: Array) -> Array:
    """Spearman's correlation of each row of `a` with the same row of `b`, shape (rows,)."""
    a, b = (_ranks(rows) for rows in (a, b))
    a, b = (rows - rows.mean(axis=1, keepdims=True) for rows in (a, b))
    correlations: Array = (a * b).sum(axis=1) / np.sqrt((a * a).sum(axis=1) * (b * b).sum(axis=1))
    return correlations


def _ranks(rows: Array) -> Array:
    """The place of each value in its row, from 0; equal values share the mean of their places."""
    below = (rows[:, :, None] > rows[:, None, :]).sum(axis=2)
    # Two paths through one unit share its second weight, and the place in the array once decided which ranked first.
    equal = (rows[:, :, None] == rows[:, None, :]).sum(axis=2)
    ranks: Array = below + (equal - 1) / 2
    return ranks
