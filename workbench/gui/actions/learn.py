"""What the menu Learn offers: the labs."""

from __future__ import annotations

from workbench.gui.actions.action import Action
from workbench.gui.labs import LABS, Lab


def _learn(lab: Lab) -> Action:
    return Action(
        f"lab_{lab.name}", "Learn", lab.title, lab.shortcut, lambda w: w.pages.show_lab(lab.name), needs="engine"
    )


LEARN = (
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
)
