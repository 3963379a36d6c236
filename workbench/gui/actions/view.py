"""What the menu View offers: pictures, sizes, what cards tell, colours."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from workbench.gui import commands
from workbench.gui.actions.action import Action
from workbench.gui.editor.faces import Facts
from workbench.gui.editor.tints import FIGURES

if TYPE_CHECKING:
    from workbench.gui.main_window import MainWindow


def _tell_on_cards(facts: Facts) -> Callable[[MainWindow], object]:
    return lambda w: commands.show_facts(w, facts)


def _colour_cards(name: str) -> Callable[[MainWindow], object]:
    return lambda w: w.training.health.colour_by(name)


_FACTS: dict[Facts, str] = {
    "overview": "Cards tell a little of everything",
    "field": "Cards tell receptive field and stride",
    "weights": "Cards tell weights",
    "macs": "Cards tell multiply-adds",
    "memory": "Cards tell activation memory",
}

VIEW = (
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
        "strongest_maps",
        "View",
        "Strongest maps first",
        "Ctrl+Alt+M",
        lambda w: commands.press(w, "Maps", w.inspection.maps.bar.strongest),
        "mdi6.sort-descending",
        "engine",
    ),
    Action(
        "own_scale",
        "View",
        "Each map on its own scale",
        "Ctrl+Alt+C",
        lambda w: commands.press(w, "Maps", w.inspection.maps.bar.own_scale),
        "mdi6.contrast-box",
        "engine",
    ),
    Action(
        "log_scale",
        "View",
        "Curves on a log scale",
        "Ctrl+Alt+Y",
        lambda w: commands.press(w, "Curves", w.training.curves.log_scale),
        "mdi6.math-log",
        "engine",
        True,
    ),
    Action(
        "whole_curves",
        "View",
        "Whole curves",
        "Ctrl+Alt+Z",
        lambda w: commands.press(w, "Curves", w.training.curves.reset),
        "mdi6.arrow-expand-horizontal",
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
    Action(
        "life_size",
        "View",
        "Life size",
        "Ctrl+1",
        lambda w: w.editor.view.set_zoom(w.editor.view.life_size),
        "mdi6.magnify",
    ),
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
        starts_group=True,
        choice="scheme",
    ),
    Action(
        "dark",
        "View",
        "Dark",
        "Ctrl+Alt+2",
        lambda w: w.appearance.choose("dark"),
        choice="scheme",
    ),
    Action(
        "system",
        "View",
        "As the system",
        "Ctrl+Alt+0",
        lambda w: w.appearance.choose("system"),
        choice="scheme",
    ),
)
