"""The training images that a run found hardest: tick what is mislabelled or an outlier, train again without."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from workbench.data.collection import Progress
from workbench.gui.background import Background
from workbench.gui.data.thumbnails import PLACE, Thumbnails, thumbnail
from workbench.gui.document import Document
from workbench.gui.hints import centred
from workbench.gui.in_rows import InRows
from workbench.project import Project
from workbench.runs import Hard, Run, find_hardest

_MOST = 60
_EMPTY = "After a training its hardest training images stand here: outliers, and wrong labels."


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """What a run found hard, hardest first; the best that came of so many epochs, and which images it went without."""

    run: str
    hard: tuple[Hard, ...]
    epochs: int
    loss: float | None
    accuracy: float | None
    excluded: tuple[int, ...]


_NOTHING = Found("", (), 0, None, None, ())


def look_at(directory: Path, progress: Progress) -> Found:
    """In the background's thread."""
    summary, data = Run.open(directory).summary(), Run.open(directory).project.data
    hard = tuple(find_hardest(directory, _MOST, progress))
    best = summary["validation_loss"], summary["validation_accuracy"]
    return Found(directory.name, hard, summary["epochs"], *best, data.excluded)


def is_suspicious(hard: Hard) -> bool:
    """Whether the network calls it something else than its label."""
    return hard.called != hard.label


def in_words(hard: Hard) -> str:
    """``3, 1.20``, or where label and verdict differ ``3→8``."""
    return f"{hard.label}→{hard.called}" if is_suspicious(hard) else f"{hard.label}, {hard.loss:.2f}"


