"""Branches of an inception block, switched by mouse."""

from __future__ import annotations

from workbench.gui.labs.inception import InceptionLab
from workbench.gui.theme import Appearance


def test_branches_and_bottlenecks_are_switched(appearance: Appearance, qtbot) -> None:  # type: ignore[no-untyped-def]
    lab = InceptionLab(appearance)
    qtbot.addWidget(lab)
    lab.resize(900, 500)
    lab.show()
    assert "163,328 weights" in lab.words.text()
    qtbot.waitUntil(lambda: lab.views["5×5"]._values.shape[0] > 1, timeout=30_000)
    lab.bottlenecks.click()
    assert "387,072 weights" in lab.words.text()
    for box in lab.branches.values():
        box.setChecked(False)
    assert "at least one branch" in lab.words.text()
    lab.branches["3×3"].setChecked(True)
    assert "128 maps together" in lab.words.text()
    assert lab._background.close(20)
