"""Where in the stack something that is dragged would land, and the gap that opens for it."""

from __future__ import annotations

from PySide6.QtCore import QPointF

from workbench.gui.editor.layout import ROW_GAP, Placement, opened
from workbench.gui.editor.outline import Outline

_GAP = 44.0


def landing(placement: Placement, outline: Outline, position: QPointF, gap: str | None) -> str | None:
    """The card below which something dropped there would land; None above all. ``gap`` is the card below which one is
    open now, ``placement`` how the cards stand while none is."""
    wanted = position.y()
    if gap is not None:
        # As if no gap were open: else the gap would flee from the pointer.
        edge = _bottom(placement, gap)
        wanted = wanted if wanted < edge else max(edge, wanted - _GAP)
    best: tuple[float, str] | None = None
    for name, (x, y) in placement.centres.items():
        if y > wanted and not outline.by_name[name].is_input:
            continue
        distance = abs(position.x() - x) * 0.5 + abs(wanted - y - placement.heights[name] / 2)
        if best is None or distance < best[0]:
            best = (distance, name)
    return best[1] if best else None


def with_gap(placement: Placement, below: str) -> tuple[Placement, QPointF]:
    """How the cards stand while a gap is open below one of them, and the middle of the gap."""
    edge = _bottom(placement, below)
    x, _ = placement.centres[below]
    return opened(placement, edge, _GAP), QPointF(x, edge + (ROW_GAP + _GAP) / 2)


def _bottom(placement: Placement, name: str) -> float:
    return placement.centres[name][1] + placement.heights[name] / 2
