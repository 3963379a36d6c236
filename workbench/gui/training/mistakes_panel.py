"""The most confident mistakes on the validation images, by pair of classes, and where the network places images."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QLabel, QPushButton, QSplitter, QVBoxLayout, QWidget

from workbench.gui.background import Background
from workbench.gui.data.thumbnails import PLACE, Thumbnails, thumbnail
from workbench.gui.figures import probability
from workbench.gui.hints import centred
from workbench.gui.in_rows import InRows
from workbench.gui.one_line import OneLine
from workbench.gui.theme import Appearance
from workbench.gui.training.scatter import ScatterView
from workbench.inspection.embedding import MOST_POINTS, Embedding, Method, embed, spread_out
from workbench.runs import Review, Run, review

_MOST = 120
_EMPTY = "After a training, or for a run that is opened, its most confident mistakes stand here."


@dataclass(frozen=True, eq=False)
class _Shown:
    """Some mistakes, ready to be listed."""

    places: list[int]
    pictures: list[Any]
    count: int


class MistakesPanel(QWidget):
    """``picked(review, place)`` a validation image that is to be looked at.

    The weights are asked when the panel is seen, and again when there is another run.
    """

    picked = Signal(object, int)

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._directory: Path | None = None
        self._review: Review | None = None
        self._wanted = False
        self._seen = False
        self.pairs = QComboBox()
        self.pairs.setAccessibleName("Which classes were confused")
        self.pairs.setMinimumContentsLength(10)
        self.pairs.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.pairs.hide()
        self.method = QComboBox()
        self.method.addItems(["PCA", "t-SNE"])
        self.method.setAccessibleName("How images are laid out")
        self.method.setToolTip(
            "What goes into the last layer, in a plane. PCA: the two directions in which images differ most. "
            "t-SNE: neighbours stay neighbours; distances between groups say little. "
            f"Of more than {MOST_POINTS:,} images so many are laid out, evenly chosen from all."
        )
        self.cancel = QPushButton("Cancel")
        self.cancel.hide()
        self._about = OneLine("muted", _EMPTY)
        self._told = OneLine("muted")
        self.pictures = Thumbnails("Most confident mistakes", width=84, height=84)
        self.scatter = ScatterView(appearance)
        left, right = QWidget(), QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(InRows(self.pairs, self.cancel))
        column.addWidget(self._about)
        column.addWidget(self.pictures, 1)
        other = QVBoxLayout(right)
        other.setContentsMargins(0, 0, 0, 0)
        other.addWidget(InRows(QLabel("Last layer's input by"), self.method))
        other.addWidget(self._told)
        other.addWidget(self.scatter, 1)
        split = QSplitter()
        split.addWidget(left)
        split.addWidget(right)
        split.setSizes([500, 500])
        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 6, 10, 6)
        layout.addWidget(split)
        self._parts, self._hint = split, centred(_EMPTY)
        layout.addWidget(self._hint)
        split.hide()
        self._asking = Background("mistakes of a run", self)
        self._asking.done.connect(self._have)
        self._asking.failed.connect(self._say)
        self._listing = Background("mistakes' pictures", self)
        self._listing.done.connect(self._list)
        self._listing.failed.connect(self._say)
        self._laying = Background("images in a plane", self)
        self._laying.done.connect(self._lay)
        self._laying.failed.connect(lambda message, _: self._told.setText(message))
        self.cancel.clicked.connect(self.give_up)
        self.pairs.currentIndexChanged.connect(lambda _: self._fill())
        self.method.currentIndexChanged.connect(lambda _: self._embed())
        self.pictures.itemClicked.connect(lambda item: self._pick(item.data(PLACE)))
        self.pictures.itemActivated.connect(lambda item: self._pick(item.data(PLACE)))
        self.scatter.picked.connect(self._pick)
        self.scatter.pointed.connect(self._point)

    @property
    def review(self) -> Review | None:
        """What is shown; None before there is anything."""
        return self._review

    @property
    def told(self) -> str:
        """The line above the pictures."""
        return self._about.text()

    @property
    def pointed(self) -> str:
        """The line above the points."""
        return self._told.text()

    def show_run(self, directory: Path | None) -> None:
        """Show this run's mistakes, as soon as the panel is seen."""
        self._directory, self._wanted = directory, directory is not None
        self._parts.setVisible(directory is not None)
        self._hint.setVisible(directory is None)
        if directory is None:
            for work in (self._asking, self._listing, self._laying):
                work.forget()
            self.cancel.hide()
            self._clear(_EMPTY)
        self._ask()

    def set_seen(self, seen: bool) -> None:
        """Whether a person sees the panel."""
        self._seen = seen
        self._ask()

    def give_up(self) -> None:
        """Leave what is being done; where only the images' places are waited for, lay them out the quick way."""
        if self._review is not None:
            self.cancel.hide()
            self.method.setCurrentText("PCA")
            return
        for work in (self._asking, self._listing, self._laying):
            work.forget()
        self.cancel.hide()
        self._wanted = self._review is None
        self._about.setText("Cancelled; show the panel again to ask the weights anew.")
        self._told.setText("")

    def _ask(self) -> None:
        directory = self._directory
        if not (self._wanted and self._seen) or directory is None:
            return
        self._wanted = False
        self._clear("Asking the run's best weights about every validation image …")
        self.cancel.show()
        check = self._asking.check
        self._asking.ask(lambda: review(Run.open(directory), check=check, progress=check))

    def _clear(self, words: str) -> None:
        self._review = None
        self.pairs.hide()
        self.pictures.clear()
        self.scatter.clear()
        self._about.setText(words)
        self._told.setText("")

    def _say(self, message: str, _: str = "") -> None:
        self.cancel.hide()
        self._about.setText(message)

    def _have(self, asked: Review) -> None:
        self._review = asked
        self.cancel.hide()
        said, names = asked.verdicts, asked.dataset.classes
        pairs = said.pairs()
        self.pairs.blockSignals(True)
        self.pairs.clear()
        self.pairs.addItem(f"All {sum(count for _, _, count in pairs):,} mistakes", None)
        for label, called, count in pairs:
            self.pairs.addItem(f"'{names[label]}' taken for '{names[called]}' ({count:,})", (label, called))
        self.pairs.blockSignals(False)
        self.pairs.setVisible(bool(pairs))
        self._fill()
        self._embed()

    def _fill(self) -> None:
        asked, pair = self._review, self.pairs.currentData()
        if asked is None:
            return
        chosen = asked.verdicts.mistakes() if pair is None else asked.verdicts.told(*pair)
        check = self._listing.check

        def work() -> _Shown:
            some = chosen[:_MOST]
            pixels = asked.pixels(some) if len(some) else []
            pictures = []
            for one in pixels:
                check()
                pictures.append(thumbnail(one))
            return _Shown(some.tolist(), pictures, len(chosen))

        self._listing.ask(work)

    def _list(self, shown: _Shown) -> None:
        asked = self._review
        if asked is None:
            return
        said, names = asked.verdicts, asked.dataset.classes
        words = [f"{names[said.labels[p]]} → {names[said.called[p]]} {said.confidence[p]:.0%}" for p in shown.places]
        self.pictures.show_pictures(
            shown.pictures, words, [self._sentence(p) for p in shown.places], shown.places
        )  # fmt: skip
        total = len(said.labels)
        right = f"{said.accuracy:.1%} of {total:,} right"
        some = f"; the surest {len(shown.places)} are listed" if shown.count > len(shown.places) else ""
        self._about.setText(f"{right}, {asked.run.directory.name}{some}")
        self._about.explain("By the run's best weights. Below each image: what it is, what it is called, how surely.")

    def _embed(self) -> None:
        asked = self._review
        method: Method = "PCA" if self.method.currentText() == "PCA" else "t-SNE"
        if asked is None or not len(asked.verdicts.labels):
            return
        places = spread_out(len(asked.verdicts.labels))
        self._told.setText(f"Laying out {_of(len(places), len(asked.verdicts.labels))} …")
        self.cancel.setVisible(method == "t-SNE")
        features, check = asked.verdicts.features[places], self._laying.check
        self._laying.ask(lambda: (asked, places, embed(features, method, check)))

    def _lay(self, found: tuple[Review, Any, Embedding]) -> None:
        asked, places, embedding = found
        self.cancel.hide()
        said = asked.verdicts
        axes = ("", "")
        if len(embedding.shares) == 2:
            axes = tuple(f"component {n} ({s:.0%})" for n, s in enumerate(embedding.shares, 1))  # type: ignore[assignment]
        wrong = said.labels[places] != said.called[places]
        self.scatter.show_points(places, embedding.points, said.labels[places], wrong, asked.dataset.classes, axes)
        self._point(-1)

    def _point(self, place: int) -> None:
        asked = self._review
        if asked is None:
            return
        count, total = self.scatter.shown, len(asked.verdicts.labels)
        where = f" into {asked.classifier}" if asked.classifier else ""
        self._told.setText(self._sentence(place) if place >= 0 else f"crosses are mistakes; {_of(count, total)}{where}")

    def _pick(self, place: int) -> None:
        if self._review is not None:
            self.scatter.mark(place)
            self.picked.emit(self._review, place)

    def _sentence(self, place: int) -> str:
        assert self._review is not None
        said, names = self._review.verdicts, self._review.dataset.classes
        label, called = names[said.labels[place]], names[said.called[place]]
        verdict = "rightly called so" if label == called else f"called '{called}'"
        return f"Validation image {place} is '{label}', {verdict} with {probability(said.confidence[place])}"


def _of(count: int, total: int) -> str:
    """How many images of how many."""
    return f"{count:,} of {total:,} images, evenly chosen" if count < total else f"all {total:,} images"
