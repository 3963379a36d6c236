"""The data panel: which images, how many of each class, and what they look like."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QMenu,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from workbench.gui.data.class_bars import ClassBars
from workbench.gui.data.fitting import ending_in, ends_in
from workbench.gui.data.gallery import Gallery
from workbench.gui.data.images import Images
from workbench.gui.document import Document
from workbench.gui.editor.form import Form
from workbench.gui.editor.inspector import Try
from workbench.gui.figures import size
from workbench.gui.folding import Fold
from workbench.gui.theme import Appearance, Theme
from workbench.project import DataChoice, Project

if TYPE_CHECKING:
    from workbench.data import Dataset

_SHOWN = ("validation", "test", "subset", "label_noise", "fit", "split_seed", "memory_budget", "workers")
_MOST_SKIPPED = 200
_FRAME_MILLISECONDS = 100


class DataPanel(QScrollArea):
    """Edits the document's data choice; `picked(part, place)` is an image that was clicked."""

    picked = Signal(str, int)
    augmentation_wanted = Signal()

    def __init__(self, document: Document, images: Images, appearance: Appearance, attempt: Try) -> None:
        super().__init__()
        self._document, self._images, self._attempt = document, images, attempt
        self._theme = appearance.theme
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
        layout.addWidget(self._state_row())
        layout.addWidget(self._mismatch_row())
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
        layout.addWidget(Fold("Division, size and memory", self._form, False))
        self._classes_fold = Fold("Classes", self.bars, True)
        layout.addWidget(self._classes_fold)
        self._images_fold = Fold("Images", self.gallery, True)
        layout.addWidget(self._images_fold)
        layout.addStretch(1)
        self.setWidget(page)
        self._timer = QTimer(self)
        self._timer.setInterval(_FRAME_MILLISECONDS)
        self._timer.timeout.connect(self._show_progress)
        document.changed.connect(self._follow)
        document.analysed.connect(lambda _: self._show_mismatch())
        images.state_changed.connect(self._show_state)
        images.loaded.connect(self._show_dataset)
        appearance.changed.connect(self._set_theme)
        self._fill()
        self._show_state()

    @property
    def about(self) -> str:
        """What the panel says of the images."""
        return self._about.text()

    @property
    def mismatch(self) -> str:
        """What it says where network and images have different numbers of classes."""
        return self._mismatch.text() if self._mismatch_box.isVisibleTo(self) else ""

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
        self._source = QComboBox()
        self._source.setAccessibleName("Data set")
        self._source.setToolTip("The images to train with")
        self._source.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._source.activated.connect(self._choose)
        browse = QToolButton()
        browse.setText("Own images")
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

    def _state_row(self) -> QWidget:
        self._about = QLabel("The images are read when PyTorch is there.")
        self._about.setWordWrap(True)
        self._about.setTextFormat(Qt.TextFormat.PlainText)
        self._about.setAccessibleName("What the images are")
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setFixedHeight(10)
        self._bar.setAccessibleName("Progress of reading the images")
        self.cancel_button = QPushButton("Cancel")
        self.cancel_button.clicked.connect(self._images.cancel)
        self.again_button = QPushButton("Read again")
        self.again_button.setToolTip("Read the images anew")
        self.again_button.clicked.connect(lambda: self._images.read_again())
        self.download_button = QPushButton("Download")
        self.download_button.clicked.connect(lambda: self._images.read_again(download=True))
        buttons = QHBoxLayout()
        buttons.addWidget(self._bar, 1)
        for button in (self.cancel_button, self.download_button, self.again_button):
            button.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
            buttons.addWidget(button)
        buttons.addStretch(0)
        box = QWidget()
        layout = QVBoxLayout(box)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(self._about)
        layout.addLayout(buttons)
        return box

    def _mismatch_row(self) -> QWidget:
        self._mismatch = QLabel()
        self._mismatch.setWordWrap(True)
        self.fit_button = QPushButton("Fit the network")
        self.fit_button.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.fit_button.clicked.connect(self._fit_network)
        self._mismatch_box = QWidget()
        layout = QVBoxLayout(self._mismatch_box)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(self._mismatch)
        layout.addWidget(self.fit_button)
        self._mismatch_box.hide()
        return self._mismatch_box

    # what is shown

    def _show_state(self, _: str = "") -> None:
        state = self._images.state
        reading = state == "reading"
        self._bar.setVisible(reading)
        self.cancel_button.setVisible(reading)
        self.download_button.setVisible(state == "away")
        self.again_button.setVisible(state in ("cancelled", "failed"))
        troubled = state in ("failed", "away", "cancelled")
        self._about.setStyleSheet(f"color: {self._theme.error}" if state == "failed" else "")
        if reading:
            self._bar.setRange(0, 0)
            self._about.setText("Reading images …")
            self._timer.start()
            return
        self._timer.stop()
        if troubled:
            self._about.setText(self._images.sentence)
            self._dataset = None
            self.gallery.show_dataset(None)
            self._show_mismatch()
        for fold in (self._classes_fold, self._images_fold):
            fold.setVisible(self._dataset is not None)
        if troubled:
            self._skipped_fold.hide()

    def _show_progress(self) -> None:
        what, done, total = self._images.progress
        if not what:
            return
        in_bytes = what.startswith(("downloading", "checking ")) and not what.endswith("images")
        written = size if in_bytes else (lambda value: f"{value:,.0f}")
        amount = f": {written(done)}" + (f" of {written(total)}" if total else "") if done else ""
        self._about.setText(f"{what[0].upper()}{what[1:]}{amount} …")
        # Qt counts in 32 bits; some downloads have more bytes.
        self._bar.setRange(0, 1000 if total else 0)
        self._bar.setValue(round(1000 * done / total) if total else 0)

    def _show_dataset(self, dataset: Dataset) -> None:
        """Show what the data choice has become: counts, and the images with their labels."""
        self._dataset = dataset
        classes = len(dataset.classes)
        parts = (dataset.train, dataset.validation, dataset.test)
        counts = tuple(tuple(p.labels.bincount(minlength=classes).tolist()) if p is not None else () for p in parts)
        train = counts[0]
        test = f", {len(dataset.test):,} to test" if dataset.test is not None else ""
        left_out = f" {len(self._document.data.excluded):,} are excluded." if self._document.data.excluded else ""
        self._about.setText(
            f"{len(dataset.train):,} images to train, {len(dataset.validation):,} to validate{test}; "
            f"{classes} classes of {min(train):,} to {max(train):,} training images.{left_out}"
        )
        self.bars.show_counts(dataset.classes, counts)
        self.gallery.show_dataset(dataset)
        for fold in (self._classes_fold, self._images_fold):
            fold.show()
        self._show_skipped(dataset.skipped)
        self._show_mismatch()

    def _show_skipped(self, skipped: tuple[tuple[str, str], ...]) -> None:
        self._skipped_fold.setVisible(bool(skipped))
        if not skipped:
            return
        lines = [f"{Path(path).name}: {reason}" for path, reason in skipped[:_MOST_SKIPPED]]
        if len(skipped) > _MOST_SKIPPED:
            lines.append(f"… and {len(skipped) - _MOST_SKIPPED:,} more")
        self._skipped_fold.set_title(f"{len(skipped):,} file{'s were' if len(skipped) > 1 else ' was'} left out")
        self._skipped.setText("\n".join(lines))

    def _show_mismatch(self) -> None:
        dataset, ends = self._dataset, ends_in(self._document.graph)
        differs = dataset is not None and ends is not None and ends != len(dataset.classes)
        self._mismatch_box.setVisible(differs)
        if dataset is not None and differs:
            classes = len(dataset.classes)
            self._mismatch.setText(f"The network ends in {ends} classes, but these images have {classes}.")
            self._mismatch.setStyleSheet(f"color: {self._theme.warning}")
            self.fit_button.setText(f"Let it end in {classes}")

    # what is done

    def _fit_network(self) -> None:
        if self._dataset is not None:
            classes = len(self._dataset.classes)
            graph = ending_in(self._document.graph, classes)
            self._attempt(lambda: self._document.set_graph(graph, f"End in {classes} classes"))

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

    def _set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self._show_mismatch()
        self._about.setStyleSheet(f"color: {theme.error}" if self._images.state == "failed" else "")
