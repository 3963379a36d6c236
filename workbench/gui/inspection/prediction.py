"""What the network says of the chosen picture: the five likeliest classes as bars."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from workbench.gui.pixels import picture
from workbench.gui.theme import Appearance, Theme

if TYPE_CHECKING:
    from workbench.training import Probe


class PredictionView(QWidget):
    """The picture, and bars beside it."""

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._theme = appearance.theme
        self._picture: QImage | None = None
        self._truth = ""
        self._bars: list[tuple[str, float]] = []
        self.setFixedHeight(132)
        self.setAccessibleName("Prediction")
        appearance.changed.connect(self._set_theme)

    @property
    def bars(self) -> list[tuple[str, float]]:
        """The classes that are shown with their probabilities, likeliest first."""
        return list(self._bars)

    def show_picture(self, pixels: np.ndarray, truth: str = "") -> None:
        """Show a picture, uint8 ``(C, H, W)``, and its true class where it is known."""
        self._picture, self._truth = picture(pixels), truth
        self.update()

    def show_probe(self, probe: Probe | None, classes: tuple[str, ...]) -> None:
        if probe is None:
            return
        shares = np.asarray(probe.probabilities)
        best = np.argsort(-shares, kind="stable")[:5]
        bars = [(classes[i] if i < len(classes) else str(i), float(shares[i])) for i in best]
        if bars != self._bars:
            self._bars = bars
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme = self._theme
        side = min(self.height() - 36, self.width() // 3)
        if self._picture is not None:
            painter.drawImage(QRectF(10, 10, side, side), self._picture)
            painter.setPen(QColor(theme.muted))
            painter.drawText(QRectF(10, 12 + side, side, 18), Qt.AlignmentFlag.AlignCenter, self._truth)
        left, width = side + 26, self.width() - side - 40
        if not self._bars:
            painter.setPen(QColor(theme.muted))
            hint = "The prediction appears when the images are there."
            area = QRectF(left, 10, width, self.height() - 20)
            painter.drawText(area, Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextWordWrap, hint)
            return
        height = min(26.0, (self.height() - 16) / 5)
        names = max(painter.fontMetrics().horizontalAdvance(name) for name, _ in self._bars) + 10
        names = min(names, width // 3)
        for row, (name, share) in enumerate(self._bars):
            top = 10 + row * height
            shown = painter.fontMetrics().elidedText(name, Qt.TextElideMode.ElideRight, names - 8)
            painter.setPen(QColor(theme.text))
            painter.drawText(QRectF(left, top, names, height), Qt.AlignmentFlag.AlignVCenter, shown)
            room = width - names - 52
            track = QRectF(left + names, top + height * 0.28, room, height * 0.44)
            painter.fillRect(track, QColor(theme.border))
            right = name == self._truth
            colour = QColor(theme.good if right else theme.accent)
            painter.fillRect(QRectF(track.left(), track.top(), room * share, track.height()), colour)
            painter.drawText(QRectF(track.right() + 8, top, 48, height), Qt.AlignmentFlag.AlignVCenter, f"{share:.1%}")

    def _set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.update()
