"""A run read back."""

from __future__ import annotations

import heapq
import json
from dataclasses import dataclass
from functools import cached_property
from operator import itemgetter
from pathlib import Path
from typing import Any

from workbench.compiler import Network, analyse, compile_graph, fed_by_one_picture
from workbench.graph import inference_graph
from workbench.project import Project, read_project
from workbench.runs import layout
from workbench.runs.checkpoint_file import read_state
from workbench.runs.layout import RunError
from workbench.runs.lock import is_locked
from workbench.runs.metrics import has_steps, read_epochs, read_metrics, read_warnings
from workbench.training import State
from workbench.training.snapshot import load_module


@dataclass(frozen=True)
class Run:
    """A run's directory, as it was when looked at."""

    directory: Path
    project: Project

    @classmethod
    def open(cls, directory: str | Path) -> Run:
        """Raises `RunError` where the directory holds no run, `ProjectError` where its project cannot be read."""
        directory = Path(directory)
        if not (directory / layout.PROJECT).is_file():
            raise RunError(f"{directory} holds no run; `workbench runs` lists them")
        return cls(directory, read_project(directory / layout.PROJECT))

    @property
    def status(self) -> str:
        """running, completed, early_stopping, stopped, failed, or interrupted (killed)."""
        if is_locked(self.directory):
            return "running"
        return self.report.get("reason", "interrupted")

    @cached_property
    def report(self) -> dict[str, Any]:
        return self._json(layout.REPORT)

    @cached_property
    def environment(self) -> dict[str, Any]:
        return self._json(layout.ENVIRONMENT)

    @cached_property
    def metrics(self) -> list[dict[str, Any]]:
        """Every step and epoch in order."""
        return read_metrics(self.directory / layout.METRICS)

    @cached_property
    def epochs(self) -> list[dict[str, Any]]:
        return read_epochs(self.directory / layout.METRICS)

    @cached_property
    def warnings(self) -> list[str]:
        """What a person should know of it, such as why it is not the same to the last bit after it was resumed."""
        return read_warnings(self.directory / layout.METRICS)

    @property
    def samples(self) -> dict[str, Any]:
        """``indices`` and ``losses`` of the training images, as of their last step."""
        return self._json(layout.SAMPLES)

    def hardest(self, count: int) -> list[tuple[int, float]]:
        """The training images with the highest last loss, as (index in the source, loss); highest first."""
        samples = self.samples
        pairs = zip(samples.get("indices", []), samples.get("losses", []), strict=False)
        known = ((int(index), float(loss)) for index, loss in pairs if loss is not None)
        return heapq.nlargest(count, known, key=itemgetter(1))

    @property
    def number(self) -> int:
        number = self.environment.get("number", 0)
        return number if isinstance(number, int) else 0

    @property
    def settings(self) -> dict[str, Any]:
        """All that the run was made from, in one row: of the network its figures, of data and recipe every setting."""
        graph, data, recipe = self.project.graph, self.project.data, self.project.recipe
        return {
            "network": graph.name,
            "layers": len(graph.nodes),
            "parameters": analyse(inference_graph(graph)).parameters,
            **{f"data.{name}": value for name, value in data.values().items()},
            **{f"recipe.{name}": value for name, value in recipe.values().items()},
        }

    def state(self, best: bool = True) -> State:
        """The best checkpoint, or the last; raises `RunError` where there is none yet."""
        return read_state(self.state_file(best))

    def state_file(self, best: bool = True) -> Path:
        """The file of the best checkpoint, or the last; raises `RunError` where there is none yet."""
        for name in (layout.BEST, layout.LAST) if best else (layout.LAST,):
            if (self.directory / name).exists():
                return self.directory / name
        raise RunError(f"{self.directory} has no checkpoint yet")

    def network(self, best: bool = True) -> Network:
        """The network with the run's weights, in evaluation mode on the CPU; it takes one picture."""
        network = compile_graph(fed_by_one_picture(self.project.graph), init=False)
        try:
            load_module(network, self.state(best).tensors)
        except (KeyError, RuntimeError) as error:
            raise RunError(f"{self.directory}: the checkpoint is of another network ({error})") from None
        return network.eval()

    def summary(self) -> dict[str, Any]:
        """The run in one row; figures are None where there are none yet."""
        epochs = self.epochs
        measured = [e for e in epochs if e["validation_loss"] is not None]
        best = min(measured, key=lambda e: e["validation_loss"], default=None)
        return {
            "run": self.directory.name,
            "number": self.number,
            "network": self.project.graph.name,
            "data": self.project.data.source,
            "status": self.status,
            "begun": has_steps(self.directory / layout.METRICS),
            "epochs": len(epochs),
            "best_epoch": best and best["epoch"],
            "validation_loss": best and best["validation_loss"],
            "validation_accuracy": best and best["validation_accuracy"],
            "parameters": analyse(inference_graph(self.project.graph)).parameters,
        }

    def _json(self, name: str) -> dict[str, Any]:
        try:
            value = json.loads((self.directory / name).read_bytes())
        except (OSError, ValueError, RecursionError):
            return {}
        return value if isinstance(value, dict) else {}


def state_in_words(summary: dict[str, Any]) -> str:
    """How a run stands, from its `Run.summary`; of one that ended before its first step there is nothing to be seen."""
    status = str(summary["status"])
    ended = status in ("failed", "interrupted", "stopped")
    return f"{status} before its first step" if ended and not summary["begun"] else status


def list_runs(directory: str | Path) -> list[Run]:
    """The run in a directory, or the runs in a folder, ordered by their numbers. Unreadable ones are left out."""
    from workbench.project import ProjectError

    directory = Path(directory)
    if (directory / layout.PROJECT).is_file():
        return [Run.open(directory)]
    found = []
    for path in sorted(directory.glob(f"*/{layout.PROJECT}")):
        try:
            found.append(Run.open(path.parent))
        except ProjectError:
            continue
    return sorted(found, key=lambda run: (run.number, run.directory.name))


def compare(runs: list[Run]) -> dict[str, tuple[Any, ...]]:
    """The settings that are not the same in all runs, by name, with each run's value."""
    rows = [run.settings for run in runs]
    names = rows[0] if rows else {}
    values = {name: tuple(row[name] for row in rows) for name in names}
    return {name: column for name, column in values.items() if len(set(column)) > 1}
