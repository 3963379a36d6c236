"""The images themselves, page by page: of one part, of one class, and what augmentation makes of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from workbench.gui.background import Background
from workbench.gui.data.augmented import DRAWS, AugmentedView
from workbench.gui.data.gallery_page import Page, described, fetched
from workbench.gui.data.thumbnails import PLACE, Thumbnails
from workbench.gui.editor.boxes import ChoiceBox
from workbench.gui.in_rows import InRows
from workbench.gui.theme import Appearance
from workbench.project import Recipe

if TYPE_CHECKING:
    from workbench.data import Dataset

_PAGE = 40
_AUGMENTED_PAGE = 6
PARTS = {"train": "Training", "validation": "Validation", "test": "Test"}
_SETTINGS = ("crop_padding", "flip", "rotation", "cutout", "colour", "input_noise")


class Gallery(QWidget):
    """``picked(part, place)``: an image was chosen, by its place in its part. ``augmentation_wanted``: set some."""

    picked = Signal(str, int)
    class_chosen = Signal(int)
    augmentation_wanted = Signal()

    def __init__(self, appearance: Appearance, recipe: Recipe) -> None:
        super().__init__()
        self._dataset: Dataset | None = None
        self._recipe = recipe
        self._first, self._epoch = 0, 1
        self._work = Background("gallery", self)
        self._work.done.connect(self._show)
        self._work.failed.connect(lambda message, details: self._note.setText(message))
        self._build(appearance)

    @property
    def part(self) -> str:
        """train, validation or test."""
        return next((name for name, button in self._parts.items() if button.isChecked()), "train")

    @property
    def note(self) -> str:
        return self._note.text()

    @property
    def first_epoch(self) -> int:
        """The epoch of the first column of draws."""
        return self._epoch

    def show_dataset(self, dataset: Dataset | None) -> None:
        """Show these images from now on; without any, nothing."""
        self._dataset = dataset
        self._class.blockSignals(True)
        before = self._class.currentText()
        self._class.clear()
        self._class.addItem("every class", -1)
        for number, name in enumerate(dataset.classes if dataset else ()):
            self._class.addItem(name, number)
        self._class.setCurrentIndex(max(0, self._class.findText(before)))
        self._class.blockSignals(False)
        for name, button in self._parts.items():
            part = getattr(dataset, name, None)
            button.setEnabled(part is not None and len(part) > 0)
        if not self._parts[self.part].isEnabled():
            self._parts["train"].setChecked(True)
        self._begin()

    def show_recipe(self, recipe: Recipe) -> None:
        """Augment as this recipe does."""
        changed = any(getattr(recipe, name) != getattr(self._recipe, name) for name in (*_SETTINGS, "seed"))
        self._recipe = recipe
        if changed and self._augmented.isChecked():
            self._ask()

    def show_part(self, part: str) -> None:
        self._parts[part].setChecked(True)
        self._begin()

    def show_class(self, number: int) -> None:
        """Only the images of this class; -1 for every class."""
        self._class.setCurrentIndex(max(0, self._class.findData(number)))

    def show_augmented(self, on: bool) -> None:
        self._augmented.setChecked(on)

    def draw_again(self) -> None:
        """Show what the next epochs make of the same images."""
        self._epoch += DRAWS
        self._ask()

    def turn(self, by: int) -> None:
        """Turn so many pages."""
        self._first = max(0, self._first + by * self._page)
        self._ask()

    @property
    def _page(self) -> int:
        return _AUGMENTED_PAGE if self._augmented.isChecked() else _PAGE

    def _build(self, appearance: Appearance) -> None:
        self._parts: dict[str, QToolButton] = {}
        group = QButtonGroup(self)
        for name, title in PARTS.items():
            button = QToolButton()
            button.setText(title)
            button.setCheckable(True)
            button.setToolTip(f"The {title.lower()} images")
            group.addButton(button)
            self._parts[name] = button
        self._parts["train"].setChecked(True)
        group.buttonClicked.connect(lambda _: self._begin())
        self._augmented = QToolButton()
        self._augmented.setText("Augmented")
        self._augmented.setCheckable(True)
        self._augmented.setToolTip("What the recipe's augmentation makes of training images, epoch by epoch")
        self._augmented.toggled.connect(lambda _: self._begin())
        self._class = ChoiceBox()
        self._class.setAccessibleName("Class shown")
        self._class.currentIndexChanged.connect(self._choose_class)
        self._back, self._on = QToolButton(), QToolButton()
        for button, text, by in ((self._back, "‹", -1), (self._on, "›", 1)):
            button.setText(text)
            button.setAutoRaise(True)
            button.setAccessibleName("Earlier images" if by < 0 else "Further images")
            button.setToolTip(button.accessibleName())
            button.clicked.connect(lambda _=False, by=by: self.turn(by))
        self._where = QLabel()
        self._where.setProperty("role", "muted")
        browse = QHBoxLayout()
        browse.setSpacing(4)
        browse.addWidget(self._class, 1)
        browse.addWidget(self._back)
        browse.addWidget(self._where)
        browse.addWidget(self._on)
        self._note = QLabel()
        self._note.setProperty("role", "muted")
        self._note.setWordWrap(True)
        self._note.setTextFormat(Qt.TextFormat.PlainText)
        self._note.hide()
        self._again = QPushButton("Draw again")
        self._again.setToolTip("What the next epochs make of the same images")
        self._again.clicked.connect(self.draw_again)
        self._set = QPushButton("Set augmentation …")
        self._set.clicked.connect(self.augmentation_wanted)
        self._draws = InRows(self._again, self._set)
        self.thumbnails = Thumbnails("Images", grows=True)
        self.thumbnails.itemClicked.connect(lambda item: self.picked.emit(*item.data(PLACE)))
        self.thumbnails.itemActivated.connect(lambda item: self.picked.emit(*item.data(PLACE)))
        self.augmented = AugmentedView(appearance)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(InRows(*self._parts.values(), self._augmented))
        layout.addLayout(browse)
        layout.addWidget(self._note)
        layout.addWidget(self._draws)
        layout.addWidget(self.thumbnails)
        layout.addWidget(self.augmented)
        self._draws.hide()
        self.augmented.hide()

    def _choose_class(self) -> None:
        self.class_chosen.emit(self._class.currentData() if self._class.currentData() is not None else -1)
        self._begin()

    def _begin(self) -> None:
        """Show the first page of what is chosen."""
        self._first = 0
        augmented = self._augmented.isChecked()
        if augmented and self.part != "train":
            self._parts["train"].setChecked(True)
        for name in ("validation", "test"):
            part = getattr(self._dataset, name, None)
            self._parts[name].setEnabled(not augmented and part is not None and len(part) > 0)
        self._draws.setVisible(augmented)
        self._ask()

    def _ask(self) -> None:
        dataset, recipe, epoch = self._dataset, self._recipe, self._epoch
        if dataset is None:
            self._work.forget()
            self._show(None)
            return
        part, first, size, number = self.part, self._first, self._page, self._class.currentData()
        augmented, ratio = self._augmented.isChecked(), self.devicePixelRatioF()
        self._work.ask(lambda: fetched(dataset, part, number, first, size, recipe if augmented else None, epoch, ratio))

    def _show(self, page: Page | None) -> None:
        shown = page is not None and page.count > 0
        augmented = bool(page and page.draws)
        self.thumbnails.setVisible(shown and not augmented)
        self.augmented.setVisible(augmented)
        self._back.setEnabled(shown and page is not None and page.first > 0)
        self._on.setEnabled(page is not None and page.first + len(page.places) < page.count)
        if page is None:
            self._where.setText("")
            self._say("")
            return
        last = page.first + len(page.places)
        self._where.setText(f"{page.first + 1:,}–{last:,} of {page.count:,}" if page.count else "none")
        if augmented:
            self.augmented.show_draws(page.images, page.draws, page.labels, self._epoch)
            self._say(described(self._recipe))
            return
        self._say("" if page.count else f"There are no such {PARTS[page.part].lower()} images.")
        words = {"train": "training", "validation": "validation", "test": "test"}[page.part]
        tips = [f"{words} image {place}: {label}" for place, label in zip(page.places, page.labels, strict=True)]
        self.thumbnails.show_pictures(page.images, page.labels, tips, [(page.part, place) for place in page.places])

    def _say(self, text: str) -> None:
        self._note.setText(text)
        self._note.setVisible(bool(text))
