"""How the layers fared in any epoch of an opened run, and in two of them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QTreeWidget

from workbench.gui.editor.tints import BY_NAME, FIGURES
from workbench.gui.main_window import MainWindow
from workbench.gui.travel.comparison import PAGES
from workbench.inspection import KeptHealth
from workbench.runs import Reel


def test_how_layers_fared_is_shown_again_of_an_opened_run(window: MainWindow, examined: Path, qtbot) -> None:  # type: ignore[no-untyped-def]
    window.actions_table["health_update"].trigger()
    window.training.open_run(examined)
    qtbot.waitUntil(lambda: window.travel.has_epochs, timeout=30_000)
    kept = Reel(examined).health()
    assert len(kept) == 4
    panel, cards = window.training.health.panel, window.editor.scene.cards
    assert panel.model.rowCount() == 4
    assert panel.told.text() == f"{examined.name}, measured at step {kept[-1].step}"

    def shown() -> tuple[str, str]:
        row = panel.model.row_of("conv")
        assert row is not None
        assert cards["conv"].tint is not None
        return panel.model.data(panel.model.index(row, 6)), cards["conv"].tint.text

    def wanted(health: KeptHealth) -> tuple[str, str]:
        text = BY_NAME["update"].text(health.layers["conv"].update)
        return text, text

    assert shown() == wanted(kept[-1])
    window.travel.bar.slider.setValue(1)
    qtbot.waitUntil(lambda: window.travel.moment is not None and window.travel.moment.record.epoch == 2, timeout=10_000)
    assert panel.told.text() == f"Epoch 2 of {examined.name}, measured at step {kept[1].step}"
    assert shown() == wanted(kept[1]) != wanted(kept[-1])
    steps, values = panel.model._history.of("conv", "update")
    assert list(steps) == [health.step for health in kept]
    assert list(values) == pytest.approx([health.layers["conv"].update for health in kept])
    window.travel.bar.go_back_to_now()
    assert shown() == wanted(kept[-1])
    window.actions_table["health_off"].trigger()
    window.document.saved_as(examined / "project.json")
    window.files.open_preset("lenet5")
    assert panel.model.rowCount() == 0


def test_how_layers_fared_in_two_epochs_is_told_by_what_changed_most(window: MainWindow, examined: Path, qtbot) -> None:  # type: ignore[no-untyped-def]
    window.training.open_run(examined)
    qtbot.waitUntil(lambda: window.travel.has_epochs, timeout=30_000)
    kept = Reel(examined).health()
    window.actions_table["compare_epochs"].trigger()
    comparison, table = window.travel.comparison, window.travel.comparison.health.table
    comparison.pages.setCurrentIndex(PAGES.index("Health"))
    qtbot.waitUntil(lambda: table.topLevelItemCount() == 4, timeout=20_000)
    rows = [table.topLevelItem(row) for row in range(4)]
    before, after = kept[0].layers, kept[3].layers
    for row in rows:
        for column, figure in enumerate(FIGURES, 1):
            values = [getattr(layers[row.text(0)], figure.name) for layers in (before, after)]
            texts = [figure.text(value).replace("-", "−") for value in values]
            assert row.text(column) == (" → ".join(texts) if any(texts) else "")

    def moved(layer: str) -> float:
        pairs = [
            (figure, getattr(before[layer], figure.name), getattr(after[layer], figure.name)) for figure in FIGURES
        ]
        known = [(figure, a, b) for figure, a, b in pairs if np.isfinite(a) and np.isfinite(b)]
        return max(abs(figure.place(b) - figure.place(a)) for figure, a, b in known)

    most = [moved(row.text(0)) for row in rows]
    assert most == sorted(most, reverse=True)
    assert most[0] > most[-1]
    # By one figure alone, where its heading is clicked.
    column = [figure.name for figure in FIGURES].index("gradient") + 1
    table.sortByColumn(column, Qt.SortOrder.DescendingOrder)
    ratios = {name: abs(np.log10(after[name].gradient / before[name].gradient)) for name in ("conv", "fc")}
    assert table.topLevelItem(0).text(0) == max(ratios, key=ratios.__getitem__)
    # The same epoch twice has changed in nothing.
    comparison.left.slider.setValue(3)
    qtbot.waitUntil(lambda: "From epoch 4 to 4" in comparison.told, timeout=10_000)
    assert all(a == b for a, b in (text.split(" → ") for text in _texts(table) if text))


def _texts(table: QTreeWidget) -> list[str]:
    rows = [table.topLevelItem(row) for row in range(table.topLevelItemCount())]
    return [row.text(column) for row in rows if row is not None for column in range(1, table.columnCount())]


def test_of_a_run_that_measured_nothing_it_is_said_why(opened: MainWindow, qtbot) -> None:  # type: ignore[no-untyped-def]
    panel = opened.training.health.panel
    assert panel.model.rowCount() == 0
    assert "without --health" in panel._hint.text()
    opened.actions_table["compare_epochs"].trigger()
    health = opened.travel.comparison.health
    qtbot.waitUntil(lambda: "not measured up to epoch" in health.hint, timeout=20_000)
