"""The rooms that need torch. What they are made of is imported beside the window; they are filled one after another."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from workbench.gui import commands
from workbench.gui.data.panel import DataPanel
from workbench.gui.editor.comparison.window import ComparisonWindow
from workbench.gui.exporting import Exporting
from workbench.gui.inspection.room import InspectionRoom
from workbench.gui.reporting import Reporting
from workbench.gui.training.curves import CurvesView
from workbench.gui.training.curves_menu import CurvesMenu
from workbench.gui.training.preflight import PreflightPanel
from workbench.gui.training.room import TrainingRoom
from workbench.gui.travel.room import TravelRoom

if TYPE_CHECKING:
    from workbench.gui.main_window import MainWindow


def fill(window: MainWindow) -> Iterator[None]:
    """Make the rooms of a window, each after those that it knows. At each pause the window may do other things."""
    window.inspection = InspectionRoom(window)
    yield
    curves = CurvesView(window.appearance)
    yield
    preflight = PreflightPanel(window.document, window.images, window.session, window.appearance, window.attempt)
    yield
    window.training = TrainingRoom(window, curves, preflight)
    CurvesMenu(curves, window.actions_table)
    yield
    window.travel = TravelRoom(window)
    yield
    window.reporting = Reporting(window)
    window.exporting = Exporting(window)
    window.comparison = ComparisonWindow(window.document, window.appearance, window)
    yield
    window.data_panel = panel = DataPanel(window.document, window.images, window.appearance, window.attempt)
    panel.list_sources()
    window.workspace.put("Data", panel)
    panel.picked.connect(lambda part, place: window.picture.take(place, part))
    panel.augmentation_wanted.connect(lambda: commands.show_setting(window, "crop_padding"))
