"""The network as it stands, and a copy of it that is nobody else's: questions to it disturb no training."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.compiler import Network, fed_by_one_picture
from workbench.graph import Graph
from workbench.gui.inspection.previewer import Previewer, weights_of
from workbench.inspection import Rehearsal
from workbench.runs import layout

if TYPE_CHECKING:
    from workbench.gui.document import Document
    from workbench.gui.training.session import TrainingSession

_GLANCE_SECONDS = 0.05


@dataclass(frozen=True, slots=True)
class Standing:
    """A network that takes one picture, and the run, or the file, whose weights it has: a run's best, or while it runs
    its last."""

    graph: Graph
    run: Path | None
    best: bool
    stamp: int

    @property
    def words(self) -> str:
        """Where the weights come from, for people."""
        if self.run is None or not self.stamp:
            return "Untrained weights: train the network, or open a run's."
        if self.run.is_file():
            return f"Weights of {self.run.name}."
        return f"Weights of {self.run.name}, {'its best epoch' if self.best else 'its last checkpoint'}."


def standing(document: Document, session: TrainingSession, previewer: Previewer) -> Standing:
    """What is looked at now: while a training runs the network that is trained. Raises `GraphError`."""
    project = session.project
    if session.active and project is not None:
        return Standing(fed_by_one_picture(project.graph), session.directory, False, _stamp(session.directory, False))
    run = previewer.run
    return Standing(fed_by_one_picture(document.graph), run, True, _stamp(run, True))


def _stamp(run: Path | None, best: bool) -> int:
    """When the weights were written; 0 where there are none."""
    if run is None:
        return 0
    for name in ("",) if run.is_file() else (layout.BEST, layout.LAST) if best else (layout.LAST,):
        try:
            return (run / name).stat().st_mtime_ns
        except OSError:
            continue
    return 0


class NetworkCopy:
    """The network that was asked for last, lent to one thread at a time."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._of: Standing | None = None
        self._network: Network | None = None

    @contextmanager
    def lent(self, of: Standing, check: Callable[[], object]) -> Iterator[Network]:
        """The network in evaluation mode on the CPU; made where it is another than before.

        ``check`` ends the waiting for another thread by raising. Raises `GraphError` and `TooLarge`.
        """
        while not self._lock.acquire(timeout=_GLANCE_SECONDS):
            check()
        try:
            if of != self._of or self._network is None:
                self._network, self._of = None, None  # two would take twice the memory
                rehearsal = Rehearsal()
                rehearsal.use_weights(weights_of(of.run, of.graph, of.best))
                self._network, self._of = rehearsal.network(of.graph), of
            yield self._network
        finally:
            self._lock.release()

    def forget(self) -> None:
        """Give the memory back, unless somebody uses it."""
        if self._lock.acquire(blocking=False):
            self._network, self._of = None, None
            self._lock.release()
