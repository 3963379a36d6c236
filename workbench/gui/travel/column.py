"""One side of a comparison of two epochs: which epoch it is, and what it was like."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QScrollArea, QSlider, QStackedWidget, QVBoxLayout, QWidget

from workbench.gui.background import Background
from workbench.gui.inspection.filters import FiltersView
from workbench.gui.inspection.maps import ActivationMaps
from workbench.gui.inspection.prediction import PredictionView
from workbench.gui.inspection.weights import Histograms
from workbench.gui.one_line import OneLine
from workbench.gui.theme import Appearance
from workbench.gui.training.confusion_matrix import ConfusionMatrix
from workbench.gui.travel.moment import Film, Moment


class EpochColumn(QWidget):
    """One epoch; ``shown`` when it has been read and drawn."""

    shown = Signal()

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._film: Film | None = None
        self.moment: Moment | None = None
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setAccessibleName("Epoch of this side")
        self._title = QLabel()
        self._title.setProperty("role", "figure")
        self._told = OneLine("muted")
        self.maps = ActivationMaps(appearance)
        self.prediction = PredictionView(appearance)
        self.filters = FiltersView(appearance)
        self.histograms = Histograms(appearance)
        self.confusion = ConfusionMatrix(appearance)
        self.pages = QStackedWidget()
        self.pages.addWidget(_stacked((self.maps, 1), (self.prediction, 0)))
        area = QScrollArea()
        area.setAccessibleName("Weights of each layer")
        area.setWidgetResizable(True)
        area.setWidget(self.histograms)
        self.pages.addWidget(_stacked((self.filters, 3), (_stacked((area, 1), beside=6), 2)))  # as the filters
        self.pages.addWidget(self.confusion)
        row = QHBoxLayout()
        row.addWidget(self._title)
        row.addWidget(self.slider, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(row)
        layout.addWidget(self._told)
        layout.addWidget(self.pages, 1)
        self._reading = Background("compared epoch", self)
        self._reading.done.connect(self._take)
        self._reading.failed.connect(lambda message, _: self._told.setText(message))
        self.slider.valueChanged.connect(lambda _: self._read())
        self.maps.wishes_changed.connect(self.draw)
        self.filters.wishes_changed.connect(self.draw)

    @property
    def epoch(self) -> int:
        film = self._film
        return film.epochs[self.slider.value()] if film is not None else 0

    def follow(self, film: Film) -> None:
        """Offer these epochs; the one that is shown stays."""
        is_other = self._film is None or self._film.reel != film.reel
        self._film = film
        self.slider.blockSignals(True)
        self.slider.setRange(0, max(0, len(film.epochs) - 1))
        self.slider.blockSignals(False)
        if is_other:
            self.moment = None

    def show_film(self, film: Film, epoch: int, layer: str) -> None:
        self.follow(film)
        self.watch(layer)
        self.slider.blockSignals(True)
        self.slider.setValue(film.epochs.index(epoch))
        self.slider.blockSignals(False)
        self._read()

    def watch(self, layer: str) -> None:
        """Show this layer's maps and filters."""
        if self._film is not None:
            self.maps.watch(layer, self._film.graph)
            self.filters.watch(layer, self._film.graph)
            self.draw()

    def draw(self) -> None:
        """Draw the page in front from what has been read."""
        moment = self.moment
        if moment is None:
            return
        wishes = self.maps.wishes
        filters = (*wishes.filters, *self.filters.wishes.filters)
        seen = moment.record.seen(replace(wishes, filters=filters, spreads=True))
        self.maps.show_recorded(seen)
        self.prediction.show_picture(np.asarray(moment.picture.pixels), moment.picture.truth)
        self.prediction.show_seen(seen, moment.classes)
        self.filters.show_recorded(seen)
        self.histograms.show_spreads(seen.spreads)
        if moment.figures is not None:
            self.confusion.show_counts(np.asarray(moment.figures.confusion, np.int64), moment.classes)

    def _read(self) -> None:
        film, epoch = self._film, self.epoch
        if film is not None:
            self._title.setText(f"Epoch {epoch}")
            self._title.setMinimumWidth(self.fontMetrics().horizontalAdvance(f"Epoch {film.epochs[-1]}0"))
            self._reading.ask(lambda: film.moment(epoch))

    def _take(self, moment: Moment) -> None:
        self.moment = moment
        self._told.setText(moment.told)
        self.draw()
        self.shown.emit()


def _stacked(*parts: tuple[QWidget, int], beside: int = 0) -> QWidget:
    page = QWidget()
    layout = QVBoxLayout(page)
    layout.setContentsMargins(beside, 0, beside, 0)
    for part, stretch in parts:
        layout.addWidget(part, stretch)
    return page
