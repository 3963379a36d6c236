"""A network starts from weights in the window: chosen in a dialog, told while it is edited, frozen by a lock."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from PySide6.QtCore import Qt
from safetensors.torch import load_file, save_file

from workbench.compiler import compile_graph
from workbench.data import download
from workbench.gui.editor import commands
from workbench.gui.inspection.previewer import Preview
from workbench.gui.main_window import MainWindow
from workbench.project import DataChoice, Project, Recipe
from workbench.runs import Run, start


@pytest.fixture
def file(window: MainWindow, tmp_path: Path) -> Path:
    """Weights of LeNet-5 whose last layer has other classes, under the names of DataParallel, and one tensor more."""
    tensors = dict(compile_graph(window.document.graph).state_dict())
    tensors |= {"fc3.weight": torch.zeros(7, 84), "fc3.bias": torch.zeros(7), "gone.weight": torch.zeros(2)}
    save_file({f"module.{name}": value for name, value in tensors.items()}, tmp_path / "weights.safetensors")
    return tmp_path / "weights.safetensors"


def test_weights_of_a_file_are_chosen_and_told_while_the_network_is_edited(
    window: MainWindow, file: Path, qtbot
) -> None:  # type: ignore[no-untyped-def]
    window.actions_table["weights"].trigger()
    from workbench.gui.training.weights_dialog import WeightsDialog

    dialog = window.findChild(WeightsDialog)
    assert dialog is not None
    qtbot.waitUntil(lambda: "choose a file" in dialog.summary.text(), timeout=60_000)
    assert not dialog.take.isEnabled()
    dialog.choose(file)
    qtbot.waitUntil(dialog.take.isEnabled, timeout=20_000)
    assert dialog.summary.text().startswith("4 layers keep their weights; new: fc3; cut: gone.")
    assert "‘module.’ was taken off" in dialog.summary.text()
    rows = [dialog.table.topLevelItem(row) for row in range(dialog.table.topLevelItemCount())]
    told = {row.text(0): (row.text(1), row.text(2), row.text(3)) for row in rows}
    assert told["fc3.weight"] == ("10×84", "7×84", "begins anew: another shape")
    assert told["gone.weight"][2] == "is left out: no layer takes it"
    assert told["conv1.bias"] == ("6", "6", "is kept")
    assert rows[0].text(0) == "fc3.weight"  # what does not fit stands first
    assert not dialog.grab().isNull()
    previews: list[Preview] = []
    window.inspection.previewer.previewed.connect(previews.append)
    dialog.take.click()
    assert window.document.recipe.weights == str(file)
    assert window.document.undo_title == "Start from weights"
    bar, start = window.training.start.bar, window.training.start
    qtbot.waitUntil(lambda: start.match is not None, timeout=20_000)
    assert "Starts from weights.safetensors: 4 layers keep" in bar.text.text()
    weight = load_file(file)["module.conv1.weight"].numpy()
    window.workspace.reveal("Weights")
    window.document.select(["conv1"])
    qtbot.waitUntil(
        lambda: bool(previews) and any(np.array_equal(f.weight, weight) for f in previews[-1].seen.filters.values()),
        timeout=20_000,
    )
    commands.set_argument(window.document, ["conv2"], "out_channels", 20)
    qtbot.waitUntil(lambda: start.match is not None, timeout=20_000)
    assert "new: conv2, fc1, fc3" in bar.text.text()
    qtbot.mouseClick(bar.anew, Qt.MouseButton.LeftButton)
    assert window.document.recipe.weights == ""
    assert not bar.isVisible()


def test_a_layer_that_fits_again_shows_the_files_weights_again(window: MainWindow, file: Path, qtbot) -> None:  # type: ignore[no-untyped-def]
    document, wanted = window.document, load_file(file)["module.conv2.weight"].numpy()
    previews: list[Preview] = []
    window.inspection.previewer.previewed.connect(previews.append)
    window.workspace.reveal("Weights")
    document.select(["conv2"])
    commands.set_argument(document, ["conv2"], "out_channels", 20)
    document.set_recipe(document.recipe.changed(weights=str(file)), "for the test")

    def shown(channels: int) -> np.ndarray | None:
        found = [f.weight for f in previews[-1].seen.filters.values()] if previews and previews[-1].trained else []
        return found[0] if found and len(found[0]) == channels else None

    qtbot.waitUntil(lambda: shown(20) is not None, timeout=20_000)
    commands.set_argument(document, ["conv2"], "out_channels", 16)
    qtbot.waitUntil(lambda: shown(16) is not None, timeout=20_000)
    assert np.array_equal(shown(16), wanted)


def test_a_trained_runs_network_is_edited_and_goes_on_with_its_weights(trained, qtbot) -> None:  # type: ignore[no-untyped-def]
    window: MainWindow = trained(epochs=2)
    first = window.session.directory
    assert first is not None
    window.document.saved_as(Path("kept.json"))
    window.training.open_run(first)
    window.document.select(["relu3"])
    window.editor.insert("layer:BatchNorm1d")
    start = window.training.start
    qtbot.waitUntil(lambda: start.match is not None, timeout=20_000)
    assert start.match is not None
    assert start.match.named("kept") == ["conv1", "conv2", "fc1", "fc2", "fc3"]
    window.document.select(["conv1", "conv2"])
    window.actions_table["freeze"].trigger()
    window.document.set_recipe(window.document.recipe.changed(epochs=1), "for the test")
    window.training.train()
    qtbot.waitUntil(lambda: window.session.state == "idle", timeout=60_000)
    second = window.session.directory
    assert second is not None
    assert second != first
    before, after = (Run.open(path).state(best=best).tensors for path, best in ((first, True), (second, False)))
    assert torch.equal(before["model.conv2.weight"], after["model.conv2.weight"])
    assert not torch.equal(before["model.fc3.weight"], after["model.fc3.weight"])
    assert Run.open(second).environment["weights"]["source"] == str(first.resolve())


def test_what_was_trained_is_edited_and_its_weights_are_offered(trained, qtbot) -> None:  # type: ignore[no-untyped-def]
    window: MainWindow = trained(epochs=1)
    offer, document, run = window.training.offer, window.document, window.session.directory
    assert run is not None
    action = window.actions_table["keep_weights"]
    assert not offer.bar.isVisible(), "nothing has changed"
    assert not action.isEnabled()
    commands.set_argument(document, ["conv2"], "out_channels", 20)
    qtbot.waitUntil(offer.bar.isVisible, timeout=20_000)
    told = offer.bar.text.text()
    assert f"{run.name} trained has changed: 3 layers would keep their weights; new: conv2, fc1" in told
    document.select(["fc3"])
    window.editor.delete()  # what is left cannot be trained, and nothing fits less for good
    document.undo()
    qtbot.waitUntil(lambda: offer.bar.isVisible() and offer.match is not None, timeout=20_000)
    document.undo()
    assert not offer.bar.isVisible(), "it is the trained network again"
    assert not action.isEnabled()
    document.redo()
    qtbot.waitUntil(action.isEnabled, timeout=20_000)
    qtbot.mouseClick(offer.bar.take, Qt.MouseButton.LeftButton)
    assert not action.isEnabled()
    document.undo()
    qtbot.waitUntil(action.isEnabled, timeout=20_000)
    action.trigger()
    assert Path(document.recipe.weights) == run.resolve()
    assert not offer.bar.isVisible()
    qtbot.waitUntil(lambda: window.training.start.match is not None, timeout=20_000)
    window.training.train()
    qtbot.waitUntil(lambda: window.session.state == "idle", timeout=60_000)
    assert window.session.directory is not None
    assert Run.open(window.session.directory).environment["weights"]["kept"] == ["conv1", "fc2", "fc3"]


def test_weights_that_are_not_wanted_are_not_offered_again(trained, qtbot) -> None:  # type: ignore[no-untyped-def]
    window: MainWindow = trained(epochs=1)
    offer = window.training.offer
    commands.set_argument(window.document, ["conv2"], "out_channels", 20)
    qtbot.waitUntil(offer.bar.isVisible, timeout=20_000)
    qtbot.mouseClick(offer.bar.decline, Qt.MouseButton.LeftButton)
    commands.set_argument(window.document, ["conv2"], "out_channels", 21)
    qtbot.wait(300)
    assert not offer.bar.isVisible()
    assert window.document.recipe.weights == ""


def test_a_lock_and_a_rate_stand_on_the_card_and_in_the_inspector(window: MainWindow, qtbot) -> None:  # type: ignore[no-untyped-def]
    cards = window.editor.scene.cards
    window.document.select(["conv1"])
    learning = window.inspector._learning
    assert learning is not None
    assert not learning.frozen.isChecked()
    window.actions_table["freeze"].trigger()
    assert window.document.recipe.frozen == ("conv1",)
    assert cards["conv1"].face.is_frozen
    assert "frozen" in cards["conv1"].spoken
    assert learning.frozen.isChecked()
    assert not learning.factor.isEnabled()
    window.actions_table["freeze"].trigger()
    assert window.document.recipe.frozen == ()
    assert not cards["conv1"].face.is_frozen
    learning.factor.setValue(0.1)
    assert window.document.recipe.rate_factors == ("conv1=0.1",)
    assert cards["conv1"].face.rate == "rate ×0.1"
    commands.rename(window.document, "conv1", "first")
    assert window.document.recipe.rate_factors == ("first=0.1",)
    window.document.undo()
    assert window.document.recipe.rate_factors == ("conv1=0.1",)
    window.document.select(["conv1"])
    window.editor.delete()
    assert window.document.recipe.rate_factors == ()
    window.document.undo()
    window.document.select(["relu1"])
    assert window.inspector._learning is None  # nothing to be learnt there


def test_a_block_is_frozen_with_all_that_is_in_it(window: MainWindow) -> None:
    window.files.open_preset("cifar-resnet20")
    window.editor.scene.set_closed(["layer1.0"])
    window.document.select(["layer1.0"])
    window.editor.freeze()
    assert window.document.recipe.frozen == ("layer1.0",)
    assert window.editor.scene.cards["layer1.0"].face.is_frozen
    window.editor.scene.set_closed([])
    assert window.editor.scene.cards["layer1.0.conv2"].face.is_frozen
    assert not window.editor.scene.cards["layer1.1.conv1"].face.is_frozen


def test_pytorchs_weights_are_offered_and_without_a_network_it_is_said_what_to_do(
    window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qtbot
) -> None:  # type: ignore[no-untyped-def]
    asked: list[str] = []

    def offline(request, **_: object) -> None:  # type: ignore[no-untyped-def]
        asked.append(request.full_url)
        raise OSError("Name or service not known")

    monkeypatch.setattr(torch.hub, "get_dir", lambda: str(tmp_path))
    monkeypatch.setattr(download.urllib.request, "urlopen", offline)
    window.files.open_preset("resnet18")
    dialog = window.training.start.choose()
    qtbot.waitUntil(lambda: dialog.choice.count() > 0, timeout=60_000)
    assert dialog.choice.itemText(0) == "ResNet-18, IMAGENET1K_V1: top-1 69.8 % on ImageNet"
    assert "about 47 MB are downloaded" in dialog.summary.text()
    assert not asked  # nothing is loaded before a person says so
    dialog.download.click()
    qtbot.waitUntil(lambda: "connect to the network, or put resnet18-" in dialog.summary.text(), timeout=60_000)
    assert len(asked) == 1
    assert dialog.download.isEnabled()
    assert not dialog.take.isEnabled()
    dialog.reject()


def test_starting_anew_takes_back_how_chosen_weights_had_pictures_normalized(
    window: MainWindow, tmp_path, qtbot
) -> None:  # type: ignore[no-untyped-def]
    document, room = window.document, window.training.start
    data = DataChoice(subset=200, normalization="symmetric")
    of_theirs = Project(document.graph, data, Recipe(epochs=1))
    for _ in start(of_theirs, tmp_path / "0001-theirs"):
        pass
    document.set_data(document.data.changed(normalization="none"), "for the test")
    before = document.project
    dialog = room.choose()
    dialog.choose(tmp_path / "0001-theirs")
    qtbot.waitUntil(dialog.take.isEnabled, timeout=60_000)
    qtbot.mouseClick(dialog.take, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: room.match is not None, timeout=20_000)
    assert document.data.normalization == "symmetric"
    qtbot.mouseClick(room.bar.anew, Qt.MouseButton.LeftButton)
    assert document.project == before
    document.undo()
    assert document.data.normalization == "symmetric"
    assert document.recipe.weights
