"""The confusion matrix and each class's accuracy, after every epoch; a click on a cell lists its images."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QIcon, QPixmap
from PySide6.QtWidgets import QHBoxLayout, QListWidget, QListWidgetItem, QStackedLayout, QVBoxLayout, QWidget

from workbench.gui.hints import centred
from workbench.gui.pixels import picture
from workbench.gui.theme import Appearance
from workbench.gui.training.confusion_matrix import ConfusionMatrix
from workbench.gui.wrapped import Wrapped

if TYPE_CHECKING:
    from workbench.training import Epoch

_PLACE = Qt.ItemDataRole.UserRole
_MOST_IMAGES = 60
_EMPTY = "After the first epoch: which classes are taken for which."


class ConfusionPanel(QWidget):
    """``cell_chosen(true, called)`` by number of class; ``picked(place)`` a validation image in the list."""

    cell_chosen = Signal(int, int)
    picked = Signal(int)

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self.matrix = ConfusionMatrix(appearance)
        self.matrix.chosen.connect(self._choose)
        self._told = Wrapped("muted", _EMPTY)
        self._images = QListWidget()
        self._images.setViewMode(QListWidget.ViewMode.IconMode)
        self._images.setIconSize(QSize(44, 44))
        self._images.setResizeMode(QListWidget.ResizeMode.Adjust)
        self._images.setMovement(QListWidget.Movement.Static)
        self._images.setAccessibleName("Images of the chosen cell")
        self._images.itemClicked.connect(lambda item: self.picked.emit(item.data(_PLACE)))
        self._images.itemActivated.connect(lambda item: self.picked.emit(item.data(_PLACE)))
        right = QVBoxLayout()
        right.addWidget(self._told)
        right.addWidget(self._images, 1)
        self._images.hide()
        page = QWidget()
        layout = QHBoxLayout(page)
        layout.setContentsMargins(10, 8, 10, 8)
        layout.addWidget(self.matrix, 3)
        layout.addLayout(right, 2)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(centred(_EMPTY))
        self._stack.addWidget(page)

    @property
    def told(self) -> str:
        """The sentence beside the matrix."""
        return self._told.text()

    def show_epoch(self, epoch: Epoch, classes: tuple[str, ...], run: str) -> None:
        """Show an epoch's counts; nothing is listed any more, because its images may have changed."""
        if self.matrix.show_counts(np.asarray(epoch.confusion, np.int64), classes):
            self._forget_images()
            self._stack.setCurrentIndex(1)
            worst = self.matrix.worst()
            self._told.setText(
                f"Epoch {epoch.epoch} of {run}: {epoch.validation_accuracy:.1%} right. "
                + (f"Most often '{worst[0]}' is taken for '{worst[1]}' ({worst[2]} times). " if worst else "")
                + "A row is a true class, a column what the network called it. Click a cell to see its images."
            )

    def clear(self) -> None:
        """Show no run any more."""
        self.matrix.show_counts(np.zeros((0, 0), np.int64), ())
        self._forget_images()
        self._stack.setCurrentIndex(0)
        self._told.setText(_EMPTY)

    def show_images(self, images: np.ndarray[Any, Any], places: list[int], note: str) -> None:
        """List images, uint8 ``(N, C, H, W)``, with their places among the validation images."""
        self._forget_images()
        self._told.setText(note)
        for image, place in list(zip(images, places, strict=True))[:_MOST_IMAGES]:
            size = Qt.AspectRatioMode.KeepAspectRatio
            icon = QIcon(QPixmap.fromImage(picture(image)).scaled(44, 44, size))
            item = QListWidgetItem(icon, "")
            item.setData(_PLACE, place)
            item.setToolTip(f"validation image {place}")
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"validation image {place}")
            self._images.addItem(item)
        self._images.setVisible(bool(places))

    def _forget_images(self) -> None:
        """An empty list would be a blank half of the panel."""
        self._images.clear()
        self._images.hide()

    def _choose(self, true: int, called: int) -> None:
        names = self.matrix.classes
        self._told.setText(f"Looking for '{names[true]}' taken for '{names[called]}' …")
        self._forget_images()
        self.cell_chosen.emit(true, called)
