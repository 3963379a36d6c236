"""What the menu Window offers: every panel, and what is done with one."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from workbench.gui import commands
from workbench.gui.actions.action import Action
from workbench.gui.workspace import PANELS, Side

if TYPE_CHECKING:
    from workbench.gui.main_window import MainWindow


def _panels() -> list[Action]:
    """An action for each panel that goes there: Ctrl+J and the first letter of its title that none before it has."""
    keys = {"N": ""}
    for title in PANELS:
        free = (letter for letter in (*title.upper(), *"ABCDEFGHIJKLMOPQRSTUVWXYZ") if letter.isalpha())
        keys[next(letter for letter in free if letter not in keys)] = title
    return [
        Action(f"panel_{title}", "Window", title, f"Ctrl+J, {letter}", _go_to(title), ticked=_is_open(title))
        for letter, title in keys.items()
        if title
    ]


def _go_to(panel: str) -> Callable[[MainWindow], object]:
    return lambda w: w.pages.go_to_panel(panel)


def _is_open(panel: str) -> Callable[[MainWindow], bool]:
    return lambda w: w.workspace.is_open(panel)


def _move_to(side: Side) -> Callable[[MainWindow], object]:
    return lambda w: commands.move_panel(w, side)


_SIDES: tuple[tuple[Side, str, str], ...] = (
    ("left", "Move this panel to the left", "Left"),
    ("right", "Move this panel to the right", "Right"),
    ("bottom", "Move this panel to the bottom", "Down"),
)

WINDOW = (
    Action("reset_layout", "Window", "Reset layout", "Ctrl+Alt+R", lambda w: w.workspace.reset(), "mdi6.dock-window"),
    Action(
        "next_panel",
        "Window",
        "Next panel",
        "Ctrl+Tab",
        lambda w: w.pages.go_to_next_panel(1),
        "mdi6.arrow-right-bold-box-outline",
        starts_group=True,
    ),
    Action(
        "previous_panel",
        "Window",
        "Previous panel",
        "Ctrl+Shift+Tab",
        lambda w: w.pages.go_to_next_panel(-1),
        "mdi6.arrow-left-bold-box-outline",
    ),
    Action("close_panel", "Window", "Close this panel", "Ctrl+W", commands.close_panel, "mdi6.close-box-outline"),
    Action(
        "detach_panel",
        "Window",
        "Detach or attach this panel",
        "Ctrl+Shift+W",
        commands.detach_panel,
        "mdi6.dock-top",
    ),
    *(
        Action(f"move_{side}", "Window", text, f"Ctrl+J, {key}", _move_to(side), f"mdi6.dock-{side}")
        for side, text, key in _SIDES
    ),
    Action("show_network", "Window", "Network", "Ctrl+J, N", lambda w: w.pages.show_editor(), starts_group=True),
    *_panels(),
)
