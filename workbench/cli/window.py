"""The verbs that open the window. Qt is imported only by them."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Annotated

import typer

from workbench.cli.errors import CommandError

_NEEDED = {"PySide6": "PySide6-Essentials", "pyqtgraph": "pyqtgraph", "qtawesome": "qtawesome"}
"""Modules that only the window needs, and what brings them."""


def open_window(
    file: Annotated[Path | None, typer.Argument(metavar="[FILE]", help="A project file.", show_default=False)] = None,
) -> int:
    """Open the window; without a command, `workbench` and `workbench FILE` do this."""
    _check_that_it_can_be_shown()
    from workbench.gui.app import run

    return run(str(file) if file else None)


def tour(
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Where the pictures go.")],
    scheme: Annotated[str, typer.Option(help="light or dark.")] = "light",
    size: Annotated[str, typer.Option(help="Width and height of the window in pixels.")] = "1280x800",
) -> int:
    """Play the whole story in the real window, without a screen too, and save a picture of each step."""
    import os

    width, _, height = size.partition("x")
    if scheme not in ("light", "dark") or not width.isdecimal() or not height.isdecimal():
        raise CommandError("--scheme takes light or dark, --size takes a size such as 1280x800")
    if not os.environ.get("DISPLAY") and not os.environ.get("WAYLAND_DISPLAY"):
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    _check_that_it_can_be_shown()
    from workbench.gui.tour.story import play

    return play(out, scheme, (int(width), int(height)))


def _check_that_it_can_be_shown() -> None:
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
