"""What the curves say, in one sentence, with the remedies as buttons."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from workbench.gui.theme import Appearance, Theme
from workbench.gui.training.remedies_row import RemediesRow
from workbench.gui.wrapped import Wrapped
from workbench.training.remedies import BY_WORDS

if TYPE_CHECKING:
    from workbench.training import Diagnosis

_MOST = 6
_EMPTY = "Train to see the training and the validation loss here, live."


class DiagnosisBar(QWidget):
    """``chosen(words)``: a remedy's button was pressed."""

    chosen = Signal(str)

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._theme = appearance.theme
        self._state = ""
        self._sentence = Wrapped("heading", _EMPTY)
        self._sentence.setAccessibleName("Diagnosis")
        self._remedies: tuple[str, ...] = ()
        self.row = RemediesRow()
        self.row.hide()
        self.row.chosen.connect(self.chosen)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self._sentence)
        layout.addWidget(self.row)
        appearance.changed.connect(self._set_theme)

    @property
    def sentence(self) -> str:
        return self._sentence.text()

    @property
    def remedies(self) -> tuple[str, ...]:
        """The words of the remedies that are offered."""
        return self._remedies

    def clear(self) -> None:
        """No training is told of."""
        self.say(_EMPTY)

    def say(self, text: str) -> None:
        """Say something that is no diagnosis."""
        self.setMinimumHeight(0)
        self._tell(text, "", "", ())

    def show_diagnosis(self, epoch: int, diagnosis: Diagnosis, more_follow: bool = False) -> None:
        """Say what an epoch's curves say. Where a sentence takes less room than the one before and more follow, the
        plots below stay as they are."""
        self.setMinimumHeight(self.height() if more_follow and self.isVisible() else 0)
        rule = f"Rule: {diagnosis.rule}." if diagnosis.rule else ""
        self._tell(f"Epoch {epoch}: {diagnosis.sentence}", diagnosis.state, rule, diagnosis.remedies)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.setMinimumHeight(0)

    def _tell(self, text: str, state: str, rule: str, remedies: tuple[str, ...]) -> None:
        self._sentence.setText(text)
        self._sentence.setToolTip(rule)
        if state != self._state:
            self._state = state
            self._colour()
        known = tuple(words for words in remedies if words in BY_WORDS)[:_MOST]
        if known != self._remedies:
            self._remedies = known
            self.row.show_remedies(known)
            self.row.setVisible(bool(known))

    def _colour(self) -> None:
        theme = self._theme
        tones = {
            "overfitting": theme.warning, "underfitting": theme.warning, "unstable": theme.warning,
            "diverged": theme.error, "healthy": theme.good,
        }  # fmt: skip
        self._sentence.setStyleSheet(f"color: {tones.get(self._state, theme.text)}")

    def _set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self._colour()
