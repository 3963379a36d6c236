"""The window with maps drawn, for what is looked at in them."""

from __future__ import annotations

import pytest

from workbench.gui.main_window import MainWindow


@pytest.fixture
def looked(window: MainWindow, qtbot) -> MainWindow:  # type: ignore[no-untyped-def]
    """The window with the maps of conv2 drawn."""
    window.document.select(["conv2"])
    qtbot.waitUntil(lambda: window.inspection.maps.values.shape == (16, 10, 10), timeout=20_000)
    return window
