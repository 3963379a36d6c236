"""Asks again whenever what is seen is no longer true."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from workbench.compiler import analyse, fed_by_one_picture
from workbench.graph import GraphError
from workbench.gui.editor.commands import last_of
from workbench.gui.inspection.attribution.asking import Asking, Wish
from workbench.gui.inspection.attribution.panel import AttributionPanel
from workbench.gui.inspection.previewer import Previewer
from workbench.gui.inspection.standing import NetworkCopy, standing
from workbench.inspection.attribution import METHODS, last_convolution, layers_with_maps

if TYPE_CHECKING:
    from workbench.gui.main_window import MainWindow

_TITLE = "Attribution"


class AttributionRoom(QObject):
    """The panel of one window and what it is asked. Nothing is asked while nobody sees it."""

    def __init__(self, window: MainWindow, previewer: Previewer, copy: NetworkCopy) -> None:
        super().__init__(window)
        self._window, self._document, self._session = window, window.document, window.session
        self._picture, self._previewer = window.picture, previewer
        self._asked: tuple[object, ...] = ()
        self._asking = Asking(copy, self)
        self.panel = AttributionPanel(self._asking, window.appearance)
        window.workspace.put(_TITLE, self.panel)
        window.workspace.seen_changed.connect(self.ask)
        self.panel.wanted.connect(self._ask_again)
        self._picture.changed.connect(lambda _: self.ask())
        self._document.changed.connect(lambda before, after: self.ask())
        self._document.selection_changed.connect(lambda names: self._follow())
        self._session.state_changed.connect(lambda state: self.ask())
        # Comes too when other weights are looked at.
        previewer.previewed.connect(lambda preview: self.ask())

    def ask(self) -> None:
        """Ask what is chosen, unless that was asked already."""
        picture, dataset = self._picture.picture, self._picture.dataset
        if not self._window.workspace.is_seen(_TITLE) or picture is None or dataset is None:
            return
        project = self._session.project if self._session.active else None
        project = project or self._document.project
        try:
            graph = fed_by_one_picture(project.graph)
        except GraphError as error:
            self._say(f"{error}.")
            return
        if not analyse(graph).runs:
            self._say("The network cannot run yet: see Problems.")
            return
        panel = self.panel
        panel.show_layers(layers_with_maps(graph), last_convolution(graph))
        panel.show_classes(dataset.classes)
        of = standing(self._document, self._session, self._previewer)
        if self._session.active and not of.stamp:
            self._say("The training has no checkpoint yet: ask again after its first epoch.")
            return
        panel.show_origin(of.words)
        layer = panel.layer if METHODS[panel.method].of_layer else ""
        wish = Wish(of, picture, dataset, project.data.fit, panel.method, panel.target, layer)
        asked = (of, picture, dataset, wish.fit, wish.method, wish.target, wish.layer)
        if asked != self._asked:
            self._asked = asked
            panel.await_answer()
            self._asking.ask(wish)

    def _ask_again(self) -> None:
        """Ask what a person has chosen, also if it is what they cancelled."""
        if self.panel.answer is None and not self.panel.waiting:
            self._asked = ()
        self.ask()

    def _say(self, message: str) -> None:
        self._asked = ()
        self._asking.cancel()
        self.panel.say(message)

    def _follow(self) -> None:
        """Ask of the card that was selected."""
        if self._document.selection and not self._session.active:
            self.panel.follow(last_of(self._document.graph, self._document.selection[0]) or "")
