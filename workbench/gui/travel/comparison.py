"""Two epochs of a training beside each other: maps, filters, weights, prediction, confusion, curves and health."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QSizePolicy, QStackedWidget, QTabBar, QVBoxLayout, QWidget

from workbench.gui.figures import probability
from workbench.gui.one_line import OneLine
from workbench.gui.theme import Appearance
from workbench.gui.travel.column import EpochColumn
from workbench.gui.travel.compared_curves import ComparedCurves
from workbench.gui.travel.compared_health import ComparedHealth
from workbench.gui.travel.moment import Film

PAGES = ("Maps and prediction", "Filters and weights", "Confusion", "Curves", "Health")
_POLICY = QSizePolicy.Policy
_BY_SIDE = 3
"""So many pages are one on each side; those behind them are of both epochs at once."""


class EpochComparison(QWidget):
    """A window of its own; each side has a slider, and both show the same layer."""

    def __init__(self, appearance: Appearance, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self._film: Film | None = None
        self.left, self.right = EpochColumn(appearance), EpochColumn(appearance)
        self.layers = QComboBox()
        self.layers.setAccessibleName("Layer")
        self.layers.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.pages = QTabBar()
        self.pages.setDrawBase(False)
        self.pages.setAccessibleName("Pages")
        for page in PAGES:
            self.pages.addTab(page)
        self.curves, self.health = ComparedCurves(appearance), ComparedHealth(appearance)
        self._both = QStackedWidget()
        self._both.addWidget(self.curves)
        self._both.addWidget(self.health)
        self._both.hide()
        self._layer = QLabel("Layer")
        self._changed = OneLine("muted")
        top = QHBoxLayout()
        top.addWidget(self.pages)
        top.addStretch(1)
        top.addWidget(self._layer)
        top.addWidget(self.layers)
        sides = QHBoxLayout()
        sides.setSpacing(12)
        for side in (self.left, self.right):
            sides.addWidget(side, 1)
        layout = QVBoxLayout(self)
        layout.addLayout(top)
        layout.addWidget(self._changed)
        layout.addLayout(sides, 1)
        layout.addWidget(self._both, 3)
        self.resize(1080, 700)
        self.pages.currentChanged.connect(self._turn)
        self.layers.currentTextChanged.connect(self._choose)
        for side in (self.left, self.right):
            side.shown.connect(self._tell)

    @property
    def told(self) -> str:
        """What is different between the two epochs, in one line."""
        return self._changed.text()

    def show_film(self, film: Film, left: int, right: int, layer: str) -> None:
        """Compare two epochs of a run."""
        self.follow(film)
        names = [node.name for node in film.graph.nodes]
        self.layers.blockSignals(True)
        self.layers.clear()
        self.layers.addItems(names)
        self.layers.setCurrentText(layer if layer in names else names[0])
        self.layers.blockSignals(False)
        self.setWindowTitle(f"Two epochs of {film.name}")
        for side, epoch in ((self.left, left), (self.right, right)):
            side.show_film(film, epoch, self.layers.currentText())

    def follow(self, film: Film) -> None:
        """Offer what has been recorded since."""
        self._film = film
        self.curves.follow(film)
        for side in (self.left, self.right):
            side.follow(film)

    def _turn(self, page: int) -> None:
        is_by_side = page < _BY_SIDE
        for side in (self.left, self.right):
            side.pages.setVisible(is_by_side)
            side.setSizePolicy(_POLICY.Preferred, _POLICY.Preferred if is_by_side else _POLICY.Maximum)
            if is_by_side:
                side.pages.setCurrentIndex(page)
                side.draw()
        self._both.setVisible(not is_by_side)
        if not is_by_side:
            self._both.setCurrentIndex(page - _BY_SIDE)
        for widget in (self._layer, self.layers):
            widget.setVisible(is_by_side and PAGES[page] != "Confusion")

    def _choose(self, layer: str) -> None:
        for side in (self.left, self.right):
            side.watch(layer)

    def _tell(self) -> None:
        one, other = self.left.moment, self.right.moment
        if one is None or other is None or self._film is None:
            return
        self.curves.show_moments(one, other)
        self.health.show_moments(self._film.graph, one, other)
        parts = [f"From epoch {one.record.epoch} to {other.record.epoch}"]
        if one.figures is not None and other.figures is not None:
            a, b = one.figures, other.figures
            parts.append(f"validation accuracy {a.validation_accuracy:.1%} → {b.validation_accuracy:.1%}")
            parts.append(f"loss {a.validation_loss:.4g} → {b.validation_loss:.4g}")
        truth = one.picture.truth
        if truth and truth == other.picture.truth and truth in one.classes:
            place = one.classes.index(truth)
            before, after = float(one.record.probabilities[place]), float(other.record.probabilities[place])
            parts.append(f"'{truth}' is given {probability(before)} → {probability(after)}")
        self._changed.setText(f"{parts[0]}: {', '.join(parts[1:])}." if parts[1:] else "")
