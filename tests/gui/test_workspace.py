"""Panels that are moved, closed, brought back, and found as they were left."""

from __future__ import annotations

import gc
import weakref
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtWidgets import QApplication, QDockWidget, QSpinBox, QWidget

from workbench.gui.main_window import MainWindow
from workbench.gui.settings import Settings
from workbench.gui.theme import Appearance
from workbench.gui.workspace import Workspace


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
