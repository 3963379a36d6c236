"""Windows opened, used and closed again and again in one process: nothing may be left of them.

python -m tests.gui.cycles CYCLES     prints what was left, as JSON
"""

from __future__ import annotations

import gc
import json
import os
import sys
import tempfile
import threading
from collections import Counter
from pathlib import Path

import torch
from PySide6.QtCore import QObject, QThread

from tests.gui.opening import opened, spin, strictly
from workbench.project import DataChoice


def cycle(home: Path) -> None:
    """Open a window, look at a large network, train a small one, look at all panels, close it."""
    with opened(home) as window:
        window.files.open_preset("googlenet")
        window.editor.open_all()
        window.files.open_preset("lenet5")
        window.document.set_data(DataChoice(subset=100), "for the test")
        window.document.set_recipe(window.document.recipe.changed(epochs=2), "for the test")
        spin(lambda: window.images.state == "ready")
        window.training.train()
        spin(lambda: window.session.state == "idle")
        for title in ("Curves", "Confusion", "Runs", "Data", "Hardest", "Pre-flight"):
            window.workspace.reveal(title)
        window.document.saved_as(Path("elsewhere.json"))


def left_over() -> dict[str, int]:
    """How many objects of each kind that should be gone with a window are alive."""
    gc.collect()
    kinds = (QObject, torch.Tensor, threading.Thread, QThread)
    found = (type(thing) for thing in gc.get_objects() if issubclass(type(thing), kinds))
    # Python's own entries for threads of Qt's go when the system gives their numbers to others.
    return dict(Counter(kind.__name__ for kind in found if kind is not threading._DummyThread))


def run(cycles: int) -> dict[str, object]:
    """What was alive after the second cycle and after the last, and the process's memory then, in bytes."""
    with tempfile.TemporaryDirectory() as folder, strictly() as told:
        for number in range(2):  # what is kept for good comes with the first ones
            cycle(Path(folder) / str(number))
        first, memory = left_over(), _resident()
        for number in range(2, 2 + cycles):
            cycle(Path(folder) / str(number))
        return {"first": first, "last": left_over(), "memory": [memory, _resident()], "told": told}


def _resident() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


if __name__ == "__main__":
    print(json.dumps(run(int(sys.argv[1]))))
