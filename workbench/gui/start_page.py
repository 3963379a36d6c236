"""The start page: presets as cards, recent projects, examples."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QShowEvent
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
_NARROW = 1180
"""How wide the page may have to be, whatever the font."""
_WIDEST = 1600
"""On a wider screen the page stands in the middle: its lines would be too long to read."""


class StartPage(QScrollArea):
    """``preset_chosen(name)``, ``experiment_chosen(name)`` and ``file_chosen(path)``."""

    preset_chosen = Signal(str)
    experiment_chosen = Signal(str)
    file_chosen = Signal(str)

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
        layout.setContentsMargins(28, 24, 28, 24)
        layout.setSpacing(12)
        title = QLabel("Which network today?")
        title.setProperty("role", "title")
        layout.addWidget(title)
        hint = QLabel(
            "LeNet-5 on handwritten digits is ready: press Train. Or begin with another, change it layer by layer, "
            "and watch what it learns."
        )
        hint.setWordWrap(True)
        hint.setProperty("role", "muted")
        layout.addWidget(hint)
        self._grid = QGridLayout()
        self._grid.setSpacing(12)
        names = [name for name in FEATURED if name in PRESETS]
        cards = [PresetCard(PRESETS[name], self._appearance) for name in names]
        for card in cards:
            card.chosen.connect(self.preset_chosen)
        _fill_rows(self._grid, cards, 4)
        layout.addLayout(self._grid)
        self._recent = QVBoxLayout()
        self._recent.setSpacing(4)
        layout.addLayout(self._recent)
        layout.addWidget(_heading("Examples: open one and press Train"))
        examples = QGridLayout()
        examples.setSpacing(6)
        _fill_rows(examples, [self._example(experiment) for experiment in EXPERIMENTS.values()], 3)
        layout.addLayout(examples)
        layout.addWidget(_heading("All presets"))
        others = QGridLayout()
        others.setSpacing(6)
        rest = [preset for name, preset in PRESETS.items() if name not in names]
        buttons = []
        for preset in rest:
            year = "" if str(preset.year) in preset.title else f", {preset.year}"
            button = QPushButton(preset.title + year)
            button.setFlat(True)
            button.setStyleSheet("text-align: left; padding: 3px 6px;")
            button.setToolTip(preset.new)
            button.clicked.connect(lambda _=False, n=preset.name: self.preset_chosen.emit(n))
            buttons.append(button)
        _fill_rows(others, buttons, 4)
        layout.addLayout(others)
        layout.addStretch(1)
        page.setMaximumWidth(_WIDEST)
        middle = QWidget()
        across = QHBoxLayout(middle)
        across.setContentsMargins(0, 0, 0, 0)
        across.addStretch(1)
        across.addWidget(page, 10_000)
        across.addStretch(1)
        self.setWidget(middle)

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


def _fill_rows(grid: QGridLayout, cells: Sequence[QWidget], most: int) -> None:
    """As many beside each other as a window that is not wide has room for in this font."""
    in_a_row = max(1, min(most, _NARROW // max(max(cell.sizeHint().width(), cell.minimumWidth()) for cell in cells)))
    for number, cell in enumerate(cells):
        grid.addWidget(cell, number // in_a_row, number % in_a_row)


def _heading(text: str) -> QLabel:
    label = QLabel(text)
    label.setProperty("role", "heading")
    label.setContentsMargins(0, 10, 0, 0)
    return label
