"""What the network says of the chosen picture: the five likeliest classes as bars."""

from __future__ import annotations

from dataclasses import dataclass
from operator import sub

import numpy as np
from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QHelpEvent, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from workbench.gui.figures import probability
from workbench.gui.pixels import picture
from workbench.gui.theme import Appearance, Theme
from workbench.inspection import Seen

_SHOWN = 5
_LEAST_TOLD = 1e-4
"""A probability that changes by less is not told anew: figures are in tenths of a percent."""
_MARGIN = 10


@dataclass(frozen=True, slots=True)
class Bar:
    """One class: its rank counted from 1, its probability, and whether it is the picture's own."""

    rank: int
    name: str
    share: float
    is_true: bool

    @property
    def figure(self) -> str:
        return probability(self.share)


class PredictionView(QWidget):
    """The picture, and bars beside it: green where the network is right, red where it is wrong.

    The picture's own class is among the bars even where the network holds five others for likelier.
    """

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._theme = appearance.theme
        self._picture: QImage | None = None
        self._truth = ""
        self._told: tuple[float, ...] = ()
        self._classes: tuple[str, ...] = ()
        self._bars: list[Bar] = []
        self._trained = True
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Prediction")
        appearance.changed.connect(self._set_theme)

    @property
    def bars(self) -> list[Bar]:
        """What is shown, likeliest first."""
        return list(self._bars)

    @property
    def wrong(self) -> bool:
        """Whether the likeliest class is known not to be the picture's own."""
        return bool(self._truth and self._bars and not self._bars[0].is_true)

    def sizeHint(self) -> QSize:
        return QSize(260, 2 * _MARGIN - 6 + (_SHOWN + 1) * self._row)

    def show_picture(self, pixels: np.ndarray, truth: str = "") -> None:
        """Show a picture, uint8 ``(C, H, W)``, and its true class where it is known."""
        self._picture, self._truth = picture(pixels), truth
        self._rank()
        self.update()

    def show_seen(self, seen: Seen, classes: tuple[str, ...], trained: bool = True) -> None:
        """Show what the network says; of one that is not ``trained`` only that its guesses mean nothing."""
        if (classes, trained) == (self._classes, self._trained) and self._told_alike(seen.probabilities):
            return
        before = self._bars, self.wrong, self._trained
        self._told, self._classes, self._trained = seen.probabilities, classes, trained
        self._rank()
        if (self.wrong, self._trained) != before[1:]:
            self.update()
        elif not self._look_alike(before[0]):  # a network that is trained is soon as sure as it was before
            self.update(QRect(self._left, 0, self.width() - self._left, self.height()))

    def clear(self, picture: bool = False) -> None:
        """The network says nothing; where there is no ``picture`` any more neither is it shown."""
        self._told, self._classes = (), ()
        if picture:
            self._picture, self._truth = None, ""
        self._rank()
        self.update()

    def _told_alike(self, shares: tuple[float, ...]) -> bool:
        """Whether no class is told otherwise than it was, as when a trained network is as sure as before."""
        told = self._told
        return shares == told or (len(shares) == len(told) and max(map(abs, map(sub, shares, told))) < _LEAST_TOLD)

    def _rank(self) -> None:
        shares = np.nan_to_num(np.asarray(self._told))
        order = np.argsort(-shares, kind="stable")
        names = self._classes
        bars = []
        for rank, index in enumerate(order.tolist(), 1):
            name = names[index] if index < len(names) else str(index)
            is_true = bool(self._truth) and name == self._truth
            if rank <= _SHOWN or is_true:
                bars.append(Bar(rank, name, float(shares[index]), is_true))
            elif self._truth not in names:
                break
        self._bars = bars
        self.setAccessibleDescription("; ".join(f"{bar.name} {probability(bar.share)}" for bar in bars))

    # painting

    def _look_alike(self, others: list[Bar]) -> bool:
        shown, before = ([(bar.rank, bar.name, bar.figure) for bar in bars] for bars in (self._bars, others))
        return shown == before

    @property
    def _row(self) -> int:
        return self.fontMetrics().height() + 4

    def _rows(self) -> list[tuple[QRectF, Bar]]:
        """Where each bar stands: its own class a little apart where it is not among the likeliest."""
        left = self._left
        width = self.width() - left - _MARGIN
        places = []
        for place, bar in enumerate(self._bars):
            apart = 3 if bar.rank > _SHOWN else 0
            places.append((QRectF(left, _MARGIN - 3 + place * self._row + apart, width, self._row - 3), bar))
        return places

    @property
    def _side(self) -> int:
        return max(24, min(self.height() - 2 * _MARGIN - self._row, self.width() // 3))

    @property
    def _left(self) -> int:
        """Where the bars begin."""
        return 2 * _MARGIN + self._side

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if event.rect().left() < self._left:
            self._paint_picture(painter)
        if not self._bars or not self._trained:
            left = self._left
            area = QRectF(left, 0, self.width() - left - _MARGIN, self.height())
            painter.setPen(QColor(self._theme.muted))
            hint = "The network is untrained: its guesses mean nothing yet. Train it to see what it says."
            if not self._bars:
                hint = "Here stands what the network says of the picture."
            painter.drawText(area, Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextWordWrap, hint)
            return
        for rect, bar in self._rows():
            self._paint_bar(painter, rect, bar)

    def _paint_picture(self, painter: QPainter) -> None:
        if self._picture is None:
            return
        side, theme = self._side, self._theme
        size = self._picture.size().scaled(side, side, Qt.AspectRatioMode.KeepAspectRatio)
        place = QRectF(_MARGIN + (side - size.width()) / 2, _MARGIN - 3, size.width(), size.height())
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, self._picture.width() > 2 * side)
        painter.drawImage(place, self._picture)
        if self._truth:
            wrong = self.wrong and self._trained
            painter.setPen(QColor(theme.error if wrong else theme.muted))
            below = QRectF(_MARGIN, place.bottom() + 1, side, self._row)
            words = f"is {self._truth}"
            shown = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, side)
            painter.drawText(below, Qt.AlignmentFlag.AlignCenter, shown)

    def _paint_bar(self, painter: QPainter, rect: QRectF, bar: Bar) -> None:
        theme, metrics = self._theme, painter.fontMetrics()
        told = metrics.horizontalAdvance("100.0%") + 6
        track = rect.adjusted(0, 0, -told, 0)
        empty = QColor(theme.border)
        empty.setAlpha(120)
        painter.fillRect(track, empty)
        colour = QColor(theme.accent)
        if self._truth and bar.rank == 1:
            colour = QColor(theme.good if bar.is_true else theme.error)
        elif bar.is_true:
            colour = QColor(theme.good)
        colour.setAlpha(110)
        painter.fillRect(QRectF(track.left(), track.top(), track.width() * min(1.0, bar.share), track.height()), colour)
        if bar.is_true:
            painter.fillRect(QRectF(track.left(), track.top(), 3, track.height()), QColor(theme.good))
        name = bar.name if bar.rank <= _SHOWN else f"{bar.name} ({bar.rank}th)"
        inside = track.adjusted(7, 0, -4, 0)
        shown = metrics.elidedText(name, Qt.TextElideMode.ElideMiddle, int(inside.width()))
        painter.setPen(QColor(theme.text))
        painter.drawText(inside, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)
        painter.drawText(rect, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, bar.figure)

    def event(self, event: QEvent) -> bool:
        """Names too long for their bar are told whole by a tool tip."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            found = next((bar for rect, bar in self._rows() if rect.contains(event.pos())), None)
            if found and self._trained:
                true = ", the picture's own class" if found.is_true else ""
                QToolTip.showText(event.globalPos(), f"{found.name}{true}: {found.share:.4%}", self)
            else:
                QToolTip.hideText()
            return True
        return super().event(event)

    def _set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.update()
