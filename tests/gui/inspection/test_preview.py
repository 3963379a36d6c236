"""What every layer makes of the picture, kept current while the network is edited."""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path

from workbench.graph import Builder, Input
from workbench.gui.editor import commands
from workbench.gui.main_window import MainWindow
from workbench.inspection import Rehearsal


def test_a_network_of_several_inputs_shows_what_each_branch_makes_of_the_picture(window: MainWindow, qtbot) -> None:  # type: ignore[no-untyped-def]
    builder = Builder((1, 28, 28), "whole")
    builder.inputs.append(Input("small", (1, 14, 14)))
    large = builder.add("large_conv", "Conv2d", "whole", out_channels=2, kernel_size=3)
    builder.add("small_conv", "Conv2d", "small", out_channels=3, kernel_size=3)
    builder.add("flat", "Flatten")
    builder.add("fc", "Linear", out_features=10)
    graph = builder.build()
    previews: list = []  # type: ignore[type-arg]
    window.inspection.previewer.previewed.connect(previews.append)
    window.document.set_graph(graph, "for the test")
    qtbot.waitUntil(lambda: bool(previews) and "small_conv" in previews[-1].seen.glimpses, timeout=20_000)
    assert previews[-1].seen.glimpses["small_conv"].shape == (3, 12, 12)
    assert previews[-1].seen.glimpses[large].shape == (2, 26, 26)
    told: list[str] = []
    window.inspection.previewer.failed.connect(told.append)
    features = replace(graph, inputs=(graph.inputs[0], Input("small", (7,))))
    window.document.set_graph(features, "for the test")
    qtbot.waitUntil(lambda: bool(told), timeout=20_000)
    assert told[0].startswith("Input 'small' takes 7 values"), told
    assert not len(window.inspection.maps.values), "what the network before made of the picture is still shown"


def test_the_network_is_run_in_another_thread_after_every_edit(window: MainWindow, qtbot, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    threads = []
    real = Rehearsal.run

    def run(self: Rehearsal, *given: object) -> object:
        threads.append(threading.current_thread())
        return real(self, *given)  # type: ignore[arg-type]

    monkeypatch.setattr(Rehearsal, "run", run)
    window.document.select(["conv1"])
    for width in (3, 5):
        done = len(threads)
        commands.set_argument(window.document, ["conv1"], "out_channels", width)
        qtbot.waitUntil(lambda done=done: len(threads) > done, timeout=20_000)
    assert threading.main_thread() not in threads


def test_grey_pictures_are_shown_while_the_images_that_were_read_are_still_coloured(window: MainWindow, qtbot) -> None:  # type: ignore[no-untyped-def]
    window.files.open_preset("nin-cifar10")
    qtbot.waitUntil(lambda: window.images.state == "ready" and len(window.picture.dataset.mean) == 3, timeout=60_000)
    told: list[str] = []
    previews: list = []  # type: ignore[type-arg]
    window.inspection.previewer.failed.connect(told.append)
    window.inspection.previewer.previewed.connect(previews.append)
    window.images.close()  # so that they stay coloured
    window.files.open_preset("lenet5")
    qtbot.waitUntil(lambda: bool(told) or any(made.graph == window.document.graph for made in previews), timeout=60_000)
    assert told == []
    assert len(window.picture.dataset.mean) == 3


def test_nothing_of_the_network_before_is_shown_under_the_heading_of_another(window: MainWindow, qtbot) -> None:  # type: ignore[no-untyped-def]
    inspection = window.inspection
    window.workspace.reveal("Weights")

    def is_shown() -> bool:
        is_drawn = len(inspection.maps.values) and inspection.weights.filters.picture is not None
        return bool(is_drawn and inspection.maps_panel.prediction.bars and inspection.weights.histograms.layers)

    qtbot.waitUntil(is_shown, timeout=20_000)
    away = replace(window.document.project, data=window.document.data.changed(source="/no/such/folder"))
    window.files.open_project(away)
    qtbot.waitUntil(lambda: window.images.state == "failed", timeout=20_000)
    assert not len(inspection.maps.values)
    assert inspection.weights.filters.picture is None
    assert inspection.weights.histograms.layers == []
    assert inspection.maps_panel.prediction.bars == []
    assert "/no/such/folder" in inspection.maps.pages.hint
    assert "Data" in inspection.maps.pages.hint
    window.files.open_preset("lenet5")
    window.document.set_data(window.document.data.changed(source="digits"), "for the test")
    qtbot.waitUntil(is_shown, timeout=20_000)
    assert inspection.maps.pages.hint == ""
    window.document.saved_as(Path("test.json"))
    window.files.new()
    assert not len(inspection.maps.values)
    qtbot.waitUntil(lambda: inspection.maps.pages.hint == "Select a layer to watch its maps.", timeout=20_000)


def test_what_was_begun_with_images_that_are_gone_is_not_shown_any_more(window: MainWindow, qtbot) -> None:  # type: ignore[no-untyped-def]
    inspection = window.inspection
    qtbot.waitUntil(lambda: len(inspection.maps.values) > 0, timeout=20_000)
    inspection.previewer.look_again()  # answered when this test waits again
    window.images.state_changed.emit("failed")
    assert not len(inspection.maps.values)
    qtbot.wait(500)
    assert not len(inspection.maps.values)
