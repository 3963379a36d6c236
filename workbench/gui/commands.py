"""What a person can do with the window that no room of it does alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QAbstractButton, QApplication, QMessageBox

from workbench import __version__
from workbench.gui import places
from workbench.gui.editor.faces import Facts

if TYPE_CHECKING:
    from workbench.gui.main_window import MainWindow
    from workbench.gui.workspace import Side


def paste(window: MainWindow) -> None:
    """Paste layers, or look at a picture."""
    mime = QApplication.clipboard().mimeData()
    if mime is not None and mime.hasImage() and not mime.hasText() and window.engine.is_ready:
        window.inspection.paste_picture()
    else:
        window.editor.paste()


def press(window: MainWindow, panel: str, button: QAbstractButton) -> None:
    """Do what a button of a panel does, where one sees what comes of it; one that cannot be pressed says so."""
    window.pages.show_editor()
    window.workspace.reveal(panel)
    if button.isEnabled():
        button.click()
    else:
        window.complain(f"{panel}: nothing is chosen for '{button.text()}'.")


def search_layers(window: MainWindow, text: str) -> None:
    window.workspace.reveal("Layers")
    window.palette_panel.search(text)


def apply_fix(window: MainWindow) -> None:
    """Mend the problem that is chosen under Problems, or the first that can be mended at once."""
    window.pages.show_editor()
    window.problems.apply_fix()


def shows_previews(window: MainWindow) -> bool:
    return bool(window.settings.get("previews", True))


def choose_recipe(window: MainWindow) -> None:
    """Open the list of recipes."""
    window.pages.show_editor()
    window.workspace.reveal("Recipe")
    window.recipe_panel.choose()


def show_setting(window: MainWindow, name: str) -> None:
    """Put the cursor into a setting of the recipe."""
    window.workspace.reveal("Recipe")
    window.recipe_panel.reveal(name)


def show_facts(window: MainWindow, facts: Facts) -> None:
    """Choose what the last line of every card tells, from now on."""
    window.settings.set("card_facts", facts)
    window.actions_table[f"cards_{facts}"].setChecked(True)
    window.editor.scene.show_facts(facts)


def show_as_before(window: MainWindow) -> None:
    """Have cards tell what was chosen last, and the menu tick that and the colours."""
    facts = window.settings.get("card_facts", "overview")
    show_facts(window, facts if f"cards_{facts}" in window.actions_table.by_name else "overview")
    window.actions_table[window.appearance.scheme].setChecked(True)


def compare_networks(window: MainWindow, place: int = 0) -> None:
    """Show the network as it was after a step of its history beside what it is now."""
    from workbench.gui.editor.comparison.sides import now, step_side

    if not window.engine.is_ready:
        window.complain("PyTorch is still being loaded; compare in a moment.")
        return
    window.comparison.show()
    window.comparison.raise_()
    window.comparison.activateWindow()
    window.comparison.compare(step_side(window.document, place), now(window.document))


def close_panel(window: MainWindow) -> None:
    _of_panel(window, window.workspace.close_panel)


def detach_panel(window: MainWindow) -> None:
    """Have the panel that has the keyboard in a window of its own, or back at its side."""
    _of_panel(window, window.workspace.detach)


def move_panel(window: MainWindow, side: Side) -> None:
    """Have the panel that has the keyboard at another side."""
    _of_panel(window, lambda title: window.workspace.move_panel(title, side))


def _of_panel(window: MainWindow, what: Callable[[str], None]) -> None:
    title = window.workspace.current
    if title:
        what(title)
    else:
        window.tell("No panel has the keyboard: click into one, or go to one with Ctrl+Tab.")


def find_action(window: MainWindow) -> None:
    from workbench.gui.action_finder import ActionFinder

    ActionFinder(window.actions_table, window).open()


def about(window: MainWindow) -> None:
    QMessageBox.about(
        window,
        "About CNN Workbench",
        f"<b>CNN Workbench {__version__}</b><p>Build, train and understand convolutional networks.</p>"
        f"<p>Settings, runs and drafts are kept in {places.home()}.</p>",
    )
