"""The line above a value: which one it is, and the steps that lead from it to others."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QMenu, QToolButton, QWidget

from workbench.gui.icons import icon
from workbench.gui.inspection.value.words import reader_in_words
from workbench.gui.one_line import OneLine
from workbench.gui.theme import Appearance, Theme
from workbench.inspection import Explanation
from workbench.inspection.arithmetic import figure, spot


class StepBar(QWidget):
    """``chosen`` brings the `Place` of a value that reads the one shown, chosen from the menu of ``forth``."""

    chosen = Signal(object)

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._shown: Explanation | None = None
        self.back = _button("mdi6.arrow-left", "Step back to the value that gave most", "Alt+Left")
        self.forth = _button("mdi6.arrow-right", "Step forth to a value that reads this one", "Alt+Right")
        self.readers = QMenu(self)
        self.readers.setAccessibleName("Values that read this one")
        self.readers.aboutToShow.connect(self._fill_menu)
        self.forth.setMenu(self.readers)
        self.forth.setPopupMode(QToolButton.ToolButtonPopupMode.MenuButtonPopup)
        self._title = OneLine("heading")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addWidget(self.back)
        layout.addWidget(self.forth)
        layout.addWidget(self._title, 1)
        appearance.changed.connect(self._set_theme)
        self._set_theme(appearance.theme)

    def show_value(self, found: Explanation) -> None:
        """Name this value."""
        place = found.place
        part = f", part {place.part}" if place.part else ""
        self._title.setText(f"{place.node} ({found.kind}){part}, {spot(place.index)}: {figure(found.value)}")

    def lead_from(self, found: Explanation | None, can_go_forth: bool) -> None:
        """The steps go from this value; None where there is none."""
        self._shown = found
        self.back.setEnabled(found is not None and found.made.nearest is not None)
        self.forth.setEnabled(can_go_forth)

    def _fill_menu(self) -> None:
        """Each value that reads this one, layer by layer."""
        self.readers.clear()
        for read in self._shown.readers if self._shown is not None else ():
            self.readers.addSection(read.node)
            for reader in read.strongest:
                self.readers.addAction(reader_in_words(read, reader), partial(self.chosen.emit, reader.place))

    def _set_theme(self, theme: Theme) -> None:
        for button in (self.back, self.forth):
            button.setIcon(icon(button.property("icon_name"), theme))


def _button(name: str, help: str, key: str) -> QToolButton:
    button = QToolButton()
    button.setAutoRaise(True)
    button.setToolTip(f"{help} ({key})")
    button.setAccessibleName(help)
    button.setProperty("icon_name", name)
    return button
