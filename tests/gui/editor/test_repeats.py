"""Equal blocks that follow each other: found, marked, folded to one card, and never a change of the network."""

from __future__ import annotations

import itertools
import random

import pytest
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QApplication, QGraphicsScene

from workbench.graph import Node, edits, free_name
from workbench.gui.editor.frames import Frames
from workbench.gui.editor.outline import outline
from workbench.gui.editor.repeats import Repeat, Repeats, folded, repeats
from workbench.gui.main_window import MainWindow
from workbench.gui.theme import LIGHT
from workbench.presets import build


@pytest.mark.parametrize(
    ("name", "lengths"),
    [
        ("resnet18", [2]),
        ("resnet50", [2, 3, 5, 2]),
        ("resnet101", [2, 3, 22, 2]),
        ("resnet152", [2, 7, 35, 2]),
        ("lenet5", []),
    ],
)
def test_each_stage_is_one_block_many_times_but_for_the_first(name: str, lengths: list[int]) -> None:
    assert [len(repeat.blocks) for repeat in repeats(build(name))] == lengths


def test_one_other_argument_parts_a_run() -> None:
    graph = build("resnet50")
    changed = next(node.name for node in graph.members("layer3.3") if node.kind == "Conv2d")
    graph = edits.set_argument(graph, changed, "bias", True)
    assert [repeat.blocks for repeat in repeats(graph) if repeat.blocks[0].startswith("layer3")] == [
        ("layer3.1", "layer3.2"),
        ("layer3.4", "layer3.5"),
    ]


def test_a_block_that_takes_from_further_above_is_not_of_the_run() -> None:
    graph = build("resnet50")
    add = next(node.name for node in graph.members("layer3.3") if node.kind == "Add")
    graph = edits.set_inputs(graph, add, [*graph.sources(graph.node(add)), graph.members("layer3.0")[-1].name])
    assert all("layer3.3" not in repeat.blocks for repeat in repeats(graph))


def test_a_folded_run_is_one_card_with_all_its_nodes() -> None:
    graph = build("resnet50")
    found = repeats(graph)
    made = outline(graph, (), folded(found, frozenset({"layer3.2"})))
    (entry,) = [entry for entry in made.entries if entry.blocks]
    assert entry.name == "layer3.1"
    assert entry.blocks == tuple(f"layer3.{number}" for number in range(1, 6))
    assert len(entry.nodes) == 5 * len(graph.members("layer3.1"))
    shown = [node for each in made.entries for node in each.nodes]
    assert sorted(shown) == sorted(node.name for node in graph.nodes)


def test_folding_shows_one_card_and_changes_nothing(window: MainWindow) -> None:
    window.files.open_preset("resnet50")
    QApplication.processEvents()
    scene, project = window.editor.scene, window.document.project
    before = set(scene.cards)
    window.document.select(["layer3.3"])
    window.actions_table["toggle_repeats"].trigger()
    assert before - set(scene.cards) == {f"layer3.{number}" for number in range(2, 6)}
    card = scene.cards["layer3.1"]
    assert card.face.kind == "5 × Bottleneck"
    assert card.face.name == "layer3.1 … 5"
    assert card.isSelected()
    assert window.document.project is project
    window.editor.toggle()
    assert set(scene.cards) == before


def test_all_runs_fold_and_unfold_at_once(window: MainWindow) -> None:
    window.files.open_preset("resnet50")
    QApplication.processEvents()
    before = set(window.editor.scene.cards)
    window.actions_table["toggle_repeats"].trigger()
    assert len(window.editor.scene.cards) == len(before) - (1 + 2 + 4 + 1)
    window.actions_table["toggle_repeats"].trigger()
    assert set(window.editor.scene.cards) == before
    window.files.open_preset("lenet5")
    window.actions_table["toggle_repeats"].trigger()
    assert "no blocks" in window.message


