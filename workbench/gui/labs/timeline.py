"""The time line: LeNet to SENet with error, parameters, multiply-adds and depth; a click opens the network."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QFont, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from workbench.gui.figures import count
from workbench.gui.labs.lab import told
from workbench.gui.theme import Appearance, Theme
from workbench.labs.report import Section, milestones
from workbench.labs.timeline import HUMAN_ERROR, PUBLISHED, Milestone, milestone

TEXT = (
    "1998: LeNet-5 reads digits with two layers of filters. 2012: AlexNet wins ImageNet with the same ideas, ReLU, "
    "dropout and two graphics cards. 2014: VGG stacks 3×3 filters only, 138 million weights; GoogLeNet lets filters of "
    "several sizes work side by side and squeezes with 1×1 filters, with a twentieth of the weights.\n\n"
    "2015: deeper plain networks get worse, and ResNet's shortcuts cure it: 152 layers, better than a person. 2017: "
    "SENet lets the network weigh its own maps.\n\n"
    "Errors are those that the authors published, for images of 1,000 classes with five guesses each; how they were "
    "measured differs, and is told when you point at a network. What a network costs is measured here. Click one to "
    "open it."
)


class TimelineLab(QWidget):
    """``network_wanted(name)`` when one is clicked."""

    network_wanted = Signal(str)

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self.chart = Chart(appearance)
        self.chart.chosen.connect(self.network_wanted)
        self.words = told("About the network under the mouse")
        self.chart.pointed.connect(lambda found: self.words.setText(_about(found)))
        layout = QVBoxLayout(self)
        layout.addWidget(self.chart, 1)
        layout.addWidget(self.words)
        self.words.setText("Point at a network.")

    def measured(self) -> str:
        """The parameters of each network."""
        return ", ".join(f"{found.title} {count(found.parameters)}" for found in self.chart.milestones)

    def report(self) -> Callable[[], list[Section]]:
        """What makes the report of what has been measured."""
        return partial(milestones.timeline, tuple(self.chart.milestones))


_ROWS: tuple[tuple[str, Callable[[Milestone], float | None], Callable[[float], str]], ...] = (
    ("top-5 error on ImageNet", lambda m: m.published.error, lambda value: f"{value:g} %"),
    ("parameters", lambda m: m.parameters, count),
    ("multiply-adds a picture", lambda m: m.macs, count),
    ("layers with weights", lambda m: m.depth, lambda value: f"{value:.0f}"),
)


class Chart(QWidget):
    """A column a network, a row of bars a figure; bars of a row stand on one scale."""

    chosen = Signal(str)
    pointed = Signal(object)

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._theme = appearance.theme
        self.milestones: list[Milestone] = []
        self._waiting = list(PUBLISHED)
        self._current = -1
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("From LeNet to SENet")
        self.setMinimumSize(QSize(480, 320))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        appearance.changed.connect(self._set_theme)
        QTimer.singleShot(0, self, self._measure)

    def _measure(self) -> None:
        """One network between two events, so that nothing waits."""
        if self._waiting:
            self.milestones.append(milestone(self._waiting.pop(0)))
            self.update()
            QTimer.singleShot(0, self, self._measure)

    # geometry

    def column(self, index: int) -> QRectF:
        width = (self.width() - 10) / len(PUBLISHED)
        return QRectF(5 + index * width, 0, width, self.height())

    def _at(self, position: QPointF) -> int:
        hits = [i for i in range(len(self.milestones)) if self.column(i).contains(position)]
        return hits[0] if hits else -1

    # painting

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme, head = self._theme, 46.0
        row_height = (self.height() - head) / len(_ROWS)
        for index, found in enumerate(self.milestones):
            self._draw_head(painter, index, found)
        for number, (title, value, words) in enumerate(_ROWS):
            area = QRectF(5, head + number * row_height, self.width() - 10, row_height)
            painter.setPen(QColor(theme.muted))
            painter.drawText(area.adjusted(6, 4, 0, 0), Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft, title)
            painter.setPen(QPen(QColor(theme.border), 1))
            painter.drawLine(area.bottomLeft(), area.bottomRight())
            values = [value(found) for found in self.milestones]
            most = max((v for v in values if v is not None), default=1.0)
            if number == 0 and self.milestones:
                self._draw_human(painter, area, most)
            for index, v in enumerate(values):
                self._draw_bar(painter, area, index, v, most, words)

    def _draw_head(self, painter: QPainter, index: int, found: Milestone) -> None:
        area = self.column(index)
        if index == self._current:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(self._theme.raised))
            painter.drawRoundedRect(area.adjusted(2, 0, -2, 0), 6, 6)
        bold = QFont(self.font())
        bold.setWeight(QFont.Weight.DemiBold)
        painter.setFont(bold)
        painter.setPen(QColor(self._theme.accent if index == self._current else self._theme.text))
        flags = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop
        painter.drawText(area.adjusted(0, 5, 0, 0), flags, found.title)
        painter.setFont(self.font())
        painter.setPen(QColor(self._theme.muted))
        painter.drawText(area.adjusted(0, 23, 0, 0), flags, str(found.year))

    def _draw_bar(
        self,
        painter: QPainter,
        area: QRectF,
        index: int,
        value: float | None,
        most: float,
        words: Callable[[float], str],
    ) -> None:
        column = self.column(index)
        room = QRectF(column.left() + column.width() * 0.28, area.top() + 40, column.width() * 0.44, area.height() - 42)
        flags = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignBottom
        height = 0.0 if value is None else max(1.5, room.height() * value / most)
        if value is not None:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(self._theme.accent))
            painter.drawRoundedRect(QRectF(room.left(), room.bottom() - height, room.width(), height), 2, 2)
        painter.setPen(QColor(self._theme.text))
        above = QRectF(column.left(), area.top(), column.width(), room.bottom() - height - area.top() - 3)
        text = "–" if value is None else words(value)
        # Readable also where the line of people's error runs behind it.
        painter.fillRect(painter.boundingRect(above, flags, text), QColor(self._theme.window))
        painter.drawText(above, flags, text)

    def _draw_human(self, painter: QPainter, area: QRectF, most: float) -> None:
        room = area.height() - 42
        y = area.bottom() - 2 - room * HUMAN_ERROR / most
        painter.setPen(QPen(QColor(self._theme.validation), 1.5, Qt.PenStyle.DashLine))
        painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
        painter.setPen(QColor(self._theme.validation))
        painter.drawText(QPointF(area.left() + 6, y - 4), f"a person, about {HUMAN_ERROR:g} %")

    # mouse and keys

    def _go_to(self, index: int) -> None:
        if index != self._current:
            self._current = index
            self.setCursor(Qt.CursorShape.PointingHandCursor if index >= 0 else Qt.CursorShape.ArrowCursor)
            self.update()
            if index >= 0:
                self.pointed.emit(self.milestones[index])

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._go_to(self._at(event.position()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        index = self._at(event.position())
        if index >= 0 and event.button() == Qt.MouseButton.LeftButton:
            self.chosen.emit(self.milestones[index].preset)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        keys, last = Qt.Key, len(self.milestones) - 1
        if event.key() in (keys.Key_Left, keys.Key_Right) and last >= 0:
            self._go_to(min(max(self._current + (1 if event.key() == keys.Key_Right else -1), 0), last))
        elif event.key() in (keys.Key_Return, keys.Key_Enter) and self._current >= 0:
            self.chosen.emit(self.milestones[self._current].preset)
        else:
            super().keyPressEvent(event)

    def _set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.update()


def _about(found: Milestone) -> str:
    error = f"{found.published.error:g} % top-5 error: " if found.published.error is not None else ""
    return (
        f"<b>{found.title}, {found.year}</b>: {count(found.parameters)} parameters, {count(found.macs)} multiply-adds, "
        f"{found.depth} layers with weights. {error}{found.published.how}."
    )
