"""What is laid out after an edit stands as if it had been laid out from the beginning."""

from __future__ import annotations

import contextlib
import random
from collections.abc import Callable

import numpy as np
import pytest

from workbench.graph import Graph, GraphError, Node, Output, edits, free_name
from workbench.gui.editor import relayout
from workbench.gui.editor.landing import with_gap
from workbench.gui.editor.layout import place
from workbench.gui.editor.outline import Outline, blocks_of, outline
from workbench.gui.editor.relayout import Relayout
from workbench.gui.editor.repeats import folded, repeats
from workbench.gui.main_window import MainWindow
from workbench.presets import build
from workbench.project import Project


def _inserted(graph: Graph, chance: random.Random) -> Graph:
    below = chance.choice([None, *(node.name for node in graph.nodes)])
    path = (below or "").rpartition(".")[0]
    name = free_name(graph, chance.choice([f"{path}.more" if path else "more", "more", "new.more"]))
    return edits.insert(graph, Node(name, chance.choice(["ReLU", "Identity"])), below)


def _joined(graph: Graph, chance: random.Random) -> Graph:
    """A sum or a dead end that takes what stands anywhere above it."""
    place = chance.randrange(1, len(graph.nodes))
    above = [node.name for node in graph.nodes[: place + 1]]
    sources = (above[-1], chance.choice(above[-8:-1] if chance.random() < 0.8 else above[:-1]))
    inputs = sources if chance.random() < 0.7 else sources[1:]
    return edits.insert(graph, Node(free_name(graph, "join"), "Add", inputs=inputs), above[-1])


def _rewired(graph: Graph, chance: random.Random) -> Graph:
    place = chance.randrange(1, len(graph.nodes))
    return edits.set_inputs(graph, graph.nodes[place].name, [chance.choice(graph.nodes[:place]).name])


def _removed(graph: Graph, chance: random.Random) -> Graph:
    start = chance.randrange(len(graph.nodes) - 1)
    return edits.remove(graph, *(node.name for node in graph.nodes[start : start + chance.choice([1, 1, 1, 6])]))


def _moved(graph: Graph, chance: random.Random) -> Graph:
    return edits.move(graph, chance.choice(graph.nodes).name, chance.choice(graph.nodes).name)


def _with_training_only_output(graph: Graph, chance: random.Random) -> Graph:
    aside = Output("aside", chance.choice(graph.nodes).name, training_only=True)
    return edits.set_outputs(graph, [Output("output", graph.nodes[-1].name), aside])


_EDITS: list[Callable[[Graph, random.Random], Graph]] = [
    _inserted, _inserted, _inserted, _joined, _rewired, _removed, _moved, _with_training_only_output,
]  # fmt: skip


def _heights(shown: Outline, chance: random.Random, tall: float) -> dict[str, float]:
    return {entry.name: 88.0 if chance.random() < tall else 58.0 for entry in shown.entries}


@pytest.mark.parametrize("name", ["lenet5", "resnet18", "resnet50", "googlenet", "senet154"])
def test_a_layout_after_edits_is_one_from_the_beginning(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    seed = random.randrange(1 << 32)
    print("seed", seed)
    chance = random.Random(seed)
    laid: list[int] = []

    def placed(shown: Outline, heights: dict[str, float]) -> object:
        laid.append(len(shown.entries))
        return place(shown, heights)

    monkeypatch.setattr(relayout, "place", placed)
    stack, first = Relayout(), build(name)
    graph, history = first, [first]
    closed: frozenset[str] = frozenset()
    fold: frozenset[str] = frozenset()
    in_part = 0
    for turn in range(60):
        kind = chance.random()
        # Lines that pass many cards pile up, and part the stack ever less; of two cards there is little to be edited.
        graph = first if turn % 10 == 0 or len(graph.nodes) < 3 else graph
        try:
            if kind < 0.75:
                graph = chance.choice(_EDITS)(graph, chance)
            elif kind < 0.85:
                graph = chance.choice(history)
            elif kind < 0.95 and blocks_of(graph):
                closed ^= {chance.choice(blocks_of(graph))}
            elif repeats(graph):
                fold ^= {chance.choice(repeats(graph)).blocks[0]}
        except GraphError:
            continue
        history.append(graph)
        shown = outline(graph, closed, folded(repeats(graph), fold))
        heights = _heights(shown, chance, 0.02 if turn % 9 == 0 else 0.0)
        laid.clear()
        found = stack.place(shown, heights)
        in_part += laid[-1] < len(shown.entries)
        wanted = place(shown, heights)
        assert found == wanted
        assert list(found.centres) == [entry.name for entry in shown.entries] == list(wanted.centres)
    assert in_part > 5, "an edit has to be laid out in part where the stack can be parted"


def test_cards_on_the_canvas_stand_where_they_belong_after_edits(window: MainWindow) -> None:
    seed = random.randrange(1 << 32)
    print("seed", seed)
    chance = random.Random(seed)
    document, scene = window.document, window.editor.scene
    document.open(Project(build("resnet18")))
    for _ in range(40):
        what = chance.random()
        if what < 0.2:
            document.undo()
        elif what < 0.3:
            document.redo()
        elif what < 0.4:
            scene.toggle_block(chance.choice(blocks_of(document.graph)))
        elif what < 0.5:
            scene.mark_gap(chance.choice(list(scene.cards)))
        elif what < 0.6:
            scene.mark_gap(None)
        elif what < 0.7:
            shown = [node.name for node in document.graph.nodes if chance.random() < 0.5]
            scene.show_strips({name: lambda: np.zeros((4, 9), np.uint8) for name in shown})
        else:
            with contextlib.suppress(GraphError):
                document.set_graph(chance.choice(_EDITS)(document.graph, chance), "for the test")
        placement = place(scene.outline, {name: card.height for name, card in scene.cards.items()})
        assert scene.placement == placement
        if scene.gap is not None:
            placement, _ = with_gap(placement, scene.gap)
        assert {name: card.pos().toTuple() for name, card in scene.cards.items()} == placement.centres
