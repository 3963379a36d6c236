"""Eight hours of training simulated: a million steps of events through the window's session, and what they leave."""

from __future__ import annotations

import gc
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Generator
from pathlib import Path
from typing import Any

import numpy as np

from tests.benchmarks.measuring import Row

STEP_BYTES, EPOCH_BYTES, FIXED_BYTES = 64, 1_500, 48_000_000
"""The bound: a step's row in a table that may be half empty, an epoch's figures, and what drawing needs whatever the
length. A million steps in epochs of a hundred may take 127 MB more than none."""


def bound(steps: int, epochs: int) -> int:
    """Bytes that so long a training may take in the window."""
    return STEP_BYTES * steps + EPOCH_BYTES * epochs + FIXED_BYTES


def events(steps: int, per_epoch: int, classes: int = 10) -> Generator[Any]:
    """What a training says: every step, ten looks at maps in a hundred steps, and every epoch with its checkpoint."""
    from workbench.inspection import Seen
    from workbench.training import Checkpoint, Diagnosis, Epoch, Finished, Probe, Started, State, Step

    names = tuple(map(str, range(classes)))
    yield Started(61_706, "cpu", "fp32", 2, 64 * per_epoch, 1000, per_epoch, steps // per_epoch, 1, 0, names)
    for step in range(1, steps + 1):
        loss = 0.1 + 2.0 / step**0.3
        yield Step(step // per_epoch + 1, step, loss, loss, 0.0, 0.0, 0.0, 0.1, 1.0, 64, 0.01)
        if step % 10 == 0:
            yield Probe(step, Seen({"conv1": np.full((6, 28, 28), loss, np.float32)}, probabilities=(0.1,) * classes))
        if step % per_epoch == 0:
            epoch = step // per_epoch
            rows = tuple(tuple(int(i == j) * epoch for j in range(classes)) for i in range(classes))
            said = Diagnosis("healthy", f"Healthy: validation loss {loss + 0.1:.3f} is 0.100 above the training loss.")
            yield Epoch(
                epoch, step, loss, 0.9, loss, 0.9, loss + 0.1, 0.85, 0.99, tuple(0.8 for _ in names), rows, 0.1, 1.0,
                9e3, 1.0, 10**9, True, said,
            )  # fmt: skip
            yield Checkpoint(epoch, step, State({}, {}))
    yield Finished("completed", steps // per_epoch, steps, 1, "Completed.")


def run_through(steps: int, per_epoch: int) -> Any:
    """Feed the events to a session while curves and confusion matrix follow as in the window; the session after it."""
    from PySide6.QtCore import QEventLoop, QTimer
    from PySide6.QtWidgets import QApplication

    from workbench.gui.main_window import first_project
    from workbench.gui.theme import Appearance
    from workbench.gui.training.confusion import ConfusionPanel
    from workbench.gui.training.curves import CurvesView
    from workbench.gui.training.session import TrainingSession

    application = QApplication.instance() or QApplication([])
    assert isinstance(application, QApplication)
    appearance = Appearance(application, "light")
    session, view, confusion = TrainingSession(), CurvesView(appearance), ConfusionPanel(appearance)
    view.resize(1000, 400)
    view.show()
    session._begin(first_project(), Path("nowhere"), lambda control, watch: events(steps, per_epoch))
    view.show_series(session.series)

    def frame() -> None:
        view.refresh()
        view.show_happenings(session.happenings)
        if session.series.epochs and session.started is not None:
            confusion.show_epoch(session.series.epochs[-1], session.started.classes, "0001-long")

    timer = QTimer()
    timer.timeout.connect(frame)
    timer.start(50)
    loop = QEventLoop()
    session.finished.connect(lambda _: loop.quit())
    loop.exec()
    timer.stop()
    frame()
    view.close()
    view.deleteLater()
    confusion.deleteLater()
    application.processEvents()
    gc.collect()
    return session


_SCRIPT = """
import json, os, resource, sys
from tests.benchmarks.long_training import run_through
def resident():
    with open("/proc/self/statm") as pages:
        return int(pages.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
steps, per_epoch = int(sys.argv[1]), int(sys.argv[2])
first = run_through(1_000, 100)
before = resident()
session = run_through(steps, per_epoch)
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
print(json.dumps({"grown": resident() - before, "peak": peak - before, "count": session.series.count}))
"""


def measure(steps: int = 1_000_000) -> list[Row]:
    rows = []
    for per_epoch in (100, 12):
        with tempfile.TemporaryDirectory() as home:
            environment = {"QT_QPA_PLATFORM": "offscreen"} | os.environ | {"WORKBENCH_HOME": home}
            done = subprocess.run(
                [sys.executable, "-c", _SCRIPT, str(steps), str(per_epoch)],
                env=environment, check=True, capture_output=True, text=True,
            )  # fmt: skip
        found = json.loads(done.stdout.splitlines()[-1])
        assert found["count"] == steps
        most = bound(steps, steps // per_epoch) / 1e6
        rows.append(
            Row(
                f"memory after {steps:,} steps in epochs of {per_epoch}",
                f"{found['grown'] / 1e6:,.1f} MB more than before",
                f"{found['peak'] / 1e6:,.1f} MB at most",
                "",
                f"≤ {most:,.0f} MB",
            )
        )
    return rows
