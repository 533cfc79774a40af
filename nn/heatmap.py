"""Matrices as pictures: dark where a number is large, as SVG without a plotting library."""

from collections.abc import Mapping, Sequence
from html import escape

Matrix = Sequence[Sequence[float]]

SIDE, GAP, TOP, LEFT = 360, 48, 72, 40
# What is less than this share of the largest number would hardly be seen, and is left out.
SEEN = 0.02


def heat_maps(title: str, panels: Mapping[str, Matrix], labels: Sequence[str], axes: tuple[str, str]) -> str:
    """Square matrices of numbers of at least 0 side by side, all on one scale; `labels` name rows and columns alike.

    `axes` say what the columns and what the rows are. The tooltip of a cell is its number.
    """
    largest = max((value for matrix in panels.values() for row in matrix for value in row), default=0.0) or 1.0
    width, height = LEFT + len(panels) * (SIDE + GAP), TOP + SIDE + 2 * GAP
    drawn = [
        _panel(LEFT + i * (SIDE + GAP), name, matrix, labels, largest)
        for i, (name, matrix) in enumerate(panels.items())
    ]
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" '
            'font-family="sans-serif" font-size="11">',
            f"<title>{escape(title)}</title>",
            f'<rect width="{width}" height="{height}" fill="white"/>',
            f'<text x="{LEFT}" y="24" font-size="13">{escape(title)}</text>',
            *drawn,
            f'<text x="{LEFT}" y="{TOP + SIDE + GAP}">{escape(f"columns: {axes[0]}; rows: {axes[1]}")}</text>',
            "</svg>\n",
        ]
    )


def _panel(left: float, name: str, matrix: Matrix, labels: Sequence[str], largest: float) -> str:
    size = SIDE / max(len(matrix), 1)
    parts = [f'<text x="{left}" y="{TOP - 24}" font-size="13">{escape(name)}</text>']
    for i, label in enumerate(labels):
        middle = (i + 0.7) * size
        parts.append(f'<text x="{left + middle - size / 2:.1f}" y="{TOP - 6}" fill="#555">{escape(label)}</text>')
        parts.append(f'<text x="{left - 12}" y="{TOP + middle:.1f}" fill="#555">{escape(label)}</text>')
    cells = ((i, j, value) for i, row in enumerate(matrix) for j, value in enumerate(row))
    parts += [_cell(left + j * size, TOP + i * size, size, value, largest) for i, j, value in cells]
    return "".join([*parts, f'<rect x="{left}" y="{TOP}" width="{SIDE}" height="{SIDE}" fill="none" stroke="#888"/>'])


def _cell(x: float, y: float, size: float, value: float, largest: float) -> str:
    if value < SEEN * largest:
        return ""
    place = f'x="{x:.1f}" y="{y:.1f}" width="{size:.1f}" height="{size:.1f}"'
    return f'<rect {place} fill="#1b6ca8" fill-opacity="{value / largest:.2f}"><title>{value:.3g}</title></rect>'
