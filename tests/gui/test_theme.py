"""What can be ticked shows its frame and its tick, in the light and in the dark."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication, QCheckBox
from pytestqt.qtbot import QtBot

from workbench.gui.theme import DARK, LIGHT, Appearance, Scheme, Theme


@pytest.mark.parametrize(("scheme", "theme"), [("light", LIGHT), ("dark", DARK)])
def test_a_ticked_box_has_a_frame_and_a_tick(qtbot: QtBot, qapp: QApplication, scheme: Scheme, theme: Theme) -> None:
    appearance = Appearance(qapp, scheme)
    box = QCheckBox()
    qtbot.addWidget(box)
    box.show()
    plain = seen_in(box)
    assert QColor(theme.muted).rgb() in plain, "the frame"
    box.setChecked(True)
    ticked = seen_in(box)
    assert QColor(theme.accent).rgb() in ticked
    assert QColor(theme.on_accent).rgb() in ticked, "the tick"
    box.setEnabled(False)
    assert QColor(theme.muted).rgb() in seen_in(box)
    appearance.choose("light")


def seen_in(box: QCheckBox) -> set[int]:
    image = box.grab().toImage()
    return {image.pixel(x, y) for x in range(image.width()) for y in range(image.height())}
