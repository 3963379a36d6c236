"""A hundred runs of ten thousand steps laid over each other: how soon they show, and how they pan."""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Callable

import numpy as np

from tests.benchmarks.measuring import Row, on_screens

_RUNS, _STEPS, _EPOCHS, _FRAMES = 100, 10_000, 100, 120


def measure() -> list[Row]:
    return on_screens(__name__)


def rows(runs: int = _RUNS, steps: int = _STEPS, frames: int = _FRAMES) -> list[Row]:
    """On the display where there is one, else in memory: then it is Qt's painter alone that is measured."""
    if not os.environ.get("DISPLAY"):
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtWidgets import QApplication

    from workbench.gui.theme import Appearance
    from workbench.gui.training.curves import CurvesView

    application = QApplication.instance() or QApplication([])
    assert isinstance(application, QApplication)
    view = CurvesView(Appearance(application, "light"))
    view.resize(1280, 400)
    view.show()

    def frame(move: Callable[[], object]) -> float:
        """Milliseconds from the wish to the painted plots."""
        began = time.perf_counter()
        move()
        application.processEvents()
        view.repaint()  # each plot once
        return 1000 * (time.perf_counter() - began)

    application.processEvents()
    *others, (watched, series) = series_of(runs + 1, steps)
    view.show_series(series, watched)
    shown = [frame(lambda: view.compare([])) and frame(lambda: view.compare(others)) for _ in range(5)]
    box = view.plots[0].getPlotItem().getViewBox()

    def pan(share: float) -> list[float]:
        width = share * steps
        box.setXRange(0.3 * steps, 0.3 * steps + width, padding=0)
        box.sigRangeChangedManually.emit(box.state["mouseEnabled"])
        frame(view._redraw)
        found = []
        for number in range(frames):
            way = width / 100 * (1 if number < frames // 2 else -1)
            found.append(frame(lambda w=way: (box.translateBy(x=w), box.sigRangeChangedManually.emit([True, True]))))
        return found

    name = f"{runs} runs of {steps:,} points"
    where = application.platformName()
    found = [_row(f"{name}: laid over each other and painted, {where}", shown, "")]
    for height in (400, 800):
        view.resize(1280, height)
        words = f"{name}, {height} high: pan over"
        found += [_row(f"{words} {share:.0%} of them, {where}", pan(share), "≤ 16.7 ms") for share in (1.0, 0.2)]
    found.append(_row(f"{name}: more points once it stands still", [frame(view._redraw) for _ in range(10)], ""))
    view.close()
    view.deleteLater()
    application.processEvents()
    return found


def series_of(runs: int, steps: int) -> list[tuple[str, object]]:
    """Noisy curves that fall, each to another height, by name."""
    from workbench.gui.training.series import Series
    from workbench.training import Diagnosis, Epoch, Step

    chance = np.random.default_rng(0)
    found: list[tuple[str, object]] = []
    for run in range(runs):
        series = Series()
        floor = 0.2 + run / runs
        losses = floor + 2.0 * np.exp(-np.arange(steps) / (0.2 * steps)) + 0.05 * chance.normal(size=steps)
        for number, loss in enumerate(losses.tolist(), 1):
            series.add_step(Step(1, number, loss, loss, 0.0, 0.0, 0.0, 0.1, 1.0, 64, 0.01))
            if number % max(1, steps // _EPOCHS) == 0:
                epoch = len(series.epochs) + 1
                series.add_epoch(
                    Epoch(
                        epoch, number, loss, 0.9, loss, 0.9, loss + 0.1, 0.85, 0.99, (), (), 0.1, 1.0, 1e4, 1.0, 10**9,
                        False, Diagnosis("healthy", ""),
                    )
                )  # fmt: skip
        found.append((f"{run:04d}-run", series))
    return found


def _row(name: str, values: list[float], goal: str) -> Row:
    ninety_fifth = statistics.quantiles(values, n=20)[-1]
    return Row(name, f"{statistics.median(values):,.1f} ms", f"p95 {ninety_fifth:,.1f} ms", "", goal)