class HardestPanel(QWidget):
    """``again_wanted`` when the training is to run without what was ticked, ``counted`` when others are ticked."""

    again_wanted = Signal()
    counted = Signal()

    def __init__(self, document: Document, attempt: Callable[[Callable[[], object]], None]) -> None:
        super().__init__()
        self._document = document
        self._found = _NOTHING
        self._before: Found | None = None
        self.pictures = Thumbnails("Hardest training images", width=118, height=92)
        self.pictures.itemChanged.connect(lambda _: self._count())
        self._hint = centred(_EMPTY)
        self.about = QLabel()
        self.about.setWordWrap(True)
        self.about.setProperty("role", "muted")
        self.result = QLabel()
        self.result.setWordWrap(True)
        self.result.hide()
        self.all, self.none, self.suspicious = QPushButton("Tick all"), QPushButton("None"), QPushButton("Suspicious")
        self.suspicious.setToolTip("Tick those that the network calls something else than their label")
        self.exclude, self.again = QPushButton("Exclude"), QPushButton("Train again")
        self.restore = QPushButton("Take all back")
        self.again.setToolTip("Train (F5)")
        self.all.clicked.connect(lambda: self._tick(lambda hard: True))
        self.none.clicked.connect(lambda: self._tick(lambda hard: False))
        self.suspicious.clicked.connect(lambda: self._tick(is_suspicious))
        self.exclude.clicked.connect(lambda: attempt(self._exclude))
        self.restore.clicked.connect(lambda: attempt(self.take_back))
        self.again.clicked.connect(self.again_wanted)
        self._buttons = InRows(self.suspicious, self.all, self.none, self.exclude, self.restore, self.again)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 6, 10, 6)
        layout.addWidget(self._hint, 1)
        layout.addWidget(self.about)
        layout.addWidget(self.result)
        layout.addWidget(self.pictures, 1)
        layout.addStretch(0)
        layout.addWidget(self._buttons)
        self._background = Background("hardest images", self)
        self._background.done.connect(self._show)
        self._background.failed.connect(lambda message, details: self._say(message))
        document.changed.connect(self._follow)
        self._say("")
        self._show_left()

    @property
    def ticked(self) -> list[int]:
        """Indices in the source of the images that are ticked."""
        items = [self.pictures.item(row) for row in self._rows()]
        return [item.data(PLACE) for item in items if item.checkState() == Qt.CheckState.Checked]

    @property
    def hard(self) -> tuple[Hard, ...]:
        """What is shown, hardest first."""
        return self._found.hard

    def clear(self) -> None:
        """Show no run any more."""
        self._background.forget()
        self._show(_NOTHING)
        self._before = None
        self.result.hide()

    def show_run(self, directory: Path) -> None:
        """Show what this run found hard, and beside it what came of leaving images out."""
        self._background.ask(lambda: look_at(directory, self._background.check))

    def _show(self, found: Found) -> None:
        if self._found.loss is not None and self._found.excluded != found.excluded:
            self._before = self._found
        self._found = found
        self._compare()
        hard = found.hard
        self.pictures.blockSignals(True)
        self.pictures.show_pictures(
            [thumbnail(one.picture) for one in hard],
            [in_words(one) for one in hard],
            [f"Labelled {one.label}, called {one.called}, loss {one.loss:.3f}, image {one.index}" for one in hard],
            [one.index for one in hard],
        )
        self._tick(lambda hard: False)
        self.pictures.blockSignals(False)
        self._say(_about(found))
        self._show_left()

    def _say(self, what: str) -> None:
        """This of a run, or '' where there is none."""
        self.about.setText(what)
        self.about.setVisible(bool(what))
        self._hint.setVisible(not what)

    def _compare(self) -> None:
        """The run before images were left out, or taken back, and this one."""
        before, now = self._before, self._found
        self.result.setVisible(before is not None and now.loss is not None and before.excluded != now.excluded)
        if before is not None:
            self.result.setText(f"Before, {_outcome(before)}. Now, {_outcome(now)}. Both runs stand under Runs.")

    def _rows(self) -> list[int]:
        """Those of the images that are not left out."""
        return [row for row in range(self.pictures.count()) if not self.pictures.item(row).isHidden()]

    def _follow(self, before: Project, after: Project) -> None:
        if before.data.excluded != after.data.excluded:
            self._show_left()

    def _tick(self, wanted: Callable[[Hard], bool]) -> None:
        for row in self._rows():
            state = Qt.CheckState.Checked if wanted(self._found.hard[row]) else Qt.CheckState.Unchecked
            self.pictures.item(row).setCheckState(state)

    def _show_left(self) -> None:
        """Hide what is left out, until it is taken back."""
        excluded = set(self._document.data.excluded)
        for row, hard in enumerate(self._found.hard):
            self.pictures.item(row).setHidden(hard.index in excluded)
        self.pictures.setVisible(bool(self._rows()))
        self._count()

    def _count(self) -> None:
        count = len(self.ticked)
        self.exclude.setText(f"Exclude {count}" if count else "Exclude")
        self.exclude.setEnabled(count > 0)
        for button in (self.all, self.none, self.suspicious):
            button.setEnabled(bool(self._rows()))
        excluded = len(self._document.data.excluded)
        self._buttons.setVisible(bool(self._found.hard) or excluded > 0)
        self.restore.setEnabled(excluded > 0)
        self.restore.setText(f"Take {excluded:,} back" if excluded else "Take back")
        self.counted.emit()

    def _exclude(self) -> None:
        ticked = self.ticked
        excluded = tuple(sorted({*self._document.data.excluded, *ticked}))
        self._tick(lambda hard: False)
        self._document.set_data(
            self._document.data.changed(excluded=excluded), f"Exclude {len(ticked)} image{'s' * (len(ticked) != 1)}"
        )

    def take_back(self) -> None:
        """Leave no image out any more."""
        self._document.set_data(self._document.data.changed(excluded=()), "Take excluded images back")


def _about(found: Found) -> str:
    """What is shown, in words; '' of no run."""
    if not found.hard:
        return f"{found.run} kept no losses of single images." if found.run else ""
    wrong = sum(map(is_suspicious, found.hard))
    return (
        f"The {len(found.hard)} training images that {found.run} found hardest, with label and last loss; {wrong} of "
        "them it calls something else than their label (label → verdict). Tick what should be left out."
    )


def _outcome(found: Found) -> str:
    count = len(found.excluded)
    images = f"without {count:,} images" if count else "with all images"
    if found.loss is None or found.accuracy is None:
        return images
    after = "one epoch" if found.epochs == 1 else f"{found.epochs:,} epochs"
    return f"{images}: validation loss <b>{found.loss:.4f}</b>, accuracy {found.accuracy:.2%}, the best of {after}"
