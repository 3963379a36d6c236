"""What is doubtful about the labels: balance, equal images of two classes, training images that are also held out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from workbench.gui.background import Background
from workbench.gui.data.thumbnails import Thumbnails, thumbnail
from workbench.gui.document import Document
from workbench.gui.editor.inspector import Try

if TYPE_CHECKING:
    from workbench.data import Audit, Dataset

_MOST_SHOWN = 40
_LOOK_MILLISECONDS = 100
_QUESTION = "Are classes in balance, equal images labelled alike, held-out images not trained with?"
_STALE = "The images are other ones, or divided otherwise, than those that were audited: audit them again."


@dataclass(frozen=True, eq=False)
class Doubtful:
    """A training image that has an equal: its index in the source, a caption, what the tool tip says."""

    index: int
    caption: str
    why: str
    image: QImage


class AuditView(QWidget):
    """Looks at every image once, when it is asked to; what it finds can be left out in one step.

    ``answered`` when it says what it has found.
    """

    answered = Signal()

    def __init__(self, document: Document, attempt: Try) -> None:
        super().__init__()
        self._document, self._attempt = document, attempt
        self._dataset: Dataset | None = None
        self._doubtful: tuple[int, ...] = ()
        self._is_told = False
        self._progress = (0, 0)
        self.begin_button, self.exclude_button = QPushButton("Audit the labels"), QPushButton()
        self.begin_button.setToolTip("Compare every image with every other, and count the classes")
        self.begin_button.clicked.connect(self.begin)
        self.exclude_button.clicked.connect(lambda: attempt(self._exclude))
        self.pictures = Thumbnails("Doubtful training images", grows=True, width=84)
        self._words = QLabel(_QUESTION)
        self._words.setWordWrap(True)
        self._words.setTextFormat(Qt.TextFormat.PlainText)
        self._words.setProperty("role", "muted")
        row = QHBoxLayout()
        row.addWidget(self.begin_button)
        row.addWidget(self.exclude_button)
        row.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(self._words)
        layout.addLayout(row)
        layout.addWidget(self.pictures)
        self._work = Background("label audit", self)
        self._work.done.connect(lambda found: self._show(*found))
        self._work.failed.connect(lambda message, details: self._end(message))
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOK_MILLISECONDS)
        self._timer.timeout.connect(self._show_progress)
        self._clear()

    @property
    def told(self) -> str:
        return self._words.text()

    def show_dataset(self, dataset: Dataset | None) -> None:
        """These images are there now; what was said of others no longer holds, and an audit under way begins anew."""
        was_asked, was_told = self._timer.isActive(), self._is_told
        self._dataset = dataset
        self._work.forget()
        self._end(_STALE if was_told else _QUESTION)
        self._clear()
        if was_asked:
            self.begin()

    def begin(self) -> None:
        dataset, ratio = self._dataset, self.devicePixelRatioF()
        if dataset is None:
            return
        self._clear()
        self.begin_button.setEnabled(False)
        self._progress = (0, 0)
        self._timer.start()
        self._work.ask(lambda: self._look(dataset, ratio))

    def _look(self, dataset: Dataset, ratio: float) -> tuple[Audit, list[Doubtful]]:
        """In the background's thread."""
        from workbench.data import audit

        def progress(what: str, done: int, total: int) -> None:
            self._progress = (done, total)
            self._work.check()

        found = audit(dataset, progress)
        return found, list(_doubtful(dataset, found, ratio))

    def _show_progress(self) -> None:
        done, total = self._progress
        self._words.setText(f"Comparing images: {done:,} of {total:,} …" if total else "Comparing images …")

    def _show(self, found: Audit, doubtful: list[Doubtful]) -> None:
        self._is_told = True
        self._doubtful = tuple(dict.fromkeys(one.index for one in doubtful))
        looked_at = sum(map(sum, (found.train_counts, found.validation_counts, found.test_counts)))
        well = (
            f"{looked_at:,} images were compared. No two equal ones have different labels, no held-out one is among "
            "the training images, and the classes are in balance."
        )
        self._end("\n".join(f"• {warning}" for warning in found.warnings) or well)
        count = len(self._doubtful)
        self.exclude_button.setVisible(count > 0)
        self.exclude_button.setText(f"Leave {count:,} out" if count > 1 else "Leave it out")
        shown = doubtful[:_MOST_SHOWN]
        self.pictures.setVisible(bool(shown))
        self.pictures.show_pictures(
            [one.image for one in shown], [one.caption for one in shown], [one.why for one in shown],
            [one.index for one in shown],
        )  # fmt: skip
        self.answered.emit()

    def _end(self, words: str) -> None:
        self._timer.stop()
        self._words.setText(words)
        self.begin_button.setEnabled(True)

    def _clear(self) -> None:
        self._doubtful, self._is_told = (), False
        self.exclude_button.hide()
        self.pictures.hide()

    def _exclude(self) -> None:
        data, count = self._document.data, len(self._doubtful)
        excluded = tuple(sorted({*data.excluded, *self._doubtful}))
        self._document.set_data(data.changed(excluded=excluded), f"Exclude {count} images")


def _doubtful(dataset: Dataset, found: Audit, ratio: float) -> Iterator[Doubtful]:
    """Both training images of each contradiction, and the training image of each double of one that is held out."""
    import torch

    part = dataset.train
    places = {index: place for place, index in enumerate(part.indices.tolist())}
    names, labels = dataset.classes, part.clean_labels.tolist()

    def picture(index: int) -> Any:
        return thumbnail(part.take(torch.tensor([places[index]]))[0].numpy(), ratio=ratio)

    for first, second in found.contradictions:
        called = [names[labels[places[index]]] for index in (first, second)]
        for index, label, other in ((first, *called), (second, *called[::-1])):
            why = f"Image {index} is labelled {label}, its equal {other}"
            yield Doubtful(index, f"{label} or {other}", why, picture(index))
    for index, held_out in found.duplicates:
        label = names[labels[places[index]]]
        yield Doubtful(index, label, f"Training image {index} is also held out, as image {held_out}", picture(index))
