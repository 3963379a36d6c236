"""The table of actions made into Qt's actions and menus."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QActionGroup, QIcon, QKeySequence, QPixmap
from PySide6.QtWidgets import QMenu, QMenuBar, QWidget

from workbench.gui.actions import ACTIONS, MENUS
from workbench.gui.actions.action import Action

if TYPE_CHECKING:
    from workbench.gui.main_window import MainWindow


class Actions:
    """The table made into Qt's actions and menus of one window."""

    def __init__(self, window: MainWindow, run: Callable[[Callable[[], object]], None]) -> None:
        self._window, self._run = window, run
        self.by_name: dict[str, QAction] = {}
        self._rows = {action.name: action for action in ACTIONS}
        groups: dict[str, QActionGroup] = {}
        for row in ACTIONS:
            action = QAction(row.text, window)
            action.setShortcuts([QKeySequence(key) for key in (row.shortcut, row.also) if key])
            action.setToolTip(f"{row.text} ({row.shortcut})")
            action.triggered.connect(lambda _=False, r=row: self._do(r))
            if row.choice:
                groups.setdefault(row.choice, QActionGroup(window)).addAction(action)
                action.setCheckable(True)
            action.setCheckable(action.isCheckable() or row.ticked is not None)
            window.addAction(action)
            self.by_name[row.name] = action
        self.hold_places()

    def __getitem__(self, name: str) -> QAction:
        return self.by_name[name]

    def fill(self, bar: QMenuBar, recent: QMenu) -> None:
        """Give the bar the menus of the table, and below 'Open' one of recent files."""
        for title in MENUS:
            menu = bar.addMenu(f"&{title}")
            menu.aboutToShow.connect(lambda title=title: self._tick(row for row in ACTIONS if row.menu == title))
            for row in ACTIONS:
                if row.menu == title:
                    if row.starts_group:
                        menu.addSeparator()
                    menu.addAction(self.by_name[row.name])
                    if row.name == "open":
                        menu.addMenu(recent)

    def menu_for(self, names: Iterable[str], parent: QWidget) -> QMenu:
        """Some of the actions as the menu of a right click; '' parts groups."""
        menu = QMenu(parent)
        for name in names:
            menu.addAction(self.by_name[name]) if name else menu.addSeparator()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        return menu

    def hold_places(self) -> None:
        """Empty icons until the real ones are there, so that nothing moves; a choice has its dot there instead."""
        empty = QPixmap(20, 20)
        empty.fill(Qt.GlobalColor.transparent)
        for name, action in self.by_name.items():
            if not action.isCheckable() or self._rows[name].icon:
                action.setIcon(QIcon(empty))

    def set_icons(self, icon: Callable[[str], QIcon]) -> None:
        for name, action in self.by_name.items():
            if self._rows[name].icon:
                action.setIcon(icon(self._rows[name].icon))

    def _do(self, row: Action) -> None:
        self._run(lambda: row.call(self._window))
        self._tick([row])  # Qt has turned the tick over already, whatever has come of it

    def _tick(self, rows: Iterable[Action]) -> None:
        for row in rows:
            action = self.by_name[row.name]
            if row.ticked is not None and action.isEnabled():
                action.setChecked(row.ticked(self._window))

    def enable(self, conditions: dict[str, bool]) -> None:
        """Enable each action whose condition holds."""
        for name, action in self.by_name.items():
            needs = self._rows[name].needs
            action.setEnabled(not needs or conditions[needs])
