"""The window as a person uses it, against the real engine on the digits."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QMessageBox

from workbench.gui import commands
from workbench.gui.actions import ACTIONS
from workbench.gui.main_window import MainWindow
from workbench.project import read_project
from workbench.runs import Run


def test_every_action_has_words_a_key_of_its_own_and_a_menu(window: MainWindow) -> None:
    keys = [action.shortcut for action in ACTIONS]
    assert all(action.text and action.shortcut and action.menu for action in ACTIONS)
    assert len(set(keys)) == len(keys)
    assert all(not window.actions_table[action.name].icon().isNull() for action in ACTIONS if action.icon)
    # A menu draws no dot beside an icon: which of several is chosen could not be seen.
    assert all(window.actions_table[action.name].icon().isNull() for action in ACTIONS if action.choice)


def test_lenet_on_the_digits_is_ready_and_trains(trained, qtbot) -> None:  # type: ignore[no-untyped-def]
    window: MainWindow = trained(epochs=3)
    assert len(window.session.series.epochs) == 3
    run = Run.open(window.session.directory)
    assert run.status == "completed"
    assert len(run.epochs) == 3
    assert [e["validation_loss"] for e in run.epochs] == pytest.approx(
        [e.validation_loss for e in window.session.series.epochs]
    )
    assert window.session.series.count == sum(record["event"] == "step" for record in run.metrics)


def test_maps_and_prediction_follow_the_training(window: MainWindow, qtbot) -> None:  # type: ignore[no-untyped-def]
    window.document.select(["conv2"])
    window.training.train()
    qtbot.waitUntil(
        lambda: window.session.probe is not None and "conv2" in window.session.probe.seen.maps, timeout=60_000
    )
    first = window.session.probe.step
    qtbot.waitUntil(lambda: window.session.probe.step > first, timeout=60_000)
    window.session.stop()
    qtbot.waitUntil(lambda: window.session.state == "idle", timeout=20_000)
    assert window.inspection.maps.layer == "conv2"
    assert window.inspection.maps.shown is not None
    assert sum(bar.share for bar in window.inspection.maps_panel.prediction.bars) > 0.5


def test_pause_one_batch_one_epoch_and_go_on(window: MainWindow, qtbot) -> None:  # type: ignore[no-untyped-def]
    session = window.session
    window.document.set_recipe(window.document.recipe.changed(epochs=200), "for the test")
    window.training.train()
    qtbot.waitUntil(lambda: session.series.count > 3, timeout=60_000)
    window.training.pause_or_go_on()
    qtbot.waitUntil(lambda: session.state == "paused", timeout=20_000)
    paused = session.series.count
    window.training.one_step()
    qtbot.waitUntil(lambda: session.series.count == paused + 1 and session.state == "paused", timeout=20_000)
    epochs = len(session.series.epochs)
    window.training.one_epoch()
    qtbot.waitUntil(lambda: len(session.series.epochs) == epochs + 1 and session.state == "paused", timeout=20_000)
    window.training.pause_or_go_on()
    qtbot.waitUntil(lambda: session.series.count > paused + 40, timeout=60_000)
    session.stop()
    qtbot.waitUntil(lambda: session.state == "idle", timeout=20_000)
    assert Run.open(session.directory).status == "stopped"


def test_the_learning_rate_can_be_changed_while_it_trains(window: MainWindow, qtbot) -> None:  # type: ignore[no-untyped-def]
    window.document.set_recipe(window.document.recipe.changed(epochs=200, schedule="constant"), "for the test")
    assert window.rate.box.text() == "–", "nothing trains at a rate of 0"
    window.training.train()
    qtbot.waitUntil(lambda: window.session.series.count > 3, timeout=60_000)
    rate = window.session.learning_rate
    qtbot.waitUntil(lambda: window.rate.box.text() == f"{rate:.6g}", timeout=20_000)
    window.rate.box.setValue(rate / 4)
    window.rate.box.editingFinished.emit()
    qtbot.waitUntil(lambda: window.session.learning_rate == pytest.approx(rate / 4), timeout=20_000)
    window.session.stop()
    qtbot.waitUntil(lambda: window.session.state == "idle", timeout=20_000)
    assert window.rate.box.text() == "–", "the rate of a training that has ended is nobody's"


def test_whoever_only_leaves_the_box_of_the_rate_changes_nothing(window: MainWindow, qtbot) -> None:  # type: ignore[no-untyped-def]
    window.document.set_recipe(window.document.recipe.changed(epochs=200), "for the test")
    window.training.train()
    qtbot.waitUntil(lambda: window.session.series.count > 3, timeout=60_000)
    box = window.rate.box
    for text, changes in (("", 0), ("0.004", 1), ("", 1)):
        box.setFocus()
        qtbot.waitUntil(box.hasFocus)
        if text:
            box.selectAll()
            qtbot.keyClicks(box, text)
        qtbot.keyClick(box, Qt.Key.Key_Return)
        window.editor.view.setFocus()
        assert len([each for each in window.session.happenings if each.kind == "rate"]) == changes
    window.session.stop()
    qtbot.waitUntil(lambda: window.session.state == "idle", timeout=20_000)


def test_a_rate_that_was_given_is_followed_while_the_keyboard_stays_in_its_box(window: MainWindow, qtbot) -> None:  # type: ignore[no-untyped-def]
    window.document.set_recipe(window.document.recipe.changed(epochs=200, schedule="cosine"), "for the test")
    window.training.train()
    qtbot.waitUntil(lambda: window.session.series.count > 3, timeout=60_000)
    box = window.rate.box
    box.setFocus()
    qtbot.waitUntil(box.hasFocus)
    box.selectAll()
    qtbot.keyClicks(box, "0.004")
    qtbot.wait(300)
    assert box.text() == "0.004", "nobody takes away what a person types"
    qtbot.keyClick(box, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: 0 < box.value() < 0.004, timeout=20_000)
    assert box.hasFocus()
    window.session.stop()
    qtbot.waitUntil(lambda: window.session.state == "idle", timeout=20_000)


def test_editing_while_it_trains_never_touches_the_run(window: MainWindow, qtbot) -> None:  # type: ignore[no-untyped-def]
    before = window.document.project
    window.training.train()
    qtbot.waitUntil(lambda: window.session.series.count > 1, timeout=60_000)
    window.document.select(["relu1"])
    window.editor.insert("layer:Dropout")
    window.session.stop()
    qtbot.waitUntil(lambda: window.session.state == "idle", timeout=20_000)
    assert Run.open(window.session.directory).project == before != window.document.project


def test_closing_while_it_trains_leaves_a_checkpoint_and_no_thread(window: MainWindow, qtbot) -> None:  # type: ignore[no-untyped-def]
    window.document.set_recipe(window.document.recipe.changed(epochs=500), "for the test")
    window.document.saved_as(Path("saved.json"))
    window.training.train()
    qtbot.waitUntil(lambda: window.session.series.count > 5, timeout=60_000)
    assert window.close()
    assert Run.open(window.session.directory).status == "stopped"


def test_a_project_is_saved_and_opened_again(window: MainWindow, tmp_path: Path) -> None:
    window.document.select(["relu1"])
    window.editor.insert("layer:Dropout")
    path = tmp_path / "mine.json"
    assert window.files.save_as(path)
    assert read_project(path) == window.document.project
    assert not window.document.modified
    project = window.document.project
    window.files.open_preset("alexnet")
    window.files.open(path)
    assert window.document.project == project
    assert window.settings.recent[0] == str(path)


def test_a_damaged_file_is_one_sentence_and_changes_nothing(window: MainWindow, tmp_path: Path) -> None:
    path = tmp_path / "broken.json"
    path.write_text('{"format": "cnn-workbench project", "version": 1, "graph": 7}')
    before = window.document.project
    window.attempt(lambda: window.files.open(path))
    assert "broken.json" in window.message
    assert window.document.project is before


@pytest.mark.parametrize("answer", ["Save", "Discard", "Cancel"])
def test_unsaved_changes_are_asked_about(window: MainWindow, answer: str, monkeypatch, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path / "mine.json"
    window.files.save_as(path)
    window.document.select(["relu1"])
    window.editor.delete()
    buttons = QMessageBox.StandardButton
    monkeypatch.setattr(QMessageBox, "question", lambda *_: getattr(buttons, answer))
    left = window.files.may_leave()
    assert left is (answer != "Cancel")
    assert ("relu1" in read_project(path).graph) is (answer != "Save")


def test_work_that_was_not_saved_is_kept_as_a_draft(window: MainWindow, qtbot) -> None:  # type: ignore[no-untyped-def]
    window.document.select(["relu1"])
    window.editor.delete()
    qtbot.waitUntil(lambda: window.files.draft.kept() == window.document.project, timeout=5_000)


def test_copy_and_paste_go_through_the_clipboard_as_text(window: MainWindow) -> None:
    window.document.select(["conv1", "relu1"])
    window.editor.copy()
    assert '"kind": "Conv2d"' in QApplication.clipboard().text()
    before = len(window.document.graph.nodes)
    window.editor.paste()
    assert len(window.document.graph.nodes) == before + 2


def test_cards_show_the_maps_of_the_untrained_network(window: MainWindow, qtbot) -> None:  # type: ignore[no-untyped-def]
    cards = window.editor.scene.cards
    qtbot.waitUntil(lambda: cards["conv1"].height > 60, timeout=20_000)
    heights = {name: card.height for name, card in cards.items()}
    window.inspection.toggle_previews()
    qtbot.waitUntil(lambda: cards["conv1"].height < heights["conv1"], timeout=20_000)


def test_what_is_broken_is_marked_and_what_stands_above_still_shows(window: MainWindow, qtbot) -> None:  # type: ignore[no-untyped-def]
    window.document.select(["flatten"])
    window.editor.delete()
    cards = window.editor.scene.cards
    assert "Flatten" in cards["fc1"].face.problem or "features" in cards["fc1"].face.problem
    assert not window.actions_table["train"].isEnabled()
    assert window.editor.scene._lines.broken == ["16×5×5, wanted: features"]
    # The maps of the whole network may still have come before the layer was deleted.
    qtbot.waitUntil(lambda: cards["conv2"].height > 60 and cards["fc1"].height < 60, timeout=20_000)


def test_light_and_dark_can_be_switched_while_it_is_open(window: MainWindow) -> None:
    window.appearance.choose("dark")
    dark = window.grab().toImage().pixelColor(4, 200).lightness()
    window.appearance.choose("light")
    assert window.grab().toImage().pixelColor(4, 200).lightness() > dark + 100


def test_the_menu_ticks_the_colours_in_use(window: MainWindow) -> None:
    table = window.actions_table
    assert [name for name in ("light", "dark", "system") if table[name].isChecked()] == ["light"]
    table["dark"].trigger()
    assert [name for name in ("light", "dark", "system") if table[name].isChecked()] == ["dark"]
    window.appearance.choose("light")
    assert table["light"].isChecked()


def test_an_action_is_found_by_a_few_letters_and_done(window: MainWindow, qtbot) -> None:  # type: ignore[no-untyped-def]
    from workbench.gui.action_finder import ActionFinder

    commands.find_action(window)
    finder = window.findChild(ActionFinder)
    qtbot.keyClicks(finder._line, "dark")
    assert finder.shown == ["View: Dark"]
    qtbot.keyClick(finder._line, Qt.Key.Key_Return)
    assert window.appearance.scheme == "dark"
    window.appearance.choose("light")


def test_the_picture_can_be_a_file(window: MainWindow, tmp_path: Path, qtbot) -> None:  # type: ignore[no-untyped-def]
    from PIL import Image

    path = tmp_path / "photo.png"
    Image.fromarray(np.random.default_rng(0).integers(0, 255, (60, 80, 3), np.uint8)).save(path)
    window.inspection.take_picture(path)
    assert window.picture.picture is not None
    assert window.picture.picture.name == "photo.png"
    (tmp_path / "no.png").write_bytes(b"no picture")
    window.inspection.take_picture(tmp_path / "no.png")
    assert "cannot be shown" in window.message


def test_an_example_is_opened_with_a_click(window: MainWindow, qtbot) -> None:  # type: ignore[no-untyped-def]
    from workbench.gui.start_page import Example
    from workbench.presets import EXPERIMENTS

    window.pages.show_start_page()
    examples = window.start_page.findChildren(Example)
    assert [example.accessibleName() for example in examples] == [e.title for e in EXPERIMENTS.values()]
    qtbot.mouseClick(examples[0], Qt.MouseButton.LeftButton)
    assert window.document.project == EXPERIMENTS["overfitting"].make()
    assert "Press Train" in window.message


def test_at_first_the_maps_of_the_first_convolution_are_seen(window: MainWindow, qtbot) -> None:  # type: ignore[no-untyped-def]
    window.pages.show_editor()
    qtbot.waitUntil(lambda: window.inspection.maps.shown is not None, timeout=30_000)
    assert window.inspection.maps.layer == "conv1"


def test_what_can_be_ticked_has_no_icon_that_hides_the_tick(window: MainWindow) -> None:
    ticked = [action for action in window.actions_table.by_name.values() if action.isCheckable()]
    assert any(action.isChecked() for action in ticked)
    assert all(action.icon().isNull() for action in ticked)
