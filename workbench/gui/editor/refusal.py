"""What cannot be taken, said at the line where it was typed."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QLineEdit, QToolTip

from workbench.graph import GraphError


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
