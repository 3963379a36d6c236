"""Joins, cuts and what only passes on, drawn as the maps that went in."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt

from tests.gui.inspection.values import click, explained
from workbench.graph import Builder
from workbench.gui.inspection.colours import lookup, quantised
from workbench.gui.inspection.value.flow_view import FlowView
from workbench.gui.main_window import MainWindow
from workbench.inspection import Place
from workbench.inspection.arithmetic import figure
from workbench.project import Project


def test_joins_and_cuts_are_drawn_as_the_maps_that_went_in(window: MainWindow, qtbot) -> None:  # type: ignore[no-untyped-def]
    builder = Builder((1, 28, 28))
    builder.add("conv", "Conv2d", out_channels=8, kernel_size=3, padding=1)
    builder.add("parts", "Split", sizes=(3, 5))
    builder.add("one", "Select", "parts", index=0)
    builder.add("other", "SliceChannels", "conv", start=5)
    builder.add("product", "Multiply", "one", "other")
    builder.add("mean", "Mean", "product", "one")
    builder.add("joined", "Concatenate", "mean", "other")
    builder.add("flatten", "Flatten")
    builder.add("fc", "Linear", out_features=10)
    window.document.open(Project(builder.build("branches")), saved=False)
    start = Place("joined", (1, 12, 13))
    window.inspection.explain(start)
    panel = explained(window, qtbot, start)
    view = panel.flow
    qtbot.waitUntil(view.isVisible, timeout=10_000)
    assert view.signs == ["→"]
    assert view.flow.slices.names == ("mean", "other")

    def click_on(number: int) -> None:
        place = view.flow.taken[number].place
        qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=view.tile_room(number).center().toPoint())
        explained(window, qtbot, place)

    click_on(0)
    assert panel.place == Place("mean", (1, 12, 13))
    assert view.signs == ["+", "all ÷ 2 ="]
    click_on(0)
    assert panel.place == Place("product", (1, 12, 13))
    assert view.signs == ["·", "="]
    one, other = view.flow.taken
    assert one.value * other.value == pytest.approx(panel.told.value, rel=1e-5)
    assert f"one {figure(one.value)} · other {figure(other.value)} =" in view.accessibleDescription()
    click_on(0)
    assert view.flow.slices.piece == 0
    click_on(0)
    assert panel.place == Place("parts", (1, 12, 13))
    assert (view.flow.slices.names, view.flow.slices.sizes) == (("part 0", "part 1"), (3, 5))
    click_on(0)
    assert panel.place.node == "conv"
    assert not view.isVisible()
    assert panel.grids.isVisible()
    # The maps of all parts stand one behind the other, and a value of them is known by its part.
    maps = window.inspection.maps
    window.document.select(["parts"])
    window.workspace.reveal("Maps")
    qtbot.waitUntil(lambda: maps.at_hand is not None and maps.at_hand.node == "parts", timeout=20_000)
    assert maps._maps.about.startswith("8 maps of 28×28 in 2 parts of 3, 5")
    left, top = maps.view.mosaic.corner(6)
    click(qtbot, maps.view, left + 4.5, top + 6.5)
    explained(window, qtbot, Place("parts", (3, 6, 4), 1))
    assert panel.told.value == pytest.approx(float(maps.values[6, 6, 4]), rel=1e-6)


def test_the_maps_that_went_in_are_drawn_in_their_colours(looked: MainWindow, qtbot) -> None:  # type: ignore[no-untyped-def]
    place = Place("flatten", (137,))
    looked.inspection.explain(place)
    flow = explained(looked, qtbot, place).told.flow
    view = FlowView(looked.appearance)
    qtbot.addWidget(view)
    view.resize(600, 300)
    view.show_flow(flow)
    taken, room, drawn = flow.taken[0], view.tile_room(0), view.grab().toImage()
    assert taken.place == Place("pool2", (5, 2, 2))
    limits = (
        [values.min() for values in (taken.values, flow.given.values)],
        [taken.values.max(), flow.given.values.max()],
    )
    wanted = lookup("Viridis")[quantised(taken.values, min(limits[0]), max(limits[1]))]
    ratio = drawn.width() / view.width()
    for row, column in np.ndindex(taken.values.shape):
        if (row, column) != taken.cell:  # which is framed
            point = room.topLeft() + QPointF(column + 0.5, row + 0.5) * room.width() / 5
            colour = drawn.pixelColor((point * ratio).toPoint())
            assert colour.getRgb() == tuple(wanted[row, column].tolist())
