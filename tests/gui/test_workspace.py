"""Panels that are moved, closed, brought back, and found as they were left."""

from __future__ import annotations

import gc
import itertools
import weakref
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtWidgets import QApplication, QDockWidget, QPushButton, QSpinBox, QWidget

from workbench.gui.in_rows import InRows
from workbench.gui.main_window import MainWindow
from workbench.gui.settings import Settings
from workbench.gui.theme import Appearance
from workbench.gui.workspace import PANELS, Workspace
from workbench.training import Diagnosis
from workbench.training.remedies import BY_WORDS


def _dock(window: MainWindow, title: str) -> QDockWidget:
    return next(dock for dock in window.workspace.findChildren(QDockWidget) if dock.objectName() == title)


def _again(window: MainWindow, appearance: Appearance, qtbot) -> MainWindow:  # type: ignore[no-untyped-def]
    """The window closed, and the next one, which begins with what it left in the settings."""
    window.document.saved_as(Path("test.json"))
    window.close()
    made = MainWindow(appearance, Settings())
    made.show()
    return made


def _close(window: MainWindow) -> None:
    window.close()
    window.deleteLater()


def test_what_was_moved_and_closed_is_so_again_and_reset_brings_all_back(
    window: MainWindow, appearance: Appearance, qtbot
) -> None:  # type: ignore[no-untyped-def]
    areas = Qt.DockWidgetArea
    window.workspace.addDockWidget(areas.LeftDockWidgetArea, _dock(window, "Recipe"))
    window.workspace.close_panel("Maps")
    again = _again(window, appearance, qtbot)
    again.pages.show_editor()
    qtbot.waitUntil(lambda: _dock(again, "Maps").isHidden(), timeout=10_000)
    assert again.workspace.dockWidgetArea(_dock(again, "Recipe")) == areas.LeftDockWidgetArea
    again.actions_table["reset_layout"].trigger()
    assert again.workspace.dockWidgetArea(_dock(again, "Recipe")) == areas.RightDockWidgetArea
    assert not _dock(again, "Maps").isHidden()
    _close(again)


def test_a_panel_that_was_closed_where_it_floated_comes_back_at_its_side(window: MainWindow, qtbot) -> None:  # type: ignore[no-untyped-def]
    window.pages.show_editor()
    qtbot.waitUntil(lambda: window.workspace.is_seen("Curves"), timeout=10_000)
    dock = _dock(window, "Attribution")
    dock.setFloating(True)
    window.workspace.close_panel("Attribution")
    window.actions_table["panel_Attribution"].trigger()
    assert not dock.isHidden()
    assert not dock.isFloating()
    assert dock in window.workspace.tabifiedDockWidgets(_dock(window, "Maps"))


def test_reset_holds_for_a_network_that_has_not_been_shown_yet(
    window: MainWindow, appearance: Appearance, qtbot
) -> None:  # type: ignore[no-untyped-def]
    window.workspace.close_panel("Maps")
    again = _again(window, appearance, qtbot)
    assert not again.pages.shows_editor
    again.actions_table["reset_layout"].trigger()
    again.pages.show_editor()
    qtbot.waitUntil(lambda: again.workspace.is_seen("Curves"), timeout=10_000)
    assert not _dock(again, "Maps").isHidden()
    _close(again)


def test_going_to_a_panel_does_not_hold_the_window(qapp: QApplication) -> None:
    workspace = Workspace(QWidget(), "")
    box = QSpinBox()
    workspace.put("Recipe", box)
    workspace.show()
    qapp.processEvents()
    workspace.go_to("Recipe")
    assert workspace.focusWidget() is box
    gone = weakref.ref(workspace)
    workspace.close()
    workspace.deleteLater()
    del workspace, box
    qapp.processEvents()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    gc.collect()
    assert gone() is None


def test_a_small_window_stays_as_small_as_it_was_made(window: MainWindow, qtbot) -> None:  # type: ignore[no-untyped-def]
    window.pages.show_editor()
    sentence = (
        "Overfitting since epoch 11: validation loss has risen 0.63 above its best while training loss fell to 0.00."
    )
    diagnosis = Diagnosis("overfitting", sentence, remedies=tuple(BY_WORDS))
    window.training.curves.diagnosis.show_diagnosis(40, diagnosis)
    window.travel.bar.parentWidget().show()
    for title in PANELS:
        window.workspace.reveal(title)
        window.resize(800, 600)
        QApplication.processEvents()
        assert (window.width(), window.height()) == (800, 600), title


