"""The panel that says why: what is asked, of which weights, and that nobody waits for it in vain."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import torch
from PySide6.QtCore import Qt

from workbench.gui.inspection.attribution.panel import AttributionPanel
from workbench.gui.main_window import MainWindow
from workbench.inspection.attribution import METHODS
from workbench.runs import Run


@pytest.fixture
def panel(window: MainWindow, qtbot) -> AttributionPanel:  # type: ignore[no-untyped-def]
    """The panel in front, with its first answer."""
    window.workspace.reveal("Attribution")
    shown: AttributionPanel = window.inspection.attribution.panel
    qtbot.waitUntil(lambda: shown.answer is not None and not shown.waiting, timeout=60_000)
    return shown


def choose(box, data) -> None:  # type: ignore[no-untyped-def]
    """Choose in a list as a person does."""
    box.setCurrentIndex(box.findData(data))
    box.activated.emit(box.currentIndex())


def settled(panel: AttributionPanel, qtbot, before: object) -> None:  # type: ignore[no-untyped-def]
    qtbot.waitUntil(
        lambda: panel.answer is not before and panel.answer is not None and not panel.waiting, timeout=30_000
    )


def test_every_method_draws_something_and_the_slider_covers(panel: AttributionPanel, qtbot) -> None:  # type: ignore[no-untyped-def]
    drawn = {}
    for name, method in METHODS.items():
        before = panel.answer
        if panel.method != name:
            choose(panel.methods, name)
            settled(panel, qtbot, before)
        assert panel.answer is not None
        assert panel.answer.wish.method == name
        assert panel.layers.isEnabled() == method.of_layer
        drawn[name] = panel.shown
    assert all(image is not None and image.shape == (28, 28, 4) for image in drawn.values())
    assert len({image.tobytes() for image in drawn.values()}) == len(METHODS)  # type: ignore[union-attr]
    panel.opacity.setValue(0)
    plain = panel.shown
    assert plain is not None
    assert np.array_equal(plain[..., 0], panel.answer.pixels[0])
    panel.opacity.setValue(100)
    assert not np.array_equal(panel.shown, plain)


def test_class_layer_and_picture_are_followed(window: MainWindow, panel: AttributionPanel, qtbot) -> None:  # type: ignore[no-untyped-def]
    assert panel.layer == "conv2"
    assert panel.targets.itemText(0).startswith("Likeliest class: ")
    assert panel.answer is not None
    assert panel.answer.target == int(np.argmax(panel.answer.attribution.probabilities))
    before = panel.answer
    choose(panel.targets, 7)
    settled(panel, qtbot, before)
    assert panel.answer.target == 7
    assert panel.told.startswith("7: ")
    before = panel.answer
    window.document.select(["relu1"])
    settled(panel, qtbot, before)
    assert panel.answer.wish.layer == "relu1"
    assert panel.answer.attribution.coarse.shape == (28, 28)
    before = panel.answer
    window.picture.next()
    settled(panel, qtbot, before)
    assert panel.answer.target == 7
    assert not np.array_equal(panel.answer.pixels, before.pixels)


def test_an_edit_is_followed_and_one_that_breaks_the_network_is_said(  # type: ignore[no-untyped-def]
    window: MainWindow, panel: AttributionPanel, qtbot
) -> None:
    from workbench.gui.editor import commands

    before = panel.answer
    commands.set_argument(window.document, ["conv2"], "out_channels", 5)
    settled(panel, qtbot, before)
    commands.set_argument(window.document, ["conv2"], "kernel_size", 99)
    assert panel.answer is None
    assert "cannot run" in panel._hint.text()
    window.document.undo()
    qtbot.waitUntil(lambda: panel.answer is not None)


def test_the_weights_are_the_trained_runs(trained: Callable[..., MainWindow], qtbot) -> None:  # type: ignore[no-untyped-def]
    window = trained(epochs=2)
    window.workspace.reveal("Attribution")
    panel = window.inspection.attribution.panel
    qtbot.waitUntil(lambda: panel.answer is not None and panel.answer.wish.standing.stamp > 0, timeout=60_000)
    assert panel.answer.wish.standing.run == window.session.directory
    assert "its best epoch" in panel._origin.text()
    network = Run.open(window.session.directory).network()
    dataset = window.picture.dataset
    from workbench.data.batches import Normalise

    image = Normalise(dataset.mean, dataset.std, torch.device("cpu"))(torch.from_numpy(panel.answer.pixels)[None])
    with torch.no_grad():
        expected = network(image)[0].softmax(0)
    np.testing.assert_allclose(panel.answer.attribution.probabilities, expected, rtol=1e-4, atol=1e-6)


def test_while_it_trains_the_last_checkpoint_is_asked_and_the_training_is_not_disturbed(  # type: ignore[no-untyped-def]
    trained: Callable[..., MainWindow], qtbot
) -> None:
    """Two runs with the same seed, one of them asked again and again: the same numbers to the last bit."""
    window = trained(epochs=4)
    alone = [record["validation_loss"] for record in Run.open(window.session.directory).epochs]
    window.workspace.reveal("Attribution")
    panel = window.inspection.attribution.panel
    window.training.train()
    # The checkpoint of an epoch comes after it.
    qtbot.waitUntil(lambda: len(window.session.series.epochs) >= 2, timeout=60_000)
    window.session.pause()
    qtbot.waitUntil(lambda: window.session.state == "paused", timeout=20_000)
    for name in METHODS:
        before = panel.answer
        choose(panel.methods, name)
        window.picture.next()
        settled(panel, qtbot, before)
        assert panel.answer.wish.standing.run == window.session.directory
        assert not panel.answer.wish.standing.best
    assert "its last checkpoint" in panel._origin.text()
    window.session.go_on()
    qtbot.waitUntil(lambda: window.session.state == "idle", timeout=60_000)
    assert [record["validation_loss"] for record in Run.open(window.session.directory).epochs] == alone


def test_a_long_question_tells_how_far_it_is_and_can_be_cancelled(  # type: ignore[no-untyped-def]
    window: MainWindow, panel: AttributionPanel, qtbot
) -> None:
    asking = window.inspection.attribution._asking
    # Somebody else has the network: the question takes as long as they do.
    with asking._copy._lock:
        choose(panel.methods, "occlusion")
        assert panel.waiting
        asking.progress = (17, 170)
        qtbot.waitUntil(panel.progress.isVisible)
        assert (panel.progress.value(), panel.progress.maximum()) == (17, 170)
        qtbot.mouseClick(panel.cancel, Qt.MouseButton.LeftButton)
        assert not panel.waiting
        assert "Cancelled" in panel._hint.text()
        qtbot.waitUntil(lambda: not asking.busy, timeout=20_000)
    assert panel.answer is None
    # What was cancelled can be asked again.
    panel.targets.activated.emit(0)
    qtbot.waitUntil(lambda: panel.answered_by("occlusion"))


def test_nothing_is_asked_while_nobody_looks(window: MainWindow, qtbot) -> None:  # type: ignore[no-untyped-def]
    panel = window.inspection.attribution.panel
    window.picture.next()
    qtbot.wait(200)
    assert panel.answer is None
    assert not window.inspection.attribution._asking.busy
