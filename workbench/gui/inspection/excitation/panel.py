"""What excites a map: nine images, and a picture made for it."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDoubleSpinBox,
    QFormLayout,
    QHBoxLayout,
    QPushButton,
    QSpinBox,
    QStackedWidget,
    QTabBar,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from workbench.gui.hints import hint
from workbench.gui.icons import icon
from workbench.gui.inspection.colours import figure
from workbench.gui.inspection.excitation.looking import Found, Looking, MapChoice
from workbench.gui.inspection.excitation.making import Making
from workbench.gui.inspection.excitation.nine import NineView
from workbench.gui.inspection.image_view import ImageView
from workbench.gui.one_line import OneLine
from workbench.gui.theme import Appearance, Theme
from workbench.inspection.excitation import Ascent

_LOOK_MILLISECONDS = 100
_HINT = "Open a map under Maps and ask what excites it, or select a layer here."


class ExcitationPanel(QWidget):
    """``map_wanted`` with the number of another map, ``picked(part, place)`` when an image is chosen."""

    map_wanted = Signal(int)
    picked = Signal(str, int)

    def __init__(self, looking: Looking, making: Making, appearance: Appearance) -> None:
        super().__init__()
        self._looking, self._making = looking, making
        self._found: Found | None = None
        self._choice: MapChoice | None = None
        self._drawn: object = None
        self.nine = NineView(appearance)
        self.view = ImageView("Picture made for the map", appearance)
        self._build()
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOK_MILLISECONDS)
        self._timer.timeout.connect(self._look)
        self._is_looking = self._is_making = False
        looking.answered.connect(self.show_found)
        looking.failed.connect(self.say)
        making.answered.connect(self._end_making)
        making.failed.connect(self._fail_making)
        appearance.changed.connect(self._set_theme)
        self._set_theme(appearance.theme)

    # what others see

    @property
    def found(self) -> Found | None:
        return self._found

    @property
    def busy(self) -> bool:
        return self._is_looking or self._is_making

    @property
    def told(self) -> str:
        """The line below the heading."""
        return self._line.text()

    @property
    def told_of_made(self) -> str:
        """The line below the picture that is made."""
        return self._made.text()

    @property
    def settings(self) -> Ascent:
        """How a picture is made."""
        return Ascent(
            whole_map=bool(self.goal.currentData()), steps=self.steps.value(), jitter=self.jitter.value(),
            blur=self.blur.value(), variation=self.variation.value(), decay=self.decay.value(), seed=self.seed.value(),
        )  # fmt: skip

    # what others tell

    def await_images(self, choice: MapChoice) -> None:
        """The images of this map are looked for."""
        if self._choice is None or not choice.is_of_same_layer(self._choice) or choice.number != self._choice.number:
            self._forget_made()
        self._choice = choice
        self.number.blockSignals(True)
        self.number.setValue(choice.number)
        self.number.blockSignals(False)
        self._title.setText(f"What excites {choice.layer}")
        self._line.setText("Looking at the images …")
        self._is_looking = True
        self._timer.start()
        self._looking.look_for(choice)

    def show_found(self, found: Found) -> None:
        """Draw the images."""
        self._found, self._is_looking = found, False
        self.number.setRange(0, max(0, found.maps - 1))
        self.nine.show_images(found.images)
        self._pages.setCurrentWidget(self._page)
        values = [image.value for image in found.images]
        where = found.images[0].part if found.images else "validation"
        self._line.setText(
            f"Highest in {found.looked_at:,} {where} images" if values and values[0] > 0 else
            f"It fires for none of {found.looked_at:,} {where} images"
        )  # fmt: skip
        self._line.explain(found.choice.standing.words)

    def say(self, message: str) -> None:
        """There is nothing to be seen, and why."""
        self._is_looking = False
        self._found = None
        self._forget_made()
        self._hint.setText(message)
        self._pages.setCurrentWidget(self._hint)

    def make(self) -> None:
        """Make a picture for the map, or stop making it."""
        if self._is_making:
            self._making.cancel()
            self._end_making()
        elif self._choice is not None:
            self._is_making, self._drawn = True, None
            self.start.setText("Stop")
            self._made.setText("Begins with noise …")
            self._timer.start()
            self._making.begin(self._choice, self.settings)

    # building

    def _build(self) -> None:
        self._title, self._line, self._made = OneLine("heading"), OneLine("muted"), OneLine("muted")
        self.number = QSpinBox()
        self.number.setAccessibleName("Number of the map")
        self.number.setPrefix("map ")
        self.whole = QToolButton()
        self.whole.setAutoRaise(True)
        self.whole.setCheckable(True)
        self.whole.setToolTip("Show whole images, with a frame round what the map looked at")
        self.whole.setAccessibleName("Show whole images")
        self._hint = hint(_HINT)
        top, below = QHBoxLayout(), QHBoxLayout()
        top.addWidget(self._title, 1)
        top.addWidget(self.number)
        below.addWidget(self._line, 1)
        below.addWidget(self.whole)
        self.tabs = QTabBar()
        self.tabs.setAccessibleName("Images or a made picture")
        self.tabs.addTab("Nine images")
        self.tabs.addTab("Made picture")
        self.tabs.setDrawBase(False)
        self._shown = QStackedWidget()
        self._shown.addWidget(self._nine_page(below))
        self._shown.addWidget(self._made_page())
        self.tabs.currentChanged.connect(self._shown.setCurrentIndex)
        self._page = QWidget()
        page = QVBoxLayout(self._page)
        page.setContentsMargins(10, 4, 10, 6)
        page.setSpacing(3)
        page.addLayout(top)
        page.addWidget(self.tabs)
        page.addWidget(self._shown, 1)
        self._pages = QStackedWidget()
        self._pages.addWidget(self._hint)
        self._pages.addWidget(self._page)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._pages)
        self.number.valueChanged.connect(self.map_wanted)
        self.whole.toggled.connect(self.nine.show_whole)
        self.nine.picked.connect(self.picked)
        self.start.clicked.connect(self.make)

    def _nine_page(self, below: QHBoxLayout) -> QWidget:
        page = QWidget()
        layout = QVBoxLayout(page)
        layout.setContentsMargins(0, 2, 0, 0)
        layout.setSpacing(3)
        layout.addLayout(below)
        layout.addWidget(self.nine, 1)
        return page

    def _made_page(self) -> QWidget:
        default = Ascent()
        self.goal = QComboBox()
        self.goal.addItem("One value", False)
        self.goal.addItem("Whole map", True)
        self.steps = _whole(10, 2000, default.steps)
        self.jitter = _whole(0, 32, default.jitter)
        self.seed = _whole(0, 9999, default.seed)
        self.blur = _decimal(0, 5, default.blur, 1)
        self.variation = _decimal(0, 100, default.variation, 3)
        self.decay = _decimal(0, 0.5, default.decay, 4)
        form = QFormLayout()
        form.setContentsMargins(0, 0, 0, 0)
        form.setVerticalSpacing(2)
        rows: tuple[tuple[str, QWidget, str], ...] = (
            ("Raise", self.goal, "The value in the middle of the map, as in the nine images, or the map's mean"),
            ("Steps", self.steps, "How often the picture is changed"),
            ("Jitter", self.jitter, "By how many pixels it is shifted at random before each step"),
            ("Blur", self.blur, "Deviation in pixels of the Gaussian that blurs it every fourth step"),
            ("Variation", self.variation, "How much neighbouring pixels are drawn to each other"),
            ("Decay", self.decay, "L2: by what share it shrinks towards the mean with each step"),
            ("Seed", self.seed, "Another number begins with other noise"),
        )
        for words, box, help in rows:
            box.setToolTip(help)
            box.setAccessibleName(words)
            form.addRow(words, box)
        self.start = QPushButton("Make a picture")
        page = QWidget()
        right, row = QVBoxLayout(), QHBoxLayout()
        right.addLayout(form)
        right.addStretch(1)
        right.addWidget(self.start)
        row.setSpacing(10)
        row.addWidget(self.view, 1)
        row.addLayout(right)
        layout = QVBoxLayout(page)
        layout.setContentsMargins(0, 4, 0, 0)
        layout.setSpacing(3)
        layout.addLayout(row, 1)
        layout.addWidget(self._made)
        return page

    # what is under way

    def _look(self) -> None:
        if self._is_looking:
            done, total = self._looking.progress
            self._line.setText(f"Looked at {done:,} of {total:,} images …" if total else "Looking at the images …")
        if self._is_making:
            self._draw_made()
        if not self.busy:
            self._timer.stop()

    def _draw_made(self) -> None:
        made, pixels = self._making.made, self._making.pixels
        if made is None or pixels is None or made is self._drawn:
            return
        self._drawn = made
        shown = np.broadcast_to(pixels, (3, *pixels.shape[1:])).transpose(1, 2, 0)
        opaque = np.full((*shown.shape[:2], 1), 255, np.uint8)
        self.view.show_image(np.concatenate([shown, opaque], 2))
        first, last = made.activations[0], made.activations[-1]
        words = f"step {made.step}: {figure(first)} → {figure(last)}"
        if made.middle is not None and self._found is not None and self._found.images:
            words += f"; the best image has {figure(self._found.images[0].value)}"
        self._made.setText("No step changes it: the map is silent near noise" if made.is_silent else words)

    def _end_making(self) -> None:
        self._draw_made()
        self._is_making = False
        self.start.setText("Make a picture")

    def _fail_making(self, message: str) -> None:
        self._end_making()
        self._made.setText(message)

    def _forget_made(self) -> None:
        """Drop the picture of another map."""
        self._making.forget()
        self._is_making = False
        self.start.setText("Make a picture")
        self._made.setText("Nothing made yet: gradient ascent begins with noise.")
        self.view.show_image(np.zeros((1, 1, 4), np.uint8))

    def _set_theme(self, theme: Theme) -> None:
        self.whole.setIcon(icon("mdi6.image-size-select-small", theme))


def _whole(low: int, high: int, value: int) -> QSpinBox:
    box = QSpinBox()
    box.setRange(low, high)
    box.setValue(value)
    return box


def _decimal(low: float, high: float, value: float, places: int) -> QDoubleSpinBox:
    box = QDoubleSpinBox()
    box.setDecimals(places)
    box.setRange(low, high)
    box.setSingleStep(10 ** (1 - places) if places > 1 else 0.5)
    box.setValue(value)
    return box
