"""Networks trained side by side, an epoch of each in turn, so that one sees what one change does."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace

from workbench.data import Dataset, load
from workbench.project import Project
from workbench.training import Control, Epoch, Finished, train


@dataclass(frozen=True)
class Variant:
    """One of the networks of a race. ``change`` says in words what is different about it.

    ``raw`` leaves its images as they were scanned, 0 to 255, where else each channel has mean 0 and deviation 1.
    """

    name: str
    change: str
    project: Project
    raw: bool = False


@dataclass(frozen=True, slots=True)
class Lap:
    """What one variant has come to after another epoch; ``finished`` where it was the last."""

    variant: str
    epoch: Epoch | None
    finished: Finished | None = None


def race(variants: Sequence[Variant], check: Callable[[], object] = lambda: None) -> Iterator[Lap]:
    """Train all of them, an epoch of each in turn; who has ended is left out.

    ``check`` is called with every step, and ends the race by raising. Raises what `load` and `train` raise.
    """
    control = Control()
    with ExitStack() as stack:
        running = {}
        for variant in variants:
            project = variant.project
            events = train(project.graph, _images(variant), project.recipe, control)
            running[variant.name] = events
            stack.callback(events.close)  # type: ignore[attr-defined]  # it is a generator
        while running:
            for name in list(running):
                for event in running[name]:
                    check()
                    if isinstance(event, Epoch):
                        yield Lap(name, event)
                        break
                    if isinstance(event, Finished):
                        yield Lap(name, None, event)
                else:
                    del running[name]


def _images(variant: Variant) -> Dataset:
    dataset = load(variant.project.data, variant.project.graph.shape)
    if not variant.raw:
        return dataset
    channels = len(dataset.mean)
    return replace(dataset, mean=(0.0,) * channels, std=(1 / 255,) * channels)
