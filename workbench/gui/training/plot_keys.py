"""Curves read off, zoomed and moved by keyboard, with the keys that images have."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent

from workbench.gui.training.curve_plot import CurvePlot

_KEYS = Qt.Key
_ARROWS = {_KEYS.Key_Left: (-1, 0), _KEYS.Key_Right: (1, 0), _KEYS.Key_Up: (0, 1), _KEYS.Key_Down: (0, -1)}
_ZOOMS = {_KEYS.Key_Plus: 1.25, _KEYS.Key_Equal: 1.25, _KEYS.Key_Minus: 0.8}
_POINTS = 0.01
_MOVES = 0.2
"""Shares of what is in sight by which a key moves the hair lines, and what is in sight."""


class PlotKeys(QObject):
    """Those of one plot: arrows move its hair lines, with Shift what is in sight; + and - zoom over the steps, Escape
    takes the hair lines away. ``whole``: 0 or Home asks for all of it."""

    whole = Signal()

    def __init__(self, plot: CurvePlot) -> None:
        super().__init__(plot)
        self._plot = plot
        plot.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        return event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and self._take(event)

    def _take(self, event: QKeyEvent) -> bool:
        """Whether the key meant something."""
        plot, key = self._plot, Qt.Key(event.key())
        shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        box = plot.getPlotItem().getViewBox()
        (left, right), (low, high) = box.viewRange()
        if key in _ARROWS and shift:
            across, up = _ARROWS[key]
            box.translateBy(x=across * _MOVES * (right - left), y=up * _MOVES * (high - low))
            plot.moved.emit()
        elif key in _ARROWS:
            across, up = _ARROWS[key]
            x, y = plot.crosshair.place or (left - across * _POINTS * (right - left), (low + high) / 2)
            x, y = x + across * _POINTS * (right - left), y + up * _POINTS * (high - low)
            plot.pointed.emit((min(max(x, left, 0.0), right), min(max(y, low), high)))
        elif key in _ZOOMS:
            place = plot.crosshair.place
            box.scaleBy(x=1 / _ZOOMS[key], center=(place[0] if place else (left + right) / 2, 0.0))
            plot.moved.emit()
        elif key in (_KEYS.Key_0, _KEYS.Key_Home):
            self.whole.emit()
        elif key == _KEYS.Key_Escape and plot.crosshair.place is not None:
            plot.pointed.emit(None)
        else:
            return False
        return True
