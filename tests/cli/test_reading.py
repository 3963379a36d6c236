"""What a person sees while images are downloaded and read."""

from __future__ import annotations

import io

from rich.console import Console

from workbench.cli import reading


def test_a_terminal_shows_what_is_done_and_how_far() -> None:
    screen = io.StringIO()
    with reading.shown(Console(file=screen, force_terminal=True, width=100, color_system=None)) as progress:
        progress("downloading [train]-images.gz", 50, 200)
    assert "downloading [train]-images.gz" in screen.getvalue()
    assert "25%" in screen.getvalue()


def test_where_there_is_no_terminal_nothing_is_written() -> None:
    file = io.StringIO()
    with reading.shown(Console(file=file)) as progress:
        progress("reading images", 1, 2)
    assert file.getvalue() == ""
