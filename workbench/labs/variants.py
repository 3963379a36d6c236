"""One's own network trained again with one thing changed: who races, and each of them kept as a run."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from workbench import runs
from workbench.compiler import analyse
from workbench.data import Dataset, load
from workbench.data.collection import Progress
from workbench.graph import Graph, GraphError
from workbench.labs.race import Training, Variant
from workbench.project import DataChoice, Project
from workbench.training import Control, Event
from workbench.training.remedies import more_dropout, scaled

AS_IT_WAS = "as it was"

_UNREGULARIZED: dict[str, Any] = {
    "l1": 0.0, "l2": 0.0, "weight_decay": 0.0, "early_stopping": 0, "input_noise": 0.0, "discard_outliers": 0.0,
    "label_smoothing": 0.0, "mixup": 0.0, "cutmix": 0.0, "ema": 0.0, "crop_padding": 0, "flip": False,
    "rotation": 0.0, "cutout": 0, "colour": 0.0,
}  # fmt: skip


def one_thing_changed(project: Project) -> list[Variant]:
    """The project as it was, then with each thing changed that is held against over- or underfitting.

    What would change nothing, or cannot be done to this network, is left out.
    """
    now, shift = project.recipe, max(2, project.graph.shape[-1] // 12)

    def recipe(**settings: Any) -> Callable[[], Project]:
        return lambda: replace(project, recipe=now.changed(**settings))

    def graph(change: Callable[[Graph], Graph]) -> Callable[[], Project]:
        return lambda: replace(project, graph=change(project.graph))

    rows: tuple[tuple[str, str, Callable[[], Project]], ...] = (
        ("no regularization", "penalties, noise and augmentation off", recipe(**_UNREGULARIZED)),
        ("L1", "J = loss + λ·Σ|w|", recipe(l1=max(1e-4, 3 * now.l1))),
        ("L2", "J = loss + λ·Σw²", recipe(l2=max(1e-3, 3 * now.l2))),
        ("weight decay", "every weight pulled to zero", recipe(weight_decay=max(5e-4, 3 * now.weight_decay))),
        ("dropout", "values dropped, or more of them", graph(more_dropout)),
        (
            "augmentation", f"each image shifted by up to {shift} pixels and turned by up to 10°",
            recipe(crop_padding=shift, rotation=10.0),
        ),
        ("input noise", "noise of deviation 0.3 on the images", recipe(input_noise=max(0.3, now.input_noise))),
        ("early stopping", "stopped 5 epochs after its best", recipe(early_stopping=5)),
        ("outliers discarded", "the worst 10 % of each batch left out", recipe(discard_outliers=0.1)),
        ("half the width", "half the maps and units in every layer", graph(lambda whole: scaled(whole, 0.5))),
        ("twice the width", "twice the maps and units", graph(lambda whole: scaled(whole, 2))),
        ("smaller batches", "a quarter of the images in a step", recipe(batch_size=max(1, now.batch_size // 4))),
        ("lower rate", "a third of the learning rate", recipe(learning_rate=now.learning_rate / 3)),
        ("another seed", "other weights at the start, another order", recipe(seed=now.seed + 1)),
    )  # fmt: skip
    variants = [Variant(AS_IT_WAS, "nothing changed", project)]
    for name, change, make in rows:
        try:
            changed = make()
        except GraphError:
            continue
        if changed != project and analyse(changed.graph).runs:
            variants.append(Variant(name, change, changed))
    return variants


def with_setting(project: Project, name: str, values: Sequence[Any]) -> list[Variant]:
    """The project with a setting of its recipe set to each value. Raises `FieldError` for one that is refused."""
    return [
        Variant(
            f"{name.replace('_', ' ')} {value}",
            f"{name} = {value}",
            replace(project, recipe=project.recipe.changed(**{name: value})),
        )
        for value in values
    ]


def kept_in(root: Path) -> Training:
    """Trainings of which each is a run of its own in this folder; one that is left ends with a checkpoint.

    Variants on the same images share them.
    """
    read: dict[tuple[DataChoice, tuple[int, ...]], Dataset] = {}

    def images(choice: DataChoice, shape: tuple[int, ...], progress: Progress) -> Dataset:
        if (choice, shape) not in read:
            read[choice, shape] = load(choice, shape, progress)
        return read[choice, shape]

    def training(variant: Variant) -> Generator[Event]:
        control = Control()
        directory = runs.new_directory(root, f"{variant.project.graph.name}-{variant.name}")
        events = runs.start(variant.project, directory, control, images=images)
        try:
            # Not `yield from`, which would close the run before it can be asked to stop.
            for event in events:  # noqa: UP028
                yield event
        finally:
            control.stop()
            for _ in events:
                pass

    return training