def test_what_is_done_to_a_folded_card_is_done_to_all_its_blocks(window: MainWindow) -> None:
    window.files.open_preset("resnet50")
    QApplication.processEvents()
    scene, document = window.editor.scene, window.document
    window.actions_table["toggle_repeats"].trigger()
    scene.clearSelection()
    scene.cards["layer3.1"].setSelected(True)
    assert document.selection == tuple(f"layer3.{number}" for number in range(1, 6))
    nodes, steps = len(document.graph.nodes), len(document.steps)
    each = len(document.graph.members("layer3.1"))
    window.editor.insert("layer:Dropout", "layer3.1")
    assert document.graph.sources(document.graph.node(document.selection[0]))[0].startswith("layer3.5.")
    document.undo()
    document.select([f"layer3.{number}" for number in range(1, 6)])
    window.editor.delete()
    assert len(document.graph.nodes) == nodes - 5 * each
    assert len(document.steps) == steps + 1


def test_a_click_on_the_brace_folds(window: MainWindow, qtbot) -> None:  # type: ignore[no-untyped-def]
    window.files.open_preset("resnet50")
    QApplication.processEvents()
    scene, view = window.editor.scene, window.editor.view
    repeat, rect = next((r, box) for r, box in scene._frames._braces.items() if "layer1.1" in r.blocks)
    view.show_card("layer1.1")
    place = view.mapFromScene(rect.left() - 25, rect.center().y())
    assert scene.repeat_at(view.mapToScene(place)) == repeat
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert "layer1.2" not in scene.cards


def test_a_count_can_be_read_where_a_large_network_is_seen_whole(qapp: QApplication) -> None:
    across, along = count_beside(0.06, 35, 3000)
    assert across >= 5, "the height of its figures, in pixels"
    assert along >= 14


@pytest.mark.parametrize(("zoom", "count", "height"), [(0.06, 2, 142), (0.03, 35, 3000), (0.1, 12, 160)])
def test_a_count_that_cannot_be_read_is_not_written(qapp: QApplication, zoom: float, count: int, height: int) -> None:
    assert count_beside(zoom, count, height) == (0, 0)
    assert count_beside(1.0, count, height) > (8, 8)


def count_beside(zoom: float, count: int, height: float) -> tuple[int, int]:
    """How many pixels across and along its brace the number takes that says how many equal blocks there are."""
    scene, frames = QGraphicsScene(), Frames(LIGHT)
    scene.addItem(frames)
    beside = QRectF(-130, 0, 260, height)
    frames.show_frames({}, {Repeat(tuple(f"layer.{number}" for number in range(count))): beside})
    source = QRectF(beside.left() - 170, 0, 140, beside.height())  # left of the brace
    picture = QImage((source.size() * zoom).toSize(), QImage.Format.Format_Grayscale8)
    picture.fill(255)
    painter = QPainter(picture)
    scene.render(painter, QRectF(picture.rect()), source)
    painter.end()
    places = itertools.product(range(picture.width()), range(picture.height()))
    inked = [place for place in places if picture.pixelColor(*place).value() < 200]
    if not inked:
        return 0, 0
    across, along = ({place[way] for place in inked} for way in (0, 1))
    return max(across) - min(across), max(along) - min(along)


@pytest.mark.parametrize("name", ["resnet50", "plain34"])
def test_what_is_remembered_of_blocks_holds_after_any_edit(name: str) -> None:
    seed = random.randrange(1 << 32)
    print("seed", seed)
    chance = random.Random(seed)
    remembering = Repeats()
    graph, found = build(name), set()
    for turn in range(60):
        graph = build(name) if turn % 8 == 0 else graph
        node = chance.choice(graph.nodes)
        if turn % 3 == 0:
            graph = edits.insert(
                graph, Node(free_name(graph, chance.choice(["between", f"{node.name}9"])), "ReLU"), node.name
            )
        elif turn % 3 == 1:
            graph = edits.set_argument(graph, node.name, "told", chance.choice([1, True]))
        else:
            graph = edits.remove(graph, node.name)
        assert remembering.of(graph) == repeats(graph)
        found.add(repeats(graph))
    assert len(found) > 2
