"""How a run ends: its report, and where an error ended it the traceback too."""

from __future__ import annotations

import json
import traceback
from collections.abc import Generator, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

from workbench.data import DataError
from workbench.graph import GraphError
from workbench.project import WriteError, write_atomically
from workbench.runs import layout
from workbench.runs.layout import RunError
from workbench.training import Checkpoint, DeviceError, Epoch, Event, Finished, Started, Step

FORESEEN = (DataError, DeviceError, GraphError, RunError, WriteError)
"""What has a sentence for a person; anything else is an error in the program, and its traceback is named."""


def guarded(events: Generator[Event], directory: Path) -> Iterator[Event]:
    """The same events, ended by a `Finished` that says ``failed`` where an error is raised.

    Where that is one of `FORESEEN` and the training has not begun it is raised again, as `train` does. Either way the
    run is 'failed' from then on, and its traceback is kept.
    """
    last: Started | Step | Epoch | Checkpoint | None = None
    with closing(events):
        try:
            for event in events:
                if isinstance(event, Started | Step | Epoch | Checkpoint):
                    last = event
                yield event
            return
        except Exception as error:
            finished = _kept(_failed(error, last, directory), directory)
            if last is None and isinstance(error, FORESEEN):
                raise
    # Only here is free what the error's frames knew.
    yield finished


def mark_as_failed(directory: Path, error: BaseException) -> None:
    """Note that a run has ended by an error outside the training: in whoever consumed its events."""
    _kept(_failed(error, None, directory), directory)


def close(event: Finished, directory: Path) -> None:
    """Write down how a run ended. Raises `WriteError`."""
    if event.traceback:
        write_atomically(directory / layout.ERROR, event.traceback.encode())
    if event.details:
        write_atomically(directory / layout.SAMPLES, as_json(dict(event.details)))
    report = {
        "reason": event.reason,
        "sentence": event.sentence,
        "epoch": event.epoch,
        "step": event.step,
        "best_epoch": event.best_epoch,
    }
    write_atomically(directory / layout.REPORT, as_json(report))


def as_json(value: dict[str, Any]) -> bytes:
    return (json.dumps(value, indent=1, allow_nan=False) + "\n").encode()


def _failed(error: BaseException, last: Started | Step | Epoch | Checkpoint | None, directory: Path) -> Finished:
    sentence = " ".join(str(error).split())
    if not isinstance(error, FORESEEN):
        what = f"{type(error).__name__}: {sentence[:300]}" if sentence else type(error).__name__
        sentence = f"Failed: {what} (details in {directory / layout.ERROR})."
    trace = "".join(traceback.format_exception(error))
    return Finished("failed", last.epoch if last else 0, last.step if last else 0, 0, sentence, traceback=trace)


def _kept(event: Finished, directory: Path) -> Finished:
    try:
        close(event, directory)
    except WriteError as error:
        return replace(event, sentence=f"{event.sentence} Nor could this be written down: {error}.")
    return event
