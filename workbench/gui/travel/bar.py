"""The bar below the panels: one slider over the epochs of a training, with play, now and compare."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSlider, QToolButton, QWidget

from workbench.gui.icons import icon
from workbench.gui.one_line import OneLine
from workbench.gui.theme import Appearance, Theme

_SLOWEST, _FASTEST, _WHOLE = 400, 60, 12_000
"""Milliseconds of an epoch while it plays, and of a whole training where it has many."""


class TimeBar(QWidget):
    """``travelled(epoch)`` when another epoch is wanted, ``returned`` when the present is.

    The bar tells what is wanted; what is shown follows from it, and is told by `tell`.
    """

    travelled = Signal(int)
    returned = Signal()

    def __init__(self, appearance: Appearance, now: QAction, compare: QAction) -> None:
        super().__init__()
        self._epochs: tuple[int, ...] = ()
        self._is_past = False
        self.play = QToolButton()
        self.play.setAutoRaise(True)
        self.play.setCheckable(True)
        self.play.setToolTip("Play the training, epoch by epoch")
        self.play.setAccessibleName("Play the training")
        self.play.toggled.connect(self._play)
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setPageStep(5)
        self.slider.setAccessibleName("Epoch that is looked at")
        self.slider.setToolTip("Look at any epoch again: maps, filters, weights, prediction, confusion and curves")
        self.slider.valueChanged.connect(self._slide)
        self.slider.actionTriggered.connect(lambda _: self._touched())
        self._epoch = QLabel()
        self._epoch.setProperty("role", "figure")
        self._told = OneLine("muted")
        self.now, self.compare = _button(now), _button(compare)
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._next)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(4, 0, 4, 0)
        layout.setSpacing(6)
        layout.addWidget(self.play)
        layout.addWidget(self.slider, 3)
        layout.addWidget(self._epoch)
        layout.addWidget(self._told, 2)
        layout.addWidget(self.now)
        layout.addWidget(self.compare)
        appearance.changed.connect(self._set_theme)
        self._set_theme(appearance.theme)
        self._show()

    @property
    def epoch(self) -> int | None:
        """The epoch that is looked at; None in the present."""
        return self._epochs[self.slider.value()] if self._is_past else None

    @property
    def told(self) -> str:
        """What stands beside the slider."""
        return f"{self._epoch.text()} {self._told.text()}".strip()

    def show_epochs(self, epochs: Sequence[int]) -> None:
        """Offer these epochs; the one that is looked at stays, and in the present the last is followed."""
        if tuple(epochs) == self._epochs:
            return
        looked_at, self._epochs = self.epoch, tuple(epochs)
        if looked_at is not None and looked_at not in self._epochs:
            self.go_back_to_now()
            looked_at = None
        self.slider.blockSignals(True)
        self.slider.setRange(0, max(0, len(self._epochs) - 1))
        self.slider.setValue(self.slider.maximum() if looked_at is None else self._epochs.index(looked_at))
        self.slider.blockSignals(False)
        self._show()

    def tell(self, words: str) -> None:
        """What is known of the epoch that is shown."""
        self._told.setText(words)

    def go_to(self, epoch: int) -> None:
        """Look at an epoch, as with the slider."""
        place = self._epochs.index(epoch)
        self._is_past = True
        if place == self.slider.value():
            self._slide(place)
        self.slider.setValue(place)

    def go_back_to_now(self) -> None:
        self.play.setChecked(False)
        if not self._is_past:
            return
        self._is_past = False
        self.slider.blockSignals(True)
        self.slider.setValue(self.slider.maximum())
        self.slider.blockSignals(False)
        self._told.setText("")
        self._show()
        self.returned.emit()

    def toggle_play(self) -> None:
        if self._epochs:
            self.play.toggle()

    def _play(self, on: bool) -> None:
        if not on or not self._epochs:
            self._timer.stop()
            return
        at_end = self.slider.value() == self.slider.maximum()
        self.go_to(self._epochs[0] if at_end else self._epochs[self.slider.value()])
        self._timer.start(min(_SLOWEST, max(_FASTEST, _WHOLE // len(self._epochs))))

    def _next(self) -> None:
        if self.slider.value() == self.slider.maximum():
            self.play.setChecked(False)
            return
        self.slider.setValue(self.slider.value() + 1)

    def _touched(self) -> None:
        """The slider was moved by hand or key, be it to where it stands already."""
        self.play.setChecked(False)
        if not self._is_past and self._epochs and self.slider.sliderPosition() == self.slider.value():
            self._slide(self.slider.value())

    def _slide(self, place: int) -> None:
        if not self._epochs:
            return
        self._is_past = True
        self._show()
        self.travelled.emit(self._epochs[place])

    def _show(self) -> None:
        last = self._epochs[-1] if self._epochs else 0
        self._epoch.setText(f"Epoch {self.epoch} of {last}" if self._is_past else f"Now, after epoch {last}")
        # The words may change; the slider's end may not move with them, nor the window be laid out anew for them.
        widest = self._epoch.fontMetrics().horizontalAdvance(f"Now, after epoch {len(str(last)) * '8'}8")
        self._epoch.setFixedSize(widest, self._epoch.sizeHint().height())
        self.now.setVisible(self._is_past)

    def _set_theme(self, theme: Theme) -> None:
        self.play.setIcon(icon("mdi6.play-circle-outline", theme))


def _button(action: QAction) -> QToolButton:
    button = QToolButton()
    button.setDefaultAction(action)
    button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
    button.setAutoRaise(True)
    return button
