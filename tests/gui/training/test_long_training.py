"""A long training leaves no more in the window's memory than is promised."""

from __future__ import annotations

import gc
import tracemalloc

from PySide6.QtWidgets import QApplication

from tests.benchmarks.long_training import EPOCH_BYTES, STEP_BYTES, run_through


def test_twenty_thousand_steps_take_no_more_than_the_bound_says(qapp: QApplication) -> None:
    run_through(200, 12)
    gc.collect()
    tracemalloc.start()
    before, _ = tracemalloc.get_traced_memory()
    steps, per_epoch = 20_000, 12
    session = run_through(steps, per_epoch)
    after, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert session.series.count == steps
    assert len(session.series.epochs) == steps // per_epoch
    assert len(session.happenings) == steps // per_epoch, "a checkpoint each epoch"
    assert after - before < STEP_BYTES * steps + EPOCH_BYTES * (steps // per_epoch)
