"""Looks for what excites the map that was chosen, again whenever the answer is no longer true."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from workbench.compiler import analyse
from workbench.graph import GraphError
from workbench.gui.editor.commands import last_of
from workbench.gui.inspection.excitation.looking import Looking, MapChoice
from workbench.gui.inspection.excitation.making import Making
from workbench.gui.inspection.excitation.panel import ExcitationPanel
from workbench.gui.inspection.maps import ActivationMaps
from workbench.gui.inspection.previewer import Previewer
from workbench.gui.inspection.standing import NetworkCopy, standing

if TYPE_CHECKING:
    from workbench.gui.main_window import MainWindow

_TITLE = "Excitation"


class ExcitationRoom(QObject):
    """The panel of one window and what it looks for. Nothing is looked for while nobody sees it."""

    def __init__(self, window: MainWindow, previewer: Previewer, maps: ActivationMaps, copy: NetworkCopy) -> None:
        super().__init__(window)
        self._window, self._document, self._session = window, window.document, window.session
        self._picture, self._previewer, self._maps = window.picture, previewer, maps
        self._layer, self._number = "", 0
        self._chosen: MapChoice | None = None
        self._looking, self._making = Looking(copy, self), Making(copy, self)
        self.panel = ExcitationPanel(self._looking, self._making, window.appearance)
        window.workspace.put(_TITLE, self.panel)
        window.workspace.seen_changed.connect(self.look)
        maps.offers_excitation = True
        maps.excitation_wanted.connect(self.show_map)
        maps.wishes_changed.connect(self._follow)
        self.panel.map_wanted.connect(lambda number: self.show_map(self._layer or maps.layer, number))
        self.panel.picked.connect(lambda part, place: window.picture.take(place, part))
        self._document.changed.connect(lambda before, after: self.look())
        self._document.selection_changed.connect(lambda names: self._select())
        self._session.state_changed.connect(lambda state: self.look())
        # Comes too when other weights are looked at.
        previewer.previewed.connect(lambda preview: self.look())

    def show_map(self, layer: str, number: int) -> None:
        """Show what excites this map from now on."""
        self._layer, self._number = layer, number
        self._window.workspace.reveal(_TITLE)
        self.look()

    def look(self) -> None:
        """Look for the images, unless they are there already."""
        dataset = self._picture.dataset
        if not self._window.workspace.is_seen(_TITLE) or dataset is None:
            return
        try:
            of = standing(self._document, self._session, self._previewer)
        except GraphError as error:
            self._say(f"{error}.")
            return
        layer = self._layer or self._maps.layer
        analysis = analyse(of.graph)
        if layer not in of.graph:
            return
        layer = of.graph.node(layer).shares or layer
        if not analysis.runs:
            self._say("The network cannot run yet: see Problems.")
        elif self._session.active and not of.stamp:
            self._say("The training has no checkpoint yet: look again after its first epoch.")
        elif _shape(dataset) != of.graph.shape:
            self._say("The images on hand are those of the network that is open, not of the one that is trained.")
        else:
            chosen = MapChoice(of, dataset, layer, self._number)
            before = self._chosen
            if before is None or not chosen.is_of_same_layer(before) or chosen.number != before.number:
                self._chosen = chosen
                self.panel.await_images(chosen)

    def _follow(self) -> None:
        """Show the map that has been opened, where somebody sees it."""
        opened = self._maps.opened
        if opened is not None and (self._maps.layer, opened) != (self._layer, self._number):
            self._layer, self._number = self._maps.layer, opened
            self.look()

    def _select(self) -> None:
        """Show the first map of the card that was selected."""
        graph, selection = self._document.graph, self._document.selection
        layer = last_of(graph, selection[0]) if selection else None
        if layer and layer != self._layer:
            self._layer, self._number = layer, 0
            self.look()

    def _say(self, message: str) -> None:
        self._chosen = None
        self._looking.cancel()
        self.panel.say(message)


def _shape(dataset: object) -> tuple[int, ...]:
    """The shape of one image, as the data set gives it."""
    import torch

    part = dataset.train  # type: ignore[attr-defined]
    return tuple(part.take(torch.zeros(1, dtype=torch.long)).shape[1:]) if len(part) else ()
