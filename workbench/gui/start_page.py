"""The start page: presets as cards, recent projects, examples."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QFont, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QShowEvent, QTextLayout
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from workbench.graph import Graph
from workbench.gui.editor.outline import first_closed, outline
from workbench.gui.figures import count
from workbench.gui.recent import recent_files
from workbench.gui.settings import Settings
from workbench.gui.theme import Appearance, Theme
from workbench.layers import CATALOGUE
from workbench.presets import EXPERIMENTS, PRESETS, build

if TYPE_CHECKING:
    from workbench.presets import Experiment, Preset

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
        for number, name in enumerate(names):
            card = PresetCard(PRESETS[name], self._appearance)
            card.chosen.connect(self.preset_chosen)
            self._grid.addWidget(card, number // 4, number % 4)
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


class PresetCard(QWidget):
    """A preset: a drawn miniature of its stack, its name, year and size, what was new."""

    chosen = Signal(str)

    def __init__(self, preset: Preset, appearance: Appearance) -> None:
        super().__init__()
        self._preset, self._theme = preset, appearance.theme
        self._graph: Graph | None = None
        self._figures = ""
        self._hovered = False
        self.setMinimumSize(QSize(190, 178))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(f"{preset.title}, {preset.year}")
        self.setAccessibleDescription(preset.new)
        self.setToolTip(preset.new)
        appearance.changed.connect(self._set_theme)

    @property
    def measured(self) -> bool:
        return bool(self._figures)

    def measure(self) -> None:
        """Count the preset's parameters."""
        from workbench.compiler import analyse

        analysis = analyse(self._preset_graph()).inference()
        self._figures = f" · {count(analysis.parameters)} parameters"
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.chosen.emit(self._preset.name)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.chosen.emit(self._preset.name)
        else:
            super().keyPressEvent(event)

    def enterEvent(self, event: object) -> None:
        self._hovered = True
        self.update()

    def leaveEvent(self, event: object) -> None:
        self._hovered = False
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        graph = self._preset_graph()
        theme, painter = self._theme, QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        active = self._hovered or self.hasFocus()
        painter.setPen(QColor(theme.accent if active else theme.border))
        painter.setBrush(QColor(theme.raised if active else theme.surface))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 9, 9)
        draw_miniature(painter, QRectF(14, 14, self.width() - 28, 52), graph, theme)
        bold = QFont(self.font())
        bold.setPixelSize(15)
        bold.setWeight(QFont.Weight.DemiBold)
        painter.setFont(bold)
        painter.setPen(QColor(theme.text))
        painter.drawText(QPointF(14, 90), self._preset.title)
        plain = QFont(self.font())
        plain.setPixelSize(11)
        painter.setFont(plain)
        painter.setPen(QColor(theme.muted))
        painter.drawText(QPointF(14, 107), f"{self._preset.year}{self._figures}")
        painter.setPen(QColor(theme.text))
        room = QRectF(14, 116, self.width() - 28, self.height() - 126)
        _paragraph(painter, room, self._preset.new)

    def _preset_graph(self) -> Graph:
        if self._graph is None:
            self._graph = build(self._preset.name)
        return self._graph

    def _set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.update()


def _paragraph(painter: QPainter, room: QRectF, text: str) -> None:
    """As many whole lines as there is room for, the last one shortened."""
    layout = QTextLayout(text, painter.font())
    metrics = painter.fontMetrics()
    layout.beginLayout()
    y, step = room.top(), metrics.lineSpacing()
    while (line := layout.createLine()).isValid():
        line.setLineWidth(room.width())
        start = line.textStart()
        last = y + 2 * step > room.bottom()
        shown = text[start : start + line.textLength()]
        if last:
            shown = metrics.elidedText(text[start:], Qt.TextElideMode.ElideRight, int(room.width()))
        painter.drawText(QPointF(room.left(), y + metrics.ascent()), shown.rstrip())
        y += step
        if last:
            break
    layout.endLayout()


def draw_miniature(painter: QPainter, room: QRectF, graph: Graph, theme: Theme) -> None:
    """The stack lying on its side: a bar a layer in its category's colour, convolutions high, the rest low."""
    entries = [e for e in outline(graph, first_closed(graph, 60)).entries if not e.is_input]
    if not entries:
        return
    width = room.width() / len(entries)
    heights = {"Convolution": 1.0, "Shape": 0.75, "Block": 1.0, "Pooling": 0.5}
    painter.save()
    painter.setPen(Qt.PenStyle.NoPen)
    for number, entry in enumerate(entries):
        category = "Block" if entry.is_block else CATALOGUE[entry.kind].category
        shown = "Convolution" if entry.is_block else category
        height = room.height() * heights.get(category, 0.32)
        painter.setBrush(theme.category(shown))
        gap = min(2.0, width * 0.25)
        bar = QRectF(room.left() + number * width, room.center().y() - height / 2, width - gap, height)
        painter.drawRoundedRect(bar, min(2.0, width / 4), min(2.0, width / 4))
    painter.restore()


def _fill_rows(grid: QGridLayout, buttons: Sequence[QPushButton], most: int) -> None:
    """As many beside each other as a window that is not wide has room for in this font."""
    in_a_row = max(1, min(most, _NARROW // max(button.sizeHint().width() for button in buttons)))
    for number, button in enumerate(buttons):
        grid.addWidget(button, number // in_a_row, number % in_a_row)


def _heading(text: str) -> QLabel:
    label = QLabel(text)
    label.setProperty("role", "heading")
    label.setContentsMargins(0, 10, 0, 0)
    return label
