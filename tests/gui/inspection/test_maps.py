"""All maps of a layer, and one of them large."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from pytestqt.qtbot import QtBot

from workbench.gui.inspection.colours import SIGNED
from workbench.gui.inspection.layer_maps import LayerMaps
from workbench.gui.inspection.maps import ActivationMaps
from workbench.gui.main_window import MainWindow
from workbench.gui.theme import Appearance
from workbench.inspection import FilterRows, Seen
from workbench.presets import build

LENET = build("lenet5")


def seen(maps: np.ndarray) -> Seen:  # type: ignore[type-arg]
    return Seen({"conv1": maps.astype(np.float32)})


@pytest.fixture
def three() -> np.ndarray:  # type: ignore[type-arg]
    """A weak map, a dead one and a strong one."""
    values = np.zeros((3, 4, 4), np.float32)
    values[0, 1, 2] = 0.5
    values[1] = 0.25
    values[2] = np.linspace(-4, 2, 16).reshape(4, 4)
    return values


@pytest.fixture
def maps(qtbot: QtBot, appearance: Appearance) -> ActivationMaps:
    widget = ActivationMaps(appearance)
    widget.resize(360, 420)
    widget.show()
    qtbot.addWidget(widget)
    widget.watch("conv1", LENET)
    return widget


def test_dead_maps_are_counted_and_crossed(maps: ActivationMaps, three: np.ndarray) -> None:  # type: ignore[type-arg]
    maps.show_seen(seen(three))
    assert maps.dead == [1]
    assert maps.told == "3 maps of 4×4, 1 dead"
    assert len(maps.view._crosses.xData) == 4, "two strokes"


def test_the_strongest_stand_first_and_keep_their_places_while_it_trains(
    maps: ActivationMaps, three: np.ndarray,  # type: ignore[type-arg]
) -> None:  # fmt: skip
    maps.show_seen(seen(three))
    assert maps.order == [0, 1, 2]
    maps.bar.strongest.setChecked(True)
    assert maps.order == [2, 1, 0]
    maps.show_seen(seen(three[::-1]))
    assert maps.order == [2, 1, 0], "the order stays until somebody sorts again"
    maps.bar.strongest.setChecked(False)
    maps.bar.strongest.setChecked(True)
    assert maps.order == [0, 1, 2]


def test_each_map_has_its_own_scale_or_all_have_one(maps: ActivationMaps, three: np.ndarray) -> None:  # type: ignore[type-arg]
    maps.show_seen(seen(three))
    weak = maps.shown[1, 2], maps.shown[0, 0]
    assert weak[0] - weak[1] < 30, "half a step of six"
    assert maps._scale.ends == ("−4", "2")
    maps.bar.own_scale.setChecked(True)
    weak = maps.shown[1, 2], maps.shown[0, 0]
    assert weak == (254, 0)
    assert maps._scale.ends == ("low", "high")
    maps.bar.own_scale.setChecked(False)
    maps.bar.choose_colours(SIGNED)
    assert maps._scale.ends == ("−4", "4"), "zero in the middle"


def test_the_value_that_is_pointed_at_is_told(maps: ActivationMaps, three: np.ndarray) -> None:  # type: ignore[type-arg]
    maps.show_seen(seen(three))
    left, top = maps.view.mosaic.corner(0)
    maps.view.pointed.emit(QPointF(left + 2.5, top + 1.5))
    assert maps.told == "map 0, row 1, column 2: 0.5"
    left, top = maps.view.mosaic.corner(1)
    maps.view.pointed.emit(QPointF(left, top))
    assert maps.told == "map 1, row 0, column 0: 0.25 (dead)"
    maps.view.pointed.emit(None)
    assert maps.told == "3 maps of 4×4, 1 dead"


def test_keys_go_from_map_to_map_and_open_one(maps: ActivationMaps, three: np.ndarray, qtbot: QtBot) -> None:  # type: ignore[type-arg]
    maps.show_seen(seen(three))
    qtbot.keyClick(maps.view, Qt.Key.Key_Right)
    assert maps.told.startswith("map 1,")
    qtbot.keyClick(maps.view, Qt.Key.Key_Return)
    assert maps.opened == 1
    assert maps.wishes.filters == (FilterRows("conv1", 1, 1),)
    qtbot.keyClick(maps.large, Qt.Key.Key_Right)
    assert maps.opened == 2
    assert maps.large.histogram.counts.sum() == 16
    maps.bar.choose_colours("Grey")
    assert maps.large.image.shown.max() == 254, "the large map follows colours and scale"
    qtbot.keyClick(maps.large, Qt.Key.Key_Escape)
    assert maps.opened is None


def test_another_networks_layer_of_the_same_name_is_told_in_place_of_the_map_that_was_open(
    maps: ActivationMaps, three: np.ndarray,  # type: ignore[type-arg]
) -> None:  # fmt: skip
    maps.show_seen(seen(three))
    maps.open(2)
    assert maps.bar.title.text() == "Map 2 of conv1"
    maps.watch("conv1", build("cifar-resnet20"))
    maps.show_seen(seen(np.ones((5, 6, 6), np.float32)))
    assert maps.bar.title.text() == "conv1"
    assert maps.told.startswith("5 maps of 6×6")
    assert not maps.bar.back_button.isVisible()


def test_values_that_are_not_finite_are_told_and_drawn_at_the_ends() -> None:
    broken = np.array([[[1.0, np.nan], [np.inf, 3.0]]], np.float32)
    found = LayerMaps.of(seen(broken), "conv1")
    assert found.values.tolist() == [[[1.0, 1.0], [3.0, 3.0]]]
    assert found.about == "1 map of 2×2, with values that are not finite"


def test_features_of_a_dense_layer_are_values_and_none_of_them_is_crossed(maps: ActivationMaps) -> None:
    maps.show_seen(seen(np.array([0.0, 1.0, 2.0])))
    assert maps.told == "3 values"
    assert len(maps._maps.dead_maps) == 0


def test_maps_are_refreshed_at_most_ten_times_a_second_while_it_trains(window: MainWindow, qtbot: QtBot) -> None:
    window.document.set_recipe(window.document.recipe.changed(epochs=200), "for the test")
    window.document.select(["conv2"])
    window.training.train()
    probes: list[object] = []
    times: list[int] = []

    def look() -> bool:
        probe = window.session.probe
        if probe is not None and (not probes or probes[-1] is not probe) and "conv2" in probe.seen.maps:
            probes.append(probe)
            times.append(probe.step)
        return len(probes) >= 4

    qtbot.waitUntil(look, timeout=60_000)
    assert times == sorted(set(times)), "each is of a later step"
    assert window.session.watch.seconds >= 0.1
    assert window.session.watch.share == 0.01
    qtbot.waitUntil(lambda: window.inspection.maps.values.shape[0] == 16, timeout=20_000)
    window.session.stop()
    qtbot.waitUntil(lambda: window.session.state == "idle", timeout=20_000)


def test_an_output_of_more_dimensions_is_so_many_more_maps() -> None:
    values = np.arange(48, dtype=np.float32).reshape(3, 1, 4, 4)
    maps = LayerMaps.of(Seen({"unsqueeze": values}), "unsqueeze")
    assert maps.values.shape == (3, 4, 4)


def test_maps_of_a_layer_that_nothing_reaches_any_more_do_not_stay(maps: ActivationMaps, three: np.ndarray) -> None:  # type: ignore[type-arg]
    maps.show_seen(seen(three))
    assert maps._scale.ends == ("−4", "2")
    maps.show_seen(Seen())
    assert maps.pages.hint == "Nothing reaches conv1 any more: see Problems."
    assert maps._scale.ends == ("", "")
    assert not len(maps.values)
    maps.show_seen(seen(three))
    assert (maps.pages.hint, maps._scale.ends) == ("", ("−4", "2"))
