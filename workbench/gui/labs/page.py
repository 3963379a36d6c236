"""The page of the labs: a list of ideas, the one that is open, and a short text beside it."""

from __future__ import annotations

import importlib
from collections.abc import Callable

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QScrollArea,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from workbench.gui.labs import LABS, Lab
from workbench.gui.labs.lesson import LessonView
from workbench.gui.own_keys import SelectableLabel
from workbench.gui.scrolled import Scrolled
from workbench.gui.theme import Appearance
from workbench.labs.lessons import LESSONS
from workbench.labs.report import Played

_TEXT_WIDTH = 340
_USUAL_LINE, _MOST_LARGER = 14, 1.5
"""Pixels of a line with which the text has that width, and how much wider it becomes where a line is higher."""
_LEAST_OF_TEXT = 0.75
"""Of its width the text keeps in a small window, where the lab needs the room."""

_ROW_HEIGHT = 28
_LIST_WIDTH, _MOST_LIST_WIDTH, _BESIDE_TITLE = 170, 220, 26
"""Of the list, and what of it the titles do not have."""


class LabsPage(QWidget):
    """Opens each lab when it is first asked for; ``network_wanted(name)`` when a lab asks for a preset,
    ``report_wanted`` when the lesson that is open is to be written down."""

    network_wanted = Signal(str)
    report_wanted = Signal()

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._appearance = appearance
        self._views: dict[str, QWidget] = {}
        self._rooms: dict[str, Scrolled] = {}
        self._texts: dict[str, str] = {}
        self.lessons: dict[str, LessonView] = {}
        self.list = QListWidget()
        self.list.setAccessibleName("Labs")
        self.list.setProperty("role", "contents")
        self._list_titles()
        self._title = QLabel()
        self._title.setProperty("role", "title")
        self._stack = QStackedWidget()
        self._text = SelectableLabel()
        self._text.setWordWrap(True)
        self._text.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._text.setContentsMargins(14, 14, 14, 14)
        self._lessons = QStackedWidget()
        self._lessons.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        both = QWidget()
        column = QVBoxLayout(both)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._text)
        column.addWidget(self._lessons)
        column.addStretch(1)
        beside = QScrollArea()
        beside.setAccessibleName("About this lab")
        beside.setWidget(both)
        beside.setWidgetResizable(True)
        beside.setFrameShape(QFrame.Shape.NoFrame)
        larger = self.fontMetrics().height() / _USUAL_LINE
        width = round(_TEXT_WIDTH * min(max(1.0, larger), _MOST_LARGER))
        beside.setMinimumWidth(round(width * _LEAST_OF_TEXT))
        beside.setMaximumWidth(width)
        middle = QVBoxLayout()
        middle.setContentsMargins(16, 12, 16, 12)
        middle.addWidget(self._title)
        middle.addWidget(self._stack, 1)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.list)
        layout.addLayout(middle, 2)
        layout.addWidget(beside, 1)
        self.list.currentRowChanged.connect(lambda row: self._open(LABS[row]))

    def _list_titles(self) -> None:
        """One row for each lab; a title that is wider than the list may become takes two lines."""
        metrics = self.list.fontMetrics()
        longest = max(metrics.horizontalAdvance(lab.title) for lab in LABS)
        width = min(max(_LIST_WIDTH, longest + _BESIDE_TITLE), _MOST_LIST_WIDTH)
        self.list.setFixedWidth(width)
        self.list.setWordWrap(True)
        room = QRect(0, 0, width - _BESIDE_TITLE, 1000)
        for lab in LABS:
            lines = metrics.boundingRect(room, Qt.TextFlag.TextWordWrap, lab.title)
            QListWidgetItem(lab.title, self.list).setSizeHint(QSize(0, max(_ROW_HEIGHT, lines.height() + 8)))

    def show_lab(self, name: str) -> None:
        """Open a lab by its name."""
        self.list.setCurrentRow([lab.name for lab in LABS].index(name))
        self.lab.setFocus()

    @property
    def lab(self) -> QWidget:
        """The view that is open."""
        return self._views[LABS[self.list.currentRow()].name]

    @property
    def title(self) -> str:
        """That of the lab that is open."""
        return LABS[self.list.currentRow()].title

    def played(self) -> Callable[[], Played]:
        """What makes the lesson that is open, as it is now, a value; it may be called in another thread."""
        lab = LABS[self.list.currentRow()]
        lesson, sections = self.lessons[lab.name], self.lab.report()  # type: ignore[attr-defined]
        text, asked, predicted, measured = self._texts[lab.name], lesson.lesson, lesson.predicted, lesson.measured
        return lambda: Played(lab.title, text, asked, predicted, measured, sections())

    def _open(self, lab: Lab) -> None:
        if lab.name not in self._views:
            module = importlib.import_module(f"{__package__}.{lab.module}")
            view = getattr(module, lab.view)(self._appearance)
            if hasattr(view, "network_wanted"):
                view.network_wanted.connect(self.network_wanted)
            self._views[lab.name], self._texts[lab.name] = view, module.TEXT
            self._rooms[lab.name] = Scrolled(view)
            self._stack.addWidget(self._rooms[lab.name])
            self.lessons[lab.name] = lesson = LessonView(LESSONS[lab.name], getattr(view, "measured", str))
            lesson.report_wanted.connect(self.report_wanted)
            self._lessons.addWidget(lesson)
        self._title.setText(lab.title)
        self._text.setText(self._texts[lab.name])
        self._stack.setCurrentWidget(self._rooms[lab.name])
        self._lessons.setCurrentWidget(self.lessons[lab.name])
