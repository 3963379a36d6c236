"""What excites the map that is open: nine images, one of which may be taken, and a picture that is made for it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import Qt

from workbench.gui.inspection.excitation.panel import ExcitationPanel
from workbench.gui.main_window import MainWindow


@pytest.fixture
def panel(trained: Callable[..., MainWindow], qtbot) -> ExcitationPanel:  # type: ignore[no-untyped-def]
    """Asked from the map that is open, of a network that has learned something."""
    window = trained(epochs=2)
    window.document.select(["conv2"])
    maps = window.inspection.maps
    qtbot.waitUntil(lambda: maps.values.shape == (16, 10, 10), timeout=30_000)
    assert not maps.bar.exciting_button.isVisible()
    maps.open(3)
    qtbot.mouseClick(maps.bar.exciting_button, Qt.MouseButton.LeftButton)
    shown: ExcitationPanel = window.inspection.excitation.panel
    qtbot.waitUntil(lambda: shown.found is not None, timeout=60_000)
    return shown


def test_the_nine_images_are_shown_and_one_is_taken_as_the_picture(panel: ExcitationPanel, qtbot) -> None:  # type: ignore[no-untyped-def]
    window = panel.window()
    assert panel.found is not None
    assert (panel.found.choice.layer, panel.found.choice.number, panel.found.looked_at) == ("conv2", 3, 359)
    images = panel.nine.images
    assert len(images) == 9
    assert [one.value for one in images] == sorted((one.value for one in images), reverse=True)
    for one in images:
        top, left, bottom, right = one.patch
        # Two 5×5 windows with a 2×2 pooling between them: 5 + 1 + 4·2 = 14, of which 2 may be border.
        assert 12 <= bottom - top <= 14
        assert 12 <= right - left <= 14
    chosen = images[4]
    qtbot.mouseClick(panel.nine, Qt.MouseButton.LeftButton, pos=panel.nine.cell(4).center().toPoint())
    assert window.picture.picture.name == f"validation image {chosen.place}"
    assert np.array_equal(window.picture.picture.pixels, chosen.pixels)
    assert window.picture.picture.truth == chosen.label


def test_the_value_told_is_the_maps_highest(panel: ExcitationPanel, qtbot) -> None:  # type: ignore[no-untyped-def]
    """Taken as the picture, the image's map has its highest value just as told."""
    window = panel.window()
    qtbot.mouseClick(panel.nine, Qt.MouseButton.LeftButton, pos=panel.nine.cell(0).center().toPoint())
    window.workspace.reveal("Maps")
    maps = window.inspection.maps
    told = panel.nine.images[0].value
    qtbot.waitUntil(
        lambda: len(maps.values) > 3 and abs(float(maps.values[3].max()) - told) < 1e-3 * abs(told), timeout=30_000
    )


def test_other_maps_of_the_layer_need_no_second_pass(panel: ExcitationPanel, qtbot) -> None:  # type: ignore[no-untyped-def]
    looking = panel.window().inspection.excitation._looking
    passed = looking._kept[0]
    for number in (4, 15):
        panel.number.setValue(number)
        qtbot.waitUntil(lambda n=number: panel.found.choice.number == n and not panel.busy, timeout=20_000)  # type: ignore[misc]
    assert looking._kept[0] is passed
    panel.window().document.select(["conv1"])
    qtbot.waitUntil(lambda: panel.found.choice.layer == "conv1" and not panel.busy, timeout=20_000)
    assert looking._kept[0] is not passed
    assert panel.number.maximum() == 5


def test_a_picture_is_made_step_by_step_and_can_be_stopped(panel: ExcitationPanel, qtbot) -> None:  # type: ignore[no-untyped-def]
    making = panel.window().inspection.excitation._making
    panel.steps.setValue(60)
    panel.start.click()
    assert panel.start.text() == "Stop"
    qtbot.waitUntil(lambda: not panel.busy, timeout=60_000)
    assert making.made is not None
    assert making.made.step == 60
    assert making.made.activations[-1] > making.made.activations[0]
    assert "step 60" in panel.told_of_made
    shown = panel.view.shown
    assert shown is not None
    assert np.array_equal(shown[..., 0], making.pixels[0])
    assert shown.shape == (14, 14, 4)  # what the value in the middle sees, as in the nine images
    assert "the best image has" in panel.told_of_made
    panel.steps.setValue(2000)
    panel.start.click()
    qtbot.waitUntil(lambda: making.made is not None and making.made.step > 0, timeout=60_000)
    panel.start.click()
    assert panel.start.text() == "Make a picture"
    assert 0 < making.made.step < 2000
    qtbot.waitUntil(lambda: not making._work.busy, timeout=20_000)
    # Another map has another picture: the old one goes.
    panel.number.setValue(7)
    qtbot.waitUntil(lambda: panel.found.choice.number == 7 and not panel.busy, timeout=20_000)
    assert making.made is None


def test_the_keyboard_goes_from_image_to_image(panel: ExcitationPanel, qtbot) -> None:  # type: ignore[no-untyped-def]
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Return):
        qtbot.keyClick(panel.nine, key)
    chosen = panel.nine.images[4]
    assert panel.window().picture.picture.name == f"validation image {chosen.place}"


def test_a_network_that_cannot_run_says_so(panel: ExcitationPanel, qtbot) -> None:  # type: ignore[no-untyped-def]
    from workbench.gui.editor import commands

    window = panel.window()
    commands.set_argument(window.document, ["conv2"], "kernel_size", 99)
    assert panel.found is None
    assert "cannot run" in panel._hint.text()
    window.document.undo()
    qtbot.waitUntil(lambda: panel.found is not None, timeout=30_000)
