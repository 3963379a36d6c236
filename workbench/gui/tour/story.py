"""The story of the product: its steps in their order. One that fails ends the tour with its name."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from workbench.gui.app import make_application, open_window
from workbench.gui.errors import Unexpected
from workbench.gui.tour import editor, inspection, pages, training
from workbench.gui.tour.playing import StepFailed, Tour

STEPS: tuple[Callable[[Tour], None], ...] = (
    pages.start_page,
    inspection.lenet,
    training.training,
    inspection.one_value,
    inspection.explaining,
    inspection.exciting,
    training.time_travel,
    training.mistakes,
    editor.editing,
    editor.comparing,
    editor.mending,
    training.overfitting,
    training.health,
    training.fine_tuning,
    pages.dark,
    editor.networks,
    pages.labs,
    pages.blocks_that_learn,
)


def play(out: Path, scheme: str = "light", size: tuple[int, int] = (1280, 800)) -> int:
    """Play every step into a folder; the exit status. Settings and runs of the person's own are not touched."""
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="workbench-tour-") as home:
        os.environ["WORKBENCH_HOME"] = home
        application = make_application()
        window = open_window(application)
        window.appearance.choose("dark" if scheme == "dark" else "light")
        window.resize(*size)
        tour = Tour(application, window, out)
        unexpected = Unexpected(application)
        unexpected.raised.connect(lambda message, details: tour.problems.append(message))
        status = 0
        for step in STEPS:
            try:
                step(tour)
                if tour.problems:
                    raise StepFailed(tour.problems[0])
            except Exception as error:
                print(f"workbench: the tour's step '{step.__name__}' failed: {error}", file=sys.stderr)
                tour.picture(f"failed-{step.__name__}")
                status = 1
                break
        window.document.saved_as(Path(home) / "tour.json")
        window.close()
        application.processEvents()
    return status
