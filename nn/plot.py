"""Pictures without a plotting library: lines and points as SVG, and a loss curve in the terminal."""

import math
from collections.abc import Mapping, Sequence
from html import escape

Points = Sequence[tuple[float, float]]

COLOURS = ("#1b6ca8", "#d1495b", "#3a7d44", "#8a5a9e", "#c17c00", "#4b5563")
WIDTH, HEIGHT, MARGIN = 640, 400, 56
BLOCKS = "▁▂▃▄▅▆▇█"


def spark(values: Sequence[float], width: int = 60) -> str:
    """`values` as one line of blocks, the largest highest; what is not finite is shown as "!"."""
    picked = [values[i * len(values) // width] for i in range(width)] if len(values) > width else list(values)
    finite = [value for value in picked if math.isfinite(value)]
    low, high = (min(finite), max(finite)) if finite else (0.0, 0.0)
    return "".join(_block(value, low, high) for value in picked)


def _block(value: float, low: float, high: float) -> str:
    if not math.isfinite(value):
        return "!"
    return BLOCKS[round((value - low) / ((high - low) or 1.0) * (len(BLOCKS) - 1))]


def svg(title: str, x_label: str, y_label: str, series: Mapping[str, Points], lines: bool = True) -> str:
    """A chart of named series of (x, y) as an SVG document; points that are not finite are left out."""
    kept = {name: [p for p in points if all(map(math.isfinite, p))] for name, points in series.items()}
    xs, ys = ([p[i] for points in kept.values() for p in points] or [0.0] for i in (0, 1))
    box = (min(xs), max(xs), min(ys), max(ys))
    marks = [_series(i, name, points, box, lines) for i, (name, points) in enumerate(kept.items())]
    return "\n".join([*_frame(title, x_label, y_label, box), *marks, "</svg>\n"])


def _placed(point: tuple[float, float], box: tuple[float, float, float, float]) -> tuple[float, float]:
    left, right, low, high = box
    across = (point[0] - left) / ((right - left) or 1.0)
    up = (point[1] - low) / ((high - low) or 1.0)
    return MARGIN + across * (WIDTH - 2 * MARGIN), HEIGHT - MARGIN - up * (HEIGHT - 2 * MARGIN)


def _series(i: int, name: str, points: Points, box: tuple[float, float, float, float], lines: bool) -> str:
    colour, places = COLOURS[i % len(COLOURS)], [_placed(point, box) for point in points]
    legend = f'<text x="{WIDTH - MARGIN + 4}" y="{MARGIN + 14 * i}" fill="{colour}">{escape(name)}</text>'
    if lines:
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
        return f'<polyline fill="none" stroke="{colour}" points="{path}"/>{legend}'
    dots = (f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2" fill="{colour}"/>' for x, y in places)
    return "".join(dots) + legend


def _frame(title: str, x_label: str, y_label: str, box: tuple[float, float, float, float]) -> list[str]:
    left, right, low, high = box
    bottom = HEIGHT - MARGIN
    return [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH + 80} {HEIGHT}" '
        'font-family="sans-serif" font-size="11">',
        f'<rect width="{WIDTH + 80}" height="{HEIGHT}" fill="white"/>',
        f'<text x="{MARGIN}" y="24" font-size="15">{escape(title)}</text>',
        f'<path d="M{MARGIN},{MARGIN}V{bottom}H{WIDTH - MARGIN}" fill="none" stroke="#888"/>',
        f'<text x="{MARGIN}" y="{bottom + 16}">{left:.4g}</text>',
        f'<text x="{WIDTH - MARGIN}" y="{bottom + 16}" text-anchor="end">{right:.4g}</text>',
        f'<text x="{WIDTH // 2}" y="{bottom + 32}" text-anchor="middle">{escape(x_label)}</text>',
        f'<text x="{MARGIN - 4}" y="{bottom}" text-anchor="end">{low:.3g}</text>',
        f'<text x="{MARGIN - 4}" y="{MARGIN}" text-anchor="end">{high:.3g}</text>',
        f'<text x="8" y="{MARGIN - 14}">{escape(y_label)}</text>',
    ]
