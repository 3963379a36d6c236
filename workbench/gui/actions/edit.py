"""What the menu Edit offers: steps back and forth, the clipboard, two networks beside each other."""

from __future__ import annotations

from workbench.gui import commands
from workbench.gui.actions.action import Action

EDIT = (
    Action("undo", "Edit", "Undo", "Ctrl+Z", lambda w: w.document.undo(), "mdi6.undo", "undo"),
    Action("redo", "Edit", "Redo", "Ctrl+Shift+Z", lambda w: w.document.redo(), "mdi6.redo", "redo", also="Ctrl+Y"),
    Action("cut", "Edit", "Cut", "Ctrl+X", lambda w: w.editor.cut(), "mdi6.content-cut", "selection", True),
    Action("copy", "Edit", "Copy", "Ctrl+C", lambda w: w.editor.copy(), "mdi6.content-copy", "selection"),
    Action("paste", "Edit", "Paste", "Ctrl+V", commands.paste, "mdi6.content-paste"),
    Action(
        "duplicate",
        "Edit",
        "Duplicate",
        "Ctrl+D",
        lambda w: w.editor.duplicate(),
        "mdi6.content-duplicate",
        "selection",
    ),
    Action("delete", "Edit", "Delete", "Del", lambda w: w.editor.delete(), "mdi6.delete-outline", "selection"),
    Action("select_all", "Edit", "Select all", "Ctrl+A", lambda w: w.editor.select_all(), "mdi6.select-all"),
    Action(
        "edits",
        "Edit",
        "Edit history",
        "Ctrl+Shift+H",
        lambda w: w.workspace.reveal("Edits"),
        "mdi6.history",
        starts_group=True,
    ),
    Action(
        "compare",
        "Edit",
        "Compare networks …",
        "Ctrl+Shift+D",
        commands.compare_networks,
        "mdi6.compare",
        "engine",
    ),
)
