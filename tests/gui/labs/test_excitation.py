"""The lab of gates, with its real training."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from workbench.gui.labs.excitation import ExcitationLab
from workbench.gui.theme import Appearance


def test_a_gate_can_be_pointed_at(appearance: Appearance, two_epochs: None, qtbot) -> None:  # type: ignore[no-untyped-def]
    lab = ExcitationLab(appearance)
    qtbot.addWidget(lab)
    lab.resize(900, 600)
    lab.show()
    lab.reduction.setCurrentText("4")
    assert "64 maps 2,128" in lab.price.text()
    assert lab.hint.isVisible()
    assert "Press ‘Train and take apart’" in lab.hint.text()
    for told in ("Training …", "Stopped. Press", "Training …"):
        qtbot.mouseClick(lab.start, Qt.MouseButton.LeftButton)
        assert lab.hint.text().startswith(told)
    qtbot.waitUntil(lambda: lab.hint.text().startswith("Epoch 1 of 2"), timeout=120_000)
    qtbot.waitUntil(lambda: lab.study is not None, timeout=120_000)
    assert not lab.hint.isVisible()
    assert lab.views[0].isVisible()
    made = lab.study
    assert "with every gate at 1" in lab.verdict.text()
    assert f"4: {made.gated.whole:.1%}" in lab.price.text()
    lab.classes.setCurrentText("3")
    for view, block, opened in zip(lab.views, made.blocks, made.opened, strict=True):
        assert np.array_equal(view.gates.values, block.gates[3])
        assert np.array_equal(view.squeezed.values, block.squeezed[3])
        assert f"all at 1: {opened.whole:.1%} right" in view.worth.text()
        assert f"of class 3: {opened.by_class[3]:.0%}" in view.worth.text()
    bars = lab.views[2].gates
    qtbot.mouseMove(bars, bars.place(10).center().toPoint())
    assert lab.words.text().startswith("Class 3, map 10 of block 3")
    assert (bars.marked, lab.views[2].squeezed.marked, lab.views[1].gates.marked) == (10, 10, None)
    qtbot.keyClick(bars, Qt.Key.Key_Right)
    assert lab.words.text().startswith("Class 3, map 11 of block 3")
    lab.shown.setCurrentIndex(1)
    grid = lab.views[2].grid
    QApplication.processEvents()
    qtbot.mouseMove(grid, grid.cell_rect(5, 10).center().toPoint())
    assert lab.words.text().startswith("Class 5, map 10 of block 3")
    assert np.array_equal(grid.values, made.blocks[2].gates)
    lab.shown.setCurrentIndex(2)
    assert np.array_equal(grid.values, made.blocks[2].squeezed)
    assert lab._background.close(10)
