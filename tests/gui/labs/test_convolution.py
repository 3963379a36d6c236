"""The convolution lab by mouse and keys."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QLineEdit

from workbench.gui.labs.convolution import ConvolutionLab, LabError
from workbench.gui.main_window import MainWindow
from workbench.gui.theme import Appearance


@pytest.fixture
def lab(appearance: Appearance, qtbot) -> ConvolutionLab:  # type: ignore[no-untyped-def]
    view = ConvolutionLab(appearance)
    qtbot.addWidget(view)
    view.resize(900, 600)
    view.show()
    return view


def centre(view, row: int, column: int) -> QPoint:  # type: ignore[no-untyped-def]
    return view.cell_rect(row, column).center().toPoint()


def test_it_begins_with_the_first_example(lab: ConvolutionLab) -> None:
    assert lab.sum.text() == "1·1 + 10·2 + 2·2 + 20·0 = 25"


def test_pointing_at_the_map_shows_what_made_the_value(lab: ConvolutionLab, qtbot) -> None:  # type: ignore[no-untyped-def]
    lab.pictures.setCurrentText("Digit 3")
    lab.padding.setValue(1)
    qtbot.mouseMove(lab.output, centre(lab.output, 0, 2))
    assert lab.place == (0, 2)
    assert lab.input.marked == ((-1, 0, 1), (1, 2, 3))
    value = lab.lab.map()[0, 2]
    assert lab.sum.text().endswith(f"= {value:.3g}".replace("-", "−"))


def test_a_number_typed_into_picture_or_filter_changes_the_sum(lab: ConvolutionLab, qtbot) -> None:  # type: ignore[no-untyped-def]
    for view, text in ((lab.input, "3"), (lab.filter, "-1")):
        qtbot.mouseDClick(view, Qt.MouseButton.LeftButton, pos=centre(view, 0, 1))
        editor = view.findChild(QLineEdit)
        editor.selectAll()
        qtbot.keyClicks(editor, text)
        qtbot.keyClick(editor, Qt.Key.Key_Return)
    assert lab.sum.text() == "1·1 + 3·(−1) + 2·2 + 20·0 = 2"


def test_what_is_no_number_changes_nothing(lab: ConvolutionLab, qtbot) -> None:  # type: ignore[no-untyped-def]
    qtbot.mouseDClick(lab.input, Qt.MouseButton.LeftButton, pos=centre(lab.input, 0, 0))
    editor = lab.input.findChild(QLineEdit)
    editor.selectAll()
    qtbot.keyClicks(editor, "nan")
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    assert lab.sum.text().endswith("= 25")


def test_a_filter_that_does_not_fit_says_what_to_do(lab: ConvolutionLab) -> None:
    lab.side.setValue(3)
    assert "larger than the picture" in lab.sum.text()
    lab.padding.setValue(1)
    assert "larger than the picture" not in lab.sum.text()


def test_a_colour_picture_has_a_filter_of_three_channels(lab: ConvolutionLab) -> None:
    lab.pictures.setCurrentText("Cat, in colour")
    lab.side.setValue(5)
    assert lab.lab.weights == 75
    assert "= <b>75</b> weights" in lab.price.text()
    assert "red" in lab.sum.text()


def test_it_slides_over_every_place(lab: ConvolutionLab, qtbot) -> None:  # type: ignore[no-untyped-def]
    lab.pictures.setCurrentText("Digit 7")
    seen = set()
    lab.speed.setValue(30)
    lab.play.click()
    qtbot.waitUntil(lambda: seen.add(lab.place) or len(seen) > 7, timeout=10_000)
    lab.play.click()
    assert (1, 0) in seen


def test_a_trained_filter_can_be_tried(lab: ConvolutionLab) -> None:
    lab.pictures.setCurrentText("Cat, in colour")
    weights = np.random.default_rng(0).normal(size=(4, 3, 5, 5))
    lab.take_filters("conv1", weights)
    np.testing.assert_array_equal(lab.lab.kernel, weights[0])
    assert lab.side.value() == 5
    lab.number.setValue(3)
    np.testing.assert_array_equal(lab.lab.kernel, weights[3])
    lab.pictures.setCurrentText("Digit 7")
    np.testing.assert_array_equal(lab.lab.kernel[0], weights[3].mean(0))
    lab.kernels.setCurrentText("Edges")
    lab.kernels.textActivated.emit("Edges")
    assert not lab.number.isVisible()
    with pytest.raises(LabError, match="square"):
        lab.take_filters("branch", weights[:, :, :1])


def test_a_filter_of_the_network_comes_into_the_lab(window: MainWindow, qtbot) -> None:  # type: ignore[no-untyped-def]
    window.actions_table["try_filter"].trigger()
    assert "Select a convolution" in window.message
    window.document.select(["conv2"])
    qtbot.waitUntil(lambda: window.inspection.weights.filters.picture is not None, timeout=20_000)
    window.actions_table["try_filter"].trigger()
    lab = window.pages.labs.lab
    assert isinstance(lab, ConvolutionLab)
    assert lab.kernels.currentText() == "conv2, as it is"
    assert lab.number.maximum() == 15
    np.testing.assert_allclose(
        lab.lab.kernel[0], window.inspection.weights.filters.picture.weight[0].mean(0), atol=1e-6
    )
