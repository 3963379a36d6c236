"""The bar that tells what the colours of maps stand for."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject
from pytestqt.qtbot import QtBot

from workbench.gui.inspection.colours import ColourBar
from workbench.gui.theme import Appearance


class Paints(QObject):
    count = 0

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        self.count += event.type() == QEvent.Type.Paint
        return False


def test_figures_that_change_fast_are_painted_seldom_and_the_last_ones_stay(
    appearance: Appearance, qtbot: QtBot
) -> None:
    bar = ColourBar(appearance)
    qtbot.addWidget(bar)
    bar.show()
    bar.show_range("Viridis", 0, 1)
    qtbot.wait(400)
    paints = Paints(bar)
    bar.installEventFilter(paints)
    for step in range(20):
        bar.show_range("Viridis", 0, 1 + step)
        qtbot.wait(2)
    assert paints.count <= 1
    first = bar.grab().toImage()
    qtbot.waitUntil(lambda: not bar._is_behind and not bar._calm.isActive(), timeout=5000)
    assert bar.ends == ("0", "20")
    bar.show_range("Grey", 0, 20)
    assert not bar._is_behind, "other colours are shown at once"
    assert bar.grab().toImage() != first
