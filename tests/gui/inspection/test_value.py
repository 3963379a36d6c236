"""The panel Value by mouse and keys: from a click in the maps back to the picture."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from tests.gui.inspection.values import centre, click, explained
from workbench.gui.main_window import MainWindow
from workbench.inspection import Place
from workbench.inspection.arithmetic import figure


def test_a_click_in_the_mosaic_shows_field_filter_and_sum(looked: MainWindow, qtbot) -> None:  # type: ignore[no-untyped-def]
    maps = looked.inspection.maps
    left, top = maps.view.mosaic.corner(3)
    click(qtbot, maps.view, left + 4.5, top + 6.5)
    panel = explained(looked, qtbot, Place("conv2", (3, 6, 4)))
    assert looked.workspace.is_seen("Value")
    value = float(maps.values[3, 6, 4])
    assert panel.told.value == pytest.approx(value, rel=1e-6)
    assert panel.sum.text().endswith(f"= {figure(panel.told.made.total)}")
    assert panel.told.made.total == pytest.approx(value, rel=1e-4, abs=1e-5)
    assert panel.field.frame == panel.told.field.frame == (10, 6, 24, 20)
    # The strongest of the six channels is listed first, and its grids are shown.
    sums = [term.value for term in panel.terms.terms if term.channel is not None]
    assert len(sums) == 6
    assert [abs(one) for one in sums] == sorted((abs(one) for one in sums), reverse=True)
    assert panel.grids.channel == panel.terms.terms[0].channel
    assert "max(0," in panel.then.text()


def test_a_click_in_the_large_map_explains_the_value_there(looked: MainWindow, qtbot) -> None:  # type: ignore[no-untyped-def]
    maps = looked.inspection.maps
    maps.open(5)
    qtbot.waitUntil(lambda: maps.large.image.isVisible(), timeout=5_000)
    click(qtbot, maps.large.image, 2.5, 7.5)
    explained(looked, qtbot, Place("conv2", (5, 7, 2)))


def test_step_by_step_to_the_picture_and_forth_again(looked: MainWindow, qtbot) -> None:  # type: ignore[no-untyped-def]
    start = Place("conv2", (3, 6, 4))
    looked.inspection.explain(start)
    panel = explained(looked, qtbot, start)
    # A click on a cell of the patch goes back to that value, its channel the one that is shown.
    patch, channel = panel.told.made.patch, panel.grids.channel
    before = patch.place(channel, 2, 3)
    qtbot.mouseClick(panel.grids.values, Qt.MouseButton.LeftButton, pos=centre(panel.grids.values, 2, 3))
    explained(looked, qtbot, before)
    assert before.node == "pool1"
    nodes = [before.node]
    while panel.back.isEnabled():
        nearest = panel.told.made.nearest
        qtbot.keyClick(panel, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
        explained(looked, qtbot, nearest)
        nodes.append(nearest.node)
    assert nodes == ["pool1", "relu1", "conv1", "input"]
    assert panel.told.kind == "Input"
    pixel = panel.told.place.index
    assert panel.field.frame == (pixel[1], pixel[2], pixel[1] + 1, pixel[2] + 1)
    for _ in nodes:
        qtbot.mouseClick(panel.forth, Qt.MouseButton.LeftButton)
    explained(looked, qtbot, start)
    # Where nothing is behind, forth leads to what the next layer made of it.
    qtbot.mouseClick(panel.forth, Qt.MouseButton.LeftButton)
    explained(looked, qtbot, Place("relu2", start.index))


def test_what_is_said_of_a_pixel_stands_at_the_top_beside_the_picture(looked: MainWindow, qtbot) -> None:  # type: ignore[no-untyped-def]
    panel = looked.inspection.value
    for place, is_bare in ((Place("input", (0, 5, 13)), True), (Place("conv2", (3, 6, 4)), False)):
        looked.inspection.explain(place)
        explained(looked, qtbot, place)
        QApplication.processEvents()
        top, picture = (widget.mapTo(panel, widget.rect().topLeft()).y() for widget in (panel.sum, panel.field))
        if is_bare:
            assert abs(top - picture) <= panel.sum.height()
        else:
            assert top > picture + panel.list.height(), "the terms of its sum stand above it"


def test_forth_leads_through_every_layer_to_the_end_and_the_maps_follow(looked: MainWindow, qtbot) -> None:  # type: ignore[no-untyped-def]
    place = Place("relu1", (2, 5, 5))
    looked.inspection.explain(place)
    panel = explained(looked, qtbot, place)
    panel.take_focus()
    nodes = []
    while panel.forth.isEnabled():
        told = panel.told
        (read,) = told.readers
        wanted = told.then[0].place if told.then else read.strongest[0].place
        qtbot.keyClick(panel, Qt.Key.Key_Right, Qt.KeyboardModifier.AltModifier)
        panel = explained(looked, qtbot, wanted)
        nodes.append(wanted.node)
        assert looked.inspection.maps.layer == wanted.node
        assert looked.document.selection == (wanted.node,)
        if told.kind == "Conv2d":
            assert wanted.index == told.place.index
    assert nodes == ["pool1", "conv2", "relu2", "pool2", "flatten", "fc1", "relu3", "fc2", "relu4", "fc3"]


def test_of_those_that_read_a_value_one_is_chosen(looked: MainWindow, qtbot) -> None:  # type: ignore[no-untyped-def]
    place = Place("pool1", (2, 5, 5))
    looked.inspection.explain(place)
    panel = explained(looked, qtbot, place)
    (read,) = panel.told.readers
    assert read.count == 16 * 25
    assert f"and {read.count - 1} more of conv2" in panel.then.text()
    panel.readers.aboutToShow.emit()
    lines = [action for action in panel.readers.actions() if not action.isSeparator()]
    assert len(lines) == 8
    assert lines[2].text().startswith("conv2 channel")
    third = read.strongest[2].place
    lines[2].trigger()
    panel = explained(looked, qtbot, third)
    assert place in [panel.told.made.patch.place(2, row, column) for row in range(5) for column in range(5)]
    # And from there the way leads back to where one came from.
    panel.explain(place)
    explained(looked, qtbot, place)
    panel.then.linkActivated.emit("r0")
    explained(looked, qtbot, read.strongest[0].place)


def test_arrow_keys_look_at_the_values_beside_it(looked: MainWindow, qtbot) -> None:  # type: ignore[no-untyped-def]
    looked.inspection.explain(Place("conv2", (3, 0, 9)))
    panel = explained(looked, qtbot, Place("conv2", (3, 0, 9)))
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Right, Qt.Key.Key_Left, Qt.Key.Key_PageDown):
        qtbot.keyClick(panel.field, key)
        qtbot.waitUntil(lambda: panel.told.place == panel.place, timeout=20_000)
    assert panel.place == Place("conv2", (4, 1, 8))


def test_another_channel_is_chosen_in_the_list_and_stays_chosen(looked: MainWindow, qtbot) -> None:  # type: ignore[no-untyped-def]
    looked.inspection.explain(Place("conv2", (3, 6, 4)))
    panel = explained(looked, qtbot, Place("conv2", (3, 6, 4)))
    rect = panel.list.visualRect(panel.terms.index(4, 0))
    qtbot.mouseClick(panel.list.viewport(), Qt.MouseButton.LeftButton, pos=rect.center())
    chosen = panel.terms.terms[4].channel
    assert panel.grids.channel == chosen
    np.testing.assert_allclose(panel.grids.products.values, panel.told.made.patch.products[chosen])
    qtbot.keyClick(panel.field, Qt.Key.Key_Right)
    explained(looked, qtbot, Place("conv2", (3, 6, 5)))
    assert panel.grids.channel == chosen


def test_the_action_explains_the_value_at_hand(looked: MainWindow, qtbot) -> None:  # type: ignore[no-untyped-def]
    looked.inspection.maps.open(7)
    looked.actions_table["explain_value"].trigger()
    strongest = np.unravel_index(np.abs(looked.inspection.maps.values[7]).argmax(), (10, 10))
    explained(looked, qtbot, Place("conv2", (7, *(int(n) for n in strongest))))


def test_of_six_channels_and_their_bias_every_line_is_seen_whole(looked: MainWindow, qtbot) -> None:  # type: ignore[no-untyped-def]
    looked.resize(1280, 800)
    looked.actions_table["explain_value"].trigger()
    panel = looked.inspection.value
    qtbot.waitUntil(lambda: panel.told is not None and panel.told.place.node == "conv2", timeout=20_000)
    table, rows = panel.list, panel.terms.rowCount()
    assert (rows, panel.terms.terms[-1].name) == (7, "bias")
    qtbot.waitUntil(lambda: table.visualRect(panel.terms.index(rows - 1, 0)).bottom() < table.viewport().height())


def test_a_dense_layers_value_ranks_its_features(looked: MainWindow, qtbot) -> None:  # type: ignore[no-untyped-def]
    looked.inspection.explain(Place("fc1", (11,)))
    panel = explained(looked, qtbot, Place("fc1", (11,)))
    assert panel.grids.is_list
    assert len(panel.terms.terms) == 401  # every feature, and the bias
    strongest = panel.terms.terms[0]
    rect = panel.list.visualRect(panel.terms.index(0, 0))
    qtbot.mouseClick(panel.list.viewport(), Qt.MouseButton.LeftButton, pos=rect.center())
    explained(looked, qtbot, strongest.place)


def test_it_follows_an_edit_and_says_when_the_value_is_gone(looked: MainWindow, qtbot) -> None:  # type: ignore[no-untyped-def]
    from workbench.gui.editor import commands

    looked.inspection.explain(Place("conv2", (15, 6, 4)))
    panel = explained(looked, qtbot, Place("conv2", (15, 6, 4)))
    commands.set_argument(looked.document, ["conv2"], "out_channels", 8)
    qtbot.waitUntil(lambda: panel.told is None, timeout=20_000)
    assert "none at" in panel.hint
    looked.document.undo()
    explained(looked, qtbot, Place("conv2", (15, 6, 4)))


def test_it_follows_the_training(looked: MainWindow, qtbot) -> None:  # type: ignore[no-untyped-def]
    looked.inspection.explain(Place("conv2", (3, 6, 4)))
    panel = explained(looked, qtbot, Place("conv2", (3, 6, 4)))
    looked.document.set_recipe(looked.document.recipe.changed(epochs=60), "for the test")
    looked.training.train()
    looked.inspection.explain(Place("conv2", (3, 6, 4)))
    seen: set[float] = {panel.told.value}
    qtbot.waitUntil(lambda: seen.add(panel.told.value) or len(seen) > 3, timeout=60_000)
    told = panel.told
    assert told.made.total == pytest.approx(told.value, rel=1e-4, abs=1e-5)
    looked.session.stop()
    qtbot.waitUntil(lambda: looked.session.state == "idle", timeout=20_000)


def test_of_another_network_no_value_is_chosen(looked: MainWindow, qtbot) -> None:  # type: ignore[no-untyped-def]
    looked.inspection.explain(Place("conv2", (3, 6, 4)))
    panel = explained(looked, qtbot, Place("conv2", (3, 6, 4)))
    looked.files.open_preset("cifar-resnet20")
    assert panel.place is None
    assert panel.hint.startswith("Click a value in the maps")
