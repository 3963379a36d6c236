"""What a diagnosis advises can be done with one click, and undone."""

from __future__ import annotations

import ast
import itertools
from pathlib import Path

import pytest
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QSpinBox, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

import workbench.training.diagnosis
from workbench.compiler import analyse
from workbench.graph import Builder
from workbench.gui.main_window import MainWindow
from workbench.gui.theme import Appearance
from workbench.gui.training.diagnosis_bar import DiagnosisBar
from workbench.gui.training.remedies_row import RemediesRow
from workbench.layers import TEMPLATES
from workbench.presets import build
from workbench.project import Project
from workbench.training import Diagnosis
from workbench.training.remedies import BY_WORDS, REMEDIES


def _advice() -> set[str]:
    """Every remedy that the engine's rules can give, from their source."""
    tree = ast.parse(Path(workbench.training.diagnosis.__file__).read_text())
    calls = [n for n in ast.walk(tree) if isinstance(n, ast.Call) and getattr(n.func, "id", "") == "Diagnosis"]
    tuples = [argument for call in calls for argument in call.args if isinstance(argument, ast.Tuple)]
    return {item.value for found in tuples for item in found.elts if isinstance(item, ast.Constant)}


def test_every_advice_of_the_engine_has_a_button() -> None:
    assert _advice() == set(BY_WORDS)


@pytest.mark.parametrize("remedy", REMEDIES, ids=lambda remedy: remedy.words)
@pytest.mark.parametrize("name", ["lenet5", "cifar-resnet20", "googlenet"])
def test_a_remedy_changes_the_project_into_one_that_runs(remedy, name: str) -> None:  # type: ignore[no-untyped-def]
    project = Project(build(name))
    changed = remedy.change(project)
    assert analyse(changed.graph).runs
    if remedy.words not in ("more images", "less regularization"):
        assert changed != project


def test_smaller_and_larger_mean_what_they_say() -> None:
    project = Project(build("lenet5"))
    count = analyse(project.graph).parameters
    assert analyse(BY_WORDS["a smaller network"].change(project).graph).parameters < count / 2
    assert analyse(BY_WORDS["a larger network"].change(project).graph).parameters > 2 * count


def test_a_button_changes_the_recipe_in_one_step(window: MainWindow) -> None:
    bar = window.training.curves.diagnosis
    bar.show_diagnosis(9, Diagnosis("overfitting", "Overfitting since epoch 7.", ("early stopping", "more dropout")))
    assert bar.remedies == ("early stopping", "more dropout")
    before = window.document.project
    bar.chosen.emit("early stopping")
    assert window.document.recipe.early_stopping == 5
    assert window.document.undo_title == "Early stopping"
    window.document.undo()
    assert window.document.project is before


@pytest.mark.parametrize("growth", ["conv1", "dense"])
def test_what_cannot_be_made_larger_is_said_and_left_as_it_is(window: MainWindow, growth: str) -> None:
    builder = Builder((1, 28, 28))
    if growth == "dense":
        TEMPLATES["DenseLayer"].add(builder, "dense", "input", growth=600, bottleneck=1)
    else:
        builder.add("conv1", "Conv2d", out_channels=40_000, kernel_size=1)
    builder.add("flatten", "Flatten")
    builder.add("fc", "Linear", out_features=10)
    window.document.set_graph(builder.build("wide"), "for the test")
    before = window.document.project
    window.training.curves.diagnosis.chosen.emit("a larger network")
    assert window.document.project is before
    assert window.message.startswith(f"'{growth}' cannot be made that size: ")
    window.document.select([growth])


def test_layers_that_a_remedy_changes_are_selected_and_seen(window: MainWindow) -> None:
    window.training.curves.diagnosis.chosen.emit("more dropout")
    (dropout,) = (node.name for node in window.document.graph.nodes if node.kind == "Dropout")
    assert window.document.selection == (dropout,)
    view = window.editor.view
    assert view.viewport().rect().contains(view.mapFromScene(window.editor.scene.cards[dropout].pos()))
    assert window.workspace.is_seen("Inspector")
    window.training.curves.diagnosis.chosen.emit("a smaller network")
    assert window.document.selection == ("conv1", "conv2", "fc1", "fc2")


