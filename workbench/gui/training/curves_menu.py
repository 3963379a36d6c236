"""What the mouse finds on the curves besides zooming and moving them."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject, Qt

from workbench.gui.actions import FOR_CURVES
from workbench.gui.menus import Actions
from workbench.gui.training.curves import CurvesView


class CurvesMenu(QObject):
    """A right click opens a menu and a double click shows the whole curves; a drag with either button is a plot's."""

    def __init__(self, curves: CurvesView, actions: Actions) -> None:
        super().__init__(curves)
        self._curves, self._actions = curves, actions
        for plot in curves.plots:
            plot.scene().sigMouseClicked.connect(self._take)

    def _take(self, click: Any) -> None:
        if click.button() == Qt.MouseButton.RightButton:
            self._actions.menu_for(FOR_CURVES, self._curves).popup(click.screenPos().toPoint())
        elif click.button() == Qt.MouseButton.LeftButton and click.double():
            self._curves.reset.click()
