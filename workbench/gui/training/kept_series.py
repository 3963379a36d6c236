"""A run's curves as they are kept in its directory, read line by line: a long run's lines would fill the memory."""

from __future__ import annotations

import math
from dataclasses import fields
from pathlib import Path
from typing import Any

from workbench.gui.training.happenings import Happening, rate_in_words
from workbench.gui.training.health_history import HealthHistory
from workbench.gui.training.series import Series
from workbench.runs import Reel, Run, layout, read_records
from workbench.training import Diagnosis, Epoch, Step


def read_series(directory: Path, before: int | None = None) -> tuple[Series, list[Happening]]:
    """The curves and what happened on the way, up to a step."""
    series = Series()
    happened: list[Happening] = []
    for record in read_records(directory):
        if record["event"] == "resumed":
            # What the run has done anew since then is void.
            step = record["step"]
            series.forget_beyond(step, record.get("epoch", math.inf))
            happened = [one for one in happened if one.step <= step]
            if step:
                happened.append(Happening(step, "resumed", "gone on"))
        elif before is not None and record["step"] > before:
            continue
        elif record["event"] == "step":
            series.add_step(Step(**_values(Step, record)))
        elif record["event"] == "epoch":
            series.add_epoch(epoch_of(record))
        elif record["event"] == "checkpoint":
            happened.append(Happening(record["step"], "checkpoint", "checkpoint"))
        elif record["event"] == "rate":
            happened.append(Happening(record["step"], "rate", rate_in_words(record["learning_rate"])))
    return series, happened


def read_back(directory: Path, step: int) -> tuple[Series, list[Happening], HealthHistory]:
    """The curves, what happened and how the layers fared up to a step, from which the run goes on."""
    series, happened = read_series(directory, step)
    return series, happened, HealthHistory(kept for kept in Reel(directory).health() if kept.step <= step)


def read_run(run: Run) -> tuple[Series, list[Happening]]:
    """The curves of a run that has ended or been stopped, and all that happened on the way, its early end too."""
    series, happened = read_series(run.directory)
    if run.report.get("reason") == "early_stopping" and series.count:
        happened.append(Happening(int(series.column("step")[-1]), "end", "stopped early"))
    return series, happened


def read_anew(paths: list[str], kept: dict[str, tuple[int, Series]]) -> list[tuple[str, Series]]:
    """Runs' curves by name, each read again only where its file has grown."""
    for path in set(kept) - set(paths):
        del kept[path]
    for path in paths:
        metrics = Path(path) / layout.METRICS
        size = metrics.stat().st_size if metrics.exists() else 0
        if path not in kept or kept[path][0] != size:
            kept[path] = (size, read_series(Path(path))[0])
    return [(Path(path).name, kept[path][1]) for path in paths]


def epoch_of(record: dict[str, Any]) -> Epoch:
    """An epoch's line of a run's metrics as the event that it was."""
    values = _values(Epoch, record)
    told = values["diagnosis"]
    values["diagnosis"] = Diagnosis(**told) if isinstance(told, dict) else Diagnosis("starting", "")
    return Epoch(**values)


def _values(kind: type, record: dict[str, Any]) -> dict[str, Any]:
    values = {field.name: record.get(field.name) for field in fields(kind)}
    return {name: math.nan if value is None else value for name, value in values.items()}
