"""The inception block learns the digits: what its branches look for when they have found something to look for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from torch import Tensor

from workbench.data import evaluation_batches, load
from workbench.graph import Builder, Graph
from workbench.inspection import Rehearsal, Wishes
from workbench.labs.inception import MAPS_IN, Inception
from workbench.project import DataChoice, Project, Recipe
from workbench.training import Checkpoint, Epoch, train

EPOCHS = 3

_SIDE = 28


@dataclass(frozen=True, eq=False)
class Learnt:
    """A block's weights by ``state_dict`` keys after the training of ``project``, and how that went."""

    block: Inception
    weights: dict[str, Tensor]
    project: Project
    epochs: tuple[Epoch, ...]

    def fits(self, block: Inception) -> bool:
        """Whether these branches are among those that have learnt, with bottlenecks or without alike."""
        return self.block.bottlenecks == block.bottlenecks and set(block.branches) <= set(self.block.branches)


def network(block: Inception, classes: int = 10) -> Graph:
    """The block on 192 maps of 14×14 of a grey picture; each of its maps tells the classes its largest value.

    Largest values and not means, as GoogLeNet's: so that it learns within a few epochs.
    """
    builder = Builder((1, _SIDE, _SIDE))
    builder.add("stem.conv", "Conv2d", out_channels=MAPS_IN, kernel_size=5, stride=2, padding=2)
    block.add(builder, builder.add("stem.relu", "ReLU"))
    builder.add("largest", "AdaptiveMaxPool2d", output_size=1)
    builder.add("flatten", "Flatten")
    builder.add("fc", "Linear", out_features=classes)
    return builder.build("Inception 3a on digits")


def learn(
    block: Inception,
    epochs: int = EPOCHS,
    check: Callable[[], object] = lambda: None,
    tell: Callable[[str], object] = lambda words: None,
) -> Learnt:
    """Train the block on the digits: some twenty seconds. ``check`` ends it by raising."""
    recipe = Recipe(epochs=epochs, batch_size=32, optimizer="adam", learning_rate=0.002, schedule="cosine")
    project = Project(network(block), DataChoice(), recipe)
    dataset = load(project.data, project.graph.shape)
    weights: dict[str, Tensor] = {}
    finished = []
    for event in train(project.graph, dataset, recipe):
        check()
        if isinstance(event, Epoch):
            finished.append(event)
            tell(f"Epoch {event.epoch} of {epochs}: {event.validation_accuracy:.1%} right")
        if isinstance(event, Checkpoint):
            own = "model."
            tensors = event.state.tensors
            weights = {name.removeprefix(own): tensors[name].clone() for name in tensors if name.startswith(own)}
    return Learnt(block, weights, project, tuple(finished))


def maps_of_digit(block: Inception, digit: int, learnt: Learnt | None = None) -> dict[str, Any]:
    """What each branch makes of the first validation image of a digit, float32 ``(C, 14, 14)``; by filters at random
    where nothing was ``learnt``."""
    graph = network(block)
    dataset = load(DataChoice(), graph.shape)
    place = dataset.validation.labels.tolist().index(digit)
    image = next(evaluation_batches(dataset, "validation", place + 1)).images[place:]
    rehearsal = Rehearsal()
    if learnt is not None:
        rehearsal.use_weights(learnt.weights)
    ends = block.ends
    seen = rehearsal.run(graph, image, Wishes(tuple(ends.values())))
    return {branch: seen.maps[name] for branch, name in ends.items()}
