"""Keeps cards, maps, filters and prediction current: after every edit by itself, while training by asking that."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch
from PySide6.QtCore import QObject, QTimer, Signal

from workbench.compiler import fed_by_one_picture
from workbench.data.batches import Normalise, statistics_in
from workbench.graph import Graph, GraphError
from workbench.gui.background import Background
from workbench.gui.document import Document
from workbench.gui.editor.card import Strip
from workbench.gui.inspection.picture import Picture, PictureChoice
from workbench.gui.inspection.preview import strip
from workbench.gui.training.session import TrainingSession
from workbench.inspection import ChosenPicture, Rehearsal, Seen, Wishes
from workbench.project import Project

if TYPE_CHECKING:
    from workbench.data import Dataset


_AT_ONCE, _LONGEST = 0.05, 0.4
"""Seconds: a network that is looked at faster follows every edit at once, a slower one waits so long at most."""


@dataclass(frozen=True, eq=False)
class Preview:
    """What became of the picture, whether the weights were ever trained, and of which network that is true."""

    seen: Seen
    trained: bool
    graph: Graph


class Previewer(QObject):
    """``strips_made`` are small pictures for the cards, ``previewed`` is what was wished for, or `failed` says why not.

    While a training runs it is that network which is looked at, by the training itself.
    """

    strips_made = Signal(dict)
    previewed = Signal(object)
    failed = Signal(str)

    def __init__(self, document: Document, picture: PictureChoice, session: TrainingSession, parent: QObject) -> None:
        super().__init__(parent)
        self._document, self._picture, self._session = document, picture, session
        self._wishes = Wishes()
        self._run: Path | None = None
        self._shown = True
        self._fitted: tuple[Picture, tuple[int, ...], str, torch.Tensor, ChosenPicture] | None = None
        self._glimpses: Mapping[str, Any] = {}
        self._stage = _Stage()
        self._maps = Background("preview", self)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.timeout.connect(self._look)
        self._maps.done.connect(self._show)
        self._maps.failed.connect(lambda message, details: self._say(message))
        document.opened.connect(self._begin_anew)
        document.changed.connect(self._follow)
        picture.changed.connect(lambda _: self._look())
        session.state_changed.connect(self._follow_training)

    def begin(self, shown: bool) -> None:
        """Look at the network from now on; ``shown``: whether cards have pictures."""
        self._shown = shown
        self._look()

    def refresh(self, shown: bool) -> None:
        self._shown = shown
        if not shown:
            self.strips_made.emit({})
        self._look()

    def look_at(self, wishes: Wishes) -> None:
        """Look at this from now on."""
        if wishes != self._wishes:
            self._wishes = wishes
            self._look()

    def look_again(self) -> None:
        """Show once more what is to be seen now: something else was shown meanwhile."""
        self._session.watch.ask_again()
        self._look()
        if self._shown and self._is_trained_now:
            self.strips_made.emit(strips(self._session.glimpses))

    def forget(self) -> None:
        """Show nothing of what is being looked at: it is no longer what there is."""
        self._maps.forget()

    def follow_training(self) -> None:
        """Have the cards show what the training has glimpsed; called by the window's timer."""
        glimpses = self._session.glimpses
        if glimpses is not self._glimpses and self._shown and self._is_trained_now:
            self._glimpses = glimpses
            self.strips_made.emit(strips(glimpses))

    def use_weights_of(self, source: Path | None) -> None:
        """From now on show what a run's best weights, or a file's, make of the picture."""
        self._run = source
        self._look()

    @property
    def run(self) -> Path | None:
        """The run whose weights are shown; None where they are noise."""
        return self._run

    @property
    def _is_trained_now(self) -> bool:
        project = self._session.project
        return self._session.active and project is not None and project.graph == self._document.graph

    def _follow(self, before: Project, after: Project) -> None:
        if before.graph == after.graph:
            return
        if self._stage.seconds < _AT_ONCE:
            self._look()
            return
        # Begun between two edits of a person it would only be given up, and Python's lock with it slow the window.
        self._maps.forget()
        self._pause.start(round(1000 * min(self._stage.seconds, _LONGEST)))

    def _begin_anew(self) -> None:
        self._run = None
        self._maps.forget()
        self._look()

    def _follow_training(self, state: str) -> None:
        if state == "preparing":
            # The memory is the training's now.
            self._maps.ask(self._stage.clear)
            self._look()
        elif state == "idle":
            self._look()

    def _look(self) -> None:
        picture, dataset = self._picture.picture, self._picture.dataset
        if picture is None or dataset is None:
            return
        if self._session.active:
            self._ask_training(picture)
        if self._is_trained_now:
            return
        graph, run, fit = self._document.graph, self._run, self._document.data.fit
        wishes = Wishes() if self._session.active else self._wishes
        wishes = replace(wishes, glimpses=tuple(node.name for node in graph.nodes) if self._shown else ())
        self._maps.ask(lambda: self._stage.play(graph, run, picture, fit, dataset, wishes, self._maps.check))

    def _ask_training(self, picture: Picture) -> None:
        project, watch = self._session.project, self._session.watch
        if project is None:
            return
        shape, fit = project.graph.shape, project.data.fit
        if self._fitted is None or self._fitted[:3] != (picture, shape, fit):
            fitted = picture.fitted(shape, fit)
            chosen = ChosenPicture(fitted.numpy(), picture.name, picture.truth)
            self._fitted = (picture, shape, fit, fitted, chosen)
        shown = self._shown and self._is_trained_now
        names = tuple(node.name for node in project.graph.nodes if not node.shares) if shown else ()
        watch.wishes = wishes = replace(self._wishes, glimpses=names)
        watch.picture = None if wishes == Wishes() else self._fitted[3]
        watch.chosen = self._fitted[4]

    def _show(self, preview: Preview | None) -> None:
        if preview is None:  # the memory was given back
            return
        self.strips_made.emit(strips(preview.seen.glimpses))
        if not self._session.active:
            self.previewed.emit(preview)

    def _say(self, message: str) -> None:
        self.strips_made.emit({})
        if not self._session.active:
            self.failed.emit(message)


