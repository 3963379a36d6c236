"""A window outside of a test's fixtures lives as it does in the program."""

from __future__ import annotations

import gc
from pathlib import Path

from PySide6.QtWidgets import QApplication

from tests.gui.opening import opened


def test_python_does_not_collect_by_itself_while_a_window_is_open(qapp: QApplication, tmp_path: Path) -> None:
    before = gc.isenabled()
    gc.enable()
    try:
        with opened(tmp_path / "home") as window:
            assert window.engine.is_ready
            assert not gc.isenabled()
        assert gc.isenabled()
    finally:
        if not before:
            gc.disable()
