"""The pooling lab by mouse."""

from __future__ import annotations

from workbench.gui.labs.pooling import PoolingLab
from workbench.gui.theme import Appearance
from workbench.labs.convolution import sum_in_words


def test_windows_are_pooled_and_told(appearance: Appearance, qtbot) -> None:  # type: ignore[no-untyped-def]
    lab = PoolingLab(appearance)
    qtbot.addWidget(lab)
    lab.resize(800, 600)
    lab.show()
    assert "max(1, 3, 5, 6) = 6" in lab.words.text()
    qtbot.mouseMove(lab.largest, lab.largest.cell_rect(1, 1).center().toPoint())
    assert lab.input.marked == ((2, 3), (2, 3))
    assert "max(9, 0, 3, 5) = 9" in lab.words.text()
    assert "(9 + 0 + 3 + 5) / 4 = 4.25" in lab.words.text()
    qtbot.mouseMove(lab.stepped, lab.stepped.cell_rect(0, 0).center().toPoint())
    assert lab.input.marked == ((0, 1, 2), (0, 1, 2))
    assert (lab.stepped.marked, lab.largest.marked) == (((0,), (0,)), ((), ()))
    window, weights = lab.convolved.window(0, 0), lab.convolved.kernel
    assert window.value == float((lab.convolved.picture[0, :3, :3] * weights[0]).sum())
    assert lab.words.text() == sum_in_words(window, weights)
    lab.window_side.setValue(3)
    assert (lab.stepped.marked, lab.input.marked) == (((), ()), ((0, 1, 2), (0, 1, 2)))
    assert "The windows overlap" in lab.size_told.text()
    lab.window_side.setValue(6)
    assert "larger than the picture" in lab.words.text()
    for name in (lab.pictures.itemText(index) for index in range(lab.pictures.count())):
        lab.pictures.setCurrentText(name)
        lab.window_side.setValue(2)
    lab.input.edited.emit(0, 0, 7.0)
    assert "max(7, 0, 0, 0) = 7" in lab.words.text() or lab.pooling("max").picture[0, 0] == 7
