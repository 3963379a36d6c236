"""Steps of the story: the window as a whole, from its first picture to the labs."""

from __future__ import annotations

from workbench.gui.labs import LABS
from workbench.gui.tour.playing import StepFailed, Tour
from workbench.labs.inception import BRANCHES
from workbench.labs.timeline import PUBLISHED


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
        view = window.pages.show_lab(lab.name)
        if lab.name == "inception":
            tour.wait("its maps are drawn", lambda: len(view.maps) == len(BRANCHES))  # noqa: B023
        if lab.name == "timeline":
            tour.wait("its networks are measured", lambda: len(view.chart.milestones) == len(PUBLISHED))  # noqa: B023
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


def blocks_that_learn(tour: Tour) -> None:
    """An inception block and one of squeeze and excitation learn the digits in their labs, and are looked into."""
    window = tour.window
    inception = window.pages.show_lab("inception")
    inception.begin()
    tour.wait("the inception block has learnt", lambda: inception.learnt is not None)
    tour.wait("what it makes of a digit is drawn", lambda: not inception.busy)
    tour.picture("lab-inception-learnt")
    excitation = window.pages.show_lab("excitation")
    excitation.begin()
    tour.wait("the gates are taken apart", lambda: excitation.study is not None)
    tour.picture("lab-excitation-learnt")
    window.pages.show_editor()
