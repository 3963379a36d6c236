"""What edits one value: a widget for each type of field."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QLineEdit, QToolButton, QWidget

from workbench.graph import Field, FieldError
from workbench.gui.editor.boxes import ChoiceBox, DecimalBox, WholeBox


class Editor(QWidget):
    """Edits one value. ``edited(value)`` tells one that the field takes, ``refused(value)`` one that it does not."""

    edited = Signal(object)
    refused = Signal(object)

    def __init__(self, field: Field) -> None:
        super().__init__()
        self.field = field
        self.title = field.name.replace("_", " ")
        self._room = QHBoxLayout(self)
        self._room.setContentsMargins(0, 0, 0, 0)
        self._room.setSpacing(4)
        self._quiet = False
        self._shown: Any = None
        self._mixed: QToolButton | None = None
        self.first: QWidget = self

    def add(self, widget: QWidget, stretch: int = 1) -> None:
        if self.first is self:
            self.first = widget
            self.setFocusProxy(widget)
        self._room.addWidget(widget, stretch)

    def show_value(self, value: Any) -> None:
        self._quiet, self._shown = True, value
        try:
            self._show(value)
        finally:
            self._quiet = False
        self._mark_wrong(False)

    def show_mixed(self, values: Sequence[Any]) -> None:
        """Say that what is edited together has different values, and offer the one that is shown to all."""
        mixed = len(set(values)) > 1
        if mixed and self._mixed is None:
            self._mixed = QToolButton()
            self._mixed.setText("mixed")
            self._mixed.setAccessibleName(f"{self.title}: the same in all")
            self._mixed.clicked.connect(lambda: self.tell(self._shown))
            self._room.addWidget(self._mixed)
        if self._mixed is not None:
            self._mixed.setVisible(mixed)
            told = ", ".join(dict.fromkeys(map(_written, values)))
            self._mixed.setToolTip(f"Not the same in all: {told}. Click to have {_written(self._shown)} in all.")

    def tell(self, value: Any) -> None:
        if self._quiet:
            return
        try:
            checked = self.field.check(value)
        except FieldError:
            self._mark_wrong(True)
            self.refused.emit(value)
            return
        self._mark_wrong(False)
        self._shown = checked
        self.edited.emit(checked)

    def _mark_wrong(self, wrong: bool) -> None:
        if bool(self.first.property("wrong")) != wrong:
            self.first.setProperty("wrong", wrong)
            self.first.style().unpolish(self.first)
            self.first.style().polish(self.first)

    def _show(self, value: Any) -> None:
        raise NotImplementedError


class _Flag(Editor):
    def __init__(self, field: Field) -> None:
        super().__init__(field)
        self._box = QCheckBox()
        self.add(self._box)
        self._box.toggled.connect(self.tell)

    def _show(self, value: Any) -> None:
        self._box.setChecked(bool(value))


class _Choice(Editor):
    def __init__(self, field: Field) -> None:
        super().__init__(field)
        self._box = ChoiceBox()
        self._box.addItems(field.choices)
        self.add(self._box)
        self._box.currentTextChanged.connect(self.tell)

    def _show(self, value: Any) -> None:
        self._box.setCurrentText(str(value))


class _Whole(Editor):
    def __init__(self, field: Field) -> None:
        super().__init__(field)
        self._box = WholeBox(field.low, field.high)
        self.add(self._box)
        self._box.valueChanged.connect(self.tell)

    def _show(self, value: Any) -> None:
        self._box.setValue(value)


class _Number(Editor):
    def __init__(self, field: Field) -> None:
        super().__init__(field)
        self._box = DecimalBox(field.low, field.high)
        self.add(self._box)
        self._box.valueChanged.connect(self.tell)

    def _show(self, value: Any) -> None:
        self._box.setValue(float(value))


class _Pair(Editor):
    """Height and width, linked until they are parted; where words or nothing are allowed too, a list beside them."""

    def __init__(self, field: Field) -> None:
        super().__init__(field)
        self._boxes = (WholeBox(field.low, field.high), WholeBox(field.low, field.high))
        self._link = QToolButton()
        self._link.setCheckable(True)
        self._link.setChecked(True)
        self._link.setAccessibleName(f"{self.title}: height and width are the same")
        for box in self._boxes:
            self.add(box, 2)
            box.valueChanged.connect(self._tell)
        self.add(self._link, 0)
        self._word: QComboBox | None = None
        if field.choices or field.optional:
            self._word = ChoiceBox()
            self._word.setAccessibleName(f"{self.title}: a number or a word")
            self._word.addItem("number", "number")
            for choice in field.choices:
                self._word.addItem(choice, choice)
            if field.optional:
                self._word.addItem("default", None)
            self.add(self._word, 1)
            self._word.currentIndexChanged.connect(self._tell)
        self._link.toggled.connect(self._tell)
        self._arrange()

    def _tell(self, *_: object) -> None:
        self._arrange()
        word = self._word.currentData() if self._word else "number"
        if word != "number":
            self.tell(word)
            return
        height, width = (box.value() for box in self._boxes)
        self.tell(height if self._link.isChecked() else (height, width))

    def _show(self, value: Any) -> None:
        if self._word is not None:
            numeric = isinstance(value, int | tuple)
            self._word.setCurrentIndex(0 if numeric else max(0, self._word.findData(value)))
        if isinstance(value, tuple):
            self._link.setChecked(False)
            for box, part in zip(self._boxes, value, strict=True):
                box.setValue(part)
        elif isinstance(value, int):
            self._boxes[0].setValue(value)
            self._boxes[1].setValue(value)
            self._link.setChecked(True)
        self._arrange()

    def _arrange(self) -> None:
        numeric = self._word is None or self._word.currentData() == "number"
        linked = self._link.isChecked()
        self._boxes[0].setVisible(numeric)
        self._boxes[1].setVisible(numeric and not linked)
        self._link.setVisible(numeric)
        self._link.setText("=" if linked else "≠")
        self._link.setToolTip(
            "Height and width are the same. Click to set each." if linked else "Height, width. Click for one of both."
        )
        self._boxes[0].setAccessibleName(self.title if linked else f"{self.title}: height")
        self._boxes[1].setAccessibleName(f"{self.title}: width")


class _Text(Editor):
    """A text, or numbers as Python writes them."""

    def __init__(self, field: Field) -> None:
        super().__init__(field)
        self._line = QLineEdit()
        self._line.setPlaceholderText(field.expectation)
        self.add(self._line)
        self._line.editingFinished.connect(self._tell)

    def _tell(self) -> None:
        text = self._line.text().strip()
        if self.field.type == "text":
            value: Any = text
        elif self.field.type == "texts":
            value = [part.strip() for part in text.split(",") if part.strip()]
        elif not text and self.field.optional:
            value = None
        else:
            value = _numbers(text, alone=self.field.type not in ("ints", "floats"))
        self.tell(value)

    def _show(self, value: Any) -> None:
        shown = ", ".join(map(str, value)) if isinstance(value, tuple) else "" if value is None else str(value)
        if shown != self._line.text():
            self._line.setText(shown)
            self._line.setCursorPosition(0)


class _Optional(Editor):
    """A value that may also be left out."""

    def __init__(self, field: Field, inner: Editor) -> None:
        super().__init__(field)
        self._inner, self._box = inner, QCheckBox()
        self._box.setToolTip("Set a value")
        self._box.setAccessibleName(f"set {self.title}")
        inner.first.setAccessibleName(self.title)
        self.add(self._box, 0)
        self.add(inner)
        inner.setEnabled(False)
        self._value: Any = None
        inner.edited.connect(self._remember)
        inner.refused.connect(self.refused)
        self._box.toggled.connect(self._toggle)

    def _remember(self, value: Any) -> None:
        self._value = value
        if self._box.isChecked():
            self.tell(value)

    def _toggle(self, on: bool) -> None:
        self._inner.setEnabled(on)
        if on and self._value is None:
            self._value = max(1, int(self.field.low)) if self.field.low > -1e9 else 1
            self._inner.show_value(self._value)
        self.tell(self._value if on else None)

    def _show(self, value: Any) -> None:
        self._box.setChecked(value is not None)
        self._inner.setEnabled(value is not None)
        if value is not None:
            self._value = value
            self._inner.show_value(value)


_KINDS: dict[str, Callable[[Field], Editor]] = {
    "bool": _Flag, "choice": _Choice, "int": _Whole, "float": _Number, "pair": _Pair,
}  # fmt: skip


def editor_for(field: Field) -> Editor:
    make = _KINDS.get(field.type, _Text)
    if field.optional and field.type in ("int", "float"):
        return _Optional(field, make(field))
    if field.choices and field.type not in ("choice", "pair"):
        return _Text(field)
    return make(field)


def _written(value: Any) -> str:
    """A value as a form writes it."""
    if isinstance(value, tuple):
        return "×".join(map(str, value))
    return "none" if value is None else f"{value:g}" if isinstance(value, float) else str(value)


def _numbers(text: str, alone: bool) -> Any:
    """``1, 2, 3`` as a list; one number alone as itself where that means something; else the text."""
    try:
        values = json.loads(f"[{text.strip('()[] ')}]")
    except (ValueError, RecursionError):
        return text
    return values[0] if alone and len(values) == 1 else values
