"""Every action of the window, in one table: its words, its key, its place in the menus, and what it calls.

The rows of each menu are a file; menus and rows are shown in this order.
"""

from __future__ import annotations

from workbench.gui.actions.edit import EDIT
from workbench.gui.actions.file import FILE
from workbench.gui.actions.help import HELP
from workbench.gui.actions.learn import LEARN
from workbench.gui.actions.network import NETWORK
from workbench.gui.actions.training import TRAINING
from workbench.gui.actions.view import VIEW
from workbench.gui.actions.window import WINDOW

ACTIONS = (*FILE, *EDIT, *NETWORK, *TRAINING, *VIEW, *WINDOW, *LEARN, *HELP)

MENUS = tuple(dict.fromkeys(action.menu for action in ACTIONS))

FOR_CARDS = (
    "insert", "", "cut", "copy", "paste", "duplicate", "delete", "", "rename", "move_up", "move_down", "connect",
    "group", "ungroup", "toggle_block", "toggle_repeats", "", "freeze",
)  # fmt: skip
"""What the menu of a card offers, by the names of the rows; '' parts groups."""

FOR_CURVES = ("whole_curves", "log_scale", "", "export_curves", "export_run")
"""What the menu of the curves offers."""

FOR_MAPS = ("strongest_maps", "own_scale", "", "export_maps")
"""What the menu of the maps offers."""
