"""The metrics of a run: appended line by line, read back as the training that a person sees."""

from __future__ import annotations

import dataclasses
import json
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from workbench.project import append_lines, open_for_appending, sync
from workbench.runs.layout import METRICS
from workbench.training import Epoch, Step, Warning

_STEP = b'{"event": "step"'


class MetricsWriter:
    """Appends steps, epochs and warnings. Lines wait in memory until `flush`, to be called at least each second."""

    def __init__(self, path: Path) -> None:
        self._file = open_for_appending(path)
        self._waiting: list[bytes] = []

    def add(self, event: Step | Epoch | Warning) -> None:
        self._waiting.append(_line({"event": type(event).__name__.lower()} | dataclasses.asdict(event)))

    def checkpoint(self, step: int) -> None:
        """A checkpoint of the state after this step."""
        self._waiting.append(_line({"event": "checkpoint", "step": step}))

    def rate(self, step: int, learning_rate: float) -> None:
        """After this step a person set another learning rate."""
        self._waiting.append(_line({"event": "rate", "step": step, "learning_rate": learning_rate}))

    def resumed(self, step: int, epoch: int) -> None:
        """Make void whatever was written beyond this step, and of the epoch that is under way."""
        self._waiting.append(_line({"event": "resumed", "step": step, "epoch": epoch}))

    def flush(self) -> None:
        """Hand the lines to the system; raises `WriteError`, and they go on waiting."""
        if self._waiting:
            append_lines(self._file, self._waiting)
            self._waiting = []

    def sync(self) -> None:
        """Make what was flushed survive a power cut; raises `WriteError`."""
        sync(self._file)

    def close(self) -> None:
        self._file.close()


def read_metrics(path: Path) -> list[dict[str, Any]]:
    """The steps and epochs of a run in order, without what a resumed run has done anew; a torn line is left out."""
    records: list[dict[str, Any]] = []
    for record in _lines(path):
        if record.get("event") == "resumed":
            records = [r for r in records if _stays(r, record)]
        elif record.get("event") in ("step", "epoch"):
            records.append(record)
    return records


def read_epochs(path: Path) -> list[dict[str, Any]]:
    """The epochs alone, a long run's many steps not being looked at."""
    epochs: list[dict[str, Any]] = []
    for record in _lines(path, _STEP):
        if record.get("event") == "resumed":
            epochs = [epoch for epoch in epochs if _stays(epoch, record)]
        elif record.get("event") == "epoch":
            epochs.append(record)
    return epochs


def has_steps(path: Path) -> bool:
    """Whether a first step was made."""
    if not path.exists():
        return False
    with path.open("rb") as file:
        return any(line.startswith(_STEP) for line in file)


def read_records(directory: Path) -> Iterator[dict[str, Any]]:
    """What was written down, in order and one at a time: steps, epochs, checkpoints, other learning rates.

    A record ``resumed`` makes void what came before it, beyond its step.
    """
    known = ("step", "epoch", "checkpoint", "rate", "resumed")
    return (record for record in _lines(directory / METRICS) if record.get("event") in known)


def _stays(record: dict[str, Any], resumed: dict[str, Any]) -> bool:
    """An epoch is measured after its last step: a checkpoint between the two has the step, but not the epoch."""
    if record["event"] == "epoch" and "epoch" in resumed:
        return bool(record["epoch"] < resumed["epoch"])
    return bool(record["step"] <= resumed["step"])


def read_warnings(path: Path) -> list[str]:
    """What was said of a run while it was made, in order: each sentence once."""
    return list(dict.fromkeys(str(r.get("message")) for r in _lines(path) if r.get("event") == "warning"))


def _lines(path: Path, skipped: bytes = b"\0") -> Iterator[dict[str, Any]]:
    """The lines that are whole, but for those that begin so."""
    if not path.exists():
        return
    with path.open("rb") as file:
        for line in file:
            if line.startswith(skipped):
                continue
            try:
                record = json.loads(line)
            except (ValueError, RecursionError):
                continue
            if isinstance(record, dict):
                yield record


def _line(record: dict[str, Any]) -> bytes:
    return json.dumps(_plain(record), allow_nan=False).encode()


def _plain(value: Any) -> Any:
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, list | tuple) else value
