"""Steps of the story: networks opened, changed and compared."""

from __future__ import annotations

from workbench.gui.editor import commands
from workbench.gui.tour.playing import StepFailed, Tour


def editing(tour: Tour) -> None:
    """A layer inserted, a problem made and mended, everything undone."""
    window = tour.window
    before = window.document.graph
    window.document.select(["relu1"])
    window.editor.insert("layer:BatchNorm2d")
    window.editor.insert("template:BasicBlock")
    tour.picture("inserted")
    while window.document.undo_title:
        window.document.undo()
    if window.document.graph != before:
        raise StepFailed("undoing every step did not give the network back")


def comparing(tour: Tour) -> None:
    """Two edits, the network before them beside the one after them, and back by the list of edits."""
    window = tour.window
    commands.set_argument(window.document, ["conv2"], "out_channels", 32)
    window.document.select(["conv1"])
    window.editor.insert("layer:BatchNorm2d")
    window.workspace.reveal("Edits")
    window.actions_table["compare"].trigger()
    comparison = window.comparison
    tour.wait("both networks are drawn", lambda: len(comparison.list.lines) == 3)
    comparison.list.show_line(1)
    tour.picture("compared", comparison)
    comparison.close()
    window.edits_panel.list.clicked.emit(window.edits_panel.steps.index(0))
    if window.document.place:
        raise StepFailed("the first line of the edits did not lead to the first state")
    window.workspace.reveal("Layers")


def mending(tour: Tour) -> None:
    """A network that cannot run says where and why, and one click mends it."""
    window = tour.window
    window.document.select(["flatten"])
    window.editor.delete()
    window.workspace.reveal("Problems")
    window.editor.view.show_card("fc1")
    tour.wait("the problem is listed", lambda: window.problems.fixes)
    tour.picture("problem")
    window.problems.fixes[0].click()
    analysis = window.document.analysis
    if analysis is None or not analysis.runs:
        raise StepFailed("the quick fix did not mend the network")
    while window.document.undo_title:
        window.document.undo()


def networks(tour: Tour) -> None:
    window = tour.window
    for name in ("googlenet", "resnet18", "senet154"):
        window.files.open_preset(name)
        tour.wait("the layers are drawn", lambda: window.editor.scene.cards)
        tour.picture(name)
    window.editor.view.fit()
    tour.picture("whole-network")
