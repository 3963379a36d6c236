"""The verbs that open the window. Qt is imported only by them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from workbench.cli.errors import CommandError


def open_window(
    file: Annotated[Path | None, typer.Argument(metavar="[FILE]", help="a project file", show_default=False)] = None,
) -> int:
    """Open the window; without a command, `workbench` does this."""
    from workbench.gui.system import SystemError, check

    try:
        check()
    except SystemError as error:
        raise CommandError(str(error)) from None
    try:
        from workbench.gui.app import run
    except ImportError as error:
        raise CommandError(f"the window needs PySide6 and pyqtgraph ({error}); pip install cnn-workbench") from None
    return run(str(file) if file else None)


def tour(
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="where the pictures go")],
    scheme: Annotated[str, typer.Option(help="light or dark")] = "light",
    size: Annotated[str, typer.Option(help="width and height of the window in pixels")] = "1280x800",
) -> int:
    """Play the whole story in the real window, without a screen too, and save a picture of each step."""
    import os

    from workbench.gui.system import SystemError, check

    width, _, height = size.partition("x")
    if scheme not in ("light", "dark") or not width.isdecimal() or not height.isdecimal():
        raise CommandError("--scheme takes light or dark, --size takes a size such as 1280x800")
    if not os.environ.get("DISPLAY") and not os.environ.get("WAYLAND_DISPLAY"):
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    try:
        check()
    except SystemError as error:
        raise CommandError(str(error)) from None
    from workbench.gui.tour import play

    return play(out, scheme, (int(width), int(height)))
