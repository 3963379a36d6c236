"""How many images each class has, as bars: to train, to validate, to test."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QScrollArea, QSizePolicy, QWidget

from workbench.gui.figures import plain
from workbench.gui.theme import Appearance, Theme

_ROW = 18
_LEGEND = 20
_MOST_ROWS_IN_SIGHT = 10
_PARTS = ("training", "validation", "test")


class ClassBars(QScrollArea):
    """``chosen(class)`` by number; -1 when the choice is taken back."""

    chosen = Signal(int)

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self.bars = _Bars(appearance)
        self.bars.chosen.connect(self.chosen)
        self.bars.shown.connect(self._keep_in_sight)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWidget(self.bars)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def show_counts(self, classes: tuple[str, ...], counts: tuple[tuple[int, ...], ...]) -> None:
        """Images of each class in the training, the validation and the test part; an empty tuple for no part."""
        self.bars.show_counts(classes, counts)
        rows = min(len(classes), _MOST_ROWS_IN_SIGHT)
        self.setFixedHeight(rows * _ROW + _LEGEND + 2)

    def choose(self, number: int) -> None:
        self.bars.choose(number)

    def _keep_in_sight(self, row: int) -> None:
        self.ensureVisible(0, _LEGEND + row * _ROW + _ROW // 2, 0, _ROW)


class _Bars(QWidget):
    chosen = Signal(int)
    shown = Signal(int)

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._theme = appearance.theme
        self.classes: tuple[str, ...] = ()
        self.counts: tuple[tuple[int, ...], ...] = ()
        self.number = -1
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Images of each class")
        appearance.changed.connect(self._set_theme)

    def sizeHint(self) -> QSize:
        return QSize(200, _LEGEND + _ROW * len(self.classes))

    def show_counts(self, classes: tuple[str, ...], counts: tuple[tuple[int, ...], ...]) -> None:
        if classes != self.classes:
            self.number = -1
        self.classes, self.counts = classes, counts
        self.setFixedHeight(self.sizeHint().height())
        told = "; ".join(f"{name}: {', '.join(self._words(number))}" for number, name in enumerate(classes[:20]))
        self.setAccessibleDescription(told)
        self.update()

    def choose(self, number: int) -> None:
        self.number = number if 0 <= number < len(self.classes) else -1
        self.update()

    def row_centre(self, number: int) -> QPoint:
        """Where the bar of a class is drawn."""
        return QPoint(self.width() // 2, _LEGEND + number * _ROW + _ROW // 2)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        row = self._row(event.position().toPoint())
        if row >= 0 and event.button() == Qt.MouseButton.LeftButton:
            self._choose(-1 if row == self.number else row)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        row = self._row(event.position().toPoint())
        tip = f"{self.classes[row]}: {', '.join(self._words(row))}" if row >= 0 else ""
        if plain(tip) != self.toolTip():
            self.setToolTip(plain(tip) if tip else "")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        moves = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}
        if event.key() in moves and self.classes:
            self._choose(min(len(self.classes) - 1, max(0, self.number + moves[Qt.Key(event.key())])))
        elif event.key() == Qt.Key.Key_Escape and self.number >= 0:
            self._choose(-1)
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_legend(painter)
        if not self.classes:
            return
        metrics = painter.fontMetrics()
        most = max(1, *(sum(part[n] for part in self.counts if part) for n in range(len(self.classes))))
        names = min(self.width() * 2 // 5, 8 + max(metrics.horizontalAdvance(name) for name in self.classes))
        figures = 8 + metrics.horizontalAdvance(f"{most:,}")
        room = max(10, self.width() - names - figures - 4)
        first = max(0, (event.rect().top() - _LEGEND) // _ROW)
        last = min(len(self.classes), (event.rect().bottom() - _LEGEND) // _ROW + 1)
        for row in range(first, last):
            self._paint_row(painter, row, names, room / most)

    def _paint_row(self, painter: QPainter, row: int, names: int, scale: float) -> None:
        theme = self._theme
        top = _LEGEND + row * _ROW
        middle = Qt.AlignmentFlag.AlignVCenter
        if row == self.number:
            tint = QColor(theme.accent)
            tint.setAlpha(50)
            painter.fillRect(QRectF(0, top, self.width(), _ROW), tint)
        name = painter.fontMetrics().elidedText(self.classes[row], Qt.TextElideMode.ElideRight, names - 8)
        painter.setPen(QColor(theme.text))
        painter.drawText(QRectF(0, top, names - 6, _ROW), middle | Qt.AlignmentFlag.AlignRight, name)
        left, total = float(names), 0
        for part, colour in zip(self.counts, self._colours(), strict=False):
            if part:
                width = part[row] * scale
                painter.fillRect(QRectF(left, top + 4, width, _ROW - 8), colour)
                left, total = left + width, total + part[row]
        painter.setPen(QColor(theme.muted))
        painter.drawText(QRectF(left + 5, top, 80, _ROW), middle, f"{total:,}")

    def _paint_legend(self, painter: QPainter) -> None:
        x = 2.0
        for words, colour, part in zip(_PARTS, self._colours(), self.counts, strict=False):
            if part and sum(part):
                text = f"{words} {sum(part):,}"
                painter.fillRect(QRectF(x, 6, 8, 8), colour)
                painter.setPen(QColor(self._theme.muted))
                painter.drawText(QRectF(x + 12, 0, 200, _LEGEND), Qt.AlignmentFlag.AlignVCenter, text)
                x += 12 + painter.fontMetrics().horizontalAdvance(text) + 14

    def _colours(self) -> tuple[QColor, ...]:
        theme = self._theme
        return QColor(theme.training), QColor(theme.validation), QColor(theme.muted)

    def _words(self, number: int) -> list[str]:
        return [f"{part[number]:,} {words}" for words, part in zip(_PARTS, self.counts, strict=False) if part]

    def _row(self, point: QPoint) -> int:
        row = (point.y() - _LEGEND) // _ROW
        return row if point.y() >= _LEGEND and row < len(self.classes) else -1

    def _choose(self, number: int) -> None:
        self.choose(number)
        if number >= 0:
            self.shown.emit(number)
        self.chosen.emit(number)

    def _set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.update()
