"""Images beside what augmentation makes of them, a row each, an epoch a column."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from workbench.gui.theme import Appearance, Theme

DRAWS = 4
_HEAD = 18
_LABEL = 16
_GAP = 4


class AugmentedView(QWidget):
    """A sheet: the first column holds the images as they are."""

    SIDE = 56

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._theme = appearance.theme
        self._rows: list[tuple[QImage, ...]] = []
        self._labels: tuple[str, ...] = ()
        self.first_epoch = 1
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Images before and after augmentation")
        appearance.changed.connect(self._set_theme)

    @property
    def rows(self) -> list[tuple[QImage, ...]]:
        """Of each image: as it is, and in so many epochs."""
        return self._rows

    def sizeHint(self) -> QSize:
        return QSize((DRAWS + 1) * (self.SIDE + _GAP), _HEAD + len(self._rows) * (self.SIDE + _LABEL))

    def show_draws(
        self, images: Sequence[QImage], draws: Sequence[Sequence[QImage]], labels: tuple[str, ...], first_epoch: int
    ) -> None:
        self._rows = [(image, *row) for image, row in zip(images, draws, strict=True)]
        self._labels, self.first_epoch = labels, first_epoch
        self.setFixedHeight(self.sizeHint().height())
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(QColor(self._theme.muted))
        width = min(self.SIDE + 14.0, (self.width() - 8) / (DRAWS + 1))
        side = min(self.SIDE, width - _GAP)
        heads = ["image", *(f"epoch {self.first_epoch + draw}" for draw in range(DRAWS))]
        for column, words in enumerate(heads):
            painter.drawText(QRectF(self._left(column, width), 0, width - _GAP, _HEAD), words)
        for row, images in enumerate(self._rows):
            top = _HEAD + row * (self.SIDE + _LABEL)
            for column, image in enumerate(images):
                self._paint_image(painter, image, QRectF(self._left(column, width), top, side, side))
            label = painter.fontMetrics().elidedText(self._labels[row], Qt.TextElideMode.ElideRight, int(4 * width))
            painter.drawText(QRectF(0, top + side, self.width(), _LABEL), Qt.AlignmentFlag.AlignVCenter, label)
        if self._rows:
            x = self._left(1, width) - 6
            painter.setPen(QColor(self._theme.border))
            painter.drawLine(int(x), 2, int(x), self.height() - _LABEL)

    def _left(self, column: int, width: float) -> float:
        """Originals stand a little apart."""
        return column * width + (8 if column else 0)

    def _paint_image(self, painter: QPainter, image: QImage, room: QRectF) -> None:
        size = image.deviceIndependentSize()
        scale = min(room.width() / size.width(), room.height() / size.height(), 1.0)
        painter.drawImage(QRectF(room.topLeft(), size * scale), image)

    def _set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.update()
