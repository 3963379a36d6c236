"""Every action of the window, in one table: its words, its key, its place in the menus, and what it calls."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from workbench.gui import commands
from workbench.gui.editor.faces import Facts
from workbench.gui.editor.tints import FIGURES
from workbench.gui.labs import LABS, Lab
from workbench.gui.workspace import PANELS

if TYPE_CHECKING:
    from workbench.gui.main_window import MainWindow


@dataclass(frozen=True)
class Action:
    """One thing a person can do, where the one of the `conditions` that it ``needs`` holds."""

    name: str
    menu: str
    text: str
    shortcut: str
    call: Callable[[MainWindow], object]
    icon: str = ""
    needs: str = ""
    starts_group: bool = False
    choice: str = ""
    """One of several that exclude each other, the one that holds being ticked."""
    also: str = ""
    """A second key."""


def _tell_on_cards(facts: Facts) -> Callable[[MainWindow], object]:
    return lambda w: commands.show_facts(w, facts)


def _colour_cards(name: str) -> Callable[[MainWindow], object]:
    return lambda w: w.training.health.colour_by(name)


def _learn(lab: Lab) -> Action:
    return Action(
        f"lab_{lab.name}", "Learn", lab.title, lab.shortcut, lambda w: w.pages.show_lab(lab.name), needs="engine"
    )


def _panels() -> list[Action]:
    """An action for each panel that goes there: Ctrl+J and the first letter of its title that none before it has."""
    keys = {"N": ""}
    for title in PANELS:
        free = (letter for letter in (*title.upper(), *"ABCDEFGHIJKLMOPQRSTUVWXYZ") if letter.isalpha())
        keys[next(letter for letter in free if letter not in keys)] = title
    return [
        Action(f"panel_{title}", "Window", title, f"Ctrl+J, {letter}", _go_to(title))
        for letter, title in keys.items()
        if title
    ]


def _go_to(panel: str) -> Callable[[MainWindow], object]:
    return lambda w: w.pages.go_to_panel(panel)


_FACTS: dict[Facts, str] = {
    "overview": "Cards tell a little of everything",
    "field": "Cards tell receptive field and stride",
    "weights": "Cards tell weights",
    "macs": "Cards tell multiply-adds",
    "memory": "Cards tell activation memory",
}

ACTIONS = (
    Action("new", "File", "New network", "Ctrl+N", lambda w: w.files.new(), "mdi6.file-plus-outline"),
    Action("open", "File", "Open …", "Ctrl+O", lambda w: w.files.open(), "mdi6.folder-open-outline"),
    Action(
        "start_page",
        "File",
        "Presets and examples",
        "Ctrl+Shift+N",
        lambda w: w.pages.show_start_page(),
        "mdi6.view-grid-outline",
    ),
    Action(
        "save",
        "File",
        "Save",
        "Ctrl+S",
        lambda w: w.files.save(),
        "mdi6.content-save-outline",
        starts_group=True,
    ),
    Action(
        "save_as", "File", "Save as …", "Ctrl+Shift+S", lambda w: w.files.save_as(), "mdi6.content-save-edit-outline"
    ),
    Action(
        "export", "File", "Export the network …", "Ctrl+Shift+E", lambda w: w.exporting.ask(), "mdi6.export", "engine"
    ),
    Action(
        "export_curves",
        "File",
        "Export the curves …",
        "Ctrl+Shift+C",
        lambda w: w.training.export_curves(),
        "mdi6.chart-line",
        "engine",
    ),
    Action(
        "export_run",
        "File",
        "Export a report of the run …",
        "Ctrl+Alt+H",
        lambda w: w.reporting.ask_run(),
        "mdi6.file-chart-outline",
        "run",
    ),
    Action("quit", "File", "Quit", "Ctrl+Q", lambda w: w.close(), "mdi6.exit-to-app", starts_group=True),
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
        "previews",
        "Network",
        "Show maps on the cards",
        "Ctrl+M",
        lambda w: w.inspection.toggle_previews(),
        "mdi6.image-multiple-outline",
    ),
    Action("train", "Training", "Train", "F5", lambda w: w.training.train(), "mdi6.play", "can_train"),
    Action(
        "pause", "Training", "Pause or go on", "F6", lambda w: w.training.pause_or_go_on(), "mdi6.pause", "training"
    ),
    Action(
        "preflight",
        "Training",
        "Pre-flight",
        "F4",
        lambda w: w.training.examine(),
        "mdi6.clipboard-check-outline",
        "engine",
    ),
    Action(
        "weights",
        "Training",
        "Start from weights …",
        "Ctrl+Alt+W",
        lambda w: w.training.start.choose(),
        "mdi6.weight",
        "engine",
    ),
    Action("stop", "Training", "Stop", "Shift+F5", lambda w: w.session.stop(), "mdi6.stop", "training"),
    Action(
        "one_step",
        "Training",
        "One more batch",
        "F10",
        lambda w: w.training.one_step(),
        "mdi6.skip-next-outline",
        "can_step",
        True,
    ),
    Action(
        "one_epoch",
        "Training",
        "One more epoch",
        "F11",
        lambda w: w.training.one_epoch(),
        "mdi6.skip-forward-outline",
        "can_step",
    ),
    Action(
        "variants",
        "Training",
        "Compare with one thing changed …",
        "Ctrl+F5",
        lambda w: w.training.compare_variants(),
        "mdi6.flag-checkered",
        "engine",
        True,
    ),
    Action(
        "replay",
        "Training",
        "Play the training again",
        "Ctrl+Alt+P",
        lambda w: w.travel.bar.toggle_play(),
        "mdi6.play-circle-outline",
        "epochs",
        True,
    ),
    Action(
        "compare_epochs",
        "Training",
        "Compare epochs …",
        "Ctrl+Alt+E",
        lambda w: w.travel.compare(),
        "mdi6.compare-horizontal",
        "epochs",
    ),
    Action(
        "now",
        "Training",
        "Back to now",
        "Ctrl+Alt+N",
        lambda w: w.travel.bar.go_back_to_now(),
        "mdi6.skip-forward",
        "epochs",
    ),
    Action(
        "next_picture", "View", "Next picture", "Ctrl+Right", lambda w: w.picture.next(), "mdi6.chevron-right", "data"
    ),
    Action(
        "previous_picture",
        "View",
        "Previous picture",
        "Ctrl+Left",
        lambda w: w.picture.previous(),
        "mdi6.chevron-left",
        "data",
    ),
    Action(
        "open_picture",
        "View",
        "Open a picture …",
        "Ctrl+Shift+O",
        lambda w: w.inspection.open_picture(),
        "mdi6.image-plus-outline",
        "engine",
    ),
    Action(
        "paste_picture",
        "View",
        "Paste a picture",
        "Ctrl+Shift+V",
        lambda w: w.inspection.paste_picture(),
        "mdi6.clipboard-outline",
        "engine",
    ),
    Action(
        "next_photo",
        "View",
        "Next natural photo",
        "Ctrl+Shift+Right",
        lambda w: w.picture.next_photo(),
        "mdi6.panorama-variant-outline",
        "engine",
    ),
    Action(
        "explain_value",
        "View",
        "Explain this value",
        "Ctrl+E",
        lambda w: w.inspection.explain_value(),
        "mdi6.sigma",
        "engine",
    ),
    Action(
        "fit",
        "View",
        "Whole network",
        "Ctrl+0",
        lambda w: w.editor.view.fit(),
        "mdi6.fit-to-page-outline",
        starts_group=True,
    ),
    Action("life_size", "View", "Life size", "Ctrl+1", lambda w: w.editor.view.set_zoom(1), "mdi6.magnify"),
    Action(
        "zoom_in",
        "View",
        "Zoom in",
        "Ctrl++",
        lambda w: w.editor.view.set_zoom(w.editor.view.zoom * 1.25),
        "mdi6.magnify-plus-outline",
    ),
    Action(
        "zoom_out",
        "View",
        "Zoom out",
        "Ctrl+-",
        lambda w: w.editor.view.set_zoom(w.editor.view.zoom / 1.25),
        "mdi6.magnify-minus-outline",
    ),
    *(
        Action(
            f"cards_{facts}",
            "View",
            text,
            f"Ctrl+{number}",
            _tell_on_cards(facts),
            starts_group=number == 2,
            choice="facts",
        )
        for number, (facts, text) in enumerate(_FACTS.items(), 2)
    ),
    Action(
        "health_off",
        "View",
        "Cards without colours",
        "Ctrl+Shift+0",
        _colour_cards(""),
        needs="engine",
        starts_group=True,
        choice="health",
    ),
    *(
        Action(
            f"health_{figure.name}",
            "View",
            figure.action,
            f"Ctrl+Shift+{number}",
            _colour_cards(figure.name),
            needs="engine",
            choice="health",
        )
        for number, figure in enumerate(FIGURES, 1)
    ),
    Action(
        "light",
        "View",
        "Light",
        "Ctrl+Alt+1",
        lambda w: w.appearance.choose("light"),
        "mdi6.weather-sunny",
        starts_group=True,
    ),
    Action("dark", "View", "Dark", "Ctrl+Alt+2", lambda w: w.appearance.choose("dark"), "mdi6.weather-night"),
    Action(
        "system",
        "View",
        "As the system",
        "Ctrl+Alt+0",
        lambda w: w.appearance.choose("system"),
        "mdi6.theme-light-dark",
    ),
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
    Action("show_network", "Window", "Network", "Ctrl+J, N", lambda w: w.pages.show_editor(), starts_group=True),
    *_panels(),
    *(_learn(lab) for lab in LABS),
    Action(
        "try_filter",
        "Learn",
        "Try the layer's filters in the lab",
        "Ctrl+Alt+L",
        lambda w: w.inspection.try_filter(),
        "mdi6.grid",
        "engine",
        True,
    ),
    Action(
        "export_lesson",
        "Learn",
        "Export a report of the lesson …",
        "Ctrl+Alt+X",
        lambda w: w.reporting.ask_lesson(),
        "mdi6.file-document-outline",
        "lab",
    ),
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

MENUS = tuple(dict.fromkeys(action.menu for action in ACTIONS))

FOR_CARDS = (
    "insert", "", "cut", "copy", "paste", "duplicate", "delete", "", "rename", "move_up", "move_down", "connect",
    "group", "ungroup", "toggle_block", "toggle_repeats", "", "freeze",
)  # fmt: skip
"""What the menu of a card offers, by the names above; '' parts groups."""
