"""What an experiment hands back: the question, a table, an answer computed from it, a picture."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from nn.heatmap import Matrix, heat_maps
from nn.plot import Points, svg

Curves = Mapping[str, Points]


@dataclass(frozen=True)
class Result:
    """`rows` under `columns`; `facts` are the numbers that the `answer` was worded from.

    The picture shows the `curves`, or the `maps` where there are any, their rows and columns named by `labels`. `names`
    are those of x = 1, 2, ...; a point with a third number has an interval of so much to either side.
    """

    question: str
    columns: tuple[str, ...]
    rows: list[tuple[Any, ...]]
    answer: str
    facts: dict[str, Any]
    axes: tuple[str, str] = ("step", "loss")
    curves: Curves = field(default_factory=dict)
    lines: bool = True
    maps: Mapping[str, Matrix] = field(default_factory=dict)
    labels: tuple[str, ...] = ()
    names: tuple[str, ...] = ()

    def text(self) -> str:
        """Question, table and answer, to be read in a terminal."""
        cells = [list(self.columns), *([_cell(value) for value in row] for row in self.rows)]
        widths = [max(len(row[i]) for row in cells) for i in range(len(self.columns))]
        table = ["  ".join(c.ljust(w) for c, w in zip(row, widths, strict=True)).rstrip() for row in cells]
        return "\n".join([self.question, "", *table, "", self.answer])

    def picture(self) -> str:
        """Return the maps, or without any the curves, as an SVG document."""
        if self.maps:
            return heat_maps(self.question, self.maps, self.labels, self.axes)
        return svg(self.question, *self.axes, self.curves, self.lines, self.names)


def _cell(value: Any) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def share(part: int, whole: int) -> str:
    """Return a share in words and numbers: "3 of 4 (75.0 %)"."""
    return f"{part} of {whole} ({100 * part / whole:.1f} %)"
