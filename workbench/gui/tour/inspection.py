"""Steps of the story: looking into a network."""

from __future__ import annotations

from workbench.gui.tour.playing import StepFailed, Tour


def lenet(tour: Tour) -> None:
    """The network that is open at the first start, with a picture running through it."""
    window = tour.window
    window.pages.show_editor()
    tour.wait("the images are there", lambda: window.picture.dataset is not None)
    window.document.select(["conv1"])
    tour.wait("the maps are drawn", lambda: window.inspection.maps.shown is not None)
    tour.picture("lenet")


def one_value(tour: Tour) -> None:
    """One value of a map, the sum that made it, and the steps back to a pixel of the picture."""
    window = tour.window
    window.document.select(["conv2"])
    window.editor.view.show_card("conv2")
    tour.wait("the maps are drawn", lambda: window.inspection.maps.values.shape[1:] == (10, 10))
    window.actions_table["explain_value"].trigger()
    panel = window.inspection.value
    tour.wait("the value is explained", lambda: panel.told is not None)
    tour.picture("one-value")
    while panel.back.isEnabled() and panel.told is not None:
        above = panel.told.made.nearest
        panel.step_back()
        tour.wait("the value above is explained", lambda: panel.told is not None and panel.told.place == above)  # noqa: B023
    if panel.told is None or panel.told.kind != "Input":
        raise StepFailed("the steps back did not lead to the picture")
    tour.picture("its-pixel")
    window.workspace.reveal("Curves")


def explaining(tour: Tour) -> None:
    """Why this class: by the last convolution's maps, and by what covering a patch costs."""
    window = tour.window
    window.workspace.reveal("Attribution")
    panel = window.inspection.attribution.panel
    for method in ("grad-cam", "occlusion"):
        panel.methods.setCurrentIndex(panel.methods.findData(method))
        tour.wait(f"{method} has answered", lambda: panel.answered_by(panel.method))
        tour.picture(f"attribution-{method}")


def exciting(tour: Tour) -> None:
    """What excites a map: nine images, and a picture made for it."""
    window = tour.window
    window.document.select(["conv2"])
    window.workspace.reveal("Maps")
    maps = window.inspection.maps
    tour.wait("the maps are drawn", lambda: len(maps.values) == 16)
    maps.open(3)
    maps.bar.exciting_button.click()
    panel = window.inspection.excitation.panel
    tour.wait("the images are found", lambda: panel.found and not panel.busy)
    tour.picture("excitation")
    panel.tabs.setCurrentIndex(1)
    panel.make()
    tour.wait("the picture is made", lambda: not panel.busy)
    tour.picture("made-picture")
    panel.tabs.setCurrentIndex(0)
    maps.close_map()
    window.workspace.reveal("Maps")
