"""The command palette: every action found by typing a few letters of it."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QWidget

from workbench.gui.actions import ACTIONS
from workbench.gui.finder import Choice, Finder
from workbench.gui.menus import Actions


class ActionFinder(Finder):
    """What cannot be done now is listed too, but cannot be chosen."""

    def __init__(self, actions: Actions, parent: QWidget) -> None:
        self._actions = actions
        super().__init__("Find an action", "What do you want to do?", "No action is called so.", parent)

    def choices(self) -> Iterator[Choice]:
        for action in ACTIONS:
            made = self._actions[action.name]
            if action.name != "palette":
                key = QKeySequence(action.shortcut).toString(QKeySequence.SequenceFormat.NativeText)
                text = f"{action.menu}: {made.text()}"
                yield Choice(action.name, text, key, made.icon(), made.isEnabled())

    def choose(self, name: str) -> None:
        self._actions[name].trigger()
