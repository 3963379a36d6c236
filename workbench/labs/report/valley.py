"""What came out of descending a valley and a bowl."""

from __future__ import annotations

import numpy as np

from workbench.graph import Builder
from workbench.inspection.attribution import colours
from workbench.labs.descent import Bowl, Path
from workbench.labs.report.lesson import Section
from workbench.runs.page.chart import Line, lines
from workbench.runs.page.frame import Html, figure, layers, paragraph, table

_EXTENT, _SIDE, _LEVELS = 1.25, 260, 10
_MOST_POINTS = 400
_NAMES = ("as it is", "normalized")
_COLOURS = ("#d9622b", "#2f6fde")


def valley(
    scale: float, rates: tuple[float, float], momentum: float, paths: tuple[Path, Path], raced: list[Section]
) -> list[Section]:
    """Two descents, of features ``scale`` times apart as they are and normalized; then what the networks ``raced``."""
    bowls = Bowl(scale**2), Bowl(1.0)
    rows = [
        (name, f"{bowl.steep:g}", f"{rate:g}", f"{bowl.largest_rate:.4g}", f"{momentum:g}", path.in_words())
        for name, bowl, rate, path in zip(_NAMES, bowls, rates, paths, strict=True)
    ]
    head = ("features", "condition number", "learning rate", "safe below", "momentum", "what came of it")
    maps = [
        figure(f"{name}: {path.in_words()}", _contours(bowl, path, name))
        for name, bowl, path in zip(_NAMES, bowls, paths, strict=True)
    ]
    losses = [
        Line(name, colour, np.maximum(bowl.loss(points), 1e-14).tolist(), steps)
        for name, colour, bowl, path in zip(_NAMES, _COLOURS, bowls, paths, strict=True)
        for steps, points in [_thinned(path)]
    ]
    curves = figure("loss, both on log scales", lines("loss over steps", losses, "step", log_x=True, log_y=True))
    formula = (
        "f(w) = ½ (steep·w₁² + w₂²); each step w ← w − rate · velocity, velocity ← momentum · velocity + gradient."
    )
    network = Builder((2,))
    network.add("fc", "Linear", out_features=1, bias=False)
    return [
        ("Settings of the descent", Html(table(head, rows, 9) + paragraph(formula, "muted"))),
        ("Two weights", Html(f'<div class="row">{"".join(maps)}</div>{curves}')),
        ("The network of two weights", layers(network.build("two weights"))),
        *((f"A real network: {heading[0].lower()}{heading[1:]}", content) for heading, content in raced),
    ]


def _contours(bowl: Bowl, path: Path, name: str) -> Html:
    """The loss as ellipses, brighter the lower, and the path on them."""
    corner = float(bowl.loss(np.full(2, _EXTENT)))
    shades = colours(False)

    def at(value: float) -> float:
        return _SIDE / 2 * (1 + value / _EXTENT)

    parts = [f'<svg viewBox="0 0 {_SIDE} {_SIDE}" style="width: {_SIDE}px" role="img" aria-label="{name}">',
             f'<rect width="{_SIDE}" height="{_SIDE}" fill="{_rgb(shades[0])}"/>']  # fmt: skip
    for number, level in enumerate(np.geomspace(corner, corner * 1e-4, _LEVELS)[1:], 1):
        across, down = (_SIDE / 2 / _EXTENT * np.sqrt(2 * level / steep) for steep in (bowl.steep, 1.0))
        middle, shade = _SIDE / 2, _rgb(shades[round(number * 200 / _LEVELS)])
        parts.append(f'<ellipse cx="{middle}" cy="{middle}" rx="{across:.1f}" ry="{down:.1f}" fill="{shade}"/>')
    points = np.clip(path.points[:_MOST_POINTS], -3 * _EXTENT, 3 * _EXTENT)
    trail = " ".join(f"{at(x):.1f},{at(-y):.1f}" for x, y in points.tolist())
    parts.append(f'<polyline points="{trail}" fill="none" stroke="#5bd1ff" stroke-width="1.5"/>')
    parts += [f'<circle cx="{at(x):.1f}" cy="{at(-y):.1f}" r="2" fill="#5bd1ff"/>' for x, y in points[:80].tolist()]
    return Html("".join(parts) + "</svg>")


def _thinned(path: Path) -> tuple[list[float], np.ndarray]:
    """Steps, counted from 1, and their points: some hundreds at most, evenly over a log scale."""
    chosen = np.unique(np.geomspace(1, len(path.points), _MOST_POINTS).round().astype(int)) - 1
    return (chosen + 1.0).tolist(), path.points[chosen]


def _rgb(colour: np.ndarray) -> str:
    return "rgb({},{},{})".format(*colour.tolist())
