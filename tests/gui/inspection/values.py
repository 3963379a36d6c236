"""Clicking values and waiting for what is said of them."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QPoint, QPointF, Qt

from workbench.gui.inspection.value.panel import ValuePanel
from workbench.gui.main_window import MainWindow
from workbench.inspection import Place


def click(qtbot: Any, view: Any, x: float, y: float) -> None:
    """A click of the mouse at a place of an image."""
    place = view.mapFromScene(view.box.mapViewToScene(QPointF(x, y)))
    qtbot.mouseMove(view.viewport(), place)
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)


def explained(window: MainWindow, qtbot: Any, place: Place) -> ValuePanel:
    """The panel once it shows this value."""
    panel = window.inspection.value
    qtbot.waitUntil(lambda: panel.told is not None and panel.told.place == place, timeout=20_000)
    return panel


def centre(view: Any, row: int, column: int) -> QPoint:
    return view.cell_rect(row, column).center().toPoint()
