"""A hint where there are no maps, all maps of a layer, or one of them large."""

from __future__ import annotations

from PySide6.QtWidgets import QStackedWidget

from workbench.gui.hints import hint
from workbench.gui.inspection.map_view import MapView
from workbench.gui.inspection.mosaic_view import MosaicView
from workbench.gui.theme import Appearance

SELECT = "Select a layer to watch its maps."


class MapPages(QStackedWidget):
    """The pages ``all`` and ``one``, and before them the hint."""

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self.all = MosaicView("Activation maps", appearance)
        self.all.setMinimumHeight(60)
        self.one = MapView(appearance)
        self._hint = hint(SELECT)
        for page in (self._hint, self.all, self.one):
            self.addWidget(page)

    @property
    def hint(self) -> str:
        """What stands in place of maps; '' where they are shown."""
        return self._hint.text() if self.currentWidget() is self._hint else ""

    def say(self, message: str) -> None:
        """Show a sentence in place of maps."""
        self._hint.setText(message)
        self.setCurrentWidget(self._hint)

    def leave_hint(self) -> None:
        """Show all maps, unless one is shown large."""
        if self.currentWidget() is self._hint:
            self.setCurrentWidget(self.all)

    def leave_one(self) -> None:
        """Show all maps where one was shown large."""
        if self.currentWidget() is self.one:
            self.setCurrentWidget(self.all)
