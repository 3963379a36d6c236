"""The data panel in the real window: sources, counts, images, augmentation."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from PySide6.QtCore import QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import QImage, QWheelEvent
from PySide6.QtWidgets import QApplication, QComboBox

from workbench.data import augmented, load
from workbench.gui.data.augmented import DRAWS
from workbench.gui.data.thumbnails import PLACE, thumbnail
from workbench.gui.main_window import MainWindow
from workbench.project import DataChoice


def read(window: MainWindow, qtbot) -> None:  # type: ignore[no-untyped-def]
    qtbot.waitUntil(lambda: window.images.state not in ("reading", "waiting"), timeout=60_000)
    shown(window, qtbot)


def shown(window: MainWindow, qtbot) -> None:  # type: ignore[no-untyped-def]
    """Wait until the gallery shows what was asked for."""
    work = window.data_panel.gallery._work
    qtbot.waitUntil(lambda: not work.busy, timeout=30_000)
    qtbot.wait(5)


def pixels(image: QImage) -> np.ndarray:  # type: ignore[type-arg]
    grey = image.convertToFormat(QImage.Format.Format_Grayscale8)
    return np.frombuffer(grey.constBits(), np.uint8).reshape(grey.height(), grey.bytesPerLine())[:, : grey.width()]


def test_counts_of_each_class_stand_in_the_bars(window: MainWindow, qtbot) -> None:  # type: ignore[no-untyped-def]
    dataset = window.picture.dataset
    bars = window.data_panel.bars.bars
    assert bars.classes == tuple("0123456789")
    assert [sum(part) for part in bars.counts] == [1438, 359, 0]
    assert bars.counts[0] == tuple(torch.bincount(dataset.train.labels).tolist())
    assert "1,438 images to train, 359 to validate; 10 classes of 139 to 146" in window.data_panel.reading.sentence


def test_a_wheel_over_the_panel_chooses_no_other_data_and_no_other_class(window: MainWindow, qtbot) -> None:  # type: ignore[no-untyped-def]
    before = window.document.data
    boxes = [
        box for box in window.data_panel.findChildren(QComboBox) if box.accessibleName() in ("Data set", "Class shown")
    ]
    assert len(boxes) == 2
    for box in boxes:
        assert box.count() > 1
        place, middle = box.currentIndex(), QPointF(box.rect().center())
        turned = QWheelEvent(
            middle, box.mapToGlobal(middle), QPoint(), QPoint(0, -120), Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
        )  # fmt: skip
        QApplication.sendEvent(box, turned)
        assert box.currentIndex() == place
    assert window.document.data == before


def test_images_stand_with_their_labels_part_by_part(window: MainWindow, qtbot) -> None:  # type: ignore[no-untyped-def]
    shown(window, qtbot)
    gallery, dataset = window.data_panel.gallery, window.picture.dataset
    for name in ("train", "validation"):
        gallery.show_part(name)
        shown(window, qtbot)
        items = [gallery.thumbnails.item(row) for row in range(gallery.thumbnails.count())]
        assert [item.data(PLACE) for item in items] == [(name, place) for place in range(40)]
        labels = getattr(dataset, name).labels[:40].tolist()
        assert [item.text() for item in items] == [dataset.classes[label] for label in labels]
    gallery.turn(1)
    shown(window, qtbot)
    assert gallery.thumbnails.item(0).data(PLACE) == ("validation", 40)


def test_a_click_on_a_bar_shows_the_images_of_that_class(window: MainWindow, qtbot) -> None:  # type: ignore[no-untyped-def]
    panel = window.data_panel
    qtbot.mouseClick(panel.bars.bars, Qt.MouseButton.LeftButton, pos=panel.bars.bars.row_centre(7))
    shown(window, qtbot)
    thumbnails = panel.gallery.thumbnails
    assert {thumbnails.item(row).text() for row in range(thumbnails.count())} == {"7"}
    qtbot.keyClick(panel.bars.bars, Qt.Key.Key_Up)
    shown(window, qtbot)
    assert {thumbnails.item(row).text() for row in range(thumbnails.count())} == {"6"}
    qtbot.mouseClick(panel.bars.bars, Qt.MouseButton.LeftButton, pos=panel.bars.bars.row_centre(6))
    shown(window, qtbot)
    assert len({thumbnails.item(row).text() for row in range(thumbnails.count())}) > 5


def test_an_image_that_is_clicked_is_looked_at(window: MainWindow, qtbot) -> None:  # type: ignore[no-untyped-def]
    shown(window, qtbot)
    thumbnails = window.data_panel.gallery.thumbnails
    thumbnails.itemClicked.emit(thumbnails.item(5))
    dataset = window.picture.dataset
    assert window.picture.picture.name == "training image 5"
    assert np.array_equal(window.picture.picture.pixels, dataset.train.take(torch.tensor([5]))[0].numpy())
    window.picture.next()
    assert window.picture.picture.name == "training image 6"


def test_augmentation_is_the_engines_own_and_drawn_again_it_is_the_next_epochs(window: MainWindow, qtbot) -> None:  # type: ignore[no-untyped-def]
    gallery, dataset = window.data_panel.gallery, window.picture.dataset
    window.document.set_recipe(window.document.recipe.changed(crop_padding=0), "for the test")
    gallery.show_augmented(True)
    shown(window, qtbot)
    assert "augments nothing" in gallery.note
    assert all(np.array_equal(pixels(row[0]), pixels(image)) for row in gallery.augmented.rows for image in row)
    recipe = window.document.recipe.changed(crop_padding=4, rotation=20.0, cutout=6, input_noise=0.1)
    window.document.set_recipe(recipe, "for the test")
    for epoch in (1, 1 + DRAWS):
        shown(window, qtbot)
        assert gallery.augmented.first_epoch == epoch
        label = window.data_panel.gallery.augmented._labels[0]
        place = int((dataset.train.labels == int(label)).nonzero()[0])
        for draw, image in enumerate(gallery.augmented.rows[0][1:]):
            expected = augmented(dataset, recipe, epoch + draw, torch.tensor([place]))[0].numpy()
            assert np.array_equal(pixels(image), pixels(thumbnail(expected, gallery.augmented.SIDE)))
        gallery.draw_again()
    assert "turned by up to 20°" in gallery.note


def test_a_network_with_other_classes_is_fitted_with_one_click(
    window: MainWindow, class_folder: Callable[..., Path], qtbot
) -> None:  # type: ignore[no-untyped-def]
    panel, before = window.data_panel, window.document.graph
    panel.use_folder(str(class_folder(apple=8, banana=8, orange=8)))
    read(window, qtbot)
    assert panel.mismatch.sentence == "The network ends in 10 classes, but these images have 3."
    panel.mismatch.fit_button.click()
    assert window.document.analysis.by_name["fc3"].output == (3,)
    assert panel.mismatch.sentence == ""
    window.document.undo()
    assert window.document.graph == before
    window.document.undo()
    read(window, qtbot)
    assert panel.mismatch.sentence == ""


def test_photographs_of_a_folder_are_shown_and_train(window: MainWindow, real_images, qtbot) -> None:  # type: ignore[no-untyped-def]
    window.data_panel.use_folder(str(real_images("fruit-photos")))
    read(window, qtbot)
    assert "45 images to train, 6 to validate; 3 classes of 15 training" in window.data_panel.reading.sentence
    window.data_panel.mismatch.fit_button.click()
    window.document.set_recipe(window.document.recipe.changed(epochs=1), "for the test")
    window.training.train()
    qtbot.waitUntil(lambda: window.session.state == "idle", timeout=60_000)
    assert len(window.session.series.epochs) == 1


def test_a_list_of_files_is_a_data_set(window: MainWindow, class_folder: Callable[..., Path], qtbot) -> None:  # type: ignore[no-untyped-def]
    folder = class_folder(apple=6, pear=6)
    rows = [f"{path.relative_to(folder)},{path.parent.name}" for path in sorted(folder.rglob("*.png"))]
    (folder / "list.csv").write_text("path,label\n" + "\n".join([*rows, "gone.png,pear"]))
    window.data_panel.use_folder(str(folder / "list.csv"))
    read(window, qtbot)
    assert window.picture.dataset.classes == ("apple", "pear")
    assert "gone.png: no such file or directory" in window.data_panel._skipped.text()
    assert window.data_panel._skipped_fold.isVisibleTo(window.data_panel)


def test_nothing_trains_without_images_and_the_reason_is_said(
    window: MainWindow, served: threading.Event, qtbot
) -> None:  # type: ignore[no-untyped-def]
    panel = window.data_panel
    window.document.set_data(DataChoice(source="mnist"), "for the test")
    read(window, qtbot)
    window.training.train()
    assert not window.session.active
    assert "must be downloaded first" in window.message
    assert panel.reading.download_button.isVisibleTo(panel)
    panel.reading.download_button.click()
    assert panel.reading.cancel_button.isVisibleTo(panel)
    panel.reading.cancel_button.click()
    assert panel.reading.again_button.isVisibleTo(panel)
    served.set()
    panel.reading.again_button.click()
    read(window, qtbot)
    panel.reading.download_button.click()
    read(window, qtbot)
    assert window.picture.dataset.source == "mnist"
    assert "30 to test" in panel.reading.sentence


def test_names_that_look_like_markup_stay_as_they_are(
    window: MainWindow, class_folder: Callable[..., Path], qtbot
) -> None:  # type: ignore[no-untyped-def]
    window.data_panel.use_folder(str(class_folder("<b>own<", **{"<b>bold<": 4, "<img src=x>": 4})))
    read(window, qtbot)
    thumbnails = window.data_panel.gallery.thumbnails
    assert "&lt;b&gt;bold&lt;" in thumbnails.item(0).toolTip()
    assert thumbnails.item(0).text() == "<b>bold<"


def test_a_training_borrows_the_images_that_are_there(window: MainWindow, qtbot, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    import workbench.data
    import workbench.runs.recording

    def never(*arguments: object) -> None:
        raise AssertionError("the images were read twice")

    monkeypatch.setattr(workbench.runs.recording, "load", never)
    monkeypatch.setattr(workbench.data, "read", never)
    window.document.set_recipe(window.document.recipe.changed(epochs=1), "for the test")
    window.training.train()
    qtbot.waitUntil(lambda: window.session.state == "idle", timeout=60_000)
    assert len(window.session.series.epochs) == 1


def test_the_window_lives_while_many_files_are_read(window: MainWindow, tmp_path: Path, qtbot, record_property) -> None:  # type: ignore[no-untyped-def]
    """At full size, and against its goals, this is measured by tests/soak/large_folder.py."""
    source = tmp_path / "one.png"
    from PIL import Image

    Image.fromarray(np.zeros((8, 8), np.uint8)).save(source)
    for label in ("a", "b"):
        (tmp_path / "many" / label).mkdir(parents=True)
        for number in range(1000):
            (tmp_path / "many" / label / f"{number}.png").hardlink_to(source)
    beats: list[float] = []
    heart = QTimer(interval=10)
    heart.timeout.connect(lambda: beats.append(time.perf_counter()))
    heart.start()
    began = time.perf_counter()
    window.document.set_data(DataChoice(source=str(tmp_path / "many"), workers=0), "for the test")
    assert window.images.state == "reading"
    read(window, qtbot)
    heart.stop()
    seconds = time.perf_counter() - began
    gaps = np.diff([began, *beats])
    record_property("longest gap, ms", round(1000 * float(gaps.max())))
    assert len(window.picture.dataset.train) == 1600
    # A window that waits for its files beats once; how evenly it beats depends on what else the machine does.
    assert len(beats) > 5 * seconds


def test_what_load_gives_is_what_the_window_shows(window: MainWindow) -> None:
    fresh = load(window.document.data, window.document.graph.shape)
    assert torch.equal(window.picture.dataset.train.indices, fresh.train.indices)
    assert window.picture.dataset.mean == fresh.mean