class _Stage:
    """Where networks are rehearsed, in the background's thread alone. ``seconds`` is how long the last one took."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self._rehearsal = Rehearsal()
        self._run: Path | None = None

    def clear(self) -> None:
        self._rehearsal = Rehearsal()
        self._run = None

    def play(
        self,
        graph: Graph,
        run: Path | None,
        picture: Picture,
        fit: str,
        dataset: Dataset,
        wishes: Wishes,
        check: Callable[[], object],
    ) -> Preview:
        began = time.monotonic()
        try:
            fed = fed_by_one_picture(graph)
        except GraphError as error:  # an input that takes no picture: nothing can be shown before it is changed
            raise GraphError(f"{str(error)[:1].upper()}{str(error)[1:]}.") from None
        if run != self._run:
            self._rehearsal.use_weights(weights_of(run, graph))
            self._run = run
        normalise = Normalise(*statistics_in(dataset, graph.shape[0]), torch.device("cpu"))
        image = normalise(picture.fitted(graph.shape, fit)[None])
        seen = self._rehearsal.run(fed, image, wishes, check)
        self.seconds = time.monotonic() - began
        return Preview(seen, self._rehearsal.has_weights, graph)


def weights_of(run: Path | None, graph: Graph, best: bool = True) -> Mapping[str, torch.Tensor]:
    """A run's best or last weights by ``state_dict`` keys, or a file's; none where there are none.

    Also those that do not fit the graph now: they may fit after its next edit.
    """
    from workbench.data import DataError
    from workbench.runs import Run, RunError, matched, read_source

    if run is None:
        return {}
    if run.is_file():
        try:
            file = read_source(run)
            prefix = matched(file, graph).prefix
            return {name[len(prefix) :]: value for name, value in file.tensors.items() if name.startswith(prefix)}
        except (DataError, GraphError):
            return {}
    try:
        tensors = Run.open(run).state(best).tensors
    except RunError:
        return {}
    return {name.removeprefix("model."): value for name, value in tensors.items() if name.startswith("model.")}


def strips(glimpses: Mapping[str, Any]) -> dict[str, Strip]:
    """The small pictures of cards, by layer, to be made when they are painted."""
    return {name: partial(strip, values) for name, values in glimpses.items() if values.size}
