"""The data panel: which images, how many of each class, and what they look like."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QMenu,
    QScrollArea,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from workbench.gui.data.audit_view import AuditView
from workbench.gui.data.class_bars import ClassBars
from workbench.gui.data.gallery import Gallery
from workbench.gui.data.images import Images
from workbench.gui.data.mismatch_row import MismatchRow
from workbench.gui.data.reading_row import ReadingRow
from workbench.gui.document import Document
from workbench.gui.editor.boxes import ChoiceBox
from workbench.gui.editor.form import Form
from workbench.gui.editor.inspector import Try
from workbench.gui.folding import Fold
from workbench.gui.theme import Appearance
from workbench.project import DataChoice, Project

if TYPE_CHECKING:
    from workbench.data import Dataset

_SHOWN = (
    "validation",
    "test",
    "subset",
    "label_noise",
    "fit",
    "normalization",
    "split_seed",
    "memory_budget",
    "workers",
)
_MOST_SKIPPED = 200
_SETTLING_SECONDS = 2.0


class DataPanel(QScrollArea):
    """Edits the document's data choice; `picked(part, place)` is an image that was clicked."""

    picked = Signal(str, int)
    augmentation_wanted = Signal()

    def __init__(self, document: Document, images: Images, appearance: Appearance, attempt: Try) -> None:
        super().__init__()
        self._document, self._attempt = document, attempt
        self._dataset: Dataset | None = None
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.bars = ClassBars(appearance)
        self.gallery = Gallery(appearance, document.recipe)
        self.bars.chosen.connect(self.gallery.show_class)
        self.gallery.class_chosen.connect(self.bars.choose)
        self.gallery.picked.connect(self.picked)
        self.gallery.augmentation_wanted.connect(self.augmentation_wanted)
        page = QWidget()
        layout = QVBoxLayout(page)
        layout.setContentsMargins(12, 12, 12, 12)
        layout.setSpacing(8)
        layout.addLayout(self._sources())
        self.reading = ReadingRow(images, appearance)
        self.mismatch = MismatchRow(document, appearance, attempt)
        layout.addWidget(self.reading)
        layout.addWidget(self.mismatch)
        self._skipped = QLabel()
        self._skipped.setWordWrap(True)
        self._skipped.setTextFormat(Qt.TextFormat.PlainText)
        self._skipped.setProperty("role", "muted")
        self._skipped_fold = Fold("Files that were left out", self._skipped, False)
        self._skipped_fold.hide()
        known = {field.name: field for field in DataChoice.fields()}
        self._form = Form(tuple(known[name] for name in _SHOWN))
        self._form.edited.connect(self._set)
        self._form.refused.connect(lambda field, value: attempt(lambda: field.check(value)))
        layout.addWidget(self._skipped_fold)
        layout.addWidget(Fold("Division, normalization, memory", self._form, False))
        self._classes_fold = Fold("Classes", self.bars, True)
        layout.addWidget(self._classes_fold)
        self._images_fold = Fold("Images", self.gallery, True)
        layout.addWidget(self._images_fold)
        self.audit = AuditView(document, attempt)
        self._audit_wanted_until = 0.0
        self.audit.answered.connect(lambda: QTimer.singleShot(0, self, self._show_audit))
        self.verticalScrollBar().rangeChanged.connect(lambda: self._keep_audit())
        self.verticalScrollBar().actionTriggered.connect(lambda: self._leave_audit())
        self._audit_fold = Fold("Label audit", self.audit, True)
        layout.addWidget(self._audit_fold)
        layout.addStretch(1)
        self.setWidget(page)
        document.changed.connect(self._follow)
        images.state_changed.connect(self._follow_images)
        images.loaded.connect(self._show_dataset)
        self._fill()
        self._follow_images(images.state)

    def list_sources(self) -> None:
        """Torch is there: offer every source that is known."""
        from workbench.data import SOURCES

        self._source.clear()
        for name, source in SOURCES.items():
            self._source.addItem(source.title, name)
        self._fill()

    def use_folder(self, folder: str) -> None:
        """Use a folder of images by class, or a CSV file."""
        name = Path(folder).name
        data = self._document.data.changed(source=folder, excluded=())
        self._attempt(lambda: self._document.set_data(data, f"Use {name}"))

    # parts

    def _sources(self) -> QHBoxLayout:
        self._source = ChoiceBox()
        self._source.setAccessibleName("Data set")
        self._source.setToolTip("The images to train with")
        self._source.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._source.setMinimumContentsLength(8)
        self._source.activated.connect(self._choose)
        browse = QToolButton()
        browse.setText("Own …")
        browse.setToolTip("A folder with one folder of images for each class, or a CSV file of paths and labels")
        browse.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(browse)
        menu.addAction("A folder of images by class …", self._choose_folder)
        menu.addAction("A CSV file of paths and labels …", self._choose_table)
        browse.setMenu(menu)
        row = QHBoxLayout()
        row.addWidget(self._source, 1)
        row.addWidget(browse)
        return row

    # what is shown

    def _follow_images(self, state: str) -> None:
        if state in ("failed", "away", "cancelled"):
            self._dataset = None
            self.gallery.show_dataset(None)
            self.audit.show_dataset(None)
            self.mismatch.show_classes(0)
            self._skipped_fold.hide()
        if state != "reading":
            for fold in (self._classes_fold, self._images_fold, self._audit_fold):
                fold.setVisible(self._dataset is not None)

    def _show_dataset(self, dataset: Dataset) -> None:
        """Show what the data choice has become: counts, and the images with their labels."""
        from workbench.data.normalization import WORDS

        self._dataset = dataset
        classes = len(dataset.classes)
        parts = (dataset.train, dataset.validation, dataset.test)
        counts = tuple(tuple(p.labels.bincount(minlength=classes).tolist()) if p is not None else () for p in parts)
        train = counts[0]
        test = f", {len(dataset.test):,} to test" if dataset.test is not None else ""
        left_out = f" {len(self._document.data.excluded):,} are excluded." if self._document.data.excluded else ""
        choice = self._document.data.normalization
        normalized = "" if choice == "measured" else f" They are normalized {WORDS[choice]}."
        self.reading.tell(
            f"{len(dataset.train):,} images to train, {len(dataset.validation):,} to validate{test}; "
            f"{classes} classes of {_from_to(train)} training images.{left_out}{normalized}"
        )
        self.bars.show_counts(dataset.classes, counts)
        self.gallery.show_dataset(dataset)
        self.audit.show_dataset(dataset)
        for fold in (self._classes_fold, self._images_fold, self._audit_fold):
            fold.show()
        self._show_skipped(dataset.skipped)
        self.mismatch.show_classes(classes)

    def _show_skipped(self, skipped: tuple[tuple[str, str], ...]) -> None:
        self._skipped_fold.setVisible(bool(skipped))
        if not skipped:
            return
        lines = [f"{Path(path).name}: {reason}" for path, reason in skipped[:_MOST_SKIPPED]]
        if len(skipped) > _MOST_SKIPPED:
            lines.append(f"… and {len(skipped) - _MOST_SKIPPED:,} more")
        self._skipped_fold.set_title(f"{len(skipped):,} file{'s were' if len(skipped) > 1 else ' was'} left out")
        self._skipped.setText("\n".join(lines))

    def _show_audit(self) -> None:
        """It may be asked for by its key, far above it, or from behind another panel, where layouts yet move it."""
        self._audit_wanted_until = time.monotonic() + _SETTLING_SECONDS
        self._keep_audit()

    def _keep_audit(self) -> None:
        if time.monotonic() < self._audit_wanted_until:
            self.ensureWidgetVisible(self.audit)
            self.ensureWidgetVisible(self.audit.begin_button)

    def _leave_audit(self) -> None:
        """A person scrolls elsewhere."""
        self._audit_wanted_until = 0.0

    # what is done

    def _choose(self, place: int) -> None:
        name = self._source.itemData(place)
        data = self._document.data
        if name != data.source:
            self._attempt(lambda: self._document.set_data(data.changed(source=name, excluded=()), f"Use {name}"))

    def _choose_folder(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, "A folder of images by class")
        if folder:
            self.use_folder(folder)

    def _choose_table(self) -> None:
        name, _ = QFileDialog.getOpenFileName(self, "A CSV file of paths and labels", "", "CSV files (*.csv *.txt)")
        if name:
            self.use_folder(name)

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
        if before.recipe != after.recipe:
            self.gallery.show_recipe(after.recipe)

    def _fill(self) -> None:
        data = self._document.data
        self._form.show_values(data.values())
        place = self._source.findData(data.source)
        if place < 0:
            self._source.addItem(Path(data.source).name or data.source, data.source)
            place = self._source.count() - 1
        self._source.setCurrentIndex(place)


def _from_to(counts: Sequence[int]) -> str:
    low, high = min(counts), max(counts)
    return f"{low:,} to {high:,}" if low < high else f"{low:,}"
