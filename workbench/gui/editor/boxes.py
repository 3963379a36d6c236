"""The boxes that forms are made of: for one of several words, a whole number, any number."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QWheelEvent
from PySide6.QtWidgets import QComboBox, QDoubleSpinBox, QSpinBox

_NOT_BY_WHEEL = Qt.FocusPolicy.StrongFocus
"""Or a box that is scrolled past would take the keyboard, and what is typed next."""


class _Calm:
    """A wheel over a form scrolls the form, and does not change the value under the pointer."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()


def _is_undo_or_redo(event: QEvent) -> bool:
    """Asked before the window's own keys: a box that keeps these, keeps them from the window."""
    if event.type() != QEvent.Type.ShortcutOverride or not isinstance(event, QKeyEvent):
        return False
    return event.matches(QKeySequence.StandardKey.Undo) or event.matches(QKeySequence.StandardKey.Redo)


class _Number(_Calm):
    """With nothing typed that has still to be taken, it is the last edit that is undone."""

    def event(self: Any, event: QEvent) -> bool:
        if _is_undo_or_redo(event) and self.cleanText() == self.textFromValue(self.value()):
            event.ignore()
            return False
        return bool(super().event(event))  # type: ignore[misc]


class ChoiceBox(_Calm, QComboBox):
    """Gives way where a row is narrow."""

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(_NOT_BY_WHEEL)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(4)


class WholeBox(_Number, QSpinBox):
    def __init__(self, low: float, high: float) -> None:
        super().__init__()
        self.setFocusPolicy(_NOT_BY_WHEEL)
        self.setRange(int(max(low, -(2**31))), int(min(high, 2**31 - 1)))
        self.setKeyboardTracking(False)
        self.setMinimumWidth(58)


class DecimalBox(_Number, QDoubleSpinBox):
    """Any number of digits, shown as short as it can be; steps keep to the number's own size."""

    def __init__(self, low: float, high: float) -> None:
        super().__init__()
        self.setFocusPolicy(_NOT_BY_WHEEL)
        self.setDecimals(12)
        self.setRange(max(low, -1e12), min(high, 1e12))
        self.setKeyboardTracking(False)
        self.setStepType(QDoubleSpinBox.StepType.AdaptiveDecimalStepType)

    def textFromValue(self, value: float) -> str:
        return f"{value:.6g}"

    def stepBy(self, steps: int) -> None:
        if self.value() == 0 and steps > 0:
            self.setValue(min(0.0001 if self.maximum() <= 10 else 0.01, self.maximum()))
            return
        super().stepBy(steps)
