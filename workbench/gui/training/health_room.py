"""Where it is seen how the layers of a training fare: on the cards, in a table, and among the problems."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from workbench.gui.editor.tints import BY_NAME, Figure, Tint, TintsOf, tint
from workbench.gui.training.health_history import HealthHistory
from workbench.gui.training.health_panel import HealthPanel
from workbench.inspection import relative_gradients, remarks

if TYPE_CHECKING:
    from workbench.compiler import Problem
    from workbench.graph import Graph
    from workbench.gui.main_window import MainWindow
    from workbench.gui.travel.moment import Moment
    from workbench.inspection import KeptHealth, LayerHealth
    from workbench.training import Health

_SEEN, _UNSEEN = 0.02, 0.002
"""Shares of the training's time in which it may be measured: where somebody looks, and only for the remarks."""


_NOT_KEPT = (
    "This run kept nothing of how its layers fared: it was trained by `workbench train` without --health, "
    "or was over before they were measured."
)


@dataclass(frozen=True, eq=False)
class _Present:
    """The last measurement of a run, and those before it."""

    run: str
    graph: Graph
    health: Health | KeptHealth
    history: HealthHistory


class HealthRoom(QObject):
    """Follows what the training measures of its layers."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window, self._document, self._session = window, window.document, window.session
        self._shown: Health | None = None
        self._present: _Present | None = None
        self._is_past = False
        self._is_of_another = False
        self._tints: TintsOf | None = None
        self.remarks: list[Problem] = []
        self.panel = HealthPanel(window.appearance)
        self.panel.chosen.connect(self._choose)
        window.workspace.put("Health", self.panel)
        window.workspace.seen_changed.connect(self._wish)
        self._session.state_changed.connect(self._follow_state)
        self._document.opened.connect(self._take_leave)
        self._document.selection_changed.connect(lambda names: self.panel.select(names[0]) if names else None)
        self.colour_by(window.settings.get("card_health", ""))

    def colour_by(self, name: str) -> None:
        """Colour the cards by a figure of `FIGURES` from now on; '' leaves them as they are."""
        self.figure = BY_NAME.get(name)
        self._window.settings.set("card_health", self.figure.name if self.figure else "")
        self._window.actions_table[f"health_{self.figure.name if self.figure else 'off'}"].setChecked(True)
        self._wish()
        self._tint()

    def follow(self) -> None:
        """Show what has been measured since the last look; called by the window's timer."""
        health, project, directory = self._session.health, self._session.project, self._session.directory
        if health is None or health is self._shown or project is None or directory is None:
            return
        self._shown = health
        self._present = _Present(directory.name, project.graph, health, self._session.health_history)
        if not self._is_past:
            self._show_present()

    def show_kept(self, run: str, graph: Graph, kept: Sequence[KeptHealth]) -> None:
        """A run was opened: show what it kept, as of its last measurement."""
        self._is_of_another = False
        self._forget()
        if not kept:
            self.panel.begin(_NOT_KEPT)
            return
        self._present = _Present(run, graph, kept[-1], HealthHistory(kept))
        self._show_present()

    def show_moment(self, moment: Moment | None) -> None:
        """Show how the layers fared in the epoch that is looked at again, or the present."""
        self._is_past = moment is not None
        present = self._present
        if present is None:
            return
        if moment is None:
            self._show_present()
            return
        epoch, found = moment.record.epoch, moment.measured
        if found is None:
            self.panel.begin(f"Nothing was measured before the end of epoch {epoch}.")
            self._tints = None
            self._tint()
            return
        self._show(present, *found, f"Epoch {epoch} of {present.run}")

    def _show_present(self) -> None:
        present = self._present
        if present is None:
            self.panel.begin()
            return
        told = self._show(present, present.health.step, present.health.layers, present.run)
        if not self._is_of_another:
            self.remarks = told
            self._window.problems.show_remarks(told)

    def _show(self, present: _Present, step: int, measured: Mapping[str, LayerHealth], whose: str) -> list[Problem]:
        """Fill the table and colour the cards; what a person should know of it."""
        graph = present.graph
        layers = {name: one for name, one in measured.items() if name in graph}
        relative = relative_gradients(graph, present.history.gradients(step))

        @cache
        def tints(figure: Figure) -> dict[str, Tint]:
            made = {name: tint(figure, one, relative.get(name)) for name, one in layers.items()}
            return {name: one for name, one in made.items() if one is not None}

        told = remarks(graph, layers, present.health.images, relative)
        self.panel.show_health(graph, layers, present.history, tints, told, f"{whose}, measured at step {step:,}")
        if not self._is_of_another:
            self._tints = tints
            self._tint()
        return told

    def _tint(self) -> None:
        editor, figure = self._window.editor, self.figure
        editor.scene.show_tints(self._tints(figure) if figure and self._tints else {})
        editor.legend.explain(figure, "" if self._tints else "Colours come while a training runs.")

    def _wish(self) -> None:
        looks = self.figure is not None or self._window.workspace.is_seen("Health")
        self._session.watch.health = _SEEN if looks else _UNSEEN

    def _follow_state(self, state: str) -> None:
        if state == "preparing":
            self._is_of_another = False
            self._shown = None
            self._is_past = False
            self.panel.begin()
            self._forget()

    def _take_leave(self) -> None:
        """Another project is open: what is measured of this one's training is not about its cards."""
        self._is_of_another = True
        self._forget()
        if not self._session.active:
            self.panel.begin()

    def _forget(self) -> None:
        self._tints, self.remarks, self._present = None, [], None
        self._window.problems.show_remarks([])
        self._tint()

    def _choose(self, layer: str) -> None:
        self._document.select([layer])
        self._window.editor.view.show_card(layer)
