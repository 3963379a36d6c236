"""What a diagnosis advises, as buttons in one row."""

from __future__ import annotations

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QMenu, QPushButton, QSizePolicy, QWidget

from workbench.training.remedies import BY_WORDS

_SPACING = 6


class RemediesRow(QWidget):
    """``chosen(words)``: a remedy was taken. Those whose buttons find no room stand in the menu of the last one.

    A second row would take its height from the plots below, of which a small window has little.
    """

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._hint = QLabel("Try:", self)
        self._hint.setProperty("role", "muted")
        self._buttons: dict[str, QPushButton] = {}
        self.rest = QPushButton("More", self)
        self.rest.setAccessibleName("More remedies")
        self.rest.setMenu(QMenu(self.rest))

    def show_remedies(self, remedies: tuple[str, ...]) -> None:
        """Have these in place of those that were there, by their words."""
        for button in self._buttons.values():
            button.hide()  # it is deleted later, and would be seen until then
            button.deleteLater()
        self._buttons = {}
        for words in remedies:
            button = self._buttons[words] = QPushButton(BY_WORDS[words].button, self)
            button.setToolTip(_told(words))
            button.clicked.connect(lambda _=False, w=words: self.chosen.emit(w))
        self.updateGeometry()
        self._arrange()

    def sizeHint(self) -> QSize:
        parts = [self._hint, *self._buttons.values()]
        return QSize(_width(parts), max(part.sizeHint().height() for part in (*parts, self.rest)))

    def minimumSizeHint(self) -> QSize:
        return QSize(_width([self._hint, self.rest]), self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        buttons = list(self._buttons.items())
        shown = len(buttons)
        while shown and _width(self._parts(shown)) > self.width():
            shown -= 1
        menu = self.rest.menu()
        menu.clear()
        for words, button in buttons[shown:]:
            action = menu.addAction(button.text())
            action.setToolTip(_told(words))
            action.triggered.connect(lambda _=False, w=words: self.chosen.emit(w))
        for number, (_, button) in enumerate(buttons):
            button.setVisible(number < shown)
        self.rest.setVisible(shown < len(buttons))
        x = 0
        for part in self._parts(shown):
            size = part.sizeHint()
            part.setGeometry(x, (self.height() - size.height()) // 2, size.width(), size.height())
            x += size.width() + _SPACING

    def _parts(self, shown: int) -> list[QWidget]:
        buttons = list(self._buttons.values())
        return [self._hint, *buttons[:shown], *([self.rest] if shown < len(buttons) else [])]


def _width(parts: list[QWidget]) -> int:
    return sum(part.sizeHint().width() + _SPACING for part in parts) - _SPACING


def _told(words: str) -> str:
    return f"{words[0].upper()}{words[1:]}: changes the project in one step that can be undone"
