"""A form made from a table of fields: layers, templates, recipes and data choices all have one."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QSpinBox,
    QToolButton,
    QWidget,
)

from workbench.graph import Field, FieldError


class Form(QWidget):
    """One row a field. ``edited(name, value)`` tells a value that the field takes; others are shown as wrong."""

    edited = Signal(str, object)

    def __init__(self, fields: tuple[Field, ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._editors: dict[str, _Editor] = {}
        self._rows = QFormLayout(self)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setHorizontalSpacing(10)
        self._rows.setVerticalSpacing(6)
        self._rows.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        for field in fields:
            editor = _editor(field)
            editor.edited.connect(lambda value, name=field.name: self.edited.emit(name, value))
            label = QLabel(field.name.replace("_", " "))
            label.setToolTip(f"{field.help}\n{field.expectation}".strip())
            label.setBuddy(editor.first)
            editor.setToolTip(f"{field.help}\n{field.expectation}".strip())
            editor.first.setAccessibleName(field.name.replace("_", " "))
            editor.first.setAccessibleDescription(field.help)
            self._rows.addRow(label, editor)
            self._editors[field.name] = editor

    def show_values(self, values: Mapping[str, Any]) -> None:
        """Show these values without telling anybody that they were edited."""
        for name, editor in self._editors.items():
            if name in values:
                editor.show_value(values[name])

    def show_rows(self, names: set[str]) -> None:
        """Hide the rows of all other fields."""
        for name, editor in self._editors.items():
            self._rows.setRowVisible(editor, name in names)

    @property
    def first(self) -> QWidget:
        """The widget that has the first field's value."""
        return next(iter(self._editors.values())).first

    def editor(self, name: str) -> QWidget:
        """The widget that has a field's value."""
        return self._editors[name].first


class _Editor(QWidget):
    """Edits one value."""

    edited = Signal(object)

    def __init__(self, field: Field) -> None:
        super().__init__()
        self.field = field
        self._room = QHBoxLayout(self)
        self._room.setContentsMargins(0, 0, 0, 0)
        self._room.setSpacing(4)
        self._quiet = False
        self.first: QWidget = self

    def add(self, widget: QWidget, stretch: int = 1) -> None:
        if self.first is self:
            self.first = widget
            self.setFocusProxy(widget)
        self._room.addWidget(widget, stretch)

    def show_value(self, value: Any) -> None:
        self._quiet = True
        try:
            self._show(value)
        finally:
            self._quiet = False

    def tell(self, value: Any) -> None:
        if self._quiet:
            return
        try:
            self.edited.emit(self.field.check(value))
        except FieldError:
            return

    def _show(self, value: Any) -> None:
        raise NotImplementedError


class _Flag(_Editor):
    def __init__(self, field: Field) -> None:
        super().__init__(field)
        self._box = QCheckBox()
        self.add(self._box)
        self._box.toggled.connect(self.tell)

    def _show(self, value: Any) -> None:
        self._box.setChecked(bool(value))


class _Choice(_Editor):
    def __init__(self, field: Field) -> None:
        super().__init__(field)
        self._box = _Combo()
        self._box.addItems(field.choices)
        self.add(self._box)
        self._box.currentTextChanged.connect(self.tell)

    def _show(self, value: Any) -> None:
        self._box.setCurrentText(str(value))


class _Whole(_Editor):
    def __init__(self, field: Field) -> None:
        super().__init__(field)
        self._box = _Spin(field)
        self.add(self._box)
        self._box.valueChanged.connect(self.tell)

    def _show(self, value: Any) -> None:
        self._box.setValue(value)


class _Number(_Editor):
    def __init__(self, field: Field) -> None:
        super().__init__(field)
        self._box = DecimalBox(field.low, field.high)
        self.add(self._box)
        self._box.valueChanged.connect(self.tell)

    def _show(self, value: Any) -> None:
        self._box.setValue(float(value))


class _Pair(_Editor):
    """Height and width, linked until they are parted; where words or nothing are allowed too, a list beside them."""

    def __init__(self, field: Field) -> None:
        super().__init__(field)
        self._boxes = (_Spin(field), _Spin(field))
        self._link = QToolButton()
        self._link.setCheckable(True)
        self._link.setChecked(True)
        self._link.setText("=")
        self._link.setAccessibleName("Height and width are the same")
        self._link.setToolTip("Height and width are the same")
        for box in self._boxes:
            box.setAccessibleName(field.name.replace("_", " "))
            self.add(box, 2)
            box.valueChanged.connect(self._tell)
        self.add(self._link, 0)
        self._word: QComboBox | None = None
        if field.choices or field.optional:
            self._word = _Combo()
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
        self._boxes[0].setVisible(numeric)
        self._boxes[1].setVisible(numeric and not self._link.isChecked())
        self._link.setVisible(numeric)


class _Text(_Editor):
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


class _Optional(_Editor):
    """A value that may also be left out."""

    def __init__(self, field: Field, inner: _Editor) -> None:
        super().__init__(field)
        self._inner, self._box = inner, QCheckBox()
        self._box.setToolTip("Set a value")
        self._box.setAccessibleName(f"set {field.name.replace('_', ' ')}")
        self.add(self._box, 0)
        self.add(inner)
        inner.setEnabled(False)
        self._value: Any = None
        inner.edited.connect(self._remember)
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


class _Calm:
    """A wheel over a form scrolls the form, and does not change the value under the pointer."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()


class _Combo(_Calm, QComboBox):
    pass


class _Spin(_Calm, QSpinBox):
    def __init__(self, field: Field) -> None:
        super().__init__()
        self.setRange(int(max(field.low, -(2**31))), int(min(field.high, 2**31 - 1)))
        self.setKeyboardTracking(False)
        self.setMinimumWidth(58)


class DecimalBox(_Calm, QDoubleSpinBox):
    """Any number of digits, shown as short as it can be; steps keep to the number's own size."""

    def __init__(self, low: float, high: float) -> None:
        super().__init__()
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


_EDITORS: dict[str, Callable[[Field], _Editor]] = {
    "bool": _Flag, "choice": _Choice, "int": _Whole, "float": _Number, "pair": _Pair,
}  # fmt: skip


def _editor(field: Field) -> _Editor:
    make = _EDITORS.get(field.type, _Text)
    if field.optional and field.type in ("int", "float"):
        return _Optional(field, make(field))
    if field.choices and field.type not in ("choice", "pair"):
        return _Text(field)
    return make(field)


def _numbers(text: str, alone: bool) -> Any:
    """``1, 2, 3`` as a list; one number alone as itself where that means something; else the text."""
    try:
        values = json.loads(f"[{text.strip('()[] ')}]")
    except (ValueError, RecursionError):
        return text
    return values[0] if alone and len(values) == 1 else values


def centred(text: str) -> QLabel:
    """A hint for an empty panel."""
    label = QLabel(text)
    label.setAlignment(Qt.AlignmentFlag.AlignCenter)
    label.setWordWrap(True)
    label.setProperty("role", "muted")
    label.setContentsMargins(16, 24, 16, 24)
    return label
