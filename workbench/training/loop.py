"""The one training loop of the program."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence

import torch

from workbench.data import Batch, Dataset, batch_count, training_batches
from workbench.graph import Graph
from workbench.project import Recipe
from workbench.training.control import Control, Stopped
from workbench.training.events import Event, Reason, Started, State, Warning
from workbench.training.session import NotFinite, Session


def train(
    graph: Graph,
    dataset: Dataset,
    recipe: Recipe,
    control: Control | None = None,
    resume: State | None = None,
    rates: Sequence[float] = (),
) -> Iterator[Event]:
    """Train a network and say what happens, event by event; ask for the next one to go on.

    Pausing is not asking. ``resume`` goes on from a `Checkpoint`'s state, on the CPU bit for bit with the same thread
    count. ``rates`` are learning rates for the first steps in place of the schedule's (a range test). Ends with
    `Finished`; raises `GraphError`, `DataError` or `DeviceError` before the first step where the
    network, the data or the device cannot be used.
    """
    control = control or Control()
    session = Session(graph, dataset, recipe, control, resume, rates)
    progress = session.progress
    batches = batch_count(len(dataset.train), recipe.batch_size)
    steps_per_epoch = -(-batches // recipe.accumulate)
    yield Started(
        session.parameters,
        session.arithmetic.device,
        session.arithmetic.precision,
        torch.get_num_threads(),
        len(dataset.train),
        len(dataset.validation),
        steps_per_epoch,
        recipe.epochs,
        progress.epoch,
        progress.step,
        dataset.classes,
    )
    for message in session.warnings:
        yield Warning(message)
    saved = time.monotonic()
    try:
        while not progress.done and progress.epoch <= recipe.epochs:
            groups = _groups(dataset, recipe, session)
            # The time of a step is also that of getting its images, but not that of whoever reads the events.
            began = time.perf_counter()
            for group in groups:
                yield session.step(group, steps_per_epoch, began)
                if control.stopping:
                    raise Stopped
                if time.monotonic() - saved > max(recipe.checkpoint_seconds, session.saving_interval):
                    yield session.checkpoint()
                    saved = time.monotonic()
                began = time.perf_counter()
            epoch = session.finish_epoch()
            yield epoch
            yield session.checkpoint(best=epoch.best)
            saved = time.monotonic()
            if control.stopping and not progress.done:
                raise Stopped
    except Stopped:
        yield session.checkpoint()
        yield session.finished("stopped", f"Stopped in epoch {progress.epoch} after {progress.step:,} steps.")
        return
    except NotFinite as problem:
        yield session.finished("failed", str(problem))
        return
    except torch.OutOfMemoryError:
        yield session.finished("failed", session.out_of_memory())
        return
    if session.restored:
        yield session.checkpoint()
    reason: Reason = "early_stopping" if progress.epoch <= recipe.epochs else "completed"
    yield session.finished(reason, session.closing_sentence(reason))


def _groups(dataset: Dataset, recipe: Recipe, session: Session) -> Iterator[list[Batch]]:
    """The batches of each step of the epoch that are still to be done."""
    arithmetic = session.arithmetic
    group: list[Batch] = []
    for batch in training_batches(
        dataset, recipe, session.progress.epoch, session.progress.batch, arithmetic.device, arithmetic.channels_last
    ):
        group.append(batch)
        if len(group) == recipe.accumulate:
            yield group
            group = []
    if group:
        yield group
