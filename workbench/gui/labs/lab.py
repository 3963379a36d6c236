"""What every lab is: a view with a small state of its own, and a text beside it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QSizePolicy, QSpinBox, QVBoxLayout, QWidget

from workbench.gui.in_rows import InRows
from workbench.gui.own_keys import SelectableLabel


class Row(InRows):
    """Controls side by side, each after its word, in as many rows as they need."""

    def choice(self, word: str, options: tuple[str, ...]) -> QComboBox:
        box = QComboBox()
        box.addItems(options)
        self.put(word, box)
        return box

    def number(self, word: str, low: int, high: int, value: int) -> QSpinBox:
        box = QSpinBox()
        box.setRange(low, high)
        box.setValue(value)
        self.put(word, box)
        return box

    def put(self, word: str, widget: QWidget) -> None:
        label = QLabel(word)
        label.setBuddy(widget)
        label.setProperty("role", "muted")
        widget.setAccessibleName(word)
        pair = QWidget()
        beside = QHBoxLayout(pair)
        beside.setContentsMargins(0, 0, 8, 0)
        beside.setSpacing(6)
        beside.addWidget(label)
        beside.addWidget(widget)
        self.add(pair)

    def push(self) -> None:
        """Move what is added from now on to the right."""
        between = QWidget()
        between.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.add(between)


def told(name: str, role: str = "") -> QLabel:
    """A label for a sentence that changes."""
    label = SelectableLabel()
    label.setAccessibleName(name)
    label.setWordWrap(True)
    if role:
        label.setProperty("role", role)
    return label


def titled(title: str, view: QWidget) -> QWidget:
    """A view below its title."""
    holder, label = QWidget(), QLabel(title)
    label.setProperty("role", "heading")
    label.setAlignment(Qt.AlignmentFlag.AlignCenter)
    label.setWordWrap(True)
    layout = QVBoxLayout(holder)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.addWidget(label)
    layout.addWidget(view, 1)
    return holder
