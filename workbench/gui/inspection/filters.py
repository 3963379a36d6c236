"""The filters of a layer as small images, live."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from workbench.graph import Graph
from workbench.gui.hints import hint
from workbench.gui.inspection.colours import SIGNED, ColourBar, figure
from workbench.gui.inspection.image_view import ImageView
from workbench.gui.inspection.kernels import KernelPicture, kernel_picture
from workbench.gui.inspection.map_view import weight_in_words
from workbench.gui.one_line import OneLine
from workbench.gui.theme import Appearance
from workbench.inspection import FilterRows, Filters, Seen, Wishes

_DENSE = "Linear"
_FILTERING = ("Conv2d", "ConvTranspose2d", "SparseConv2d", _DENSE)
_HINT = "Filters appear when there is a convolution or a dense layer."
_SELECTED, _FIRST = "Selected layer", "First layer"


class FiltersView(QWidget):
    """The kernels of the selected layer, or of the first one that has some: of a convolution as small pictures, of a
    dense layer as a matrix. ``wishes_changed`` when others are wanted."""

    wishes_changed = Signal()

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._layer = self._selected = self._first = ""
        self._filters: Filters | None = None
        self._picture: KernelPicture | None = None
        self._about = ""
        self._dense: set[str] = set()
        self.which = QComboBox()
        self.which.addItems([_SELECTED, _FIRST])
        self.which.setAccessibleName("Whose filters are shown")
        self._title = OneLine("heading")
        self._line = OneLine("muted")
        self._bar = ColourBar(appearance)
        self.view = ImageView("Filters", appearance, "border")
        self._hint = hint(_HINT)
        self._pages = QStackedWidget()
        self._pages.addWidget(self._hint)
        self._pages.addWidget(self.view)
        top, below = QHBoxLayout(), QHBoxLayout()
        top.addWidget(self._title, 1)
        top.addWidget(self.which)
        below.addWidget(self._line, 1)
        below.addWidget(self._bar)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 6, 10, 8)
        layout.setSpacing(4)
        layout.addLayout(top)
        layout.addLayout(below)
        layout.addWidget(self._pages, 1)
        self.which.currentIndexChanged.connect(lambda _: self._choose())
        self.view.pointed.connect(self._point)

    @property
    def layer(self) -> str:
        """The layer whose filters are shown."""
        return self._layer

    @property
    def picture(self) -> KernelPicture | None:
        return self._picture

    @property
    def told(self) -> str:
        """The line below the title: what is shown, or the weight under the mouse."""
        return self._line.text()

    @property
    def wishes(self) -> Wishes:
        """What has to be looked at for this view."""
        return Wishes(filters=(FilterRows(self._layer),)) if self._layer else Wishes()

    def watch(self, layer: str, graph: Graph) -> None:
        """Show the filters of this layer if it has some, else of the last one above it that has."""
        filtering = [node for node in graph.nodes if node.kind in _FILTERING]
        self._first = filtering[0].name if filtering else ""
        place = graph.position.get(layer, -1)
        above = next((node for node in reversed(graph.nodes[: place + 1]) if node.kind in _FILTERING), None)
        chosen = above or (filtering[0] if filtering else None)
        self._selected = "" if chosen is None else chosen.shares or chosen.name
        self._dense = {node.name for node in filtering if node.kind == _DENSE}
        self._choose()

    @property
    def is_dense(self) -> bool:
        """Whether the layer's filters are rows of a matrix, and no pictures."""
        return self._layer in self._dense

    def show_recorded(self, seen: Seen) -> None:
        """Draw what was kept of an earlier epoch, or say that nothing was."""
        if self._layer and FilterRows(self._layer) not in seen.filters:
            self.say(f"Of {self._layer} no weights were kept with this epoch; how they lie is shown beside.")
        self.show_seen(seen)

    def say(self, message: str) -> None:
        """There are no filters to be shown, and why."""
        self._filters = self._picture = None
        self._title.setText(self._layer)
        self._line.setText("")
        self._hint.setText(message if self._layer else _HINT)
        self._pages.setCurrentWidget(self._hint)

    def show_seen(self, seen: Seen) -> None:
        """Draw the filters that have come, unless they were drawn before."""
        filters = seen.filters.get(FilterRows(self._layer))
        if filters is None or filters is self._filters:
            return
        self._filters = filters
        room = (float(self._pages.width()), float(self._pages.height()))
        self._picture = picture = kernel_picture(filters.weight, filters.first, room)
        self.view.show_image(*picture.sheet())
        self._pages.setCurrentWidget(self.view)
        count, channels, height, width = picture.weight.shape
        some = f"the first {count} of {filters.count}" if count < filters.count else str(count)
        what = "unit" if self.is_dense else "filter"
        self._title.setText(f"{self._layer}: {some} {what}{'s' * (count > 1)}")
        colours = ", as colours" if picture.in_colour else ""
        channels_told = f"{channels} of {filters.channels}" if channels < filters.channels else str(channels)
        self._about = f"{channels_told}×{height}×{width} each{colours}"
        if self.is_dense:
            self._about = f"{channels_told} weights each, a {'column' if picture.across else 'row'} a unit"
        if not np.isfinite(filters.weight).all():
            self._about += ", with weights that are not finite"
        self._bar.show_range("Grey" if picture.in_colour else SIGNED, -picture.reach, picture.reach)
        self._bar.setToolTip(f"From −{figure(picture.reach)} to {figure(picture.reach)}; the middle is zero.")
        if not self.view.underMouse():
            self._line.setText(self._about)

    def _choose(self) -> None:
        layer = self._first if self.which.currentText() == _FIRST else self._selected
        if layer == self._layer:
            return
        self._layer, self._filters = layer, None
        if not layer:
            self._title.setText("")
            self._line.setText("")
            self._hint.setText(_HINT)
            self._pages.setCurrentWidget(self._hint)
        self.wishes_changed.emit()

    def _point(self, place: QPointF | None) -> None:
        found = self._picture.at(place.x(), place.y()) if self._picture is not None and place is not None else None
        if found is None:
            self._line.setText(self._about)
        elif self.is_dense:
            self._line.setText(f"unit {found[0]}, input {found[1]}: {figure(found[4][0])}")
        else:
            self._line.setText(weight_in_words(found))
