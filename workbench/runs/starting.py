"""The weights that a run starts from: another run's best, or a file's."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from workbench.compiler import fed_by_one_picture
from workbench.compiler.export import Preprocessing
from workbench.data.normalization import WORDS, name_of
from workbench.graph import Graph
from workbench.project import DataChoice, Project
from workbench.runs.layout import RunError
from workbench.runs.preparing import preprocessing_of
from workbench.runs.run import Run
from workbench.weights import ANEW, Match, WeightsError, WeightsFile, match, read_weights

Check = Callable[[], object]


@dataclass(frozen=True, slots=True, eq=False)
class Start:
    """Weights, where they come from, and which of a network's are among them."""

    source: str
    sha256: str
    match: Match
    prepared: Preprocessing | None = None

    @property
    def name(self) -> str:
        return Path(self.source).name

    @property
    def sentence(self) -> str:
        return f"It starts from {self.name}: {self.match.sentence}."

    def record(self) -> dict[str, Any]:
        """As JSON values, for the run to keep."""
        found = self.match
        return {
            "source": self.source,
            "sha256": self.sha256,
            "kept": found.named("kept"),
            "new": found.named(*ANEW),
            "cut": found.named("cut"),
            "normalization": expected(self.prepared),
        }


def read_source(source: str | Path, check: Check = lambda: None) -> WeightsFile:
    """The weights in a file, or a run's best. Raises `WeightsError` or `RunError`."""
    path = Path(source).expanduser()
    check_start(source)
    if not path.is_dir():
        return read_weights(path, check)
    run = Run.open(path)
    file = read_weights(run.state_file(), check)
    tensors = {name: value for name, value in file.tensors.items() if name.startswith("model.")}
    with contextlib.suppress(RunError):
        return WeightsFile(path, tensors, file.sha256, preprocessing_of(run))
    return WeightsFile(path, tensors, file.sha256)


def check_start(source: str | Path) -> None:
    """Raise `WeightsError` where weights are named and nothing of that name is there."""
    path = Path(source).expanduser()
    if str(source) and not path.exists():
        raise WeightsError(f"{path}: there is no such file or run to take weights from")


def matched(file: WeightsFile, graph: Graph, all_but_head: bool = False) -> Match:
    """Which of these weights the network goes on with; raises `WeightsError` where it is none."""
    found = match(fed_by_one_picture(graph), file.tensors, all_but_head)
    if not found.tensors:
        raise WeightsError(
            f"{file.path}: none of its {len(file.tensors):,} tensors has the name and shape of one of this network's"
        )
    return found


def start_of(project: Project, check: Check = lambda: None) -> Start | None:
    """What a project's recipe starts from; None where it starts anew.

    Raises `WeightsError` or `RunError` where that is not there any more, or is not what was chosen.
    """
    recipe = project.recipe
    if not recipe.weights:
        return None
    file = read_source(recipe.weights, check)
    if recipe.weights_sha256 and file.sha256 != recipe.weights_sha256:
        raise WeightsError(
            f"{recipe.weights}: these are other weights than those that were chosen; choose them again to use them"
        )
    found = matched(file, project.graph, recipe.all_but_head)
    return Start(str(file.path.resolve()), file.sha256, found, file.prepared)


def starting_from(project: Project, file: WeightsFile, all_but_head: bool) -> Project:
    """The project that starts from these weights, its pictures normalized as theirs were where that is known."""
    weights = str(file.path.resolve())
    recipe = project.recipe.changed(weights=weights, weights_sha256=file.sha256, all_but_head=all_but_head)
    wanted = expected(file.prepared)
    data = project.data if wanted is None else project.data.changed(normalization=wanted)
    return replace(project, recipe=recipe, data=data)


def expected(prepared: Preprocessing | None) -> str | None:
    """How pictures were normalized for weights, as a data choice calls it; None where nothing is known of it."""
    return None if prepared is None else name_of(prepared.mean, prepared.std)


def discord(prepared: Preprocessing | None, data: DataChoice) -> str:
    """A sentence where pictures are normalized otherwise than for the weights that a network starts from; else ''."""
    wanted = expected(prepared)
    if wanted is None or wanted == data.normalization:
        return ""
    return (
        f"They were learnt from pictures normalized {WORDS[wanted]}; yours are normalized {WORDS[data.normalization]}."
    )
