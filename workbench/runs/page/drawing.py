"""Curves as SVG and arrays as PNG, inside the page itself."""

from __future__ import annotations

import base64
import html
import io
import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from PIL import Image

Array = np.ndarray[Any, Any]

COLOURS = ("#2f6fde", "#d9622b", "#8a93a5", "#1d8a4e")

_WIDTH, _HEIGHT = 640, 260
_LEFT, _RIGHT, _TOP, _BOTTOM = 52, 12, 12, 34


def curves(title: str, lines: Sequence[tuple[str, Sequence[float | None]]], marked: int | None = None) -> str:
    """Lines over epochs, counted from 1, with a legend; ``marked`` is an epoch to point out."""
    values = [v for _, line in lines for v in line if v is not None and math.isfinite(v)]
    count = max((len(line) for _, line in lines), default=0)
    if not values or not count:
        return ""
    low, high = min(values), max(values)
    span = (high - low) or 1.0

    def x(epoch: float) -> float:
        return _LEFT + (_WIDTH - _LEFT - _RIGHT) * (epoch - 1) / max(1, count - 1)

    def y(value: float) -> float:
        return _TOP + (_HEIGHT - _TOP - _BOTTOM) * (high - value) / span

    parts = [f'<svg viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-label="{html.escape(title)}">']
    for step in range(5):
        value = low + span * step / 4
        parts.append(
            f'<line x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{y(value):.1f}" y2="{y(value):.1f}" class="grid"/>'
        )
        parts.append(f'<text x="{_LEFT - 6}" y="{y(value) + 4:.1f}" text-anchor="end">{value:.3g}</text>')
    for epoch in sorted({1, (count + 1) // 2, count}):
        parts.append(f'<text x="{x(epoch):.1f}" y="{_HEIGHT - 12}" text-anchor="middle">{epoch}</text>')
    if marked is not None:
        parts.append(
            f'<line x1="{x(marked):.1f}" x2="{x(marked):.1f}" y1="{_TOP}" y2="{_HEIGHT - _BOTTOM}" class="mark"/>'
        )
    last = [line[-1] for _, line in lines if line and line[-1] is not None]
    # The legend stands where the lines do not end.
    legend = _HEIGHT - _BOTTOM - 16 * len(lines) if last and y(sum(last) / len(last)) < _HEIGHT / 2 else _TOP + 14
    for number, (name, line) in enumerate(lines):
        points = [f"{x(e):.1f},{y(v):.1f}" for e, v in enumerate(line, 1) if v is not None and math.isfinite(v)]
        colour = COLOURS[number % len(COLOURS)]
        parts.append(f'<polyline points="{" ".join(points)}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts.append(
            f'<text x="{_WIDTH - _RIGHT - 6}" y="{legend + 16 * number}" text-anchor="end" fill="{colour}">'
            f"{html.escape(name)}</text>"
        )
    return "".join(parts) + "</svg>"


def _line(x1: float, x2: float, y1: float, y2: float, kind: str) -> str:
    return f'<line x1="{x1:.1f}" x2="{x2:.1f}" y1="{y1:.1f}" y2="{y2:.1f}" class="{kind}"/>'


def mosaic(maps: Array, scale: int, signed: bool = False, most: int = 64) -> str:
    """Maps ``(C, H, W)`` side by side as an image; ``signed`` ones have zero in the middle. Each pixel ``scale``²."""
    maps = np.nan_to_num(maps[:most].astype(np.float32))
    count, height, width = maps.shape
    columns = math.ceil(math.sqrt(count * 1.6))
    rows = -(-count // columns)
    low, high = float(maps.min()), float(maps.max())
    if signed:
        high = max(abs(low), abs(high))
        low = -high
    pixels = ((maps - low) / ((high - low) or 1.0) * 255).round().astype(np.uint8)
    sheet = np.full((rows * (height + 1) - 1, columns * (width + 1) - 1), 255, np.uint8)
    for number, one in enumerate(pixels):
        top, left = number // columns * (height + 1), number % columns * (width + 1)
        sheet[top : top + height, left : left + width] = one
    return picture(sheet, scale)


def picture(pixels: Array, scale: int = 1) -> str:
    """uint8 ``(H, W)`` or ``(H, W, 3)`` as an image element."""
    image = Image.fromarray(pixels)
    image = image.resize((image.width * scale, image.height * scale), Image.Resampling.NEAREST)
    content = io.BytesIO()
    image.save(content, "PNG", optimize=True)
    return f'<img alt="" src="data:image/png;base64,{base64.b64encode(content.getvalue()).decode()}"/>'
