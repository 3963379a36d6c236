"""A form made from a table of fields: layers, templates, recipes and data choices all have one."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFormLayout, QLabel, QWidget

from workbench.graph import Field
from workbench.gui.editor.value_editors import Editor, editor_for


class Form(QWidget):
    """One row a field.

    ``edited(name, value)`` tells a value that the field takes. ``refused(field, value)`` tells another, which is also
    shown as wrong: ask the field to check it for the sentence that says why.
    """

    edited = Signal(str, object)
    refused = Signal(object, object)

    def __init__(self, fields: tuple[Field, ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._editors: dict[str, Editor] = {}
        self._rows = QFormLayout(self)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setHorizontalSpacing(10)
        self._rows.setVerticalSpacing(6)
        self._rows.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        # In a large font a field stands below its name, where both have no room beside each other.
        self._rows.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        for field in fields:
            made = editor_for(field)
            made.edited.connect(lambda value, name=field.name: self.edited.emit(name, value))
            made.refused.connect(lambda value, field=field: self.refused.emit(field, value))
            label = QLabel(made.title)
            label.setToolTip(f"{field.help}\n{field.expectation}".strip())
            label.setBuddy(made.first)
            made.setToolTip(f"{field.help}\n{field.expectation}".strip())
            if not made.first.accessibleName():
                made.first.setAccessibleName(made.title)
            made.first.setAccessibleDescription(field.help)
            self._rows.addRow(label, made)
            self._editors[field.name] = made

    def show_values(self, values: Mapping[str, Any]) -> None:
        """Show these values without telling anybody that they were edited."""
        for name, editor in self._editors.items():
            if name in values:
                editor.show_value(values[name])

    def show_several(self, values: Sequence[Mapping[str, Any]]) -> None:
        """Show the first of these, and where the others differ from it."""
        self.show_values(values[0])
        for name, editor in self._editors.items():
            editor.show_mixed([each[name] for each in values if name in each])

    def show_rows(self, names: set[str]) -> None:
        """Hide the rows of all other fields."""
        for name, editor in self._editors.items():
            self._rows.setRowVisible(editor, name in names)

    def show_idle(self, names: Collection[str]) -> None:
        """Grey the rows of fields that decide nothing now; the others can be edited."""
        for name, editor in self._editors.items():
            self._rows.labelForField(editor).setEnabled(name not in names)
            editor.setEnabled(name not in names)

    @property
    def first(self) -> QWidget:
        """The widget that has the first field's value."""
        return next(iter(self._editors.values())).first

    def editor(self, name: str) -> QWidget:
        """The widget that has a field's value."""
        return self._editors[name].first


def stand_below_each_other(*forms: QWidget) -> None:
    """Have the fields of forms begin at the same place: their names are given the same room."""
    labels = [label for form in forms for label in form.findChildren(QLabel) if label.buddy() is not None]
    widest = max((label.sizeHint().width() for label in labels), default=0)
    for label in labels:
        label.setMinimumWidth(widest)
