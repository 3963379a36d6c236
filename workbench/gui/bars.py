"""The bar of tools at the window's head and the line of words at its foot."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QStatusBar, QToolBar, QToolButton

from workbench.gui.document import Document
from workbench.gui.engine import Engine
from workbench.gui.menus import Actions
from workbench.gui.message import Message
from workbench.gui.theme import Appearance, Theme
from workbench.gui.training.controls import DeviceChoice, RateControl, TrainingStatus
from workbench.gui.training.session import TrainingSession

_GROUPS = (
    ("start_page", "open", "save"),
    ("undo", "redo"),
    ("train", "pause", "stop", "one_step", "one_epoch"),
)
_NO_PROBLEMS = "no problems"


class MainBar(QToolBar):
    """What is done most, the device and the learning rate."""

    def __init__(self, actions: Actions, document: Document, session: TrainingSession) -> None:
        super().__init__("Main")
        self.setObjectName("Main")
        self.setAutoFillBackground(True)
        self.setMovable(False)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
        for group in _GROUPS:
            for name in group:
                self.addAction(actions[name])
            self.addSeparator()
        train = self.widgetForAction(actions["train"])
        train.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)  # type: ignore[attr-defined]
        self.device_choice = DeviceChoice(document)
        self.addWidget(self.device_choice)
        self.rate = RateControl(session)
        self.addWidget(self.rate)


class StatusLine(QStatusBar):
    """How far the training is, what has just happened, and how many problems there are."""

    def __init__(self, session: TrainingSession, engine: Engine, actions: Actions, appearance: Appearance) -> None:
        super().__init__()
        self._appearance = appearance
        self.setAutoFillBackground(True)
        self.training = TrainingStatus(session, appearance)
        self.message = Message(appearance)
        engine.ready.connect(lambda: self.training.rest("Ready"))
        engine.failed.connect(lambda _: self.training.rest("PyTorch could not be loaded"))
        self._problems = QToolButton()
        self._problems.setAutoRaise(True)
        self._problems.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._problems.setCursor(Qt.CursorShape.PointingHandCursor)
        self._problems.setToolTip("Show the problems")
        self._problems.setAccessibleName("Number of problems")
        self._problems.clicked.connect(actions["panel_Problems"].trigger)
        # What it mostly says always has room, so that the line is not laid out anew with every problem.
        self._problems.setMinimumWidth(self._problems.fontMetrics().horizontalAdvance(_NO_PROBLEMS))
        # A button's own height would make the line, and with it the smallest window, higher.
        self._problems.setFixedHeight(self._problems.fontMetrics().height() + 4)
        self._counts = (0, 0)
        self.addWidget(self.training)
        self.addWidget(self.message, 1)
        self.addPermanentWidget(self._problems)
        appearance.changed.connect(self._set_theme)

    def _set_theme(self, _: Theme) -> None:
        self.count_problems(*self._counts)

    def count_problems(self, errors: int, warnings: int) -> str:
        """Show how many there are; the same in words."""
        self._counts = errors, warnings
        parts = [f"{n} {word}{'s' if n > 1 else ''}" for n, word in ((errors, "problem"), (warnings, "remark")) if n]
        text = ", ".join(parts) or _NO_PROBLEMS
        theme = self._appearance.theme
        self._problems.setText(text)
        self._problems.setStyleSheet(f"color: {theme.error if errors else theme.warning if warnings else theme.muted}")
        return text
