"""What the loop works with: the network, its optimizer and where the training stands."""

from __future__ import annotations

import math
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack, nullcontext
from dataclasses import asdict

import torch
from torch import Tensor

from workbench import machine
from workbench.compiler import compile_graph, initialise
from workbench.data import Batch, Dataset
from workbench.graph import Graph
from workbench.layers import layer
from workbench.project import Recipe
from workbench.training import continuity, snapshot
from workbench.training.answers import Answers
from workbench.training.average import Average
from workbench.training.chance import chance_tensors, own_chance
from workbench.training.control import Control
from workbench.training.diagnosis import Point, diagnose
from workbench.training.epoch_measures import measure_epoch
from workbench.training.events import Checkpoint, Epoch, Finished, Reason, State, Step
from workbench.training.fine_tuning import begin_with, frozen_layers
from workbench.training.interruption import LONG_STEP, undone_if_stopped
from workbench.training.memory import memory_in_use
from workbench.training.numerics import check_finite
from workbench.training.objective import guessing_loss
from workbench.training.observer import Observer
from workbench.training.precision import Arithmetic
from workbench.training.progress import Progress, Sums
from workbench.training.sample_losses import SampleLosses
from workbench.training.schedules import learning_rate
from workbench.training.stepper import Stepper


class Session:
    """A training under way. Only the loop calls it, and only between two events."""

    def __init__(
        self,
        graph: Graph,
        dataset: Dataset,
        recipe: Recipe,
        arithmetic: Arithmetic,
        control: Control,
        resume: State | None = None,
        rates: Sequence[float] = (),
        weights: Mapping[str, Tensor] | None = None,
    ) -> None:
        self._graph, self._dataset, self._recipe = graph, dataset, recipe
        self._control, self._rates = control, rates
        self.arithmetic = arithmetic
        self.progress = Progress.of(resume.values["progress"]) if resume else Progress()
        self._device = torch.device(arithmetic.device)
        with own_chance(self._device):
            torch.manual_seed(recipe.seed)
            self.network = compile_graph(graph)
            initialise(self.network, recipe.init, recipe.seed)
            if weights and not resume:
                begin_with(self.network, weights)
            self._chance = chance_tensors(self._device)
        # Taking and giving back the generators costs a small network's step 2 %: only for layers that draw.
        self._draws = any(layer(node.kind).category == "Regularization" for node in graph.nodes)
        self.network.to(self._device, memory_format=arithmetic.layout)  # type: ignore[call-overload]
        self.network.train()
        self.network.freeze(frozen_layers(graph, recipe))
        self._parameters = list(self.network.parameters())
        self._stepper = Stepper(graph, self.network, recipe, arithmetic)
        self._average = Average(self.network, recipe.ema) if recipe.ema else None
        self._samples = SampleLosses(dataset.train.indices, self._device)
        self._answers = Answers(recipe, self._samples)
        self._conditions = continuity.conditions(dataset)
        self._best: dict[str, Tensor] = {}
        self.observer = Observer(graph, self.network, dataset, arithmetic, control, self.progress, self._average)
        self.step_seconds = math.inf
        self.restored = False
        self.has_checkpoint = resume is not None
        if resume:
            self._restore(resume)

    @property
    def parameters(self) -> int:
        return sum(parameter.numel() for parameter in self._parameters)

    @property
    def norms(self) -> list[float]:
        """Those of the last step's gradients, parameter by parameter."""
        return self._stepper.norms

    def step(self, batches: list[Batch], steps_per_epoch: int, began: float, measured: bool = False) -> Step:
        """One step of the optimizer over the gradients of one or more batches, fetched since ``began``.

        Where it is ``measured`` what it does to the weights is kept for `health`. Raises `Stopped`, and then nothing
        has happened, or `NotFinite`.
        """
        computing = time.perf_counter()
        progress, stepper = self.progress, self._stepper
        if self._control.rate_factor is not None:
            progress.rate_factor = self._control.rate_factor
        rate = self._rate(steps_per_epoch) * progress.rate_factor
        here = progress.epoch, progress.batch
        stepper.set_rate(rate, *here)
        with ExitStack() as stack:
            if self._draws:
                stack.enter_context(own_chance(self._device, self._chance))
            # Hooks would have torch.compile divide the network at every layer.
            if self.step_seconds > LONG_STEP and not self._recipe.compile:
                stack.enter_context(undone_if_stopped(self.network, stepper.optimizer, self._control))
            parts = stepper.gradients(batches, *here)
            objective, norm = stepper.measured(parts, batches, *here)
            if measured:
                stack.enter_context(self.observer.meter.of_step(stepper.moving, stepper.norms))
            stepper.move(norm)
            if self._average:
                self._average.update(progress.step)
            if self._draws:
                self._chance = chance_tensors(self._device)
        for batch, part in zip(batches, parts, strict=True):
            self._answers.remember(batch, part.logits)
        now = time.perf_counter()
        self.step_seconds = now - computing
        progress.step += 1
        progress.batch += len(batches)
        images = sum(len(batch.labels) for batch in batches)
        sums = progress.sums
        sums.images += images
        sums.loss += objective[1] * images
        sums.rate = rate
        if math.isfinite(norm):
            sums.gradient_norm += norm
            sums.moved += 1
        sums.seconds += now - began
        total, data, l1, l2, auxiliary = objective
        return Step(
            progress.epoch, progress.step, total, data, l1, l2, auxiliary, rate, norm, images, now - began
        )  # fmt: skip

    def finish_epoch(self) -> Epoch:
        """Measure the epoch's final weights, decide about best, plateau and early stopping. Raises `Stopped`."""
        recipe, progress = self._recipe, self.progress
        self._settle()
        with self._average.in_place() if self._average else nullcontext():
            training, validation = measure_epoch(
                self.network, self._dataset, recipe, self.arithmetic, self._control, self._samples,
                progress.epoch == recipe.epochs,
            )  # fmt: skip
        watched = validation.loss if validation.images else training.loss
        best = progress.judge(training.loss, watched, recipe)
        if best and recipe.early_stopping and recipe.restore_best:
            self._best = self._model_tensors("best.")
        sums = progress.sums
        guessing = guessing_loss(recipe.loss, len(self._dataset.classes))
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
            sums.rate,
            sums.gradient_norm / sums.moved if sums.moved else math.nan,
            sums.images / sums.seconds,
            sums.seconds,
            memory_in_use(self._device),
            best,
            diagnose([Point(*point) for point in progress.history], guessing, bool(validation.images)),
        )
        if recipe.early_stopping and progress.waited >= recipe.early_stopping:
            progress.done = True
            self._restore_best()
        else:
            progress.epoch += 1
        progress.batch, progress.sums = 0, Sums()
        return epoch

    def checkpoint(self, best: bool = False) -> Checkpoint:
        """The state as it is between two steps. Raises `NotFinite` for one that is not worth keeping."""
        self._settle()
        tensors = self._model_tensors("model.")
        if self._average:
            # What is evaluated is what is kept as the model; the weights that are trained stand beside it.
            tensors |= snapshot.module_tensors(self.network, "trained.")
        tensors |= snapshot.optimizer_tensors(self.network, self._stepper.optimizer)
        check_finite(tensors)
        self.has_checkpoint = True
        tensors |= self._chance | self._best | self._samples.tensors()
        values = {
            "format": snapshot.FORMAT,
            "progress": self.progress.values(),
            "arithmetic": asdict(self.arithmetic),
            "scaler": self._stepper.scaler.state_dict(),
            **self._conditions,
        }
        return Checkpoint(self.progress.epoch, self.progress.step, State(tensors, values), best)

    def finished(self, reason: Reason, sentence: str) -> Finished:
        """The last event, with each training image's last loss by its index in the source."""
        self._settle()
        progress = self.progress
        epoch = min(progress.epoch, self._recipe.epochs)
        return Finished(reason, epoch, progress.step, progress.best_epoch, sentence, self._samples.record())

    def let_go(self) -> None:
        """Give back what weights and optimizer take; the session is over, and none of it works afterwards.

        Networks are circles of references, which would hold their memory until Python collects.
        """
        for tensor in (*self._parameters, *self.network.buffers()):
            tensor.grad = None
            tensor.data = tensor.data.new_empty(0)
        self._stepper.optimizer.state.clear()
        self._best = {}
        if self._average:
            self._average.tensors.clear()
        machine.give_back_memory()

    def closing_sentence(self, reason: Reason) -> str:
        progress = self.progress
        part = "validation" if len(self._dataset.validation) else "training"
        best = f"the best {part} loss was {progress.best_loss:.4f}, after epoch {progress.best_epoch}"
        if reason == "early_stopping":
            kept = "; its weights are restored" if self.restored else ""
            return f"Stopped early after epoch {progress.epoch}: {best}{kept}."
        return f"Completed {self._recipe.epochs} epoch{'s' * (self._recipe.epochs > 1)}: {best}."

    def _rate(self, steps_per_epoch: int) -> float:
        step = self.progress.step
        if step < len(self._rates):
            return self._rates[step]
        return learning_rate(self._recipe, step, steps_per_epoch, self.progress.drops)

    def _settle(self) -> None:
        """Judge what was answered since the last time."""
        self.progress.sums.correct += self._answers.settle()

    def _model_tensors(self, prefix: str) -> dict[str, Tensor]:
        """The weights that are evaluated: the averages, where there are some."""
        if not self._average:
            return snapshot.module_tensors(self.network, prefix)
        with self._average.in_place():
            return snapshot.module_tensors(self.network, prefix)

    def _restore_best(self) -> None:
        if not self._best:
            return
        snapshot.load_module(self.network, self._best, "best.")
        if self._average:
            self._average.load(self._best, "best.")
        self.restored = True

    def _restore(self, resume: State) -> None:
        tensors, values = resume.tensors, resume.values
        snapshot.load_module(self.network, tensors, "trained." if self._average else "model.")
        if self._average:
            self._average.load(tensors, "model.")
        snapshot.load_optimizer(self.network, self._stepper.optimizer, tensors)
        if self._stepper.scaler.is_enabled() and values["scaler"]:
            self._stepper.scaler.load_state_dict(dict(values["scaler"]))
        self._chance = {name: value for name, value in tensors.items() if name.startswith("chance.")}
        self._best = {name: value for name, value in tensors.items() if name.startswith("best.")}
        self._samples.load(tensors)
