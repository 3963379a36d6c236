"""The weights that a run starts from: another run's best, or a file's."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from workbench.compiler import fed_by_one_picture
from workbench.graph import Graph
from workbench.project import Project, Recipe
from workbench.runs.run import Run
from workbench.weights import ANEW, Match, WeightsError, WeightsFile, match, read_weights

Check = Callable[[], object]


@dataclass(frozen=True, slots=True, eq=False)
class Start:
    """Weights, where they come from, and which of a network's are among them."""

    source: str
    sha256: str
    match: Match

    @property
    def sentence(self) -> str:
        return f"It starts from {Path(self.source).name}: {self.match.sentence}."

    def record(self) -> dict[str, Any]:
        """As JSON values, for the run to keep."""
        found = self.match
        return {
            "source": self.source,
            "sha256": self.sha256,
            "kept": found.named("kept"),
            "new": found.named(*ANEW),
            "cut": found.named("cut"),
        }


def read_source(source: str | Path, check: Check = lambda: None) -> WeightsFile:
    """The weights in a file, or a run's best. Raises `WeightsError` or `RunError`."""
    path = Path(source).expanduser()
    if not path.is_dir():
        if not path.exists():
            raise WeightsError(f"{path}: there is no such file or run to take weights from")
        return read_weights(path, check)
    file = read_weights(Run.open(path).state_file(), check)
    tensors = {name: value for name, value in file.tensors.items() if name.startswith("model.")}
    return WeightsFile(path, tensors, file.sha256)


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
    return Start(str(file.path.resolve()), file.sha256, matched(file, project.graph, recipe.all_but_head))


def starting_from(recipe: Recipe, file: WeightsFile, all_but_head: bool) -> Recipe:
    """The recipe that starts from these weights."""
    return recipe.changed(weights=str(file.path.resolve()), weights_sha256=file.sha256, all_but_head=all_but_head)
