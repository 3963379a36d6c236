"""The confusion matrix follows the epochs, and a cell shows its images."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFontMetrics
from PySide6.QtWidgets import QLabel

from workbench.gui.main_window import MainWindow
from workbench.gui.training.confusion import ConfusionPanel
from workbench.gui.training.confusion_matrix import ConfusionMatrix, _drawn_small


def test_the_matrix_is_the_last_epochs_and_a_click_lists_the_images(trained, qtbot) -> None:  # type: ignore[no-untyped-def]
    window: MainWindow = trained(epochs=2, learning_rate=0.02)
    window.workspace.reveal("Confusion")
    epoch = window.session.series.epochs[-1]
    matrix = window.training.confusion.matrix
    counts = np.asarray(epoch.confusion)
    assert matrix._counts.tolist() == counts.tolist()
    wrong = counts - np.diag(np.diag(counts))
    true, called = np.unravel_index(int(wrong.argmax()), wrong.shape)
    worst = matrix.worst()
    assert worst is not None
    assert worst[2] == wrong.max()
    matrix.resize(400, 300)
    found = []
    window.training.mistakes.found.connect(lambda images, places, note: found.append((places, note)))
    qtbot.mouseClick(matrix, Qt.MouseButton.LeftButton, pos=matrix.cell_centre(int(true), int(called)))
    qtbot.waitUntil(lambda: bool(found), timeout=30_000)
    places, note = found[0]
    assert len(places) == wrong.max()
    assert "taken for" in note
    labels = window.picture.dataset.validation.labels
    assert {int(labels[place]) for place in places} == {int(true)}


def test_every_cell_is_found_where_it_is_drawn(appearance, qtbot) -> None:  # type: ignore[no-untyped-def]
    matrix = ConfusionMatrix(appearance)
    qtbot.addWidget(matrix)
    matrix.resize(500, 360)
    matrix.show_counts(np.arange(49).reshape(7, 7), tuple("abcdefg"))
    for true in range(7):
        for called in range(7):
            assert matrix.cell_at(matrix.cell_centre(true, called)) == (true, called)


def test_the_keyboard_goes_from_cell_to_cell_of_whatever_is_shown(appearance, qtbot) -> None:  # type: ignore[no-untyped-def]
    matrix = ConfusionMatrix(appearance)
    qtbot.addWidget(matrix)
    chosen = []
    matrix.chosen.connect(lambda *cell: chosen.append(cell))
    matrix.show_counts(np.array([[5, 0, 1], [0, 4, 2], [0, 0, 8]]), ("a", "b", "c"))
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Return):
        qtbot.keyClick(matrix, key)
    assert chosen == [(1, 2)]
    assert matrix.accessibleDescription() == "'b' taken for 'c': 2 of 6 (33.3%)"
    matrix.show_counts(np.array([[5, 1], [0, 4]]), ("yes", "no"))
    qtbot.keyClick(matrix, Qt.Key.Key_Return)
    assert chosen[-1] == (0, 0), "a run of fewer classes has no such cell any more"


def test_before_the_first_epoch_one_hint_stands_in_the_middle(appearance, qtbot) -> None:  # type: ignore[no-untyped-def]
    panel = ConfusionPanel(appearance)
    qtbot.addWidget(panel)
    panel.resize(600, 240)
    panel.show()
    (hint,) = [label for label in panel.findChildren(QLabel) if label.isVisible()]
    assert hint.text() == panel.told
    assert hint.mapTo(panel, hint.rect().center()).x() == pytest.approx(300, abs=2)
    assert not panel.matrix.isVisible()


def test_a_thousand_classes_are_painted_too(appearance, qtbot) -> None:  # type: ignore[no-untyped-def]
    matrix = ConfusionMatrix(appearance)
    qtbot.addWidget(matrix)
    matrix.resize(500, 360)
    counts = np.random.default_rng(0).integers(0, 3, (1000, 1000))
    matrix.show_counts(counts, tuple(f"class {n}" for n in range(1000)))
    assert not matrix.grab().isNull()


def test_another_network_shows_nothing_of_the_training_before_which_stands_under_runs(trained, qtbot) -> None:  # type: ignore[no-untyped-def]
    window: MainWindow = trained(epochs=2, learning_rate=0.02)
    room = window.training
    qtbot.waitUntil(lambda: bool(room.hardest.hard), timeout=30_000)
    directory = window.session.directory
    assert f"Epoch 2 of {directory.name}: " in room.confusion.told
    window.workspace.reveal("Mistakes")
    qtbot.waitUntil(lambda: room.mistakes_panel.review is not None, timeout=60_000)
    window.document.saved_as(Path("elsewhere.json"))
    window.files.open_preset("cifar-resnet20")
    assert room.confusion.matrix.classes == ()
    assert room.confusion.told.startswith("After the first epoch")
    assert room.mistakes_panel.review is None
    assert room.hardest.hard == ()
    assert room.curves.series.count == 0
    assert room.curves.diagnosis.sentence.startswith("Train to see")
    assert window.status.text == "Ready"
    room.open_run(directory)
    qtbot.waitUntil(lambda: directory.name in room.confusion.told, timeout=30_000)
    assert room.curves.run == directory.name
    qtbot.waitUntil(lambda: bool(room.hardest.hard), timeout=30_000)
    assert directory.name in room.hardest.about.text()


def test_of_another_network_than_the_open_one_it_is_said_whose_training_is_shown(window: MainWindow, qtbot) -> None:  # type: ignore[no-untyped-def]
    window.document.set_recipe(window.document.recipe.changed(epochs=200), "for the test")
    window.document.saved_as(Path("elsewhere.json"))
    trained, room = window.document.project, window.training
    room.train()
    qtbot.waitUntil(lambda: window.session.started is not None, timeout=60_000)
    directory = window.session.directory
    assert directory is not None
    assert room.curves.run == directory.name
    assert not room.other_network.isVisible()
    window.files.open_preset("cifar-resnet20")
    bar = room.other_network
    assert bar.isVisible()
    assert bar.text.text().startswith(f"{directory.name} trains: ")
    window.session.stop()
    qtbot.waitUntil(lambda: window.session.state == "idle", timeout=20_000)
    assert bar.text.text().startswith(f"The training of {directory.name} has ended: ")
    assert window.inspection.previewer.run is None, "its weights are not those of the open network"
    qtbot.mouseClick(bar.open, Qt.MouseButton.LeftButton)
    assert window.document.project == trained
    assert not bar.isVisible()


@pytest.mark.usefixtures("qtbot")
def test_one_mistake_among_a_thousand_classes_is_seen() -> None:
    ink = np.eye(1000)
    ink[700, 20] = 1
    image, span = _drawn_small(ink, 220, QColor("#00ff00"), QColor("#ff0000"))
    step = -(-1000 // 220)
    assert span >= 1000
    assert image.width() * step == span
    assert image.pixelColor(20 // step, 700 // step) == QColor("#ff0000")
    assert image.pixelColor(3, 3) == QColor("#00ff00")
    assert image.pixelColor(100, 3).alpha() == 0


@pytest.mark.parametrize("size", [(560, 420), (700, 230)])
def test_long_names_of_columns_stand_upright_below_them(size, appearance, qtbot) -> None:  # type: ignore[no-untyped-def]
    matrix = ConfusionMatrix(appearance)
    qtbot.addWidget(matrix)
    matrix.resize(*size)
    matrix.show_counts(np.arange(9).reshape(3, 3) + 1, ("0", "1", "2"))
    short, _ = matrix._area()
    matrix.show_counts(np.arange(100).reshape(10, 10) + 1, tuple(f"ankle boot {n}" for n in range(10)))
    area, side = matrix._area()
    name = QFontMetrics(matrix._font_of(side)).horizontalAdvance("ankle boot 9")
    assert name > side
    assert matrix.height() - area.bottom() - 6 >= min(name, matrix.height() // 3 - 6)
    assert area.bottom() < short.bottom(), "short ones lie, and leave the matrix more room"
    image = matrix.grab().toImage()
    ground = image.pixelColor(2, 2)
    for number in range(10):
        x = range(round(area.left() + number * side) + 1, round(area.left() + (number + 1) * side) - 1)
        y = range(round(area.bottom()) + 3, matrix.height())
        inked = [row for row in y if any(image.pixelColor(column, row) != ground for column in x)]
        assert len(inked) > 0.6 * min(name, matrix.height() // 3 - 6), "each is written in its column"
