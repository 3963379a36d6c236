"""What the Tab key goes through: each stop has a name, and they come as one reads them."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QApplication, QWidget

from tests.gui.stops import name_of, nameless, place_of, shown, spoken
from workbench.gui import commands
from workbench.gui.labs import LABS
from workbench.gui.main_window import MainWindow
from workbench.gui.workspace import PANELS


def test_everything_that_takes_the_keyboard_has_a_name(window: MainWindow) -> None:
    window.document.select(["conv1"])
    assert nameless(window) == []
    window.document.select(["conv1", "conv2"])
    assert nameless(window.inspector) == []


def test_every_stop_has_a_name_whichever_panel_is_in_front(trained) -> None:  # type: ignore[no-untyped-def]
    window: MainWindow = trained(epochs=1)
    for title in PANELS:
        window.pages.go_to_panel(title)
        QApplication.processEvents()
        stops = list(shown(window))
        assert {"Panels", title} <= {name_of(stop) for stop in [*stops, window.workspace._docks[title].widget()]}
        assert [f"{type(stop).__name__} in {place_of(stop)}" for stop in stops if not name_of(stop)] == [], title
    window.document.saved_as(Path("elsewhere.json"))


def test_what_compares_two_epochs_has_names(trained, qtbot) -> None:  # type: ignore[no-untyped-def]
    window: MainWindow = trained(epochs=2)
    window.actions_table["compare_epochs"].trigger()
    epochs = window.travel.comparison
    qtbot.waitUntil(lambda: bool(epochs.told), timeout=20_000)
    for page in range(epochs.pages.count()):
        epochs.pages.setCurrentIndex(page)
        QApplication.processEvents()
        assert nameless(epochs) == [], epochs.pages.tabText(page)
    epochs.close()
    window.document.saved_as(Path("elsewhere.json"))


def test_the_comparison_and_the_start_page_have_names_too(window: MainWindow) -> None:
    commands.compare_networks(window)
    assert nameless(window.comparison) == []
    assert nameless(window.start_page) == []
    window.comparison.close()


def test_what_a_lab_offers_has_a_name(window: MainWindow) -> None:
    for lab in LABS:
        window.pages.show_lab(lab.name)
        assert nameless(window.pages.labs) == [], lab.title


def test_tab_goes_through_every_panel_as_one_reads_it(window: MainWindow) -> None:
    window.document.select(["conv1"])
    for title in PANELS:
        window.pages.go_to_panel(title)
        QApplication.processEvents()
        panel = window.workspace._docks[title].widget()
        order = list(shown(panel))
        wrong = [f"{spoken(a)} before {spoken(b)}" for a, b in pairwise(order) if _is_read_before(b, a, panel)]
        assert not wrong, title


def _is_read_before(one: QWidget, other: QWidget, inside: QWidget) -> bool:
    """Whether one stands wholly above the other, or in the same row to its left."""
    first, second = one.mapTo(inside, QPoint(0, 0)), other.mapTo(inside, QPoint(0, 0))
    over = first.x() < second.x() + other.width() and second.x() < first.x() + one.width()
    in_a_row = abs((first.y() + one.height() / 2) - (second.y() + other.height() / 2)) < 10
    return (over and first.y() + one.height() <= second.y()) or (in_a_row and first.x() < second.x())
