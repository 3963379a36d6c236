"""What the menu Help offers."""

from __future__ import annotations

from workbench.gui import commands
from workbench.gui.actions.action import Action

HELP = (
    Action(
        "palette",
        "Help",
        "Find an action",
        "Ctrl+Shift+P",
        commands.find_action,
        "mdi6.magnify",
        also="Ctrl+K",
    ),
    Action("about", "Help", "About CNN Workbench", "F1", commands.about, "mdi6.information-outline"),
)
