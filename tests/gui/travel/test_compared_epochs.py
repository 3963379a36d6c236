"""Two epochs of a run beside each other: maps, filters, confusion, curves and what the curves are at each."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from workbench.gui.main_window import MainWindow
from workbench.gui.travel.comparison import PAGES
from workbench.inspection import FilterRows, Wishes
from workbench.runs import Reel, Run


def test_two_epochs_stand_beside_each_other(opened: MainWindow, finished: Path, qtbot) -> None:  # type: ignore[no-untyped-def]
    window, reel = opened, Reel(finished)
    window.actions_table["compare_epochs"].trigger()
    comparison = window.travel.comparison
    left, right = comparison.left, comparison.right
    qtbot.waitUntil(lambda: None not in (left.moment, right.moment) and bool(comparison.told), timeout=20_000)
    assert (left.epoch, right.epoch) == (1, 4)
    for side in (left, right):
        record = reel.record(side.epoch)
        seen = record.seen(Wishes(("conv",), (FilterRows("conv"),)))
        assert np.array_equal(side.maps.values, seen.maps["conv"])
        comparison.pages.setCurrentIndex(1)
        assert np.array_equal(side.filters.picture.weight, seen.filters[FilterRows("conv")].weight)
        assert side.confusion._counts.tolist() == reel.figures(side.epoch)["confusion"]
    accuracies = [f"{reel.figures(epoch)['validation_accuracy']:.1%}" for epoch in (1, 4)]
    assert " → ".join(accuracies) in comparison.told
    comparison.layers.setCurrentText("relu")
    assert left.maps.layer == right.maps.layer == "relu"
    left.slider.setValue(1)
    qtbot.waitUntil(lambda: left.moment.record.epoch == 2 and "From epoch 2 to 4" in comparison.told, timeout=10_000)


def test_the_curves_say_what_they_are_at_two_epochs(opened: MainWindow, finished: Path, qtbot) -> None:  # type: ignore[no-untyped-def]
    window, epochs = opened, Run.open(finished).epochs
    window.actions_table["compare_epochs"].trigger()
    comparison = window.travel.comparison
    comparison.pages.setCurrentIndex(PAGES.index("Curves"))
    compared, table = comparison.curves, comparison.curves.figures
    qtbot.waitUntil(lambda: bool(comparison.told) and table.topLevelItemCount() > 0, timeout=20_000)
    loss, accuracy, _ = compared.curves.plots

    def shown() -> dict[str, list[str]]:
        rows = [table.topLevelItem(row) for row in range(table.topLevelItemCount())]
        return {row.text(0): [row.text(column) for column in range(1, 4)] for row in rows}

    def wanted(one: int, other: int) -> None:
        a, b = epochs[one - 1], epochs[other - 1]
        assert loss.uprights.looked_at == {float(a["step"]): f"epoch {one}", float(b["step"]): f"epoch {other}"}
        assert list(accuracy.uprights.looked_at) == [a["step"], b["step"]]
        losses, accuracies = shown()["Validation loss"], shown()["Validation accuracy"]
        assert losses[:2] == [f"{figures['validation_loss']:.4g}" for figures in (a, b)]
        assert float(losses[2].replace("−", "-")) == pytest.approx(
            b["validation_loss"] - a["validation_loss"], rel=0.01
        )
        assert accuracies[:2] == [f"{figures['validation_accuracy']:.1%}" for figures in (a, b)]
        assert a["diagnosis"]["sentence"] in compared.curves.diagnosis.sentence
        assert [table.headerItem().text(column) for column in (1, 2)] == [f"Epoch {one}", f"Epoch {other}"]

    wanted(1, 4)
    drawn = loss.lines["validation"][1]
    assert list(drawn) == pytest.approx([figures["validation_loss"] for figures in epochs])
    comparison.left.slider.setValue(2)
    qtbot.waitUntil(lambda: "From epoch 3 to 4" in comparison.told, timeout=10_000)
    wanted(3, 4)
    assert not comparison.layers.isVisible()
    comparison.pages.setCurrentIndex(0)
    assert comparison.layers.isVisible()
    assert comparison.left.maps.isVisible()
    assert not compared.isVisible()
