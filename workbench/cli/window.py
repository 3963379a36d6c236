"""The verbs that open the window. Qt is imported only by them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from workbench.cli import opening
from workbench.cli.errors import CommandError


def open_window(
    file: Annotated[Path | None, typer.Argument(metavar="[FILE]", help="A project file.", show_default=False)] = None,
) -> int:
    """Open the window; without a command, `workbench` and `workbench FILE` do this."""
    return opening.open_window(str(file) if file else None)


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
    opening.check_that_it_can_be_shown()
    from workbench.gui.tour.story import play

    return play(out, scheme, (int(width), int(height)))
