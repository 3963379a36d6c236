"""Arrays as PNG or as tables of coloured cells, inside the page itself."""

from __future__ import annotations

import base64
import io
import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from PIL import Image, ImageDraw

from workbench.inspection.attribution import colours
from workbench.runs.page.frame import Html, safe

Array = np.ndarray[Any, Any]
Limits = tuple[float, float]

_MOST_CELLS = 12
"""A table of numbers has at most so many rows or columns; a larger one is drawn."""


def mosaic(
    maps: Array, scale: int, signed: bool = False, most: int = 64, limits: Limits | None = None, alt: str = ""
) -> Html:
    """Maps ``(C, H, W)``, or ``(C, H, W, 3)`` in colours, side by side as an image; each pixel is ``scale``².

    ``signed`` ones have zero in the middle. Without ``limits`` they go from the lowest of all to the highest.
    """
    maps = np.nan_to_num(maps[:most].astype(np.float32))
    count, height, width = maps.shape[:3]
    columns = math.ceil(math.sqrt(count * 1.6))
    rows = -(-count // columns)
    pixels = _levels(maps, signed, limits)
    # Between the maps the page is seen, which may be dark: the last channel says how much each pixel hides of it.
    bands = pixels.reshape(count, height, width, -1)
    sheet = np.zeros((rows * (height + 1) - 1, columns * (width + 1) - 1, bands.shape[3] + 1), np.uint8)
    for number, one in enumerate(bands):
        top, left = number // columns * (height + 1), number % columns * (width + 1)
        sheet[top : top + height, left : left + width, :-1] = one
        sheet[top : top + height, left : left + width, -1] = 255
    return picture(sheet, scale, alt)


def picture(pixels: Array, scale: int = 1, alt: str = "") -> Html:
    """uint8 ``(H, W)``, ``(H, W, 3)``, or either with a channel of opacity more, as an image element."""
    return _png(_enlarged(pixels, scale), alt)


def grid(
    name: str,
    values: Array,
    kind: str = "grey",
    limits: Limits | None = None,
    rows: Sequence[int] = (),
    columns: Sequence[int] = (),
    side: int = 264,
) -> Html:
    """Values ``(H, W)`` or a colour picture ``(3, H, W)`` of 0 to 1: a table of numbers where there is room.

    ``kind`` is grey, signed (zero is white) or heat; the cells where ``rows`` and ``columns`` cross are framed.
    A drawing is ``side`` pixels wide or high, about.
    """
    if values.ndim == 2 and max(values.shape) <= _MOST_CELLS:
        return _cells(values, kind, limits, rows, columns)
    if values.ndim == 3:
        shades = (np.clip(values, 0, 1) * 255).round().astype(np.uint8).transpose(1, 2, 0)
    else:
        shades = _shades(values, kind, limits)
    scale = max(1, side // max(shades.shape[:2]))
    image = _enlarged(shades, scale)
    if rows and columns:
        image = image.convert("RGB")
        box = (columns[0] * scale, rows[0] * scale, (columns[-1] + 1) * scale, (rows[-1] + 1) * scale)
        ImageDraw.Draw(image).rectangle(box, outline="#d9622b", width=2)
    return _png(image, name)


def _cells(values: Array, kind: str, limits: Limits | None, rows: Sequence[int], columns: Sequence[int]) -> Html:
    shades = _shades(values, kind, limits)
    rgb = np.repeat(shades[..., None], 3, 2) if shades.ndim == 2 else shades
    lines = []
    for row in range(values.shape[0]):
        cells = []
        for column in range(values.shape[1]):
            red, green, blue = rgb[row, column].tolist()
            ink = "#111" if (red + green + blue) / 3 > 120 else "#f5f5f5"
            on = ' class="on"' if row in rows and column in columns else ""
            text = f"{values[row, column] + 0.0:.3g}".replace("-", "−")
            cells.append(f'<td{on} style="background: rgb({red},{green},{blue}); color: {ink}">{text}</td>')
        lines.append(f"<tr>{''.join(cells)}</tr>")
    return Html(f'<table class="cells">{"".join(lines)}</table>')


def _shades(values: Array, kind: str, limits: Limits | None) -> Array:
    """uint8 ``(H, W)`` of greys, or ``(H, W, 3)``."""
    known = np.nan_to_num(values.astype(np.float32))
    if kind == "grey":
        return _levels(known, False, limits)
    table = colours(kind == "signed")
    return table[_levels(known, kind == "signed", limits, len(table) - 1)]


def _levels(values: Array, signed: bool, limits: Limits | None, top: int = 255) -> Array:
    low, high = limits or (float(values.min()), float(values.max()))
    if signed:
        high = max(abs(low), abs(high))
        low = -high
    return (np.clip((values - low) / ((high - low) or 1.0), 0, 1) * top).round().astype(np.uint8)


def _enlarged(pixels: Array, scale: int) -> Image.Image:
    image = Image.fromarray(pixels)
    return image.resize((image.width * scale, image.height * scale), Image.Resampling.NEAREST)


def _png(image: Image.Image, alt: str) -> Html:
    content = io.BytesIO()
    image.save(content, "PNG", optimize=True)
    encoded = base64.b64encode(content.getvalue()).decode()
    return Html(f'<img alt="{safe(alt)}" src="data:image/png;base64,{encoded}"/>')
