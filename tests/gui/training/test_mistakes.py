"""The surest mistakes by pair of classes, and the images in a plane, of the last training or an opened run."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtWidgets import QApplication

from workbench.gui.data.thumbnails import PLACE
from workbench.gui.main_window import MainWindow
from workbench.gui.training.mistakes_panel import MistakesPanel
from workbench.inspection.embedding import MOST_POINTS
from workbench.runs import Run, review


def shown(panel: MistakesPanel) -> list[int]:
    return [panel.pictures.item(row).data(PLACE) for row in range(panel.pictures.count())]


def test_mistakes_and_points_are_those_of_the_best_weights(trained, qtbot) -> None:  # type: ignore[no-untyped-def]
    window: MainWindow = trained(epochs=2, learning_rate=0.02)
    panel = window.training.mistakes_panel
    assert panel.review is None, "nobody has looked yet"
    window.workspace.reveal("Mistakes")
    qtbot.waitUntil(lambda: panel.scatter.shown > 0 and panel.pictures.count() > 0, timeout=60_000)
    asked = review(Run.open(window.session.directory))
    said = asked.verdicts
    places = said.mistakes().tolist()
    assert shown(panel) == places[:120]
    assert np.all(np.diff(said.confidence[places]) <= 0)
    assert panel.scatter.shown == len(window.picture.dataset.validation)
    assert f"{said.accuracy:.1%}" in panel.told

    label, called, count = said.pairs()[0]
    panel.pairs.setCurrentIndex(1)
    qtbot.waitUntil(lambda: len(shown(panel)) == count, timeout=20_000)
    assert {(said.labels[p], said.called[p]) for p in shown(panel)} == {(label, called)}

    place = shown(panel)[0]
    item = panel.pictures.item(0)
    qtbot.mouseClick(
        panel.pictures.viewport(), Qt.MouseButton.LeftButton, pos=panel.pictures.visualItemRect(item).center()
    )
    assert window.picture.picture.name == f"validation image {place}"
    assert window.picture.picture.truth == asked.dataset.classes[label]


def test_a_point_is_told_and_picked_and_a_class_shown_alone(trained, qtbot) -> None:  # type: ignore[no-untyped-def]
    window: MainWindow = trained(epochs=1)
    panel = window.training.mistakes_panel
    window.workspace.reveal("Mistakes")
    qtbot.waitUntil(lambda: panel.scatter.shown > 0, timeout=60_000)
    scatter, said = panel.scatter, panel.review.verdicts
    alone = int(np.argmax(np.abs(scatter._points - scatter._points.mean(0)).sum(1)))
    place = int(scatter._places[alone])
    scatter.plot.grab()
    QApplication.processEvents()
    position = scatter.position_of(place).toPoint()
    qtbot.mouseMove(scatter.plot.viewport(), position)
    QApplication.processEvents()
    assert f"Validation image {place} is" in panel.pointed
    qtbot.mouseClick(scatter.plot.viewport(), Qt.MouseButton.LeftButton, pos=position)
    assert window.picture.picture.name == f"validation image {place}"
    names = panel.review.dataset.classes
    picked: list[int] = []
    scatter.picked.connect(picked.append)
    scatter.mark(None)
    places, (x, y) = [], (0, 1)
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Up):
        qtbot.keyClick(scatter.plot, key)
        places.append(scatter.current)
        assert f"image {scatter.current} " in panel.pointed
    points = {place: scatter._points[scatter._places == place][0] for place in places}
    assert points[places[1]][x] > points[places[0]][x]
    assert points[places[2]][y] > points[places[1]][y]
    qtbot.keyClick(scatter.plot, Qt.Key.Key_Return)
    assert picked == [places[2]]
    row = scatter.legend.item(3)
    scatter.legend.itemClicked.emit(row)
    assert row.text() == names[3]
    assert scatter.shown == int((said.labels == 3).sum())
    scatter.legend.itemClicked.emit(row)
    assert scatter.shown == len(said.labels)
    scatter.legend.setCurrentRow(4)
    qtbot.keyClick(scatter.legend, Qt.Key.Key_Return)
    assert scatter.shown == int((said.labels == 4).sum())
    qtbot.waitUntil(lambda: panel.pictures.count() > 0, timeout=20_000)
    panel.pictures.setCurrentRow(0)
    qtbot.keyClick(panel.pictures, Qt.Key.Key_Return)
    assert window.picture.picture.name == f"validation image {shown(panel)[0]}"


def test_of_many_images_some_are_laid_out_and_it_is_said(trained, window: MainWindow, qtbot) -> None:  # type: ignore[no-untyped-def]
    window.document.set_data(window.document.data.changed(validation=0.6), "for the test")
    qtbot.waitUntil(lambda: len(window.picture.dataset.validation) > MOST_POINTS, timeout=60_000)
    count = len(window.picture.dataset.validation)
    trained(epochs=1, batch_size=128)
    panel = window.training.mistakes_panel
    window.workspace.reveal("Mistakes")
    qtbot.waitUntil(lambda: panel.scatter.shown > 0, timeout=60_000)
    assert panel.scatter.shown == MOST_POINTS
    assert f"1,000 of {count:,} images, evenly chosen" in panel.pointed
    assert "Of more than 1,000 images" in panel.method.toolTip()
    places = panel.scatter._places
    assert (places[0], places[-1], int(np.diff(places).max())) == (0, count - 1, 2)


def test_tsne_is_asked_for_and_given_up(trained, qtbot) -> None:  # type: ignore[no-untyped-def]
    window: MainWindow = trained(epochs=1, batch_size=128)
    panel = window.training.mistakes_panel
    window.workspace.reveal("Mistakes")
    qtbot.waitUntil(lambda: panel.scatter.shown > 0 and "listed" in panel.told, timeout=60_000)
    before, told = panel.scatter._points.copy(), panel.told
    assert f"all {len(before):,} images" in panel.pointed
    laid_out: list[object] = []
    panel._laying.done.connect(laid_out.append)
    panel.method.setCurrentText("t-SNE")
    assert panel.cancel.isVisible()
    assert "Laying out" in panel.pointed
    qtbot.mouseClick(panel.cancel, Qt.MouseButton.LeftButton)
    assert panel.method.currentText() == "PCA"
    qtbot.waitUntil(lambda: len(laid_out) == 1, timeout=60_000)
    assert laid_out[0][2].method == "PCA"  # type: ignore[index]
    assert np.allclose(panel.scatter._points, before, atol=1e-4)
    assert not panel.cancel.isVisible()
    assert panel.told == told
    panel.method.setCurrentText("t-SNE")
    qtbot.waitUntil(lambda: not np.array_equal(panel.scatter._points, before), timeout=60_000)


def test_the_titles_of_the_axes_are_seen_whole(trained, qtbot) -> None:  # type: ignore[no-untyped-def]
    window: MainWindow = trained(epochs=1)
    window.workspace.reveal("Mistakes")
    scatter = window.training.mistakes_panel.scatter
    qtbot.waitUntil(lambda: scatter.shown > 0, timeout=60_000)
    QApplication.processEvents()  # the list of classes is as wide as their names: the plot has the rest
    scatter.plot.grab()
    seen = scatter.plot.viewport().rect()
    for side in ("bottom", "left"):
        label = scatter.plot.getAxis(side).label
        margin = label.document().documentMargin()
        words = label.mapRectToScene(label.boundingRect().adjusted(margin, margin, -margin, -margin))
        assert label.toPlainText().startswith("component")
        assert QRectF(seen).contains(words), side
