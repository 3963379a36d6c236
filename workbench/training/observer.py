"""What is seen of a network while it trains, beside the training itself: none of it changes a bit of that."""

from __future__ import annotations

import math
from collections.abc import Sequence
from contextlib import ExitStack, nullcontext
from dataclasses import replace

import torch
from torch import Tensor

from workbench.compiler import Network
from workbench.data import Batch, Dataset
from workbench.data.batches import Normalise
from workbench.graph import Graph
from workbench.inspection import ChosenPicture, KeptHealth, Wishes
from workbench.training.average import Average
from workbench.training.control import Control
from workbench.training.events import Health, Probe, Recorded
from workbench.training.health import HealthMeter
from workbench.training.interruption import LONG_STEP, stopping_inside
from workbench.training.keeping import Keeper
from workbench.training.precision import Arithmetic
from workbench.training.probe import look
from workbench.training.progress import Progress

_MOST_EXAMINED, _FEWEST_EXAMINED, _EXAMINING_SECONDS = 32, 4, 0.1
"""Images of a batch that the layers' health is measured on: fewer where a step is so long that these would take longer
than a moment."""


class Observer:
    """Looks into the network between two steps: at one picture, at an epoch's end, and at how every layer fares."""

    def __init__(
        self,
        graph: Graph,
        network: Network,
        dataset: Dataset,
        arithmetic: Arithmetic,
        control: Control,
        progress: Progress,
        average: Average | None,
    ) -> None:
        self._graph, self._network, self._dataset = graph, network, dataset
        self._arithmetic, self._control = arithmetic, control
        self._progress, self._average = progress, average
        self._keeper: Keeper | None = None
        self._first: ChosenPicture | None = None
        self._meter: HealthMeter | None = None
        self._health: Health | None = None

    def probe(self, picture: Tensor, wishes: Wishes) -> Probe:
        """What the network makes of a uint8 picture ``(C, H, W)`` now."""
        return Probe(self._progress.step, look(self._network, self._normalised(picture), wishes, self._arithmetic))

    def record(self, picture: ChosenPicture | None = None) -> Recorded:
        """What is worth keeping of the epoch that is about to be measured: of the weights that will be, its average
        where there is one. Without a picture the first validation image, or training image, is taken."""
        progress = self._progress
        chosen = picture or self._first_image()
        if self._keeper is None:
            self._keeper = Keeper(self._graph, self._network, len(self._dataset.classes))
        image = self._normalised(torch.as_tensor(chosen.pixels))
        with self._average.in_place() if self._average else nullcontext():
            record = self._keeper.take(self._network, image, self._arithmetic, progress.epoch, progress.step)
        if self._health is not None:
            health, self._health = self._health, None
            record = replace(record, health=KeptHealth(health.step, health.layers, health.images))
        return Recorded(progress.epoch, progress.step, chosen, record)

    @property
    def meter(self) -> HealthMeter:
        """Follows the steps on which the layers' health is to be measured."""
        if self._meter is None:
            self._meter = HealthMeter(self._network, self._graph)
        return self._meter

    def health(self, batch: Batch, norms: Sequence[float], step_seconds: float) -> Health | None:
        """How every layer fares at the step that was just measured, on images of its batch; None where one of its
        gradients' ``norms`` overflowed.

        Raises `Stopped` inside a long one.
        """
        if not all(map(math.isfinite, norms)):
            return None
        few = int(len(batch.labels) * _EXAMINING_SECONDS / max(step_seconds, 1e-9))
        images = batch.images[: min(_MOST_EXAMINED, max(_FEWEST_EXAMINED, few))]
        with ExitStack() as stack:
            if step_seconds > LONG_STEP:
                stack.enter_context(stopping_inside(self._network, self._control))
            layers = self.meter.look(images, self._arithmetic)
        self._health = Health(self._progress.step, layers, self.meter.images)
        return self._health

    def _first_image(self) -> ChosenPicture:
        if self._first is None:
            dataset = self._dataset
            part, word = (dataset.validation, "validation") if len(dataset.validation) else (dataset.train, "training")
            pixels = part.take(torch.tensor([0]))[0].numpy()
            self._first = ChosenPicture(pixels, f"{word} image 0", dataset.classes[int(part.labels[0])])
        return self._first

    def _normalised(self, picture: Tensor) -> Tensor:
        device, layout = torch.device(self._arithmetic.device), self._arithmetic.channels_last
        return Normalise(self._dataset.mean, self._dataset.std, device, layout)(picture[None].to(device))
