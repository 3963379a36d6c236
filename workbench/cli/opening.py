"""How the window is opened. Qt is imported only here, and nothing that the window can do without."""

from __future__ import annotations

import gc
import importlib.util

from workbench.cli import interrupts
from workbench.cli.errors import CommandError

_NEEDED = {"PySide6": "PySide6-Essentials", "pyqtgraph": "pyqtgraph", "qtawesome": "qtawesome"}
"""Modules that only the window needs, and what brings them."""


def open_window(file: str | None = None) -> int:
    """Open the window, and a file in it; its exit status."""
    check_that_it_can_be_shown()
    gc.disable()  # what is imported stays; the window collects what does not, in its own thread
    from workbench.gui.app import run

    return run(file, interrupts.close_instead)


def check_that_it_can_be_shown() -> None:
    """Raise `CommandError` where Qt is not installed, or the system lacks what it needs."""
    missing = [package for module, package in _NEEDED.items() if importlib.util.find_spec(module) is None]
    if missing:
        raise CommandError(
            f"the window needs Qt, and {', '.join(missing)} {'is' if len(missing) == 1 else 'are'} not installed: "
            f"pip install {' '.join(missing)}; `workbench --help` lists what works without it"
        )
    from workbench.gui.system import SystemError, check

    try:
        check()
    except SystemError as error:
        raise CommandError(str(error)) from None