def test_a_small_window_stays_so_with_all_that_a_training_leaves(trained, qtbot) -> None:  # type: ignore[no-untyped-def]
    window: MainWindow = trained(epochs=2)
    panel = window.training.mistakes_panel
    window.resize(800, 600)
    window.workspace.reveal("Mistakes")
    qtbot.waitUntil(lambda: panel.scatter.shown > 0, timeout=60_000)
    panel.cancel.show()  # as while images are laid out by t-SNE
    for title in PANELS:
        window.workspace.reveal(title)
        QApplication.processEvents()
        assert (window.width(), window.height()) == (800, 600), title


def test_buttons_stand_in_as_many_rows_as_they_need(qtbot) -> None:  # type: ignore[no-untyped-def]
    buttons = [QPushButton(f"Button {number}") for number in range(5)]
    rows = InRows(*buttons)
    qtbot.addWidget(rows)
    rows.resize(rows.sizeHint())
    rows.show()
    assert len({button.y() for button in buttons}) == 1
    wide = buttons[0].width()
    rows.resize(2 * wide + 20, rows.heightForWidth(2 * wide + 20))
    assert len({button.y() for button in buttons}) == 3
    for one, other in itertools.combinations(buttons, 2):
        assert not one.geometry().intersects(other.geometry())
    assert all(rows.rect().contains(button.geometry()) for button in buttons)
    before = rows.heightForWidth(rows.width())
    buttons[4].hide()
    assert rows.heightForWidth(rows.width()) < before, "what is hidden takes no room"


def test_the_network_is_first_seen_in_life_size(qapp: QApplication, appearance: Appearance, qtbot) -> None:  # type: ignore[no-untyped-def]
    made = MainWindow(appearance, Settings())
    made.resize(1280, 800)
    made.show()
    made.pages.show_editor()
    with qtbot.waitSignal(made.workspace.arranged, timeout=10_000):
        pass
    assert made.editor.view.zoom == made.editor.view.life_size, "as soon as the panels have their room"
    _close(made)


@pytest.mark.parametrize("key", [Qt.Key.Key_Tab, Qt.Key.Key_Backtab])
def test_the_keyboard_never_goes_to_a_panel_behind_others(window: MainWindow, key: Qt.Key, qtbot) -> None:  # type: ignore[no-untyped-def]
    window.activateWindow()
    window.editor.view.setFocus()
    qtbot.waitUntil(lambda: QApplication.focusWidget() is window.editor.view, timeout=10_000)
    titles, stops = set(), []
    for _ in range(120):
        qtbot.keyClick(QApplication.focusWidget(), key)
        holder = QApplication.focusWidget()
        assert holder is not None
        docks = [dock for dock in window.workspace.findChildren(QDockWidget) if dock.isAncestorOf(holder)]
        assert all(window.workspace.is_seen(dock.objectName()) for dock in docks), holder
        titles |= {dock.objectName() for dock in docks}
        stops.append(holder)
        if holder is window.editor.view:
            break
    assert stops[-1] is window.editor.view, "it comes round"
    assert titles == {"Layers", "Inspector", "Curves", "Maps"}
    window.workspace.reveal("Recipe")
    seen = set()
    for _ in range(len(stops) + 60):
        qtbot.keyClick(QApplication.focusWidget(), key)
        seen |= {
            dock.objectName()
            for dock in window.workspace.findChildren(QDockWidget)
            if dock.isAncestorOf(QApplication.focusWidget())
        }
    assert "Recipe" in seen
    assert "Inspector" not in seen


def test_no_row_that_is_not_needed_makes_the_panels_below_higher(
    qapp: QApplication, appearance: Appearance, qtbot
) -> None:  # type: ignore[no-untyped-def]
    made = MainWindow(appearance, Settings())
    made.resize(1280, 800)
    made.show()
    made.begin_loading()
    qtbot.waitUntil(lambda: made.engine.is_ready and made.picture.dataset is not None, timeout=60_000)
    with qtbot.waitSignal(made.workspace.arranged, timeout=10_000):
        made.pages.show_editor()
    qapp.processEvents()
    assert _dock(made, "Curves").height() <= 280, "as high as a new layout makes them"
    _close(made)
