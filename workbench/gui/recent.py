"""The projects that were open last, as a menu."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QMenu, QWidget

from workbench.gui.settings import Settings


class RecentMenu(QMenu):
    """Made anew whenever it is opened; files that are gone are left out."""

    def __init__(self, settings: Settings, open_file: Callable[[Path], object], parent: QWidget) -> None:
        super().__init__("Open &recent", parent)
        self._settings, self._open = settings, open_file
        self.aboutToShow.connect(self._fill)

    def _fill(self) -> None:
        self.clear()
        for number, path in enumerate(recent_files(self._settings), 1):
            text = f"{path.stem}    {path.parent}".replace("&", "&&")
            action = self.addAction(f"&{number} {text}" if number < 10 else text)
            action.setToolTip(str(path))
            action.triggered.connect(lambda _=False, path=path: self._open(path))
        if self.isEmpty():
            self.addAction("No project was saved or opened yet").setEnabled(False)


def recent_files(settings: Settings) -> list[Path]:
    """Those that are still there, the latest first."""
    return [path for path in map(Path, settings.recent) if path.is_file()]
