"""The start page: presets as cards, recent projects, examples."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from workbench.gui.preset_card import PresetCard
from workbench.gui.recent import recent_files
from workbench.gui.settings import Settings
from workbench.gui.theme import Appearance
from workbench.presets import EXPERIMENTS, PRESETS

if TYPE_CHECKING:
    from workbench.presets import Experiment

FEATURED = ("lenet5", "alexnet", "vgg16", "googlenet", "resnet18", "resnet50", "se-resnet50", "senet154")
_MOST_RECENT = 5
_DOWN = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
_ARROWS = (*_DOWN, Qt.Key.Key_Left, Qt.Key.Key_Right)
_BESIDE = 28
"""Pixels at either side of the page."""
_WIDEST = 1600
"""On a wider screen the page stands in the middle: its lines would be too long to read."""


class StartPage(QScrollArea):
    """``preset_chosen(name)``, ``experiment_chosen(name)`` and ``file_chosen(path)``; ``left`` for what is open."""

    preset_chosen = Signal(str)
    experiment_chosen = Signal(str)
    file_chosen = Signal(str)
    left = Signal()

    def __init__(self, settings: Settings, appearance: Appearance) -> None:
        super().__init__()
        self._settings, self._appearance = settings, appearance
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAccessibleName("Presets and examples")
        self._fill()

    def show_figures(self) -> None:
        """Torch is there: measure each preset, one at a time between two events, and tell it on its card."""
        waiting = [card for card in self.findChildren(PresetCard) if not card.measured]
        if waiting:
            waiting[0].measure()
            QTimer.singleShot(0, self, self.show_figures)

    def _fill(self) -> None:
        page = QWidget()
        layout = QVBoxLayout(page)
        layout.setContentsMargins(_BESIDE, 24, _BESIDE, 24)
        layout.setSpacing(12)
        title = QLabel("Which network today?")
        title.setProperty("role", "title")
        self._back = QPushButton()
        self._back.setToolTip("Back to the network that is open (Esc)")
        self._back.clicked.connect(self.left)
        head = QHBoxLayout()
        head.addWidget(title, 1)
        head.addWidget(self._back)
        layout.addLayout(head)
        self._hint = hint = QLabel()
        hint.setWordWrap(True)
        hint.setProperty("role", "muted")
        layout.addWidget(hint)
        names = [name for name in FEATURED if name in PRESETS]
        self._cards = [PresetCard(PRESETS[name], self._appearance) for name in names]
        for card in self._cards:
            card.chosen.connect(self.preset_chosen)
        self._grid = _Cells(self._cards, most=4, spacing=12)
        layout.addLayout(self._grid)
        self._recent = QVBoxLayout()
        self._recent.setSpacing(4)
        layout.addLayout(self._recent)
        layout.addWidget(_heading("Examples: open one and press Train"))
        examples = _Cells([self._example(experiment) for experiment in EXPERIMENTS.values()], most=3, spacing=6)
        layout.addLayout(examples)
        layout.addWidget(_heading("All presets"))
        rest = [preset for name, preset in PRESETS.items() if name not in names]
        buttons = []
        for preset in rest:
            year = "" if str(preset.year) in preset.title else f" ({preset.year})"
            button = QPushButton(preset.title + year)
            button.setFlat(True)
            button.setStyleSheet("text-align: left; padding: 3px 6px;")
            button.setToolTip(preset.new)
            button.clicked.connect(lambda _=False, n=preset.name: self.preset_chosen.emit(n))
            buttons.append(button)
        others = _Cells(buttons, most=4, spacing=6)
        layout.addLayout(others)
        layout.addStretch(1)
        page.setMaximumWidth(_WIDEST)
        self._cells = self._grid, examples, others
        middle = QWidget()
        across = QHBoxLayout(middle)
        across.setContentsMargins(0, 0, 0, 0)
        across.addStretch(1)
        across.addWidget(page, 10_000)
        across.addStretch(1)
        self.setWidget(middle)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        for cells in self._cells:
            cells.fit(min(self.viewport().width(), _WIDEST) - 2 * _BESIDE)

    def show_open(self, title: str, images: str) -> None:
        """Tell which network is open, and on which images."""
        self._back.setText(f"Go on with {title}".replace("&", "&&"))
        self._hint.setText(
            f"{title} on {images} is open: press Train. Or begin with another, change it layer by layer, and watch "
            "what it learns."
        )

    def keyPressEvent(self, event: QKeyEvent) -> None:
        focused = self.focusWidget()
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and isinstance(focused, QPushButton):
            focused.click()
        elif event.key() in _ARROWS and isinstance(focused, PresetCard):
            self._step(focused, Qt.Key(event.key()))
        else:
            super().keyPressEvent(event)

    def _step(self, card: PresetCard, key: Qt.Key) -> None:
        """Go on to the card beside this one, above or below it; from the outer ones to what is next on the page."""
        down = _DOWN.get(key, 0)
        row, column = self._grid.getItemPosition(self._grid.indexOf(card))[:2]  # type: ignore[index]
        item = self._grid.itemAtPosition(row + down, column) if down and row + down >= 0 else None
        beside = item.widget() if item is not None else None
        if beside is None:
            self.focusNextPrevChild(key in (Qt.Key.Key_Right, Qt.Key.Key_Down))
        else:
            beside.setFocus()
            self.ensureWidgetVisible(beside)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.show_recent()

    def show_recent(self) -> None:
        """The projects that were open last, as they are now."""
        while (item := self._recent.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        recent = recent_files(self._settings)[:_MOST_RECENT]
        for widget in (_heading("Recent projects"), *map(self._link, recent)) if recent else ():
            self._recent.addWidget(widget)

    def _example(self, experiment: Experiment) -> QPushButton:
        button = Example(experiment)
        button.clicked.connect(lambda: self.experiment_chosen.emit(experiment.name))
        return button

    def _link(self, path: Path) -> QPushButton:
        button = QPushButton(f"{path.stem}    {path}".replace("&", "&&"))
        button.setAccessibleName(f"Open {path.stem}")
        button.setAccessibleDescription(str(path))
        button.setFlat(True)
        button.setStyleSheet("text-align: left; padding: 3px 6px;")
        button.clicked.connect(lambda: self.file_chosen.emit(str(path)))
        return button


class Example(QPushButton):
    """An experiment: its title, and below it what will be seen."""

    def __init__(self, experiment: Experiment) -> None:
        super().__init__()
        self.setFlat(True)
        self.setAccessibleName(experiment.title)
        self.setAccessibleDescription(experiment.shows)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._layout = layout = QVBoxLayout(self)
        layout.setContentsMargins(6, 4, 6, 6)
        layout.setSpacing(1)
        title, shows = QLabel(experiment.title), QLabel(experiment.shows)
        shows.setWordWrap(True)
        shows.setProperty("role", "muted")
        for label in (title, shows):
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            layout.addWidget(label)
        layout.addStretch(1)

    def sizeHint(self) -> QSize:
        return self._layout.sizeHint()


class _Cells(QGridLayout):
    """As many beside each other as there is room for in this font."""

    def __init__(self, cells: Sequence[QWidget], most: int, spacing: int) -> None:
        super().__init__()
        self.setSpacing(spacing)
        self._cells, self._most, self._in_a_row = cells, most, 0
        self._fill(most)

    def fit(self, width: int) -> None:
        widest = max(max(cell.sizeHint().width(), cell.minimumWidth()) for cell in self._cells)
        self._fill(max(1, min(self._most, (width + self.spacing()) // (widest + self.spacing()))))

    def _fill(self, in_a_row: int) -> None:
        if in_a_row == self._in_a_row:
            return
        self._in_a_row = in_a_row
        for number, cell in enumerate(self._cells):
            self.removeWidget(cell)
            self.addWidget(cell, number // in_a_row, number % in_a_row)


def _heading(text: str) -> QLabel:
    label = QLabel(text)
    label.setProperty("role", "heading")
    label.setContentsMargins(0, 10, 0, 0)
    return label
