"""What the menu File offers: networks opened, saved and exported."""

from __future__ import annotations

from workbench.gui.actions.action import Action

FILE = (
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
        "export_maps",
        "File",
        "Export the maps …",
        "Ctrl+Shift+M",
        lambda w: w.inspection.export_maps(),
        "mdi6.image-multiple-outline",
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
)
