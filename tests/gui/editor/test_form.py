"""Forms made from fields: every type of value edited, refused and shown again."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QCheckBox, QComboBox, QLineEdit, QSpinBox, QToolButton

from workbench.graph import Field, FieldError
from workbench.gui.editor.boxes import ChoiceBox, DecimalBox, WholeBox
from workbench.gui.editor.form import Form
from workbench.layers import CATALOGUE


@pytest.fixture
def edited():  # type: ignore[no-untyped-def]
    """A form of one field, and what it has told."""
    told: list[Any] = []
    refused: list[Any] = []

    def make(field: Field, value: Any) -> Form:
        form = Form((field,))
        form.show_values({field.name: value})
        form.edited.connect(lambda _, value: told.append(value))
        form.refused.connect(lambda field, value: refused.append((field.name, value)))
        form.show()
        return form

    make.told, make.refused = told, refused  # type: ignore[attr-defined]
    return make


def test_a_whole_number_keeps_to_its_bounds(qtbot, edited) -> None:  # type: ignore[no-untyped-def]
    form = edited(CATALOGUE["Conv2d"].by_name["groups"], 1)
    box = form.findChild(QSpinBox)
    assert box.minimum() == 1
    box.setValue(-5)
    assert edited.told == []
    box.setValue(4)
    assert edited.told == [4]


def test_height_and_width_are_linked_until_they_are_parted(qtbot, edited) -> None:  # type: ignore[no-untyped-def]
    form = edited(CATALOGUE["Conv2d"].by_name["kernel_size"], 3)
    height, width = form.findChildren(QSpinBox)
    link = form.findChild(QToolButton)
    assert height.isVisible()
    assert not width.isVisible()
    assert height.accessibleName() == "kernel size"
    height.setValue(5)
    assert edited.told == [5]
    qtbot.mouseClick(link, Qt.MouseButton.LeftButton)
    assert width.isVisible()
    assert (height.accessibleName(), width.accessibleName()) == ("kernel size: height", "kernel size: width")
    width.setValue(7)
    assert edited.told[-1] == (5, 7)
    qtbot.mouseClick(link, Qt.MouseButton.LeftButton)
    assert edited.told[-1] == 5


def test_a_word_may_stand_in_place_of_a_number(qtbot, edited) -> None:  # type: ignore[no-untyped-def]
    form = edited(CATALOGUE["Conv2d"].by_name["padding"], 0)
    word = form.findChild(QComboBox)
    word.setCurrentText("same")
    assert edited.told == ["same"]
    assert not any(box.isVisible() for box in form.findChildren(QSpinBox))
    word.setCurrentText("number")
    assert edited.told[-1] == 0


def test_what_may_be_left_out_is_switched_on_and_off(qtbot, edited) -> None:  # type: ignore[no-untyped-def]
    field = next(f for e in CATALOGUE.values() for f in e.fields if f.optional and f.type in ("int", "float"))
    form = edited(field, None)
    box = form.findChild(QCheckBox)
    box.setChecked(True)
    assert edited.told[-1] is not None
    box.setChecked(False)
    assert edited.told[-1] is None


def test_what_a_field_does_not_take_is_marked_and_told(qtbot, edited) -> None:  # type: ignore[no-untyped-def]
    field = Field("sizes", "ints", low=1, high=9, length=2)
    form = edited(field, (1, 2))
    line = form.findChild(QLineEdit)
    line.setText("1, many")
    line.editingFinished.emit()
    assert edited.told == []
    assert edited.refused == [("sizes", "1, many")]
    assert line.property("wrong")
    with pytest.raises(FieldError, match=r"sizes: expected a list of 2 whole numbers from 1 to 9"):
        field.check(edited.refused[0][1])
    line.setText("3, 4")
    line.editingFinished.emit()
    assert edited.told == [(3, 4)]
    assert not line.property("wrong")


def test_where_several_differ_it_is_said_and_one_click_makes_them_alike(qtbot, edited) -> None:  # type: ignore[no-untyped-def]
    field = CATALOGUE["Conv2d"].by_name["out_channels"]
    form = edited(field, 6)
    form.show_several([{"out_channels": 6}, {"out_channels": 16}])
    (mixed,) = form.findChildren(QToolButton)
    assert mixed.isVisible()
    assert "6, 16" in mixed.toolTip()
    qtbot.mouseClick(mixed, Qt.MouseButton.LeftButton)
    assert edited.told == [6]
    form.show_several([{"out_channels": 6}, {"out_channels": 6}])
    assert not mixed.isVisible()


def test_a_wheel_over_a_form_changes_no_value(qtbot, edited) -> None:  # type: ignore[no-untyped-def]
    form = edited(CATALOGUE["Conv2d"].by_name["groups"], 3)
    box = form.findChild(QSpinBox)
    middle = QPointF(box.rect().center())
    turned = QWheelEvent(
        middle, box.mapToGlobal(middle), QPoint(), QPoint(0, 120), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(box, turned)
    assert box.value() == 3


@pytest.mark.parametrize("make", [ChoiceBox, lambda: WholeBox(0, 9), lambda: DecimalBox(0, 9)])
def test_a_box_that_is_scrolled_past_does_not_take_the_keyboard(qtbot, make) -> None:  # type: ignore[no-untyped-def]
    box = make()
    qtbot.addWidget(box)
    assert box.focusPolicy() == Qt.FocusPolicy.StrongFocus


@pytest.mark.parametrize("kind", [kind for kind, entry in CATALOGUE.items() if entry.fields])
def test_every_layer_has_a_form_that_shows_its_defaults_and_edits_nothing_by_that(qtbot, kind: str) -> None:  # type: ignore[no-untyped-def]
    entry = CATALOGUE[kind]
    form = Form(entry.fields)
    told: list[object] = []
    form.edited.connect(lambda *what: told.append(what))
    form.refused.connect(lambda *what: told.append(what))
    form.show_values({field.name: field.default for field in entry.fields if not field.required})
    assert told == []
    for field in entry.fields:
        assert form.editor(field.name).accessibleName(), field.name
