"""The training images that a run found hardest: tick what is mislabelled or an outlier, train again without."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from workbench.gui.background import Background
from workbench.gui.data.thumbnails import PLACE, Thumbnails, thumbnail
from workbench.gui.document import Document
from workbench.runs import Hard, Run, find_hardest

_MOST = 60


class HardestPanel(QWidget):
    """``again_wanted`` when the training is to run without what was ticked."""

    again_wanted = Signal()

    def __init__(self, document: Document, attempt: Callable[[Callable[[], object]], None]) -> None:
        super().__init__()
        self._document, self._attempt = document, attempt
        self._hard: list[Hard] = []
        self._before: dict[str, Any] | None = None
        self._last: dict[str, Any] | None = None
        self.pictures = Thumbnails("Hardest training images", width=96, height=92)
        self.pictures.itemChanged.connect(lambda _: self._count())
        self.about = QLabel("After a training its hardest training images stand here: outliers, and wrong labels.")
        self.about.setWordWrap(True)
        self.about.setProperty("role", "muted")
        self.result = QLabel()
        self.result.setWordWrap(True)
        self.result.hide()
        self.all, self.none = QPushButton("Tick all"), QPushButton("None")
        self.exclude, self.again = QPushButton("Exclude"), QPushButton("Train again")
        self.restore = QPushButton("Take all back")
        self.all.clicked.connect(lambda: self._tick(Qt.CheckState.Checked))
        self.none.clicked.connect(lambda: self._tick(Qt.CheckState.Unchecked))
        self.exclude.clicked.connect(lambda: attempt(self._exclude))
        self.restore.clicked.connect(lambda: attempt(self._restore))
        self.again.clicked.connect(self.again_wanted)
        row = QHBoxLayout()
        for button in (self.all, self.none, self.exclude, self.restore, self.again):
            row.addWidget(button)
        row.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 6, 10, 6)
        layout.addWidget(self.about)
        layout.addWidget(self.result)
        layout.addWidget(self.pictures, 1)
        layout.addLayout(row)
        self._background = Background("hardest images", self)
        self._background.done.connect(self._show)
        self._background.failed.connect(lambda message, details: self.about.setText(message))
        document.changed.connect(lambda before, after: self._count())
        self._count()

    @property
    def ticked(self) -> list[int]:
        """Indices in the source of the images that are ticked."""
        items = [self.pictures.item(row) for row in range(self.pictures.count())]
        return [item.data(PLACE) for item in items if item.checkState() == Qt.CheckState.Checked]

    def show_run(self, directory: Path) -> None:
        """Show what this run found hard, and beside it what came of leaving images out."""
        self._compare(Run.open(directory).summary())
        self._background.ask(lambda: find_hardest(directory, _MOST, self._background.check))

    def _compare(self, now: dict[str, Any]) -> None:
        before, excluded = self._before, len(self._document.data.excluded)
        self.result.setVisible(before is not None and now["validation_loss"] is not None)
        if before is not None and now["validation_loss"] is not None:
            self.result.setText(
                f"Before: validation loss <b>{before['validation_loss']:.4f}</b>, accuracy "
                f"{before['validation_accuracy']:.2%}. Now, without {excluded:,} images: "
                f"<b>{now['validation_loss']:.4f}</b>, {now['validation_accuracy']:.2%}. Both runs stand under Runs."
            )
        self._last = now

    def _show(self, hard: list[Hard]) -> None:
        self._hard = hard
        self.pictures.blockSignals(True)
        self.pictures.show_pictures(
            [thumbnail(one.picture) for one in hard],
            [f"{one.label}, {one.loss:.2f}" for one in hard],
            [f"Labelled {one.label}, called {one.called}, loss {one.loss:.3f}, image {one.index}" for one in hard],
            [one.index for one in hard],
        )
        self._tick(Qt.CheckState.Unchecked)
        self.pictures.blockSignals(False)
        wrong = sum(one.label != one.called for one in hard)
        self.about.setText(
            f"The {len(hard)} training images with the highest loss, with label and loss; the network calls {wrong} of "
            "them something else than their label. Tick what should be left out."
            if hard
            else "This run kept no losses of single images."
        )
        self._count()

    def _tick(self, state: Qt.CheckState) -> None:
        for row in range(self.pictures.count()):
            self.pictures.item(row).setCheckState(state)

    def _count(self) -> None:
        count = len(self.ticked)
        self.exclude.setText(f"Exclude {count}" if count else "Exclude")
        self.exclude.setEnabled(count > 0)
        excluded = len(self._document.data.excluded)
        self.restore.setEnabled(excluded > 0)
        self.restore.setText(f"Take {excluded:,} back" if excluded else "Take back")

    def _exclude(self) -> None:
        ticked = self.ticked
        excluded = tuple(sorted({*self._document.data.excluded, *ticked}))
        self._document.set_data(self._document.data.changed(excluded=excluded), f"Exclude {len(ticked)} images")
        self._before = self._last
        self._tick(Qt.CheckState.Unchecked)

    def _restore(self) -> None:
        self._document.set_data(self._document.data.changed(excluded=()), "Take excluded images back")
