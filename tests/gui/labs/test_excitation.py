"""The lab of gates, with its real training."""

from __future__ import annotations

from PySide6.QtCore import Qt

from workbench.gui.labs.excitation import ExcitationLab
from workbench.gui.theme import Appearance


def test_a_gate_can_be_pointed_at(appearance: Appearance, qtbot) -> None:  # type: ignore[no-untyped-def]
    lab = ExcitationLab(appearance)
    qtbot.addWidget(lab)
    lab.resize(900, 600)
    lab.show()
    lab.reduction.setCurrentText("4")
    assert "64 maps 2,128" in lab.price.text()
    qtbot.mouseClick(lab.start, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: lab.study is not None, timeout=120_000)
    assert "with every gate at 1" in lab.verdict.text()
    qtbot.mouseMove(lab.views[2], lab.views[2].cell_rect(3, 10).center().toPoint())
    assert lab.words.text().startswith("Class 3, map 10 of block 3")
    lab.part.setCurrentIndex(1)
    assert lab._background.close(10)
