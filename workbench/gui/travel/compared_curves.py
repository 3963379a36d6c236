"""The curves of a training with two of its epochs marked, and what they say of each."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QHBoxLayout, QHeaderView, QTreeWidget, QTreeWidgetItem, QWidget

from workbench.gui.theme import Appearance
from workbench.gui.training.curves import CurvesView
from workbench.gui.travel.moment import Film, Moment
from workbench.training import Epoch

_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_ROW_HIGH = 24


@dataclass(frozen=True, slots=True)
class _Figure:
    """A line of the table: what an epoch has, how it is told, and how its change is."""

    name: str
    of: Callable[[Epoch], float]
    text: Callable[[float], str]
    change: Callable[[float, float], str]


def _plain(value: float) -> str:
    return f"{value:.4g}".replace("-", "−")


def _share(value: float) -> str:
    return f"{value:.1%}"


def _by(before: float, after: float) -> str:
    return f"{after - before:+.3g}".replace("-", "−")


def _points(before: float, after: float) -> str:
    return f"{100 * (after - before):+.1f} points".replace("-", "−")


def _times(before: float, after: float) -> str:
    return f"× {after / before:.3g}" if before > 0 else ""


FIGURES = (
    _Figure("Validation loss", lambda e: e.validation_loss, _plain, _by),
    _Figure("Training loss, eval mode", lambda e: e.train_loss_eval, _plain, _by),
    _Figure("Gap between the two", lambda e: e.validation_loss - e.train_loss_eval, _plain, _by),
    _Figure("Training loss, as trained", lambda e: e.train_loss, _plain, _by),
    _Figure("Validation accuracy", lambda e: e.validation_accuracy, _share, _points),
    _Figure("Validation top-5 accuracy", lambda e: e.validation_top5, _share, _points),
    _Figure("Training accuracy, eval mode", lambda e: e.train_accuracy_eval, _share, _points),
    _Figure("Learning rate", lambda e: e.learning_rate, _plain, _times),
    _Figure("Gradient norm", lambda e: e.gradient_norm, _plain, _times),
)


class ComparedCurves(QWidget):
    """The whole training, an upright at each of the two epochs, and beside it their figures."""

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self.curves = CurvesView(appearance)
        self.figures = QTreeWidget()
        self.figures.setAccessibleName("Figures of the two epochs")
        self.figures.setProperty("role", "figures")
        self.figures.setRootIsDecorated(False)
        self.figures.setUniformRowHeights(True)
        self.figures.setColumnCount(4)
        header = self.figures.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.figures.setMinimumWidth(460)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.curves, 3)
        layout.addWidget(self.figures, 2)

    def follow(self, film: Film) -> None:
        """Draw this training's curves, and what has come since."""
        if self.curves.series is not film.series or self.curves.run != film.name:
            self.curves.show_series(film.series, film.name)
        self.curves.show_happenings(film.happened)
        self.curves.refresh()
        self.curves.refresh_epochs()

    def show_moments(self, one: Moment, other: Moment) -> None:
        """Mark two epochs of it."""
        epochs = [moment.record.epoch for moment in (one, other)]
        steps = [float(moment.record.step) for moment in (one, other)]
        self.curves.look_at(*steps, words=[f"epoch {epoch}" for epoch in epochs])
        told = [(m.record.epoch, m.figures.diagnosis.sentence) for m in (one, other) if m.figures is not None]
        self.curves.diagnosis.say("\n".join(f"Epoch {epoch}: {sentence}" for epoch, sentence in dict(told).items()))
        self.figures.setHeaderLabels(["", *(f"Epoch {epoch}" for epoch in epochs), "Change"])
        for column in range(1, 4):
            self.figures.headerItem().setTextAlignment(column, _RIGHT)
        self.figures.clear()
        for figure in FIGURES:
            self.figures.addTopLevelItem(_row(figure, one.figures, other.figures))


def _row(figure: _Figure, one: Epoch | None, other: Epoch | None) -> QTreeWidgetItem:
    values = [math.nan if epoch is None else figure.of(epoch) for epoch in (one, other)]
    texts = ["" if math.isnan(value) else figure.text(value) for value in values]
    change = figure.change(*values) if all(map(math.isfinite, values)) else ""
    row = QTreeWidgetItem([figure.name, *texts, change])
    for column in range(1, 4):
        row.setTextAlignment(column, _RIGHT)
    row.setSizeHint(0, QSize(0, _ROW_HIGH))
    return row
