"""What cannot be taken, said at the line where it was typed."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint, Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QLineEdit, QToolTip

from workbench.graph import GraphError


class MendableLine(QLineEdit):
    """Tells when the person goes elsewhere, of which Qt says nothing where the line was not edited since Return."""

    left = Signal()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.left.emit()


def refuse(line: QLineEdit, sentence: str) -> None:
    """Mark what was typed as wrong, and say why below it; '' takes both back."""
    if bool(line.property("wrong")) != bool(sentence):
        line.setProperty("wrong", bool(sentence))
        line.style().polish(line)
    line.setAccessibleDescription(sentence)
    if sentence:
        QToolTip.showText(line.mapToGlobal(QPoint(0, line.height())), sentence, line)
    else:
        QToolTip.hideText()


def refusal_of(what: Callable[[], object], attempt: Callable[[Callable[[], object]], object]) -> str:
    """Attempt something as the window does; why it was refused, or ''."""
    refused = ""

    def told() -> None:
        nonlocal refused
        try:
            what()
        except GraphError as error:
            refused = str(error)
            raise

    attempt(told)
    return refused
