"""Labs that train: the real engine, seen by the widgets."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from workbench.gui.labs.depth import DepthLab
from workbench.gui.labs.descent import NormalizationLab
from workbench.gui.labs.ladder import LadderLab
from workbench.gui.labs.overfitting import OverfittingLab
from workbench.gui.labs.race import RaceLab
from workbench.gui.theme import Appearance
from workbench.labs import lineups


@pytest.fixture
def opened(appearance: Appearance, qtbot):  # type: ignore[no-untyped-def]
    def opening(view):  # type: ignore[no-untyped-def]
        qtbot.addWidget(view)
        view.resize(900, 600)
        view.show()
        return view

    return opening


def close(lab: RaceLab) -> None:
    lab.stop()
    assert lab._background.close(20)


def test_a_race_draws_a_line_a_network_and_can_be_stopped(opened, appearance: Appearance, qtbot) -> None:  # type: ignore[no-untyped-def]
    lab = opened(OverfittingLab(appearance))
    for row in range(3, 9):
        lab.table.item(row, 0).setCheckState(Qt.CheckState.Unchecked)
    qtbot.mouseClick(lab.start, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(lab.laps.get("L2", [])) >= 3, timeout=60_000)
    assert set(lab.laps) == {"none", "L1", "L2"}
    assert len(lab._lines["L1"].getData()[0]) == len(lab.laps["L1"])
    assert lab.table.item(0, 3).text() == str(len(lab.laps["none"]))
    best = min(epoch.validation_loss for epoch in lab.laps["none"])
    assert lab.measured().startswith(f"best validation loss: none {best:.3g}, ")
    qtbot.mouseClick(lab.start, Qt.MouseButton.LeftButton)
    assert not lab.running
    assert lab.told.text() == "Stopped."
    close(lab)


def test_a_races_plot_says_what_it_will_show_before_it_starts(opened, appearance: Appearance) -> None:  # type: ignore[no-untyped-def]
    lab = opened(OverfittingLab(appearance))
    axis = lab.plot.getAxis("left")
    assert axis.labelText == lab.shown.currentText().lower() == "validation loss"
    assert axis.label.isVisible()
    close(lab)


def test_the_titles_of_the_valleys_axes_are_whole(opened, appearance: Appearance) -> None:  # type: ignore[no-untyped-def]
    lab = opened(NormalizationLab(appearance))
    for plot in (lab.valley.unscaled, lab.valley.scaled, lab.valley.losses):
        plot.grab()
        title = plot.getAxis("bottom").label
        words = title.mapRectToScene(title.boundingRect().adjusted(4, 4, -4, -4))
        assert words.bottom() <= plot.viewport().height(), title.toPlainText()
    close(lab.race)


def test_nobody_ticked_is_said(opened, appearance: Appearance) -> None:  # type: ignore[no-untyped-def]
    lab = opened(DepthLab(appearance))
    for row in range(4):
        lab.table.item(row, 0).setCheckState(Qt.CheckState.Unchecked)
    lab.begin()
    assert "Tick at least one" in lab.told.text()
    assert not lab.running


def test_gradients_are_drawn_layer_by_layer(opened, appearance: Appearance, two_of_depth, qtbot) -> None:  # type: ignore[no-untyped-def]
    lab = opened(DepthLab(appearance))
    lab._line_up = lambda: two_of_depth
    lab.begin()
    qtbot.waitUntil(lambda: not lab.running, timeout=90_000)
    assert {name: len(values) for name, values in lab.gradients.items()} == {"plain20": 19, "resnet20": 19}
    assert lab.plot.getAxis("left").labelText == "error while training"
    for name, epochs in lab.laps.items():
        assert list(lab._lines[name].getData()[1]) == [1 - epoch.train_accuracy for epoch in epochs]
    for name, values in lab.gradients.items():
        assert len(lab._by_layer[name].getData()[0]) == len(values)
    appearance.choose("dark")
    appearance.choose("light")
    for plot in (lab.plot, lab._layers):
        assert plot.getAxis("left").autoSIPrefixScale == 1, "figures are shown as they are"
    close(lab)


def test_the_ladder_draws_what_came_out_over_its_steps(opened, appearance: Appearance, qtbot) -> None:  # type: ignore[no-untyped-def]
    lab = opened(LadderLab(appearance))
    lab._line_up = lambda: lineups.capacity(1)
    lab.begin()
    qtbot.waitUntil(lambda: not lab.running, timeout=90_000)
    assert lab.told.text() == "All have finished."
    assert len(lab.training.getData()[0]) == 6
    wide = lab.laps["×2"][-1]
    assert lab.measured().endswith(f"; ×2 {wide.train_loss_eval:.3f}, {wide.validation_loss:.3f}")
    lab.ladder.setCurrentIndex(2)
    assert lab.table.rowCount() == 4
    assert lab.laps == {}
    lab._line_up = lambda: lineups.batch_sizes(1)
    lab.begin()
    qtbot.waitUntil(lambda: not lab.running, timeout=90_000)
    qtbot.waitUntil(lambda: lab.noise.getData()[1] is not None, timeout=30_000)
    noise = lab.noises
    assert list(noise) == sorted(noise, reverse=True)
    assert lab._measuring.close(20)
    close(lab)


def test_the_slider_trains_every_step_up_to_it_and_says_what_came_of_it(opened, appearance: Appearance, qtbot) -> None:  # type: ignore[no-untyped-def]
    lab = opened(LadderLab(appearance))
    lab.ladder.setCurrentIndex(1)
    lab.take(lambda: lineups.depths(2))
    assert (lab.of_step.text(), lab.verdict.text()) == ("0 convolutions, and a dense layer", "not trained yet")
    lab.step.setFocus()
    qtbot.keyClick(lab.step, Qt.Key.Key_Right)
    qtbot.keyClick(lab.step, Qt.Key.Key_Right)
    qtbot.waitUntil(lambda: len(lab.laps) == 3 and not lab.running, timeout=90_000)
    assert set(lab.laps) == {"0 convolutions", "1 convolution", "2 convolutions"}
    kept = lab.laps["1 convolution"]
    assert list(lab.training.getData()[0]) == [0, 1, 2]
    assert lab._here.value() == 2
    assert [words for _, words in lab._steps.getAxis("bottom")._tickLevels[0]] == ["0", "1", "2", "4", "8", "16"]
    assert f"2 convolutions: training {lab.laps['2 convolutions'][-1].train_loss_eval:.3f}" in lab.of_step.text()
    qtbot.keyClick(lab.step, Qt.Key.Key_Right)
    qtbot.waitUntil(lambda: len(lab.laps) == 4 and not lab.running, timeout=90_000)
    assert lab.laps["1 convolution"] is kept, "what has been trained is not trained again"
    qtbot.keyClick(lab.step, Qt.Key.Key_Right)
    qtbot.waitUntil(lambda: lab.running, timeout=20_000)
    lab.step.setValue(5)
    qtbot.mouseClick(lab.start, Qt.MouseButton.LeftButton)
    qtbot.wait(600)
    assert not lab.running, "who stops it does not want the next step either"
    assert lab._measuring.close(20)
    close(lab)


def test_normalised_features_arrive_in_far_fewer_steps(opened, appearance: Appearance, qtbot) -> None:  # type: ignore[no-untyped-def]
    lab = opened(NormalizationLab(appearance))
    qtbot.mouseClick(lab.valley.best, Qt.MouseButton.LeftButton)
    assert lab.valley.rate.value() == pytest.approx(0.0198, abs=1e-4)
    assert 680 <= lab.valley.paths[0].steps <= 700
    lab.valley.rate.setValue(0.021)
    assert "diverged" in lab.valley.words.text()
    lab.valley.scaled_rate.setValue(1.0)
    assert lab.valley.paths[1].steps == 1
    qtbot.mouseClick(lab.valley.play, Qt.MouseButton.LeftButton)
    qtbot.wait(120)
    lab.setCurrentWidget(lab.race)
    lab.race._line_up = lambda: lineups.normalization(epochs=1)
    lab.race.begin()
    qtbot.waitUntil(lambda: not lab.race.running, timeout=60_000)
    assert len(lab.race.laps) == 4
    close(lab.race)
