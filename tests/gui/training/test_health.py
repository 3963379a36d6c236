"""How the layers fare is seen on the cards, in a table and among the problems, while a training runs."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QImage, QPainter
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from workbench.graph import Builder
from workbench.gui.editor.tints import BY_NAME, FIGURES, NOTHING, Tint, number, shade, tint, worst
from workbench.gui.main_window import MainWindow
from workbench.gui.theme import DARK, LIGHT, Appearance
from workbench.gui.training import health_room
from workbench.gui.training.health_history import HealthHistory
from workbench.gui.training.health_panel import HealthPanel
from workbench.inspection import LayerHealth
from workbench.project import Project
from workbench.training import probe


@pytest.fixture(autouse=True)
def often(monkeypatch: pytest.MonkeyPatch) -> None:
    """Measured far more often than once a second, so that tests need not wait."""
    monkeypatch.setattr(probe, "_SLOW_SECONDS", 0.02)
    monkeypatch.setattr(health_room, "_SEEN", 0.5)
    monkeypatch.setattr(health_room, "_UNSEEN", 0.4)


def train_a_dead_layer(window: MainWindow, qtbot) -> None:  # type: ignore[no-untyped-def]
    """LeNet-5 with a rate that throws its weights about until units die."""
    recipe = window.document.recipe.changed(epochs=6, learning_rate=1.0, momentum=0.9, schedule="constant")
    window.document.set_recipe(recipe, "for the test")
    window.training.train()
    qtbot.waitUntil(lambda: window.session.active, timeout=20_000)
    qtbot.waitUntil(lambda: window.session.state == "idle", timeout=60_000)


def test_cards_table_and_problems_tell_of_dead_units(window: MainWindow, qtbot) -> None:  # type: ignore[no-untyped-def]
    window.actions_table["health_dead"].trigger()
    legend = window.editor.legend
    assert legend.isVisible()
    window.workspace.reveal("Health")
    train_a_dead_layer(window, qtbot)
    health, room = window.session.health, window.training.health
    assert health is not None
    dead = {name for name, layer in health.layers.items() if layer.dead >= 0.5}
    assert dead, "with this rate units should have died"
    cards = window.editor.scene.cards
    for name in dead:
        assert cards[name].tint is not None
        assert cards[name].tint.value >= 0.5
    assert cards["conv1"].tint == NOTHING  # a convolution's maps cannot be dead
    assert {remark.node for remark in room.remarks if "never fire" in remark.message} == dead
    listed = [window.problems._list.topLevelItem(row) for row in range(window.problems._list.topLevelItemCount())]
    assert dead <= {row.text(0) for row in listed if "of units never fire" in row.text(1)}
    assert window.actions_table["train"].isEnabled()  # remarks do not stop anybody
    model = room.panel.model
    assert model.rowCount() == len(window.document.graph.nodes)
    room.panel.table.sortByColumn(2, Qt.SortOrder.DescendingOrder)
    assert model.layer(0) in dead
    qtbot.mouseClick(
        room.panel.table.viewport(), Qt.MouseButton.LeftButton,
        pos=room.panel.table.visualRect(model.index(0, 0)).center(),
    )  # fmt: skip
    assert window.document.selection == (model.layer(0),)
    steps, values = window.session.health_history.of(model.layer(0), "dead")
    assert len(steps) == len(values) > 1
    assert not room.panel.grab().isNull()
    window.actions_table["health_gradient"].trigger()
    assert cards["conv1"].tint is not None
    window.actions_table["health_off"].trigger()
    assert not any(card.tint for card in cards.values())
    assert not legend.isVisible()


def test_remarks_are_gone_when_a_new_training_starts(window: MainWindow, qtbot) -> None:  # type: ignore[no-untyped-def]
    train_a_dead_layer(window, qtbot)
    room = window.training.health
    assert room.remarks
    recipe = window.document.recipe.changed(epochs=1, learning_rate=0.01)
    window.document.set_recipe(recipe, "for the test")
    window.training.train()
    assert not room.remarks
    assert room.panel.model.rowCount() == 0
    qtbot.waitUntil(lambda: window.session.state == "idle", timeout=60_000)
    assert not [remark for remark in room.remarks if "never fire" in remark.message]


def test_another_project_is_not_coloured_by_what_was_trained(window: MainWindow, qtbot) -> None:  # type: ignore[no-untyped-def]
    window.actions_table["health_gradient"].trigger()
    window.document.set_recipe(window.document.recipe.changed(epochs=1), "for the test")
    window.training.train()
    qtbot.waitUntil(lambda: window.session.state == "idle", timeout=60_000)
    assert window.editor.scene.cards["conv1"].tint is not None
    builder = Builder((1, 8, 8))
    builder.add("conv1", "Conv2d", out_channels=2, kernel_size=3)
    window.document.open(Project(builder.build("other")))
    assert window.editor.scene.cards["conv1"].tint is None
    window.actions_table["health_off"].trigger()


def test_the_choice_is_kept_for_the_next_start(window: MainWindow) -> None:
    window.actions_table["health_update"].trigger()
    assert window.settings.get("card_health", "") == "update"
    assert window.actions_table["health_update"].isChecked()
    assert window.session.watch.health == health_room._SEEN
    window.actions_table["health_off"].trigger()
    assert window.actions_table["health_off"].isChecked()
    assert not window.actions_table["health_update"].isChecked()
    assert window.session.watch.health == health_room._UNSEEN  # for the remarks


def test_a_closed_block_shows_its_worst_and_only_what_differs_is_painted(window: MainWindow) -> None:
    window.files.open_preset("cifar-resnet20")
    scene = window.editor.scene
    scene.set_closed(["layer1.0"])
    scene.show_tints({"layer1.0.conv1": Tint(-0.25, "a"), "layer1.0.conv2": Tint(-0.75, "b"), "fc": Tint(0.5, "c")})
    assert scene.cards["layer1.0"].tint == Tint(-0.75, "b")
    scene.set_closed([])
    assert scene.cards["layer1.0.conv1"].tint == Tint(-0.25, "a")
    painted: list[str] = []
    for name, card in scene.cards.items():
        card.update = lambda *_, name=name: painted.append(name)  # type: ignore[method-assign]
    scene.show_tints({"layer1.0.conv1": Tint(-0.25, "a"), "layer1.0.conv2": Tint(-0.75, "b"), "fc": Tint(0.625, "d")})
    assert painted == ["fc"]


@pytest.mark.parametrize("points", [9, 16])
def test_the_usual_kinds_of_layers_are_whole_in_the_table(
    qapp: QApplication, appearance: Appearance, qtbot: QtBot, points: int
) -> None:
    before, font = qapp.font(), QFont(qapp.font())
    font.setPointSize(points)
    qapp.setFont(font)
    try:
        panel = HealthPanel(appearance)
        qtbot.addWidget(panel)
        panel.resize(700, 300)
        builder = Builder((1, 8, 8))
        builder.add("conv", "Conv2d", out_channels=2, kernel_size=3)
        builder.add("bn", "BatchNorm2d")
        graph = builder.build("usual")
        layers = {node.name: LayerHealth(mean=0.5) for node in graph.nodes}
        panel.show_health(graph, layers, HealthHistory(), lambda _: {}, [], "now")
        panel.show()
        for row in range(panel.model.rowCount()):
            index = panel.model.index(row, 1)
            assert index.data() == graph.nodes[row].kind
            assert panel.table.sizeHintForIndex(index).width() <= panel.table.columnWidth(1)
    finally:
        qapp.setFont(before)


def test_places_on_the_scale() -> None:
    health = LayerHealth(dead=0.94, mean=0.5, spread=0.01, gradient=2.0, update=1e-3, weights=10)
    values = {f.name: tint(f, health, -3.0) for f in FIGURES}
    assert {name: one.value for name, one in values.items() if one} == {
        "dead": 1.0, "mean": 0.25, "spread": -1.0, "gradient": -1.0, "update": 0.0,
    }  # fmt: skip
    assert values["dead"] is not None
    assert values["dead"].text == "94 %"
    assert tint(BY_NAME["gradient"], LayerHealth(gradient=0.0, weights=3), -float("inf")) == Tint(-1.0, "0")
    assert tint(BY_NAME["dead"], LayerHealth()) is None
    assert worst([]) is None
    assert [number(v) for v in (370.2, 0.00421, 3.14e-7, 15_000.0, 0.0)] == ["370", "0.0042", "3.1e-7", "1.5e4", "0"]


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_text_can_be_read_on_every_shade(theme) -> None:  # type: ignore[no-untyped-def]
    """WCAG 2: at least 4.5 to 1 for small text."""

    def luminance(colour) -> float:  # type: ignore[no-untyped-def]
        parts = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in colour.getRgbF()[:3]]
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]

    image = QImage(1, 1, QImage.Format.Format_RGB32)
    for value in (-1.0, -0.5, 0.0, 0.5, 1.0):
        painter = QPainter(image)
        painter.fillRect(0, 0, 1, 1, theme.text)
        painter.end()
        ink, ground = luminance(image.pixelColor(0, 0)), luminance(shade(theme, value, 0.45))
        high, low = max(ink, ground), min(ink, ground)
        assert (high + 0.05) / (low + 0.05) >= 4.5


def test_a_history_keeps_the_whole_training_in_bounded_memory() -> None:
    history = HealthHistory()
    for step in range(5_000):
        history.add(step, {"conv": LayerHealth(mean=float(step))})
    steps, values = history.of("conv", "mean")
    assert len(steps) <= 256
    assert steps[0] == 0
    assert steps[-1] == 4_999
    assert list(values) == list(steps)
    assert not len(history.of("gone", "mean")[0])
