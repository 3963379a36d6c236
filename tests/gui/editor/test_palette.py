"""The palette: searched, double-clicked, dragged; and the canvas on which a search is typed."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QPointF, QSize, Qt
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent, QIcon, QWheelEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QTreeWidget, QTreeWidgetItem

from workbench.gui.editor.view import LAYER_TYPE
from workbench.gui.main_window import MainWindow
from workbench.layers import CATALOGUE, TEMPLATES


def _tree(window: MainWindow) -> QTreeWidget:
    return window.palette_panel.findChild(QTreeWidget)


def _rows(window: MainWindow) -> dict[str, QTreeWidgetItem]:
    tree = _tree(window)
    categories = [tree.topLevelItem(n) for n in range(tree.topLevelItemCount())]
    return {c.child(n).text(0): c.child(n) for c in categories for n in range(c.childCount())}


def test_every_layer_and_template_is_offered_under_its_category(window: MainWindow) -> None:
    rows = _rows(window)
    assert set(rows) == set(CATALOGUE) | set(TEMPLATES)
    for kind, entry in CATALOGUE.items():
        assert rows[kind].parent().text(0) == entry.category
        assert rows[kind].toolTip(0) == entry.help
        assert not rows[kind].icon(0).isNull()


@pytest.mark.parametrize(("text", "kind"), [("conv", "Conv2d"), ("drop", "Dropout"), ("batch", "BatchNorm2d")])
def test_a_layer_is_typed_on_the_canvas(window: MainWindow, qtbot, text: str, kind: str) -> None:  # type: ignore[no-untyped-def]
    window.document.select(["relu1"])
    qtbot.keyClicks(window.editor.view, "/")
    line = window.palette_panel.findChild(QLineEdit)
    assert QApplication.focusWidget() is line
    qtbot.keyClicks(line, text)
    shown = [name for name, row in _rows(window).items() if not row.isHidden()]
    assert kind in shown
    assert len(shown) < len(CATALOGUE)
    qtbot.keyClick(line, Qt.Key.Key_Return)
    (name,) = window.document.selection
    assert window.document.graph.node(name).kind == kind
    assert window.document.graph.sources(window.document.graph.node(name)) == ("relu1",)
    assert window.editor.view.hasFocus()


def test_a_double_click_inserts_below_the_selection(window: MainWindow, qtbot) -> None:  # type: ignore[no-untyped-def]
    window.document.select(["pool1"])
    tree, row = _tree(window), _rows(window)["Dropout"]
    tree.scrollToItem(row)
    place = tree.visualItemRect(row).center()
    qtbot.mouseClick(tree.viewport(), Qt.MouseButton.LeftButton, pos=place)
    qtbot.mouseDClick(tree.viewport(), Qt.MouseButton.LeftButton, pos=place)
    (name,) = window.document.selection
    node = window.document.graph.node(name)
    assert node.kind == "Dropout"
    assert window.document.graph.sources(node) == ("pool1",)


def test_a_layer_is_dragged_from_the_palette_into_the_gap_that_opens(window: MainWindow) -> None:
    scene, view = window.editor.scene, window.editor.view
    carried = _tree(window).mimeData([_rows(window)["Dropout"]])
    assert bytes(carried.data(LAYER_TYPE).data()) == b"layer:Dropout"
    card = scene.cards["relu1"]
    place = view.mapFromScene(card.pos() + QPointF(0, card.height / 2 + 6))
    copy, left, none = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    view.dragEnterEvent(QDragEnterEvent(place, copy, carried, left, none))
    before = scene.cards["pool1"].pos().y()
    view.dragMoveEvent(QDragMoveEvent(place, copy, carried, left, none))
    assert scene.cards["pool1"].pos().y() > before
    view.dropEvent(QDropEvent(QPointF(place), copy, carried, left, none))
    (name,) = window.document.selection
    assert window.document.graph.sources(window.document.graph.node(name)) == ("relu1",)


def test_ctrl_and_the_wheel_zoom_and_the_middle_button_pans(window: MainWindow, qtbot) -> None:  # type: ignore[no-untyped-def]
    view = window.editor.view
    window.files.open_preset("resnet18")
    view.set_zoom(1)
    place = view.viewport().rect().center()
    turned = QWheelEvent(
        QPointF(place), QPointF(view.viewport().mapToGlobal(place)), QPoint(), QPoint(0, 120),
        Qt.MouseButton.NoButton, Qt.KeyboardModifier.ControlModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(view.viewport(), turned)
    assert view.zoom == pytest.approx(1.0015**120)
    before = view.verticalScrollBar().value()
    qtbot.mousePress(view.viewport(), Qt.MouseButton.MiddleButton, pos=place)
    qtbot.mouseMove(view.viewport(), place - QPoint(0, 60))
    qtbot.mouseRelease(view.viewport(), Qt.MouseButton.MiddleButton, pos=place)
    assert view.verticalScrollBar().value() == before + 60
    window.actions_table["fit"].trigger()
    assert view.zoom < 0.6


def test_the_swatch_of_a_selected_row_stands_out_from_it(window: MainWindow) -> None:
    row = _rows(window)["Conv2d"]
    normal, selected = (
        row.icon(0).pixmap(QSize(64, 64), mode).toImage() for mode in (QIcon.Mode.Normal, QIcon.Mode.Selected)
    )
    centre = QPoint(normal.width() // 2, normal.height() // 2)
    assert normal.pixelColor(centre) == selected.pixelColor(centre), "selecting it does not change its colour"
    rim = QPoint(round(normal.width() * 8 / 64), centre.y())
    assert selected.pixelColor(rim).name() == window.appearance.theme.on_accent
