"""How maps are shown: their order, their scale, their colours; and the way back from one to all."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QHBoxLayout, QMenu, QToolButton, QWidget

from workbench.gui.icons import icon
from workbench.gui.inspection.colours import COLOURS
from workbench.gui.one_line import OneLine
from workbench.gui.theme import Appearance, Theme


class MapsBar(QWidget):
    """``sorting_changed`` and ``look_changed`` (scale and colours) by a person; ``back``, ``whole`` and ``exciting``
    ask for that."""

    sorting_changed = Signal()
    look_changed = Signal()
    back = Signal()
    whole = Signal()
    exciting = Signal()

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self.title = OneLine("heading")
        self.back_button = self._button("mdi6.arrow-left", "Show all maps (Escape)")
        self.back_button.clicked.connect(self.back)
        self.back_button.setVisible(False)
        self.exciting_button = self._button("mdi6.image-search-outline", "What excites this map")
        self.exciting_button.clicked.connect(self.exciting)
        self.exciting_button.setVisible(False)
        self.strongest = self._button("mdi6.sort-descending", "Strongest first, by the mean of the absolute values")
        self.own_scale = self._button("mdi6.contrast-box", "Each map from its own lowest to its own highest value")
        for button in (self.strongest, self.own_scale):
            button.setCheckable(True)
        self.strongest.toggled.connect(lambda _: self.sorting_changed.emit())
        self.own_scale.toggled.connect(lambda _: self.look_changed.emit())
        palette = self._button("mdi6.palette-outline", "Colours of the maps")
        palette.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        palette.setMenu(self._colour_menu())
        whole = self._button("mdi6.fit-to-page-outline", "Show the whole (0)")
        whole.clicked.connect(self.whole)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.back_button)
        row.addWidget(self.title, 1)
        for button in (self.exciting_button, self.strongest, self.own_scale, palette, whole):
            row.addWidget(button)
        appearance.changed.connect(self._set_theme)
        self._set_theme(appearance.theme)

    def show_one(self, offers_excitation: bool) -> None:
        """Offer what can be done with one map that is shown large."""
        self.back_button.setVisible(True)
        self.exciting_button.setVisible(offers_excitation)

    def show_all(self) -> None:
        """All maps are shown."""
        self.back_button.setVisible(False)
        self.exciting_button.setVisible(False)

    @property
    def colours(self) -> str:
        """The name of the colours in use."""
        return self._colours.checkedAction().text()

    def choose_colours(self, name: str) -> None:
        for action in self._colours.actions():
            if action.text() == name:
                action.trigger()

    def _colour_menu(self) -> QMenu:
        menu = QMenu(self)
        self._colours = QActionGroup(menu)
        for name in COLOURS:
            action = QAction(name, menu)
            action.setCheckable(True)
            self._colours.addAction(action)
            menu.addAction(action)
        self._colours.actions()[0].setChecked(True)
        self._colours.triggered.connect(lambda _: self.look_changed.emit())
        return menu

    def _button(self, name: str, help: str) -> QToolButton:
        button = QToolButton()
        button.setAutoRaise(True)
        button.setToolTip(help)
        button.setAccessibleName(help)
        button.setProperty("icon_name", name)
        return button

    def _set_theme(self, theme: Theme) -> None:
        for button in self.findChildren(QToolButton):
            button.setIcon(icon(button.property("icon_name"), theme))
