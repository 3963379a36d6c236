"""What the colours of the cards mean, in the lower left corner of the network."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QLinearGradient, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractScrollArea, QWidget

from workbench.gui.editor.tints import Figure, shade
from workbench.gui.theme import Appearance, Theme

_MARGIN = 10


class Legend(QWidget):
    """Lies over a view; hidden while no figure is shown on the cards."""

    def __init__(self, view: QAbstractScrollArea, appearance: Appearance) -> None:
        super().__init__(view)
        self._view, self._theme = view, appearance.theme
        self._figure: Figure | None = None
        self._note = ""
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()
        view.installEventFilter(self)
        appearance.changed.connect(self._set_theme)

    def explain(self, figure: Figure | None, note: str = "") -> None:
        """Explain the colours of a figure, with a ``note`` of why there are none yet; None hides it."""
        self._figure, self._note = figure, note
        self.setVisible(figure is not None)
        if figure is not None:
            low, middle, high = figure.scale
            self.setAccessibleName(f"{figure.column}: {low or middle} purple, {high} orange")
            self._settle()
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(290, 66 if self._note else 52)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._figure is None:
            return
        painter, theme = QPainter(self), self._theme
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(theme.border)))
        painter.setBrush(QColor(theme.surface))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        font = painter.font()
        font.setPixelSize(11)
        painter.setFont(font)
        painter.setPen(QColor(theme.text))
        inner = QRectF(self.rect()).adjusted(10, 6, -10, -6)
        painter.drawText(inner, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft, self._figure.column)
        if self._note:
            painter.setPen(QColor(theme.muted))
            painter.drawText(inner, Qt.AlignmentFlag.AlignBottom | Qt.AlignmentFlag.AlignLeft, self._note)
        low, middle, high = self._figure.scale
        bar = QRectF(inner.left(), inner.top() + 16, inner.width(), 8)
        gradient = QLinearGradient(bar.topLeft(), bar.topRight())
        first = -1.0 if low else 0.0
        for place in range(9):
            gradient.setColorAt(place / 8, shade(theme, first + (1 - first) * place / 8))
        painter.setPen(QPen(QColor(theme.border)))
        painter.setBrush(gradient)
        painter.drawRoundedRect(bar, 2, 2)
        painter.setPen(QColor(theme.muted))
        line = QRectF(inner.left(), bar.bottom() + 1, inner.width(), 14)
        align = Qt.AlignmentFlag
        painter.drawText(line, align.AlignLeft, low or middle)
        painter.drawText(line, align.AlignRight, high)
        if low:
            painter.drawText(line, align.AlignHCenter, middle)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Resize, QEvent.Type.Show):
            self._settle()
        return False

    def _settle(self) -> None:
        size, room = self.sizeHint(), self._view.viewport().geometry()
        width = min(size.width(), room.width() - 2 * _MARGIN)
        self.setGeometry(room.left() + _MARGIN, room.bottom() - size.height() - _MARGIN, width, size.height())
        self.raise_()

    def _set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.update()
