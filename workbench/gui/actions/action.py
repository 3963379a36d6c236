"""What a row of the table of actions says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from workbench.gui.main_window import MainWindow


@dataclass(frozen=True)
class Action:
    """One thing a person can do, where the one of the `conditions` that it ``needs`` holds."""

    name: str
    menu: str
    text: str
    shortcut: str
    call: Callable[[MainWindow], object]
    icon: str = ""
    needs: str = ""
    starts_group: bool = False
    choice: str = ""
    """One of several that exclude each other, the one that holds being ticked."""
    also: str = ""
    """A second key."""
    ticked: Callable[[MainWindow], bool] | None = None
    """Whether what it shows, or turns on and off, is there now; a tick in the menu says so."""
