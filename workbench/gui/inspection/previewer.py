"""Keeps the cards' pictures current: data, network and maps are made in the background after every edit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from workbench.graph import GraphError
from workbench.gui.background import Background
from workbench.gui.document import Document
from workbench.gui.inspection.picture import PictureChoice
from workbench.gui.inspection.preview import look_at_all, network_for, running_part, strip
from workbench.gui.training.session import TrainingSession
from workbench.project import Project
from workbench.training.control import Control
from workbench.training.interruption import stopping_inside

if TYPE_CHECKING:
    from torch import Tensor


class Previewer(QObject):
    """``strips_made`` are small pictures for the cards, ``probed`` every layer's maps of the chosen picture.

    While a training runs it is that network which is looked at, by the training itself.
    """

    strips_made = Signal(dict)
    probed = Signal(object)

    def __init__(self, document: Document, picture: PictureChoice, session: TrainingSession, parent: QObject) -> None:
        super().__init__(parent)
        self._document, self._picture, self._session = document, picture, session
        self._weights: Mapping[str, Tensor] = {}
        self._shown = True
        self.filters_of = ""
        self._network: tuple[Any, Any] | None = None
        self._maps = Background("preview", self)
        self._maps.done.connect(self._have_maps)
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
        self._look()

    def look_at(self, layer: str) -> None:
        """Have a running training look at this layer from now on; without one, show what is known."""
        watch = self._session.watch
        watch.layers = (layer,) if layer else ()
        graph = self._document.graph
        kinds = {node.name: node.kind for node in graph.nodes}
        first = next((name for name, kind in kinds.items() if kind == "Conv2d"), "")
        self.filters_of = layer if kinds.get(layer) in ("Conv2d", "ConvTranspose2d") else first
        watch.filters = self.filters_of
        picture = self._picture.picture
        project = self._session.project
        if picture is not None and project is not None and self._session.active:
            watch.picture = picture.fitted(project.graph.shape, project.data.fit)
        elif not self._session.active:
            self._look()

    def use_weights_of(self, directory: Path | None) -> None:
        """From now on show what a run's best weights make of the picture."""
        from workbench.runs import Run, RunError

        if directory is None:
            return
        try:
            tensors = Run.open(directory).state().tensors
        except RunError:
            return
        self._weights = {n.removeprefix("model."): t for n, t in tensors.items() if n.startswith("model.")}
        self._look()

    def _follow(self, before: Project, after: Project) -> None:
        if before.graph != after.graph:
            self._look()

    def _begin_anew(self) -> None:
        self._weights = {}

    def _follow_training(self, state: str) -> None:
        picture, project = self._picture.picture, self._session.project
        if state == "preparing" and picture is not None and project is not None:
            self._session.watch.picture = picture.fitted(project.graph.shape, project.data.fit)

    def _look(self) -> None:
        picture, dataset = self._picture.picture, self._picture.dataset
        if self._session.active or picture is None or dataset is None:
            return
        graph, weights, fit = self._document.graph, self._weights, self._document.data.fit
        mean, std, filters = dataset.mean, dataset.std, self.filters_of

        def work() -> Any:
            import torch

            from workbench.compiler import fed_by_one_picture
            from workbench.data.batches import Normalise
            from workbench.training.probe import weigh

            try:
                fed = fed_by_one_picture(graph)
            except GraphError:  # an input that takes no picture: nothing can be shown before it is changed
                return None
            network = network_for(fed, weights)
            if network is None:
                return None
            image = Normalise(mean, std, torch.device("cpu"))(picture.fitted(graph.shape, fit)[None])
            with stopping_inside(network, _Wanted(self._maps)):
                probe = look_at_all(network, running_part(fed), image)
            return replace(probe, weights=weigh(network, filters))

        self._maps.ask(work)

    def _have_maps(self, probe: Any) -> None:
        if probe is None:
            self.strips_made.emit({})
            return
        if self._shown:
            made = {name: strip(maps) for name, maps in probe.maps.items()}
            self.strips_made.emit({name: s for name, s in made.items() if s is not None})
        else:
            self.strips_made.emit({})
        self.probed.emit(probe)


class _Wanted(Control):
    """Stops a network between two layers once nobody waits for its maps any more."""

    def __init__(self, work: Background) -> None:
        super().__init__()
        self._work = work

    @property
    def stopping(self) -> bool:
        return self._work.out_of_date