@pytest.mark.parametrize("words", ["augmentation", "early stopping", "a better initialization"])
def test_the_setting_that_a_remedy_changes_is_seen(window: MainWindow, words: str) -> None:
    window.workspace.reveal("Inspector")
    window.training.curves.diagnosis.chosen.emit(words)
    QApplication.processEvents()
    panel = window.recipe_panel
    editor = panel.editor(BY_WORDS[words].shows)
    place = editor.mapTo(panel.viewport(), editor.rect().center())
    assert editor.isVisible()
    assert panel.viewport().rect().contains(place)


def test_remedies_that_find_no_room_in_the_row_stand_in_a_menu(qapp: QApplication, qtbot: QtBot) -> None:
    row = RemediesRow()
    qtbot.addWidget(row)
    words = tuple(BY_WORDS)[:6]
    row.show_remedies(words)
    row.resize(row.sizeHint())
    row.show()
    buttons = [button for button in row.findChildren(QPushButton) if button is not row.rest]
    assert all(button.isVisible() for button in buttons)
    assert not row.rest.isVisible()
    row.resize(300, row.height())
    seen = [button for button in (*buttons, row.rest) if button.isVisible()]
    assert row.rest in seen
    assert 1 < len(seen) < len(buttons)
    assert all(row.rect().contains(button.geometry()) for button in seen)
    assert all(one.geometry().right() < other.geometry().left() for one, other in itertools.pairwise(seen))
    assert [button.text() for button in seen[:-1]] + [action.text() for action in row.rest.menu().actions()] == [
        BY_WORDS[word].button for word in words
    ]
    with qtbot.waitSignal(row.chosen) as taken:
        row.rest.menu().actions()[-1].trigger()
    assert taken.args == [words[-1]]


def test_a_shorter_sentence_leaves_no_band_once_no_epoch_follows(
    qapp: QApplication, appearance: Appearance, qtbot: QtBot
) -> None:
    room, bar, below = QWidget(), DiagnosisBar(appearance), QWidget()
    qtbot.addWidget(room)
    layout = QVBoxLayout(room)
    layout.addWidget(bar)
    layout.addWidget(below, 1)
    room.resize(600, 300)
    room.show()
    healthy = Diagnosis("healthy", "Healthy.")

    def height() -> int:
        for _ in range(3):
            qapp.processEvents()
        return bar.height()

    bar.show_diagnosis(6, healthy)
    low = height()
    bar.show_diagnosis(7, Diagnosis("overfitting", "Overfitting.", ("more dropout",)), more_follow=True)
    high = height()
    assert high > low
    bar.show_diagnosis(8, healthy, more_follow=True)
    assert height() == high
    bar.show_diagnosis(9, healthy)
    assert height() == low


@pytest.mark.parametrize("words", ["weight decay", "augmentation", "early stopping"])
def test_undo_takes_a_remedy_back_while_its_setting_has_the_keyboard(window: MainWindow, words: str) -> None:
    before = window.document.project
    window.training.curves.diagnosis.chosen.emit(words)
    box = window.recipe_panel.editor(BY_WORDS[words].shows)
    window.activateWindow()
    box.setFocus()
    QTest.keySequence(box, QKeySequence(QKeySequence.StandardKey.Undo))
    assert window.document.project == before
    QTest.keySequence(box, QKeySequence(QKeySequence.StandardKey.Redo))
    assert window.document.project == BY_WORDS[words].change(before)


def test_undo_takes_back_first_what_is_being_typed(window: MainWindow) -> None:
    window.training.curves.diagnosis.chosen.emit("early stopping")
    after = window.document.project
    box = window.recipe_panel.editor(BY_WORDS["early stopping"].shows)
    assert isinstance(box, QSpinBox)
    window.activateWindow()
    box.setFocus()
    QTest.keyClicks(box, "7")
    QTest.keySequence(box, QKeySequence(QKeySequence.StandardKey.Undo))
    assert box.text() == str(after.recipe.early_stopping)
    assert window.document.project == after
