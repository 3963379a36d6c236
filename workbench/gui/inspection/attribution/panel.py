"""Why this class? The picture with the places that speak for it."""

from __future__ import annotations

from typing import Any

import numpy as np
from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QSizePolicy,
    QSlider,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from workbench.gui.figures import probability
from workbench.gui.hints import hint
from workbench.gui.inspection.attribution.asking import Answer, Asking
from workbench.gui.inspection.colours import COLOURS, SIGNED, ColourBar, figure, lookup
from workbench.gui.inspection.image_view import ImageView
from workbench.gui.one_line import OneLine
from workbench.gui.theme import Appearance
from workbench.gui.wrapped import Wrapped
from workbench.inspection.attribution import METHODS, overlay, reach_of

_LOOK_MILLISECONDS = 100
_TOP = 5
_LIKELIEST = -1
_HINT = "Here the picture is shown with the places that speak for a class."


class AttributionPanel(QWidget):
    """``wanted`` when a person has chosen something else to be asked."""

    wanted = Signal()

    def __init__(self, asking: Asking, appearance: Appearance) -> None:
        super().__init__()
        self._asking = asking
        self._answer: Answer | None = None
        self._classes: tuple[str, ...] = ()
        self._has_chosen = False
        self._colours = {False: "Inferno", True: SIGNED}
        self._build(appearance)
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOK_MILLISECONDS)
        self._timer.timeout.connect(self._look)
        asking.answered.connect(self.show_answer)
        asking.failed.connect(self.say)

    # what others see

    @property
    def method(self) -> str:
        return str(self.methods.currentData())

    @property
    def layer(self) -> str:
        """The layer whose maps are asked; of methods that ask none as well, for when one that does is chosen."""
        return self.layers.currentText()

    @property
    def target(self) -> int | None:
        """The number of the class that is asked about; None for the likeliest."""
        chosen = self.targets.currentData()
        return None if chosen is None or chosen == _LIKELIEST else int(chosen)

    @property
    def answer(self) -> Answer | None:
        return self._answer

    def answered_by(self, method: str) -> bool:
        """Whether what is shown is what this method says, and nothing else is awaited."""
        return self._answer is not None and self._answer.wish.method == method and not self.waiting

    @property
    def shown(self) -> np.ndarray[Any, Any] | None:
        """What is drawn, uint8 ``(H, W, 4)``; None before there is an answer."""
        return self.view.shown

    @property
    def told(self) -> str:
        """The line below the picture."""
        return self._line.text()

    @property
    def waiting(self) -> bool:
        """Whether an answer is awaited."""
        return self._timer.isActive()

    # what others tell

    def show_layers(self, names: tuple[str, ...], default: str) -> None:
        """Choose from these layers: the default, or the one that is chosen where a person chose it."""
        chosen = self.layer if self._has_chosen and self.layer in names else default
        self._has_chosen = chosen != default
        if [self.layers.itemText(row) for row in range(self.layers.count())] == list(names):
            return
        self.layers.blockSignals(True)
        self.layers.clear()
        self.layers.addItems(list(names))
        self.layers.setCurrentText(chosen)
        self.layers.blockSignals(False)

    def follow(self, layer: str) -> None:
        """Choose this layer, if its maps can be asked."""
        place = self.layers.findText(layer)
        if place >= 0 and place != self.layers.currentIndex():
            self.layers.setCurrentIndex(place)

    def show_classes(self, names: tuple[str, ...]) -> None:
        """Choose from classes of these names."""
        if names != self._classes:
            self._classes = names
            self._fill_targets((), None)

    def show_origin(self, words: str) -> None:
        """Say where the weights come from."""
        self._origin.setText(words)

    def await_answer(self) -> None:
        """An answer is under way."""
        self._timer.start()
        self._line.setText("Asking the network …")

    def say(self, message: str) -> None:
        """There is no answer, and why."""
        self._end_waiting()
        self._answer = None
        self._line.setText("")
        self._hint.setText(message)
        self._pages.setCurrentWidget(self._hint)

    def show_answer(self, answer: Answer) -> None:
        """Draw what was found."""
        self._end_waiting()
        self._answer = answer
        found = answer.attribution
        self._fill_targets(found.probabilities, answer.target)
        share = found.probabilities[answer.target]
        name = self._name(answer.target)
        self._line.setText(found.note or f"{name}: {probability(share)}, score {figure(found.score)}")
        self._pages.setCurrentWidget(self.view)
        self._draw()

    # building

    def _build(self, appearance: Appearance) -> None:
        self.methods, self.layers, self.targets = QComboBox(), QComboBox(), QComboBox()
        for method in METHODS.values():
            self.methods.addItem(method.title, method.name)
            self.methods.setItemData(self.methods.count() - 1, method.help, Qt.ItemDataRole.ToolTipRole)
        for box, name in ((self.methods, "Method"), (self.layers, "Layer"), (self.targets, "Class")):
            box.setAccessibleName(name)
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            box.setMinimumContentsLength(8)
        self.view = ImageView("Attribution", appearance)
        self._hint = hint(_HINT)
        self._pages = QStackedWidget()
        self._pages.addWidget(self._hint)
        self._pages.addWidget(self.view)
        self._line, self._origin = OneLine("heading"), Wrapped("muted")
        self._bar = ColourBar(appearance)
        self.opacity = QSlider(Qt.Orientation.Horizontal)
        self.opacity.setRange(0, 100)
        self.opacity.setValue(75)
        self.opacity.setAccessibleName("Opacity")
        self.opacity.setToolTip("How much the strongest places are covered")
        self.colours = QComboBox()
        self.colours.addItems(list(COLOURS))
        self.colours.setAccessibleName("Colours")
        self.progress = QProgressBar()
        self.progress.setTextVisible(False)
        self.progress.setFixedHeight(10)
        self.progress.setAccessibleName("Progress of the attribution")
        self.cancel = QPushButton("Cancel")
        form = QGridLayout()
        form.setVerticalSpacing(4)
        form.addWidget(self.methods, 0, 0)
        form.addWidget(self.layers, 0, 1)
        form.addWidget(self.targets, 1, 0, 1, 2)
        form.setColumnStretch(0, 1)
        form.setColumnStretch(1, 1)
        below, look, wait = QHBoxLayout(), QHBoxLayout(), QHBoxLayout()
        below.addWidget(self._line, 1)
        below.addWidget(self._bar)
        label = QLabel("Opacity")
        label.setBuddy(self.opacity)
        look.addWidget(label)
        look.addWidget(self.opacity, 1)
        look.addWidget(self.colours)
        wait.setContentsMargins(0, 0, 0, 0)
        wait.addWidget(self.progress, 1)
        wait.addWidget(self.cancel)
        self._waiting = QWidget()
        self._waiting.setLayout(wait)
        self._foot = QStackedWidget()
        self._foot.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._foot.addWidget(self._origin)
        self._foot.addWidget(self._waiting)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 6, 10, 6)
        layout.setSpacing(4)
        layout.addLayout(form)
        layout.addWidget(self._pages, 1)
        layout.addLayout(below)
        layout.addLayout(look)
        layout.addWidget(self._foot)
        self.methods.currentIndexChanged.connect(lambda _: self._choose_method())
        self.layers.currentIndexChanged.connect(lambda _: self._ask_of_layer())
        self.targets.activated.connect(lambda _: self.wanted.emit())
        self.opacity.valueChanged.connect(lambda _: self._draw())
        self.colours.currentTextChanged.connect(self._choose_colours)
        self.cancel.clicked.connect(self._cancel)
        self._choose_method()
        self._fill_targets((), None)

    # choosing

    def _choose_method(self) -> None:
        method = METHODS[self.method]
        self.methods.setToolTip(method.help)
        self.layers.setEnabled(method.of_layer)
        self.layers.setToolTip("" if method.of_layer else f"{method.title} looks at the pixels themselves")
        self.wanted.emit()

    def _ask_of_layer(self) -> None:
        self._has_chosen = True
        if METHODS[self.method].of_layer:
            self.wanted.emit()

    def _choose_colours(self, name: str) -> None:
        if self._answer is not None:
            self._colours[self._answer.attribution.signed] = name
            self._draw()

    def _fill_targets(self, shares: tuple[float, ...], meant: int | None) -> None:
        """The likeliest class, the five likeliest with what they have, then every class."""
        chosen = self.targets.currentData()
        order = np.argsort(-np.nan_to_num(np.array(shares)), kind="stable")[:_TOP].tolist()
        box = self.targets
        box.blockSignals(True)
        box.clear()
        likeliest = f"Likeliest class: {self._name(order[0])}" if order else "Likeliest class"
        box.addItem(likeliest, _LIKELIEST)
        box.insertSeparator(box.count())
        for number in order:
            box.addItem(f"{self._name(number)}   {probability(shares[number])}", number)
        if order:
            box.insertSeparator(box.count())
        for number in range(max(len(self._classes), len(shares))):
            box.addItem(self._name(number), number)
        box.setCurrentIndex(max(0, box.findData(_LIKELIEST if chosen is None else chosen)))
        box.blockSignals(False)

    def _name(self, number: int) -> str:
        return self._classes[number] if number < len(self._classes) else f"class {number}"

    # waiting

    def _cancel(self) -> None:
        self._asking.cancel()
        self.say("Cancelled. Choose anything above to ask again.")

    def _look(self) -> None:
        done, total = self._asking.progress
        self.progress.setRange(0, total)
        self.progress.setValue(done)
        self._foot.setCurrentWidget(self._waiting)

    def _end_waiting(self) -> None:
        self._timer.stop()
        self._foot.setCurrentWidget(self._origin)

    # drawing

    def _draw(self) -> None:
        answer = self._answer
        if answer is None:
            return
        found = answer.attribution
        name = self._colours[found.signed]
        drawn = overlay(answer.pixels, found.heat, self.opacity.value() / 100, lookup(name), found.signed)
        opaque = np.full((*drawn.shape[:2], 1), 255, np.uint8)
        self.view.show_image(np.concatenate([drawn, opaque], 2))
        reach = reach_of(found.heat)
        self._bar.show_range(name, -reach if found.signed else 0.0, reach)
        low = "what speaks against the class most" if found.signed else "nothing"
        self._bar.setToolTip(f"From {low} to what speaks for it most")
        if self.colours.currentText() != name:
            self.colours.blockSignals(True)
            self.colours.setCurrentText(name)
            self.colours.blockSignals(False)
