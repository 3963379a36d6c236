"""A remedy that a diagnosis advises, taken: the change made, and shown where it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.gui import commands
from workbench.project import Project
from workbench.training.remedies import BY_WORDS

if TYPE_CHECKING:
    from workbench.gui.main_window import MainWindow


def apply_remedy(window: MainWindow, words: str) -> None:
    """Make the change, in one step to undo: in the network its layers are selected, in the recipe its setting."""
    remedy, before = BY_WORDS[words], window.document.project
    after = remedy.change(before)
    if after == before:
        window.tell(f"{remedy.button}: the project does so already.")
        return
    window.document.apply(after, remedy.button)
    if remedy.shows:
        commands.show_setting(window, remedy.shows)
    elif after.data != before.data:
        window.workspace.reveal("Data")
    elif layers := changed_layers(before, after):
        window.pages.show_editor()
        window.workspace.reveal("Inspector")
        window.document.select(layers)
        window.editor.view.show_card(layers[0])
    window.tell(f"{remedy.button}: changed. Train again to see what it does; undo takes it back.")


def changed_layers(before: Project, after: Project) -> list[str]:
    """The layers that are new, or have other arguments."""
    known = before.graph.by_name
    return [n.name for n in after.graph.nodes if n.name not in known or known[n.name].arguments != n.arguments]
