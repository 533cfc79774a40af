"""Pictures without a plotting library: lines and points as SVG, and a loss curve in the terminal."""

import math
import textwrap
from collections.abc import Mapping, Sequence
from html import escape

Point = Sequence[float]
Points = Sequence[Point]
Box = tuple[float, float, float, float]  # the smallest and largest x, then y

COLOURS = ("#1b6ca8", "#d1495b", "#3a7d44", "#8a5a9e", "#c17c00", "#4b5563")
WIDTH, HEIGHT, MARGIN = 640, 400, 56
TITLE_WIDTH, LINE = 80, 18  # characters of a row of the title, and the height of the row
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


def svg(
    title: str,
    x_label: str,
    y_label: str,
    series: Mapping[str, Points],
    lines: bool = True,
    names: Sequence[str] = (),
) -> str:
    """Return a chart of named series as an SVG document.

    A point is (x, y), or (x, y, half) with a bar from y - half to y + half. Points whose x or y is not finite are left
    out, and bars that are not. `names` stand below x = 1, 2, ... instead of the two ends of the axis.
    """
    kept = {name: [p for p in points if all(map(math.isfinite, p[:2]))] for name, points in series.items()}
    xs = [p[0] for points in kept.values() for p in points] or [0.0]
    ys = [y for points in kept.values() for p in points for y in _reach(p)] or [0.0]
    box = (min(xs), max(xs), min(ys), max(ys))
    marks = [_series(i, name, points, box, lines) for i, (name, points) in enumerate(kept.items())]
    said = textwrap.wrap(title, TITLE_WIDTH) or [""]
    width = WIDTH + max(80, 7 * max(map(len, kept), default=0) - MARGIN + 16)
    ticks = _names(names, box) if names else _ends(box)
    inside = "\n".join([*_axes(x_label, y_label, box), *ticks, *marks])
    return "\n".join(
        [*_head(title, said, width), f'<g transform="translate(0 {_lower(said)})">', inside, "</g></svg>\n"]
    )


def _reach(point: Point) -> tuple[float, ...]:
    """The heights that a point takes: its own, and the ends of its bar."""
    half = point[2] if len(point) > 2 else 0.0
    return (point[1] - half, point[1] + half) if math.isfinite(half) else (point[1],)


def _placed(point: Point, box: Box) -> tuple[float, float]:
    left, right, low, high = box
    # A single place stands in the middle, not in the corner.
    across = (point[0] - left) / (right - left) if right > left else 0.5
    up = (point[1] - low) / (high - low) if high > low else 0.5
    return MARGIN + across * (WIDTH - 2 * MARGIN), HEIGHT - MARGIN - up * (HEIGHT - 2 * MARGIN)


def _series(i: int, name: str, points: Points, box: Box, lines: bool) -> str:
    colour, places = COLOURS[i % len(COLOURS)], [_placed(point, box) for point in points]
    legend = f'<text x="{WIDTH - MARGIN + 4}" y="{MARGIN + 14 * i}" fill="{colour}">{escape(name)}</text>'
    bars = "".join(_bar(point, box, colour) for point in points if len(_reach(point)) > 1 and len(point) > 2)
    if lines and len(places) > 1:
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
        return f'<polyline fill="none" stroke="{colour}" points="{path}"/>{bars}{legend}'
    dots = (f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2" fill="{colour}"/>' for x, y in places)
    return "".join(dots) + bars + legend


def _bar(point: Point, box: Box, colour: str) -> str:
    (x, low), (_, high) = (_placed((point[0], end), box) for end in _reach(point))
    return f'<path d="M{x:.1f},{low:.1f}V{high:.1f}" stroke="{colour}" stroke-width="1.5" stroke-opacity="0.6"/>'


def _lower(said: Sequence[str]) -> int:
    return LINE * (len(said) - 1)


def _head(title: str, said: Sequence[str], width: int) -> list[str]:
    height = HEIGHT + _lower(said)
    rows = [f'<text x="{MARGIN}" y="{24 + LINE * i}" font-size="15">{escape(row)}</text>' for i, row in enumerate(said)]
    return [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" '
        'font-family="sans-serif" font-size="11">',
        f"<title>{escape(title)}</title>",
        f'<rect width="{width}" height="{height}" fill="white"/>',
        *rows,
    ]


def _axes(x_label: str, y_label: str, box: Box) -> list[str]:
    bottom = HEIGHT - MARGIN
    return [
        f'<path d="M{MARGIN},{MARGIN}V{bottom}H{WIDTH - MARGIN}" fill="none" stroke="#888"/>',
        f'<text x="{WIDTH // 2}" y="{bottom + 32}" text-anchor="middle">{escape(x_label)}</text>',
        f'<text x="{MARGIN - 4}" y="{bottom}" text-anchor="end">{box[2]:.3g}</text>',
        f'<text x="{MARGIN - 4}" y="{MARGIN}" text-anchor="end">{box[3]:.3g}</text>',
        f'<text x="8" y="{MARGIN - 14}">{escape(y_label)}</text>',
    ]


def _ends(box: Box) -> list[str]:
    place = f'y="{HEIGHT - MARGIN + 16}"'
    return [
        f'<text x="{MARGIN}" {place}>{box[0]:.4g}</text>',
        f'<text x="{WIDTH - MARGIN}" {place} text-anchor="end">{box[1]:.4g}</text>',
    ]


def _names(names: Sequence[str], box: Box) -> list[str]:
    places = [_placed((float(i), box[2]), box)[0] for i in range(1, len(names) + 1)]
    return [
        f'<text x="{x:.1f}" y="{HEIGHT - MARGIN + 16}" text-anchor="middle">{escape(name)}</text>'
        for x, name in zip(places, names, strict=True)
    ]
