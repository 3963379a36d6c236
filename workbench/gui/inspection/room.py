"""The room where one looks into networks: a picture, and what every layer makes of it, trained or not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtCore import QMimeData, QObject
from PySide6.QtWidgets import QApplication, QFileDialog

from workbench.data import PictureError
from workbench.gui.editor.card import Strip
from workbench.gui.editor.commands import last_of
from workbench.gui.inspection.attribution.room import AttributionRoom
from workbench.gui.inspection.excitation.room import ExcitationRoom
from workbench.gui.inspection.kinds import PICTURES
from workbench.gui.inspection.maps import ActivationMaps
from workbench.gui.inspection.panel import MapsPanel
from workbench.gui.inspection.picture import Picture
from workbench.gui.inspection.previewer import Preview, Previewer, strips
from workbench.gui.inspection.standing import NetworkCopy
from workbench.gui.inspection.value.panel import ValuePanel
from workbench.gui.inspection.weights import WeightsPanel
from workbench.gui.pixels import png
from workbench.inspection import Place, Seen, Wishes
from workbench.project import write_atomically

if TYPE_CHECKING:
    from workbench.data import Dataset
    from workbench.gui.main_window import MainWindow
    from workbench.gui.travel.moment import Moment
    from workbench.training import Probe

_LOOKING = "The network is being looked at …"
_EARLIER = "An earlier epoch is shown: go back to now in the time bar to see how a value came about."


class InspectionRoom(QObject):
    """Maps, prediction, filters and the strips on the cards of one window."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window, self._document, self._session = window, window.document, window.session
        self._picture = window.picture
        self._moment: Moment | None = None
        self._followed: Probe | None = None
        self.maps_panel = MapsPanel(self._picture, window.appearance, window.actions_table, self._try_picture)
        self.maps: ActivationMaps = self.maps_panel.maps
        self.weights = WeightsPanel(window.appearance)
        self.value = ValuePanel(window.appearance)
        self._fitted: tuple[Any, ...] = ()
        self.previewer = Previewer(self._document, self._picture, self._session, self)
        copy = NetworkCopy()
        self.attribution = AttributionRoom(window, self.previewer, copy)
        self.excitation = ExcitationRoom(window, self.previewer, self.maps, copy)
        # While a training prepares, the memory is the training's.
        self._session.state_changed.connect(lambda state: copy.forget() if state == "preparing" else None)
        window.workspace.put("Maps", self.maps_panel)
        window.workspace.put("Weights", self.weights)
        window.workspace.put("Value", self.value)
        self._connect()

    def begin(self) -> None:
        """Look at the network from now on."""
        self.previewer.begin(self._window.settings.get("previews", True))
        self.watch_layer()

    # what actions call

    def open_picture(self) -> None:
        kinds = f"Pictures ({' '.join(f'*{ending}' for ending in PICTURES)})"
        name, _ = QFileDialog.getOpenFileName(self._window, "Open a picture", str(Path.home()), kinds)
        if name:
            self.take_picture(Path(name))

    def export_maps(self) -> None:
        """Write the maps, or the one that is open, as they are seen. Raises `PictureError` where there are none."""
        if self.maps.pages.hint:
            raise PictureError("no maps are shown: select a layer first")
        name = str(Path.home() / f"{self.maps.bar.title.text()}.png")
        given, _ = QFileDialog.getSaveFileName(self._window, "Export the maps", name, "Picture (*.png)")
        if not given:
            return
        if Path(given).suffix.lower() != ".png":
            raise OSError(f"{Path(given).name}: maps are written as .png; choose this ending")
        write_atomically(Path(given), png(self.maps.pages.grab()))
        self._window.tell(f"Wrote {given}.")

    def take_picture(self, path: Path) -> None:
        self._try_picture(lambda: self._picture.open(path), path.name)

    def take_handed(self, mime: QMimeData) -> None:
        """Look at what was dropped from elsewhere: an address of a picture."""
        self._try_picture(lambda: self._picture.take_handed(mime, "dropped"), "What was dropped")

    def paste_picture(self) -> None:
        mime = QApplication.clipboard().mimeData() or QMimeData()  # there is none of an empty clipboard
        self._try_picture(lambda: self._picture.take_handed(mime, "from the clipboard"), "What is on the clipboard")

    def try_filter(self) -> None:
        """Lay a filter of the network on the pictures of the convolution lab: the open map's, or the layer's first."""
        kernel, layer = self.maps.large.kernel if self.maps.large.isVisible() else None, self.maps.origin.layer
        if kernel is None:
            kernel, layer = self.weights.filters.picture, self.weights.filters.layer
        if kernel is None or (layer == self.weights.filters.layer and self.weights.filters.is_dense):
            self._window.workspace.reveal("Weights")
            self._window.complain("Select a convolution first; its filters are shown in the panel Weights.")
            return
        self._window.pages.show_lab("convolution").take_filters(layer, kernel.weight)

    def toggle_previews(self) -> None:
        settings = self._window.settings
        settings.set("previews", not settings.get("previews", True))
        self.previewer.refresh(settings.get("previews", True))

    def explain(self, place: Place) -> None:
        """Show how a value of the network as it is now came about; of an earlier epoch not all weights were kept."""
        if self._moment is not None:
            self._window.complain(_EARLIER)
            return
        self._window.workspace.reveal("Value")
        self.value.explain(place)

    def explain_value(self) -> None:
        """Show how the strongest value of the map that is open or framed came about."""
        place = self.maps.at_hand
        if place is None:
            self._window.complain("Nothing is in the maps yet: select a layer, then explain one of its values.")
            return
        self.explain(place)
        self.value.take_focus()

    def _try_picture(self, take: Callable[[], object], what: str) -> None:
        try:
            take()
        except PictureError as error:
            self._window.complain(f"{what} cannot be shown: {error}")
            return
        self._window.workspace.reveal("Maps")

    # what follows from what

    def _connect(self) -> None:
        window = self._window
        window.workspace.seen_changed.connect(self._look)
        self.maps.wishes_changed.connect(self._look)
        self.maps.value_chosen.connect(self.explain)
        self.weights.filters.wishes_changed.connect(self._look)
        self.value.wishes_changed.connect(self._follow_value)
        self._picture.refused.connect(lambda why: window.complain(f"What was dropped cannot be shown: {why}"))
        self.previewer.strips_made.connect(self._show_strips)
        self.previewer.previewed.connect(self._show_preview)
        self.previewer.failed.connect(self._clear)
        self._document.opened.connect(self._begin_anew)
        self._document.changed.connect(lambda before, after: self.watch_layer())
        self._document.selection_changed.connect(lambda names: self.watch_layer())
        window.images.loaded.connect(self._take_dataset)
        window.images.state_changed.connect(self._follow_images)

    def watch_layer(self) -> None:
        """Look at the selected layer, or at the first convolution."""
        project = self._session.project
        graph = project.graph if self._session.active and project else self._document.graph
        chosen = last_of(self._document.graph, self._document.selection[0]) if self._document.selection else None
        layer = chosen or next((n.name for n in graph.nodes if n.kind == "Conv2d"), "")
        self.maps.watch(layer, graph)
        self.weights.filters.watch(layer, graph)
        self._look()

    def _follow_value(self) -> None:
        """Have maps, filters and cards show the layer whose value is explained."""
        place = self.value.place
        if place is not None and place.node in self._document.graph and place.node != self.maps.layer:
            self._document.select([place.node])
        self._look()

    def follow_training(self) -> None:
        """Draw what the training has looked at; called by the window's timer."""
        probe, started = self._session.probe, self._session.started
        if probe is not None and started is not None and self._moment is None and probe is not self._followed:
            self._followed = probe
            self._show_seen(probe.seen, started.classes)
            self.previewer.follow_training()

    def show_moment(self, moment: Moment | None) -> None:
        """Show what was recorded of an epoch instead of the network as it is; None for the present."""
        self._moment, self._followed = moment, None
        if moment is not None:
            self.value.say(_EARLIER)
            self._show_recorded(moment)
            return
        if self._picture.picture is not None:
            self.maps_panel.show_picture(self._picture.picture)
        self.previewer.look_again()

    def _show_recorded(self, moment: Moment) -> None:
        wishes, picture = self._wishes(), moment.picture
        shown = self._window.settings.get("previews", True)
        names = tuple(moment.record.maps) if shown else ()
        seen = moment.record.seen(replace(wishes, glimpses=names))
        words = f"{picture.name}, after epoch {moment.record.epoch}"
        self.maps_panel.show_picture(Picture(np.asarray(picture.pixels), picture.truth, words))
        self._show_seen(seen, moment.classes)
        self.maps.show_recorded(seen)
        if self._window.workspace.is_seen("Weights"):
            self.weights.filters.show_recorded(seen)
        self._window.editor.scene.show_strips(strips(seen.glimpses))

    def _show_strips(self, made: dict[str, Strip]) -> None:
        if self._moment is None:
            self._window.editor.scene.show_strips(made)

    def _look(self) -> None:
        """Have looked at what the panels that are seen want to show."""
        self.previewer.look_at(self._wishes())
        if self._moment is not None:
            self._show_recorded(self._moment)

    def _wishes(self) -> Wishes:
        is_seen = self._window.workspace.is_seen
        maps = self.maps.wishes if is_seen("Maps") else Wishes()
        weights = self.weights.wishes if is_seen("Weights") else Wishes()
        filters = tuple(dict.fromkeys((*maps.filters, *weights.filters)))
        value = self.value.place if is_seen("Value") else None
        return replace(maps, filters=filters, spreads=weights.spreads, value=value)

    def _begin_anew(self) -> None:
        """Another network is open: what came of the one before is not about it, unless that one trains."""
        self.value.forget()
        if not self._session.active:
            self._clear(_LOOKING)

    def _follow_images(self, state: str) -> None:
        """Where the project's images cannot be had, those of the one before are not shown in their place."""
        if state not in ("away", "cancelled", "failed"):
            return
        self._picture.lose_dataset()
        self._window.show_state()
        if not self._session.active and self._moment is None:
            self.previewer.forget()
            self._clear(f"{self._window.images.sentence.rstrip('.')}. Choose the images in the panel Data.")

    def _clear(self, message: str) -> None:
        self.maps_panel.clear(message, picture=self._picture.picture is None)
        self.weights.clear(message)
        self._show_strips({})

    def _take_dataset(self, dataset: Dataset) -> None:
        self._picture.set_dataset(dataset)
        self._window.show_state()

    def _show_preview(self, preview: Preview) -> None:
        if self._moment is not None:
            return
        classes = self._picture.dataset.classes if self._picture.dataset else ()
        self._show_seen(preview.seen, classes, preview.trained)

    def _show_seen(self, seen: Seen, classes: tuple[str, ...], trained: bool = True) -> None:
        self.maps_panel.show_seen(seen, classes, trained)
        self.weights.show_seen(seen)
        if seen.explanation is not None:
            self._fit_picture()
        self.value.show_seen(seen)

    def _fit_picture(self) -> None:
        """Give the panel Value the picture as the network takes it."""
        project = self._session.project if self._session.active else None
        graph, data = (project or self._document).graph, (project or self._document).data
        wanted = (self._picture.picture, graph.shape, data.fit)
        if wanted != self._fitted and self._picture.picture is not None:
            self._fitted = wanted
            self.value.show_picture(self._picture.picture.fitted(graph.shape, data.fit).numpy())
