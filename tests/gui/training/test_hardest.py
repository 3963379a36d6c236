"""Wrong labels are found among the hardest images, left out, and the next run is better for it."""

from __future__ import annotations

from PySide6.QtCore import Qt

from workbench.data import load
from workbench.gui.data.thumbnails import PLACE
from workbench.gui.main_window import MainWindow
from workbench.gui.training.hardest import HardestPanel
from workbench.project import DataChoice


def _listed(panel: HardestPanel) -> list[int]:
    items = [panel.pictures.item(row) for row in range(panel.pictures.count())]
    return [item.data(PLACE) for item in items if not item.isHidden()]


def test_wrong_labels_are_ticked_left_out_and_taken_back(window: MainWindow, qtbot) -> None:  # type: ignore[no-untyped-def]
    noisy = DataChoice(label_noise=0.1)
    window.document.set_data(noisy, "for the test")
    window.document.set_recipe(window.document.recipe.changed(epochs=5), "for the test")
    window.training.train()
    panel = window.training.hardest
    qtbot.waitUntil(lambda: panel.pictures.count() == 60, timeout=120_000)
    true, told = (load(choice, window.document.graph.shape).train for choice in (DataChoice(), noisy))
    assert true.indices.tolist() == told.indices.tolist()
    flipped = {index for index, a, b in zip(true.indices.tolist(), true.labels, told.labels, strict=True) if a != b}
    shown = [one.index for one in panel.hard]
    share, overall = len(flipped & set(shown)) / len(shown), len(flipped) / len(true)
    assert share >= 3 * overall
    assert not panel.exclude.isEnabled()
    panel.pictures.item(0).setCheckState(Qt.CheckState.Checked)
    assert panel.exclude.text() == "Exclude 1"
    qtbot.mouseClick(panel.suspicious, Qt.MouseButton.LeftButton)
    suspicious = {one.index for one in panel.hard if one.called != one.label}
    assert set(panel.ticked) == suspicious
    assert len(flipped & suspicious) / len(suspicious) >= share, "a verdict beside the label tells more than the loss"
    qtbot.mouseClick(panel.all, Qt.MouseButton.LeftButton)
    before = window.document.project
    assert _listed(panel) == shown
    qtbot.mouseClick(panel.none, Qt.MouseButton.LeftButton)
    panel.pictures.item(1).setCheckState(Qt.CheckState.Checked)
    qtbot.mouseClick(panel.exclude, Qt.MouseButton.LeftButton)
    assert window.document.undo_title == "Exclude 1 image"
    assert _listed(panel) == [shown[0], *shown[2:]], "what is left out does not stand there any more"
    window.document.undo()
    assert _listed(panel) == shown
    qtbot.mouseClick(panel.all, Qt.MouseButton.LeftButton)
    qtbot.mouseClick(panel.exclude, Qt.MouseButton.LeftButton)
    assert set(window.document.data.excluded) == set(shown)
    assert window.document.undo_title == "Exclude 60 images"
    assert (_listed(panel), panel.ticked, panel.all.isEnabled()) == ([], [], False)
    qtbot.mouseClick(panel.again, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: window.session.active, timeout=20_000)
    qtbot.waitUntil(lambda: not window.session.active and "without 60 images" in panel.result.text(), timeout=120_000)
    qtbot.waitUntil(lambda: not panel._background.busy, timeout=60_000)
    assert panel.result.text().count("the best of 5 epochs") == 2
    assert not set(shown) & {one.index for one in panel.hard}
    qtbot.mouseClick(panel.restore, Qt.MouseButton.LeftButton)
    assert window.document.data.excluded == ()
    window.document.undo()
    window.document.undo()
    assert window.document.project == before
