"""Steps of the story: the window as a whole, from its first picture to the labs."""

from __future__ import annotations

from workbench.gui.labs import LABS
from workbench.gui.tour.playing import StepFailed, Tour


def start_page(tour: Tour) -> None:
    tour.picture("start-page")
    tour.wait("PyTorch is loaded", lambda: tour.window.engine.is_ready)


def dark(tour: Tour) -> None:
    window = tour.window
    before = window.appearance.scheme
    window.appearance.choose("light" if window.appearance.theme.name == "dark" else "dark")
    tour.picture("other-scheme")
    window.appearance.choose(before)


def labs(tour: Tour) -> None:
    """The lecture by hand: each lab opens, one of them trains."""
    window = tour.window
    for lab in LABS:
        window.pages.show_lab(lab.name)
        tour.picture(f"lab-{lab.name}")
        if lab.name != "overfitting":
            tour.report(f"lesson-{lab.name}", window.reporting.export_lesson)
    race = window.pages.show_lab("overfitting")
    race.begin()
    tour.wait("every network has trained for five epochs", lambda: min(map(len, race.laps.values()), default=0) >= 5)
    tour.picture("lab-race")
    race.stop()
    labs = window.pages.labs
    if labs is None:
        raise StepFailed("the labs are not there")
    labs.lessons["overfitting"].answers.button(1).click()
    labs.lessons["overfitting"].show_claim()
    tour.report("lesson-overfitting", window.reporting.export_lesson)
    window.pages.show_editor()
