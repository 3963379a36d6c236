"""What the loop works with: the network, its optimizer and where the training stands."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager

import torch
from torch import Tensor

from workbench.compiler import compile_graph, initialise
from workbench.data import Batch, Dataset, Part, evaluation_batches
from workbench.graph import Graph
from workbench.project import Recipe
from workbench.training import snapshot
from workbench.training.average import Average
from workbench.training.control import Control, Stopped
from workbench.training.diagnosis import Point, diagnose
from workbench.training.evaluation import evaluate
from workbench.training.events import Checkpoint, Epoch, Finished, Reason, State, Step
from workbench.training.interruption import LONG_STEP, stopping_inside
from workbench.training.memory import memory_in_use
from workbench.training.mixing import mixed
from workbench.training.numerics import first_bad_layer
from workbench.training.objective import Objective, Parts
from workbench.training.optimizers import make_optimizer
from workbench.training.precision import Arithmetic, choose
from workbench.training.progress import Progress, Sums
from workbench.training.schedules import learning_rate

_SAMPLE = 2_000
"""Training images on which an epoch's final weights are measured, or as many as there are to validate."""

_SAVING_SHARE = 0.03
"""The most time that saving between epochs may take."""


class NotFinite(Exception):
    """A loss or gradient that is not finite; the message names batch, layer and remedy."""


