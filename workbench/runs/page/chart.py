"""Curves and bars as SVG, inside the page itself."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from workbench.runs.page.frame import Html, safe

_WIDTH, _HEIGHT = 640, 260
_LEFT, _RIGHT, _TOP, _BOTTOM = 62, 12, 12, 44
_ROW_HEIGHT = 130


@dataclass(frozen=True)
class Line:
    """Points of one colour; those without a finite value are left out, ``starred`` ones are marked."""

    name: str
    colour: str
    ys: Sequence[float | None]
    xs: Sequence[float] = ()
    """From 1 on, as epochs are counted, where there are none."""
    dots: bool = False
    starred: Sequence[int] = ()

    def points(self, log_x: bool, log_y: bool) -> list[tuple[float, float]]:
        """Those that can be drawn."""
        xs = self.xs or range(1, len(self.ys) + 1)
        return [
            (x, y)
            for x, y in zip(xs, self.ys, strict=True)
            if y is not None and math.isfinite(y) and (y > 0 or not log_y) and (x > 0 or not log_x)
        ]


@dataclass(frozen=True)
class _Axis:
    low: float
    high: float
    start: float
    end: float
    log: bool = False

    def place(self, value: float) -> float:
        low, high, own = (math.log10(v) if self.log else v for v in (self.low, self.high, value))
        return self.start + (self.end - self.start) * (own - low) / ((high - low) or 1.0)

    def ticks(self) -> list[tuple[float, str]]:
        if self.log:
            decades = range(math.ceil(math.log10(self.low) - 1e-9), math.floor(math.log10(self.high) + 1e-9) + 1)
            step = max(1, len(decades) // 5)
            if len(decades) > 1:
                return [(10.0**n, f"{10.0**n:g}") for n in decades[::step]]
            return [(value, f"{value:.3g}") for value in (self.low, self.high)]
        step = 10.0 ** float(math.floor(math.log10((self.high - self.low) or 1.0)))
        step = next(s for s in (step / 5, step / 2, step, 2 * step) if (self.high - self.low) / s <= 6)
        first = math.ceil(self.low / step - 1e-9)
        return [(n * step, f"{n * step:.6g}") for n in range(first, math.floor(self.high / step + 1e-9) + 1)]


def lines(
    title: str,
    drawn: Sequence[Line],
    x: str = "epoch",
    log_x: bool = False,
    log_y: bool = False,
    names: Sequence[str] = (),
    marked: float | None = None,
) -> Html:
    """Lines with their legend below; ``x`` is the word under them, ``marked`` a place to point out.

    With ``names`` the places along x are these, from 0 on. Empty where there is nothing to draw.
    """
    found = [point for line in drawn for point in line.points(log_x, log_y)]
    if not found:
        return Html("")
    xs, ys = [point[0] for point in found], [point[1] for point in found]
    if names:
        xs = [-0.4, len(names) - 0.6]
    if min(xs) == max(xs) and not log_x:
        xs = [xs[0] - 0.5, xs[0] + 0.5]  # a lone point stands in the middle and not on the axis
    across = _Axis(min(xs), max(xs), _LEFT, _WIDTH - _RIGHT, log_x)
    down = _Axis(min(ys), max(ys), _HEIGHT - _BOTTOM, _TOP, log_y)
    parts = [f'<svg viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-label="{safe(title)}">']
    for value, text in down.ticks():
        y = down.place(value)
        parts.append(_line(_LEFT, _WIDTH - _RIGHT, y, y, "grid"))
        parts.append(_text(_LEFT - 6, y + 4, text, "end"))
    for value, text in list(enumerate(names)) if names else across.ticks():
        if names or log_x or float(value).is_integer() or x != "epoch":
            parts.append(_text(across.place(value), _HEIGHT - _BOTTOM + 16, text, "middle"))
    parts.append(_text((_LEFT + _WIDTH - _RIGHT) / 2, _HEIGHT - 8, x, "middle"))
    if marked is not None:
        parts.append(_line(across.place(marked), across.place(marked), _TOP, _HEIGHT - _BOTTOM, "mark"))
    for line in drawn:
        points = [(across.place(px), down.place(py)) for px, py in line.points(log_x, log_y)]
        path = " ".join(f"{px:.1f},{py:.1f}" for px, py in points)
        parts.append(f'<polyline points="{path}" fill="none" stroke="{line.colour}" stroke-width="2"/>')
        if line.dots or len(points) == 1:
            parts += [f'<circle cx="{px:.1f}" cy="{py:.1f}" r="3.5" fill="{line.colour}"/>' for px, py in points]
        parts += [_star(*points[n], line.colour) for n in line.starred if n < len(points)]
    return Html("".join(parts) + "</svg>" + legend([(line.name, line.colour) for line in drawn]))


def legend(named: Sequence[tuple[str, str]]) -> str:
    """Each name after its colour."""
    inside = "".join(f'<span><b style="background: {colour}"></b>{safe(name)}</span>' for name, colour in named)
    return f'<p class="legend">{inside}</p>'


def bars(
    title: str,
    named: Sequence[tuple[str, float | None, str]],
    colour: str,
    marked: tuple[float, str] | None = None,
) -> Html:
    """A bar for each name, value and the words above it, all on one scale from 0; ``marked`` a value pointed out."""
    most = max((value for _, value, _ in named if value is not None), default=0.0) or 1.0
    top, bottom, width = 30, 200, (_WIDTH - 2 * _RIGHT) / max(1, len(named))
    parts = [f'<svg viewBox="0 0 {_WIDTH} {bottom + 26}" role="img" aria-label="{safe(title)}">']
    if marked is not None:
        y = bottom - (bottom - top) * marked[0] / most
        parts.append(_line(_RIGHT, _WIDTH - _RIGHT, y, y, "mark"))
        # Above all bars: beside its line it would lie over the words of a bar that is as high.
        parts.append(_text(_WIDTH - _RIGHT, 14, f"– – {marked[1]}", "end"))
    for number, (name, value, told) in enumerate(named):
        height = (bottom - top) * (value or 0.0) / most
        centre = _RIGHT + (number + 0.5) * width
        parts.append(
            f'<rect x="{centre - width / 4:.1f}" y="{bottom - height:.1f}" width="{width / 2:.1f}" '
            f'height="{height:.1f}" rx="2" fill="{colour}"/>'
        )
        parts.append(_text(centre, bottom - height - 6, told, "middle", "over"))
        parts.append(_text(centre, bottom + 18, name, "middle"))
    return Html("".join(parts) + "</svg>")


def row_of_bars(title: str, values: Sequence[float], beside: Sequence[float], most: float | None = None) -> Html:
    """A vector as bars from zero, numbered from 0, each held against that of ``beside``: a short line across it.

    The room is as high as the largest value, or as ``most``.
    """
    high = max(most or 0.0, *values, *beside) or 1.0
    down = _Axis(min(0.0, *values, *beside), high, _ROW_HEIGHT - 22, 8)
    width, zero = (_WIDTH - _RIGHT - _LEFT) / len(values), down.place(0.0)
    bars, lines_across = [], []
    for number, (value, other) in enumerate(zip(values, beside, strict=True)):
        left, wide = _LEFT + number * width, width - min(2.0, width / 4)
        bars.append(f"M{left:.1f} {zero:.1f}V{down.place(value):.1f}h{wide:.1f}V{zero:.1f}z")
        lines_across.append(f"M{left:.1f} {down.place(other) - 1:.1f}h{wide:.1f}v2h-{wide:.1f}z")
    step = next(step for step in (1, 2, 4, 8, 16, 32, 64, len(values)) if len(values) / step <= 16)
    numbers = (_text(_LEFT + (n + 0.5) * width, _ROW_HEIGHT - 5, str(n), "middle") for n in range(0, len(values), step))
    ends = (_text(_LEFT - 6, down.place(value) + 5, f"{value:.3g}", "end") for value in (0.0, high))
    return Html(
        f'<svg viewBox="0 0 {_WIDTH} {_ROW_HEIGHT}" role="img" aria-label="{safe(title)}">'
        f'{_line(_LEFT, _WIDTH - _RIGHT, zero, zero, "grid")}<path d="{"".join(bars)}" class="bars"/>'
        f'<path d="{"".join(lines_across)}" class="ink"/>{"".join(numbers)}{"".join(ends)}</svg>'
    )


def _line(x1: float, x2: float, y1: float, y2: float, kind: str) -> str:
    return f'<line x1="{x1:.1f}" x2="{x2:.1f}" y1="{y1:.1f}" y2="{y2:.1f}" class="{kind}"/>'


def _text(x: float, y: float, text: str, anchor: str, kind: str = "") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" class="{kind}">{safe(text)}</text>'


def _star(x: float, y: float, colour: str) -> str:
    corners = (
        (x + r * math.sin(n * math.pi / 5), y - r * math.cos(n * math.pi / 5))
        for n, r in enumerate((8, 3.2) * 5)
    )  # fmt: skip
    path = " ".join(f"{px:.1f},{py:.1f}" for px, py in corners)
    return f'<polygon points="{path}" fill="{colour}"/>'
