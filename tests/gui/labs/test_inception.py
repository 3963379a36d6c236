"""Branches of an inception block, switched by mouse."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor

from workbench.gui.labs.inception import InceptionLab
from workbench.gui.theme import Appearance
from workbench.labs.inception_digits import maps_of_digit


def test_branches_and_bottlenecks_are_switched(appearance: Appearance, qtbot) -> None:  # type: ignore[no-untyped-def]
    lab = InceptionLab(appearance)
    qtbot.addWidget(lab)
    lab.resize(900, 500)
    lab.show()
    assert "163,328 weights" in lab.words.text()
    qtbot.waitUntil(lambda: lab.views["5×5"]._values.shape[0] > 1, timeout=30_000)
    view = lab.views["5×5"]
    assert np.isinf(view._values[:, 28:30]).all(), "nothing between two maps"
    ground = appearance.theme.surface
    assert {QColor(*one).name() for one in view._pixels()[:, :, 28].T.tolist()} == {QColor(ground).name()}
    lab.bottlenecks.click()
    assert "387,072 weights" in lab.words.text()
    for box in lab.branches.values():
        box.setChecked(False)
    assert "at least one branch" in lab.words.text()
    assert not any(view.isVisible() for view in lab.views.values())
    lab.branches["3×3"].setChecked(True)
    assert "128 maps together" in lab.words.text()
    assert lab._background.close(20)


def test_a_block_learns_the_digits_and_its_branches_are_seen(appearance: Appearance, qtbot) -> None:  # type: ignore[no-untyped-def]
    lab = InceptionLab(appearance)
    qtbot.addWidget(lab)
    lab.resize(900, 500)
    lab.show()
    for branch in ("3×3", "5×5"):
        lab.branches[branch].setChecked(False)
    qtbot.waitUntil(lambda: set(lab.maps) == {"1×1", "pooling"}, timeout=30_000)
    assert lab.told.text() == "Filters at random, as before any training."
    lab.pictures.setCurrentText("Digit 7")
    assert lab.told.text() == "Filters at random: the block was not trained with bottlenecks."
    qtbot.waitUntil(lambda: lab.maps["1×1"].shape == (64, 14, 14), timeout=30_000)
    before = lab.maps
    qtbot.mouseClick(lab.train, Qt.MouseButton.LeftButton)
    assert lab.train.text() == "Stop"
    qtbot.mouseClick(lab.train, Qt.MouseButton.LeftButton)
    assert (lab.train.text(), lab.told.text(), lab.learnt) == ("Train on digits", "Stopped.", None)
    qtbot.mouseClick(lab.train, Qt.MouseButton.LeftButton)
    heard: set[str] = set()

    def ended() -> bool:
        heard.add(lab.told.text())
        return lab.learnt is not None

    qtbot.waitUntil(ended, timeout=120_000)
    assert any(words.startswith("Epoch 1 of 3: ") for words in heard)
    made = lab.learnt
    assert made is not None
    right = f"{made.epochs[-1].validation_accuracy:.1%}"
    assert lab.told.text() == f"Learnt with 2 of 4 branches in 3 epochs: {right} of new digits right."
    assert lab.measured() == f"96 maps leave the block with bottlenecks, and {right} of new digits are called right"
    qtbot.waitUntil(lambda: lab.maps is not before, timeout=30_000)
    expected = maps_of_digit(lab.block, 7, made)
    assert np.array_equal(lab.maps["pooling"], expected["pooling"])
    assert not np.array_equal(before["pooling"], expected["pooling"])
    # What has learnt beside another is still there without it; without bottlenecks nothing has learnt.
    lab.branches["pooling"].setChecked(False)
    assert lab.learnt is made
    assert lab.measured() == "64 maps leave the block with bottlenecks", "what is right was so with both"
    lab.bottlenecks.click()
    assert lab.learnt is None
    assert "was not trained without bottlenecks" in lab.told.text()
    lab.begin()
    lab.hide()
    assert not lab.training
    assert lab._training.close(20)
    assert lab._background.close(20)
