"""The data panel: which images, and what they look like."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QIcon, QPixmap
from PySide6.QtWidgets import (
    QComboBox,
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from workbench.gui.document import Document
from workbench.gui.editor.form import Form
from workbench.gui.editor.inspector import Try
from workbench.gui.pixels import picture
from workbench.project import DataChoice, Project

if TYPE_CHECKING:
    from workbench.data import Dataset

_SHOWN = ("validation", "test", "subset", "label_noise", "fit", "split_seed", "memory_budget", "workers")
_EXAMPLES = 40


class DataPanel(QScrollArea):
    """Edits the document's data choice; `picked` is a validation image's place."""

    picked = Signal(int)

    def __init__(self, document: Document, attempt: Try) -> None:
        super().__init__()
        self._document, self._attempt = document, attempt
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self._source = QComboBox()
        self._source.setAccessibleName("Images")
        self._source.activated.connect(self._choose)
        folder = QPushButton("Folder …")
        folder.setToolTip("A folder with one folder of images for each class")
        folder.clicked.connect(self._choose_folder)
        row = QHBoxLayout()
        row.addWidget(self._source, 1)
        row.addWidget(folder)
        known = {field.name: field for field in DataChoice.fields()}
        self._form = Form(tuple(known[name] for name in _SHOWN))
        self._form.edited.connect(self._set)
        self._about = QLabel("The images are read when PyTorch is there.")
        self._about.setWordWrap(True)
        self._examples = QListWidget()
        self._examples.setViewMode(QListWidget.ViewMode.IconMode)
        self._examples.setIconSize(QSize(48, 48))
        self._examples.setGridSize(QSize(62, 74))
        self._examples.setResizeMode(QListWidget.ResizeMode.Adjust)
        self._examples.setMovement(QListWidget.Movement.Static)
        self._examples.setMinimumHeight(240)
        self._examples.setAccessibleName("Example images")
        self._examples.itemClicked.connect(lambda item: self.picked.emit(item.data(Qt.ItemDataRole.UserRole)))
        page = QWidget()
        layout = QVBoxLayout(page)
        layout.setContentsMargins(12, 12, 12, 12)
        layout.setSpacing(8)
        layout.addLayout(row)
        layout.addWidget(self._form)
        layout.addWidget(self._about)
        layout.addWidget(self._examples, 1)
        self.setWidget(page)
        document.changed.connect(self._follow)
        self._fill()

    def list_sources(self) -> None:
        """Torch is there: offer every source that is known."""
        from workbench.data import SOURCES

        self._source.clear()
        for name, source in SOURCES.items():
            self._source.addItem(source.title, name)
        self._fill()

    def show_dataset(self, dataset: Dataset) -> None:
        """Show what the data choice has become: counts, and some images with their labels."""
        import torch

        part = dataset.validation if len(dataset.validation) else dataset.train
        counts = np.bincount(dataset.train.labels.numpy(), minlength=len(dataset.classes))
        test = f", {len(dataset.test):,} to test" if dataset.test is not None else ""
        skipped = f" {len(dataset.skipped)} files could not be read." if dataset.skipped else ""
        self._about.setText(
            f"{len(dataset.train):,} images to train, {len(dataset.validation):,} to validate{test}; "
            f"{len(dataset.classes)} classes of {counts.min():,} to {counts.max():,} images.{skipped}"
        )
        self._examples.clear()
        places = torch.arange(min(_EXAMPLES, len(part)))
        labels = part.labels[places].tolist()
        for place, image, label in zip(places.tolist(), part.take(places).numpy(), labels, strict=True):
            item = QListWidgetItem(QIcon(_pixmap(image)), dataset.classes[label])
            item.setData(Qt.ItemDataRole.UserRole, place)
            item.setToolTip(f"validation image {place}: {dataset.classes[label]}")
            self._examples.addItem(item)

    def complain(self, message: str) -> None:
        """The images could not be read: say why."""
        self._about.setText(message)
        self._examples.clear()

    def wait(self) -> None:
        self._about.setText("Reading images …")

    def _choose(self, place: int) -> None:
        name = self._source.itemData(place)
        self._attempt(
            lambda: self._document.set_data(self._document.data.changed(source=name, excluded=()), f"Use {name}")
        )

    def _choose_folder(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, "A folder of images by class")
        if folder:
            data = self._document.data.changed(source=folder, excluded=())
            self._attempt(lambda: self._document.set_data(data, f"Use {Path(folder).name}"))

    def _set(self, name: str, value: object) -> None:
        data = self._document.data
        self._attempt(
            lambda: self._document.set_data(
                data.changed(**{name: value}), f"Set {name.replace('_', ' ')}", f"data {name}"
            )
        )

    def _follow(self, before: Project, after: Project) -> None:
        if before.data != after.data:
            self._fill()

    def _fill(self) -> None:
        data = self._document.data
        self._form.show_values(data.values())
        place = self._source.findData(data.source)
        if place < 0:
            self._source.addItem(Path(data.source).name or data.source, data.source)
            place = self._source.count() - 1
        self._source.setCurrentIndex(place)


def _pixmap(image: np.ndarray) -> QPixmap:
    size = Qt.AspectRatioMode.KeepAspectRatio
    return QPixmap.fromImage(picture(image)).scaled(48, 48, size, Qt.TransformationMode.FastTransformation)