class Session:
    """A training under way. Only the loop calls it, and only between two events."""

    def __init__(
        self,
        graph: Graph,
        dataset: Dataset,
        recipe: Recipe,
        control: Control,
        resume: State | None = None,
        rates: Sequence[float] = (),
    ) -> None:
        self._graph, self._dataset, self._recipe, self._control = graph, dataset, recipe, control
        self._rates = rates
        values = resume.values if resume else {}
        self.arithmetic = Arithmetic(**values["arithmetic"]) if resume else choose(recipe, graph)
        self.progress = Progress.of(values["progress"]) if resume else Progress()
        self.warnings: list[str] = []
        self._device = torch.device(self.arithmetic.device)
        with _own_chance(self._device):
            torch.manual_seed(recipe.seed)
            self.network = compile_graph(graph)
            initialise(self.network, recipe.init, recipe.seed)
            self._chance = snapshot.chance_tensors(self._device)
        self.network.to(self._device, memory_format=self.arithmetic.layout)  # type: ignore[call-overload]
        self.network.train()
        self._optimizer = make_optimizer(self.network, recipe)
        self._objective = Objective(graph, self.network, recipe)
        self._average = Average(self.network, recipe.ema) if recipe.ema else None
        self._scaler = torch.amp.GradScaler(self._device.type, enabled=self.arithmetic.precision == "fp16")
        self._forward = torch.compile(self.network) if recipe.compile else self.network
        self._losses = torch.full((len(dataset.train),), math.nan)
        self._place = {index: place for place, index in enumerate(dataset.train.indices.tolist())}
        self._best: dict[str, Tensor] = {}
        self._longest_step = math.inf
        self._saving_seconds = 0.0
        self.restored = False
        if resume:
            self._restore(resume)

    @property
    def parameters(self) -> int:
        return sum(parameter.numel() for parameter in self.network.parameters())

    @property
    def saving_interval(self) -> float:
        """Seconds between two checkpoints so that saving takes at most its share of the time."""
        return self._saving_seconds / _SAVING_SHARE

    def step(self, batches: list[Batch], steps_per_epoch: int, began: float) -> Step:
        """One step of the optimizer over the gradients of one or more batches, timed from ``began`` on.

        Raises `Stopped` or `NotFinite`.
        """
        progress = self.progress
        rate = self._rate(steps_per_epoch)
        for group in self._optimizer.param_groups:
            group["lr"] = rate
        images = sum(len(batch.labels) for batch in batches)
        objective = [0.0] * 5
        correct = 0
        with ExitStack() as stack:
            stack.enter_context(_own_chance(self._device, self._chance))
            if self._longest_step > LONG_STEP:
                stack.enter_context(self._undone_if_stopped())
            for number, batch in enumerate(batches, progress.batch):
                parts = self._gradients(batch, number, len(batch.labels) / images)
                share = len(batch.labels) / images
                values = torch.stack([parts.total, parts.data, parts.l1, parts.l2, parts.auxiliary]).tolist()
                objective = [total + value * share for total, value in zip(objective, values, strict=True)]
                if not math.isfinite(values[0]):
                    raise NotFinite(self._not_finite(batch))
                correct += int((parts.logits.argmax(1) == batch.labels).sum())
                self._remember_losses(batch, parts)
            norm = self._move(batches[-1])
            self._chance = snapshot.chance_tensors(self._device)
        self._longest_step = time.perf_counter() - began
        progress.step += 1
        progress.batch += len(batches)
        totals = progress.sums
        totals.images += images
        totals.loss += objective[1] * images
        totals.correct += correct
        totals.gradient_norm += norm
        totals.steps += 1
        totals.seconds += self._longest_step
        total, data, l1, l2, auxiliary = objective
        return Step(
            progress.epoch, progress.step, total, data, l1, l2, auxiliary, rate, norm, images, self._longest_step
        )  # fmt: skip

    def finish_epoch(self) -> Epoch:
        """Measure the epoch's final weights, decide about best, plateau and early stopping. Raises `Stopped`."""
        recipe, progress, classes = self._recipe, self.progress, len(self._dataset.classes)
        size = max(recipe.batch_size, 256)
        training_part = self._dataset.train.select(self._sample_positions())
        with ExitStack() as stack:
            if self._average:
                stack.enter_context(self._average.in_place())
            measured = [
                evaluate(self.network, self._evaluation_batches(part, size), classes, self.arithmetic, self._control)
                for part in (training_part, self._dataset.validation)
            ]
        training, validation = measured
        watched = validation.loss if validation.images else training.loss
        best = watched < progress.best_loss - (recipe.min_delta if progress.best_epoch else 0)
        progress.waited = 0 if best else progress.waited + 1
        if best:
            progress.best_loss, progress.best_epoch = watched, progress.epoch
            if recipe.early_stopping and recipe.restore_best:
                self._best = self._model_tensors("best.")
        self._watch_plateau(watched)
        progress.history.append((training.loss, watched))
        sums = progress.sums
        epoch = Epoch(
            progress.epoch,
            progress.step,
            sums.loss / sums.images,
            sums.correct / sums.images,
            training.loss,
            training.accuracy,
            validation.loss,
            validation.accuracy,
            validation.top5,
            validation.class_accuracy,
            validation.confusion,
            self._optimizer.param_groups[0]["lr"],
            sums.gradient_norm / sums.steps,
            sums.images / sums.seconds,
            sums.seconds,
            memory_in_use(self._device),
            best,
            diagnose([Point(*point) for point in progress.history], classes),
        )
        if recipe.early_stopping and progress.waited >= recipe.early_stopping:
            progress.done = True
            if recipe.restore_best and self._best:
                snapshot.load_module(self.network, self._best, "best.")
                self.restored = True
        else:
            progress.epoch += 1
        progress.batch, progress.sums = 0, Sums()
        return epoch

    def checkpoint(self, best: bool = False) -> Checkpoint:
        """The state as it is between two steps."""
        began = time.perf_counter()
        tensors = self._model_tensors("model.")
        if self._average:
            # What is evaluated is what is kept as the model; the weights that are trained stand beside it.
            tensors |= snapshot.module_tensors(self.network, "trained.")
        tensors |= snapshot.optimizer_tensors(self.network, self._optimizer) | self._chance | self._best
        tensors["samples.loss"] = self._losses.clone()
        tensors["samples.index"] = self._dataset.train.indices.clone()
        values = {
            "format": snapshot.FORMAT,
            "progress": self.progress.values(),
            "arithmetic": {
                "device": self.arithmetic.device,
                "precision": self.arithmetic.precision,
                "channels_last": self.arithmetic.channels_last,
            },
            "scaler": self._scaler.state_dict(),
            "threads": torch.get_num_threads(),
            "torch": torch.__version__,
        }
        self._saving_seconds = time.perf_counter() - began
        return Checkpoint(self.progress.epoch, self.progress.step, State(tensors, values), best)

    def finished(self, reason: Reason, sentence: str) -> Finished:
        """The last event, with each training image's last loss by its index in the source."""
        losses = {
            "indices": self._dataset.train.indices.tolist(),
            "losses": [None if math.isnan(loss) else loss for loss in self._losses.tolist()],
        }
        progress = self.progress
        return Finished(
            reason, min(progress.epoch, self._recipe.epochs), progress.step, progress.best_epoch, sentence, losses
        )

    def closing_sentence(self, reason: Reason) -> str:
        progress = self.progress
        best = f"the best validation loss was {progress.best_loss:.4f}, after epoch {progress.best_epoch}"
        if reason == "early_stopping":
            kept = "; its weights are restored" if self.restored else ""
            return f"Stopped early after epoch {progress.epoch}: {best}{kept}."
        return f"Completed {self._recipe.epochs} epochs: {best}."

    def out_of_memory(self) -> str:
        """The end after CUDA ran out of memory: which batch would fit."""
        from workbench.training.memory import fitting_batch

        size = fitting_batch(self._graph, self._recipe, self.arithmetic)
        mend = f"a batch of {size} would fit" if size else "not even one image fits"
        return f"The device ran out of memory at a batch of {self._recipe.batch_size}: {mend}; lower recipe.batch_size."

    def _rate(self, steps_per_epoch: int) -> float:
        step = self.progress.step
        if step < len(self._rates):
            return self._rates[step]
        return learning_rate(self._recipe, step, steps_per_epoch, self.progress.drops)

    def _gradients(self, batch: Batch, number: int, share: float) -> Parts:
        """Forward and backward; ``share`` is this batch's part of the step's images."""
        images, targets = mixed(batch, self._recipe, self.progress.epoch, number)
        with self.arithmetic.autocast():
            outputs = self._forward(images)
        parts = self._objective(outputs, targets)
        self._scaler.scale(parts.total if share == 1 else parts.total * share).backward()
        return parts

    def _move(self, batch: Batch) -> float:
        """The optimizer's step, after clipping; returns the gradient's norm before it."""
        self._scaler.unscale_(self._optimizer)
        gradients = [p.grad for p in self.network.parameters() if p.grad is not None]
        norm_tensor = torch.nn.utils.get_total_norm(gradients)
        norm = float(norm_tensor)
        if not math.isfinite(norm) and not self._scaler.is_enabled():
            raise NotFinite(self._not_finite(batch))
        if self._recipe.clip_norm and norm > self._recipe.clip_norm:
            torch._foreach_mul_(gradients, self._recipe.clip_norm / (norm + 1e-6))
        self._scaler.step(self._optimizer)
        self._scaler.update()
        self._optimizer.zero_grad(set_to_none=True)
        if self._average:
            self._average.update()
        return norm

    def _remember_losses(self, batch: Batch, parts: Parts) -> None:
        places = torch.tensor([self._place[index] for index in batch.indices.tolist()])
        self._losses[places] = parts.per_image.float().cpu()

    def _not_finite(self, batch: Batch) -> str:
        progress = self.progress
        where = first_bad_layer(self.network, batch.images)
        return (
            f"The loss is not finite in epoch {progress.epoch}, batch {progress.batch + 1}: it began at {where}; "
            "the last good checkpoint is kept. Lower the learning rate, clip the gradient, or use precision fp32."
        )

    @contextmanager
    def _undone_if_stopped(self) -> Iterator[None]:
        """A step that can be stopped inside, and then has not happened."""
        before = [buffer.clone() for buffer in self.network.buffers()]
        try:
            with stopping_inside(self.network, self._control):
                yield
        except Stopped:
            with torch.no_grad():
                for buffer, value in zip(self.network.buffers(), before, strict=True):
                    buffer.copy_(value)
            self._optimizer.zero_grad(set_to_none=True)
            raise

    def _watch_plateau(self, loss: float) -> None:
        progress = self.progress
        if loss < progress.plateau_best:
            progress.plateau_best, progress.plateau_waited = loss, 0
            return
        progress.plateau_waited += 1
        if progress.plateau_waited > self._recipe.plateau_patience:
            progress.drops += 1
            progress.plateau_waited = 0

    def _sample_positions(self) -> Tensor:
        """The same training images in every epoch, spread over the part."""
        count = len(self._dataset.train)
        wanted = min(count, _SAMPLE, max(len(self._dataset.validation), 100))
        return torch.linspace(0, count - 1, wanted).round().long()

    def _evaluation_batches(self, part: Part, size: int) -> Iterator[Batch]:
        return evaluation_batches(
            self._dataset, part, size, self.arithmetic.device, self.arithmetic.channels_last
        )  # fmt: skip

    def _model_tensors(self, prefix: str) -> dict[str, Tensor]:
        """The weights that are evaluated: the averages, where there are some."""
        if not self._average:
            return snapshot.module_tensors(self.network, prefix)
        with self._average.in_place():
            return snapshot.module_tensors(self.network, prefix)

    def _restore(self, resume: State) -> None:
        tensors, values = resume.tensors, resume.values
        snapshot.load_module(self.network, tensors, "trained." if self._average else "model.")
        if self._average:
            self._average.load({name: tensors["model." + name] for name in self._average.tensors})
        snapshot.load_optimizer(self.network, self._optimizer, tensors)
        if self._scaler.is_enabled():
            self._scaler.load_state_dict(dict(values["scaler"]))
        self._chance = {name: value for name, value in tensors.items() if name.startswith("chance.")}
        self._best = {name: value for name, value in tensors.items() if name.startswith("best.")}
        if torch.equal(tensors["samples.index"], self._dataset.train.indices):
            self._losses = tensors["samples.loss"].clone()
        if values["threads"] != torch.get_num_threads():
            self.warnings.append(
                f"This run was begun with {values['threads']} threads and goes on with {torch.get_num_threads()}: "
                "it will not be the same to the last bit."
            )
        if values["torch"] != torch.__version__:
            self.warnings.append(
                f"This run was begun with torch {values['torch']} and goes on with {torch.__version__}: "
                "it will not be the same to the last bit."
            )


@contextmanager
def _own_chance(device: torch.device, state: dict[str, Tensor] | None = None) -> Iterator[None]:
    """Inside, torch's generators are the training's; outside they are whoever asks for the next event's."""
    before = snapshot.chance_tensors(device)
    if state is not None:
        snapshot.load_chance(device, state)
    try:
        yield
    finally:
        snapshot.load_chance(device, before)
