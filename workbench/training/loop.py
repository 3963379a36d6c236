"""The one training loop of the program."""

from __future__ import annotations

import time
import traceback
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import torch
from torch import Tensor

from workbench import machine
from workbench.compiler import fed_by_one_picture
from workbench.data import Batch, Dataset, batch_count, training_batches
from workbench.graph import Graph
from workbench.project import Recipe
from workbench.training import memory
from workbench.training.admission import admitted
from workbench.training.continuity import differences, threads_of
from workbench.training.control import Control, Stopped
from workbench.training.events import Event, Reason, Started, State, Warning
from workbench.training.fitness import check_that_they_fit
from workbench.training.keeping import is_kept
from workbench.training.numerics import NotFinite
from workbench.training.precision import Arithmetic, DeviceError, has_bf16
from workbench.training.probe import Watch
from workbench.training.saving import Saving
from workbench.training.session import Session


def train(
    graph: Graph,
    dataset: Dataset,
    recipe: Recipe,
    control: Control | None = None,
    resume: State | None = None,
    probe: Watch | None = None,
    rates: Sequence[float] = (),
    weights: Mapping[str, Tensor] | None = None,
    records: bool = False,
) -> Iterator[Event]:
    """Train a network and say what happens, event by event; ask for the next one to go on.

    A network of several inputs sees one picture through each (`fed_by_one_picture`). Pausing is not asking.
    ``resume`` goes on from a `Checkpoint`'s state, on the CPU bit for bit and with the same number of threads;
    ``probe`` looks into the network meanwhile; ``rates`` are learning rates for the first steps in place of the
    schedule's (a range test); ``weights`` are put in place of fresh ones by their names in the network's
    ``state_dict``, where nothing is resumed; ``records`` gives a `Recorded` after each epoch. Ends with `Finished`;
    raises `GraphError`, `DataError` or `DeviceError` before the first step where the network, the data or the device
    cannot be used.
    """
    control = control or Control()
    stored = resume.values if resume else {}
    graph = fed_by_one_picture(graph)
    arithmetic = admitted(graph, recipe, resume)
    check_that_they_fit(graph, dataset)
    with threads_of(stored):
        try:
            session = Session(graph, dataset, recipe, arithmetic, control, resume, rates, weights)
            weights = None
        except (RuntimeError, MemoryError) as error:
            if not memory.is_out_of_memory(error):
                raise
            raise DeviceError(memory.out_of_memory(graph, recipe, arithmetic)) from error
        try:
            steps_per_epoch = -(-batch_count(len(dataset.train), recipe.batch_size) // recipe.accumulate)
            yield _started(session, dataset, recipe, steps_per_epoch)
            yield from map(Warning, _remarks(arithmetic, dataset, resume))
            try:
                watch = probe or Watch()
                with watch.of(session.observer.probe):
                    yield from _epochs(session, dataset, recipe, control, watch, steps_per_epoch, records)
                return
            except NotFinite as problem:
                sentence, trace = problem.sentence(session.has_checkpoint), ""
            except (RuntimeError, MemoryError) as error:
                if not memory.is_out_of_memory(error):
                    raise
                sentence, trace = "", traceback.format_exc()
            # Only here is the step's memory free: an exception holds on to all that its frames knew.
            if not sentence:
                session.let_go()
                memory.give_back(torch.device(arithmetic.device))
                sentence = memory.out_of_memory(graph, recipe, arithmetic)
            yield replace(session.finished("failed", sentence), traceback=trace)
        finally:
            session.let_go()


def _epochs(
    session: Session,
    dataset: Dataset,
    recipe: Recipe,
    control: Control,
    watch: Watch,
    steps_per_epoch: int,
    records: bool,
) -> Iterator[Event]:
    """The training itself, from where the session stands to its end."""
    progress, observer = session.progress, session.observer
    saving = Saving(recipe.checkpoint_seconds)
    try:
        while not progress.done and progress.epoch <= recipe.epochs:
            # The time of a step is also that of getting its images, but not that of whoever reads the events.
            began = time.perf_counter()
            for batches in _steps(dataset, recipe, session, control):
                measured = watch.wants_health()
                yield session.step(batches, steps_per_epoch, began, measured)
                if control.stopping:
                    raise Stopped
                if measured and (health := observer.health(batches[-1], session.norms, session.step_seconds)):
                    watch.had_health(observer.meter.seconds)
                    yield health
                if probe := watch.look():
                    yield probe
                if saving.due():
                    yield from saving.saved(session.checkpoint)
                began = time.perf_counter()
            # Before the epoch is judged, which may give the best weights back.
            recorded = observer.record(watch.chosen) if records and is_kept(progress.epoch, recipe.epochs) else None
            epoch = session.finish_epoch()
            yield epoch
            if recorded:
                yield recorded
            yield from saving.saved(lambda best=epoch.best: session.checkpoint(best))  # type: ignore[misc]
            if control.stopping and not progress.done and progress.epoch <= recipe.epochs:
                raise Stopped
    except Stopped:
        yield session.checkpoint()
        yield session.finished("stopped", f"Stopped in epoch {progress.epoch} after {progress.step:,} steps.")
        return
    reason: Reason = "early_stopping" if progress.done else "completed"
    yield session.finished(reason, session.closing_sentence(reason))


def _steps(dataset: Dataset, recipe: Recipe, session: Session, control: Control) -> Iterator[list[Batch]]:
    """The batches of each step of the epoch that are still to be done."""
    arithmetic = session.arithmetic
    group: list[Batch] = []
    for batch in training_batches(
        dataset,
        recipe,
        session.progress.epoch,
        session.progress.batch,
        arithmetic.device,
        arithmetic.channels_last,
        control.check,
    ):
        group.append(batch)
        if len(group) == recipe.accumulate:
            yield group
            group = []
    if group:
        yield group


def _started(session: Session, dataset: Dataset, recipe: Recipe, steps_per_epoch: int) -> Started:
    return Started(
        session.parameters,
        session.arithmetic.device,
        session.arithmetic.precision,
        torch.get_num_threads(),
        len(dataset.train),
        len(dataset.validation),
        steps_per_epoch,
        recipe.epochs,
        session.progress.epoch,
        session.progress.step,
        dataset.classes,
    )


def _remarks(arithmetic: Arithmetic, dataset: Dataset, resume: State | None) -> list[str]:
    remarks = differences(resume.values, arithmetic, dataset) if resume else []
    if not resume and arithmetic.device == "cpu" and (why := machine.why_fewer_threads()):
        remarks.append(why)
    if arithmetic.precision == "bf16" and not has_bf16(arithmetic.device):
        remarks.append(f"{arithmetic.device} has no instructions for bf16: fp32 would be faster here.")
    if not len(dataset.validation):
        remarks.append("There are no validation images: the training loss decides which epoch is best.")
    unusable = [f"{path} ({reason})" for path, reason in dataset.skipped if reason != "hidden"]
    if unusable:
        named = ", ".join(unusable[:3]) + (" and others" if len(unusable) > 3 else "")
        remarks.append(f"{len(unusable)} file{'s' * (len(unusable) > 1)} left out: {named}.")
    return remarks
