"""What a diagnosis advises, as changes of the project: each is one step to undo, and says where it shows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from workbench.graph import Arguments, Block, FieldError, Graph, GraphError, Node, edits, free_name
from workbench.layers import CATALOGUE, TEMPLATES, Layer, Template
from workbench.project import Project, Recipe


@dataclass(frozen=True)
class Remedy:
    """A remedy by the engine's words: what it changes, and the setting of the recipe that shows it ('' for others)."""

    words: str
    button: str
    change: Callable[[Project], Project]
    shows: str = ""


def _recipe(change: Callable[[Recipe], dict[str, Any]]) -> Callable[[Project], Project]:
    return lambda project: replace(project, recipe=project.recipe.changed(**change(project.recipe)))


def _graph(change: Callable[[Graph], Graph]) -> Callable[[Project], Project]:
    return lambda project: replace(project, graph=change(project.graph))


def more_dropout(graph: Graph) -> Graph:
    """Every Dropout drops more; where there is none, one is put before the last dense layer."""
    found = [node for node in graph.nodes if node.kind == "Dropout" and node.shares is None]
    if found:
        for node in found:
            p = node.arguments.get("p", 0.5)
            more = min(0.8, round(float(p) + 0.15, 2)) if isinstance(p, int | float) else 0.5
            graph = edits.set_argument(graph, node.name, "p", more)
        return graph
    dense = [node for node in graph.nodes if node.kind == "Linear"]
    if not dense:
        raise GraphError("there is no dense layer before which dropout would stand; insert Dropout2d where you want it")
    last = dense[-1]
    source = graph.sources(last)[0]
    path = last.name.rpartition(".")[0]
    name = free_name(graph, f"{path}.dropout1" if path else "dropout1")
    dropout = Node(name, "Dropout", Arguments(p=0.5), (source,))
    placed = edits.insert(graph, dropout, source if source in graph else None)
    return edits.set_inputs(placed, last.name, [name])


_WIDTHS = frozenset(
    "out_channels out_features extra_channels channels width first_width hidden growth pool_proj "
    "ch1x1 ch3x3_reduce ch3x3 ch5x5_reduce ch5x5".split()
)
"""Arguments of layers and templates that count maps or features."""


def scaled(graph: Graph, factor: float) -> Graph:
    """Every layer's filters and units times a factor, but for those of outputs; what blocks record follows.

    Raises `GraphError` where a layer or a block cannot have as many.
    """
    ends = {output.node for output in graph.results}
    nodes = tuple(
        replace(node, arguments=_wider(node, CATALOGUE[node.kind], factor))
        if node.name not in ends and not node.shares
        else node
        for node in graph.nodes
    )
    blocks = tuple(
        replace(block, arguments=_wider(block, TEMPLATES[block.template], factor)) if block.template else block
        for block in graph.blocks
    )
    return replace(graph, nodes=nodes, blocks=blocks)


def _wider(part: Node | Block, declared: Layer | Template, factor: float) -> Arguments:
    groups = part.arguments.get("groups", 1)
    groups = groups if isinstance(groups, int) and groups > 1 else 1
    found = {}
    for name, value in part.arguments.items():
        counts = value if isinstance(value, tuple) else (value,)
        if name in _WIDTHS and all(isinstance(count, int) and not isinstance(count, bool) for count in counts):
            wide = tuple(max(1, round(count * factor / groups)) * groups if count else 0 for count in counts)
            found[name] = wide if isinstance(value, tuple) else wide[0]
    try:
        return declared.check(part.arguments.with_(**found))
    except FieldError as error:
        raise GraphError(f"'{part.name}' cannot be made that size: {error}", part.name) from None


REMEDIES = (
    Remedy("more dropout", "More dropout", _graph(more_dropout)),
    Remedy(
        "weight decay",
        "Weight decay",
        _recipe(lambda r: {"weight_decay": max(5e-4, 3 * r.weight_decay)}),
        "weight_decay",
    ),
    Remedy(
        "augmentation",
        "Augmentation",
        _recipe(lambda r: {"crop_padding": max(2, r.crop_padding), "rotation": max(10.0, r.rotation)}),
        "crop_padding",
    ),
    Remedy("early stopping", "Early stopping", _recipe(lambda r: {"early_stopping": 5}), "early_stopping"),
    Remedy("a smaller network", "Smaller network", _graph(lambda graph: scaled(graph, 0.5))),
    Remedy("more images", "More images", lambda p: replace(p, data=p.data.changed(subset=0))),
    Remedy(
        "lower the learning rate",
        "Lower the rate",
        _recipe(lambda r: {"learning_rate": r.learning_rate / 3}),
        "learning_rate",
    ),
    Remedy("clip the gradient", "Clip the gradient", _recipe(lambda r: {"clip_norm": 1.0}), "clip_norm"),
    Remedy(
        "add normalization or a warm-up",
        "Warm-up",
        _recipe(lambda r: {"warmup_epochs": max(1.0, r.warmup_epochs)}),
        "warmup_epochs",
    ),
    Remedy("a larger network", "Larger network", _graph(lambda graph: scaled(graph, 2))),
    Remedy(
        "a higher learning rate",
        "Higher rate",
        _recipe(lambda r: {"learning_rate": min(1000, 3 * r.learning_rate)}),
        "learning_rate",
    ),
    Remedy(
        "less regularization",
        "Less regularization",
        _recipe(
            lambda r: {
                "weight_decay": r.weight_decay / 3,
                "l1": r.l1 / 3,
                "l2": r.l2 / 3,
                "label_smoothing": 0.0,
                "mixup": 0.0,
                "cutmix": 0.0,
                "input_noise": 0.0,
                "cutout": 0,
            }
        ),
        "weight_decay",
    ),
    Remedy("a better initialization", "He initialization", _recipe(lambda r: {"init": "he"}), "init"),
)

BY_WORDS = {remedy.words: remedy for remedy in REMEDIES}
