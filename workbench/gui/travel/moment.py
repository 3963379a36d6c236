"""The end of one epoch as it is shown: what was recorded, the picture, and the epoch's figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from workbench.graph import Graph
from workbench.gui.training.happenings import Happening
from workbench.gui.training.health_history import HealthHistory
from workbench.gui.training.kept_series import epoch_of, read_run
from workbench.gui.training.series import Series
from workbench.inspection import ChosenPicture, EpochRecord, KeptHealth, LayerHealth
from workbench.runs import Reel, Run
from workbench.training import Epoch


@dataclass(frozen=True, eq=False)
class Moment:
    """``figures`` are None where the run's metrics lack that epoch, as after a power cut.

    ``measured`` tells how the layers fared by the end of the epoch, and at which step that was measured last; None
    where it had not been yet.
    """

    record: EpochRecord
    picture: ChosenPicture
    figures: Epoch | None
    classes: tuple[str, ...]
    measured: tuple[int, Mapping[str, LayerHealth]] | None = None

    @property
    def told(self) -> str:
        """The epoch's figures in a few words."""
        if self.figures is None:
            return ""
        accuracy, loss = self.figures.validation_accuracy, self.figures.validation_loss
        return f"validation {accuracy:.1%}, loss {loss:.4g}" if loss == loss else ""


@dataclass(frozen=True, eq=False)
class Film:
    """A run whose epochs can be looked at: which there are, its network, its classes, its curves, how its layers
    fared (``health`` as it was kept; ``history`` of a training that runs), and what is marked beside the curves."""

    reel: Reel
    epochs: tuple[int, ...]
    graph: Graph
    classes: tuple[str, ...]
    series: Series
    health: tuple[KeptHealth, ...] = ()
    happened: tuple[Happening, ...] = ()
    history: HealthHistory = field(default_factory=HealthHistory)

    @property
    def name(self) -> str:
        return self.reel.directory.name

    def moment(self, epoch: int) -> Moment:
        """Read an epoch. Raises `RunError` where it cannot be."""
        figures = self.reel.figures(epoch)
        found = epoch_of(figures) if figures else None
        record = self.reel.record(epoch)
        kept = record.health
        measured = (kept.step, kept.layers) if kept is not None else self.history.at(record.step)
        return Moment(record, self.reel.picture(epoch), found, self.classes, measured)


def open_film(run: Run, series: Series | None = None) -> Film:
    """What was recorded of a run up to now; its curves, which take a moment for a long one, are read if not given."""
    reel = Reel(run.directory)
    preprocessing = run.environment.get("preprocessing")
    classes = preprocessing.get("classes", ()) if isinstance(preprocessing, dict) else ()
    # Of a training that runs the window has both already.
    health = tuple(reel.health()) if series is None else ()
    happened: tuple[Happening, ...] = ()
    if series is None:
        series, found = read_run(run)
        happened = tuple(found)
    names, history = tuple(map(str, classes)), HealthHistory(health)
    return Film(reel, tuple(reel.epochs), run.project.graph, names, series, health, happened, history)
