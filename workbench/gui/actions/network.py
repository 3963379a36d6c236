"""What the menu Network offers: layers and blocks changed."""

from __future__ import annotations

from workbench.gui import commands
from workbench.gui.actions.action import Action

NETWORK = (
    Action(
        "insert",
        "Network",
        "Insert a layer",
        "Ctrl+I",
        lambda w: commands.search_layers(w, ""),
        "mdi6.plus-box-outline",
    ),
    Action("rename", "Network", "Rename", "F2", lambda w: w.editor.rename(), "mdi6.rename-box-outline", "selection"),
    Action("group", "Network", "Group to a block", "Ctrl+G", lambda w: w.editor.group(), "mdi6.group", "selection"),
    Action(
        "ungroup",
        "Network",
        "Ungroup",
        "Ctrl+Shift+G",
        lambda w: w.editor.ungroup(),
        "mdi6.ungroup",
        "selection",
    ),
    Action(
        "save_block",
        "Network",
        "Save as a block of my own …",
        "Ctrl+Alt+S",
        lambda w: w.editor.save_block(),
        "mdi6.content-save-cog-outline",
        "selection",
    ),
    Action(
        "toggle_block",
        "Network",
        "Open or close the block",
        "Ctrl+B",
        lambda w: w.editor.toggle(),
        "mdi6.unfold-more-horizontal",
        "selection",
    ),
    Action(
        "open_blocks",
        "Network",
        "Open all blocks",
        "Ctrl+Shift+B",
        lambda w: w.editor.open_all(),
        "mdi6.expand-all-outline",
        starts_group=True,
    ),
    Action(
        "close_blocks",
        "Network",
        "Close all blocks",
        "Ctrl+Alt+B",
        lambda w: w.editor.close_all(),
        "mdi6.collapse-all-outline",
    ),
    Action(
        "toggle_repeats",
        "Network",
        "Fold or unfold equal blocks",
        "Ctrl+Shift+R",
        lambda w: w.editor.toggle_repeats(),
        "mdi6.layers-triple-outline",
    ),
    Action("move_up", "Network", "Move up", "Alt+Up", lambda w: w.editor.move_up(), "mdi6.arrow-up", "selection", True),
    Action(
        "move_down", "Network", "Move down", "Alt+Down", lambda w: w.editor.move_down(), "mdi6.arrow-down", "selection"
    ),
    Action(
        "connect",
        "Network",
        "Connect or disconnect two cards",
        "Ctrl+L",
        lambda w: w.editor.connect_selected(),
        "mdi6.connection",
        "selection",
    ),
    Action(
        "freeze",
        "Network",
        "Freeze or let learn",
        "Ctrl+Alt+F",
        lambda w: w.editor.freeze(),
        "mdi6.lock-outline",
        "selection",
    ),
    Action(
        "fix",
        "Network",
        "Apply the quick fix",
        "Ctrl+.",
        commands.apply_fix,
        "mdi6.auto-fix",
        "fix",
        True,
    ),
    Action(
        "previews",
        "Network",
        "Show maps on the cards",
        "Ctrl+M",
        lambda w: w.inspection.toggle_previews(),
        ticked=commands.shows_previews,
    ),
)
