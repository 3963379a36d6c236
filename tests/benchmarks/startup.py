"""How long a person waits: for `workbench --help`, for the window's first picture, and until it can be used."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time

from tests.benchmarks.measuring import Row, alone

_WINDOW = """
import json, sys, time
began = float(sys.argv[1])
import gc
from workbench.cli import app, opening  # what the command does before there is a window
opening.check_that_it_can_be_shown()
gc.disable()
from workbench.gui.app import make_application, open_window
from PySide6.QtCore import QEvent, QObject, Qt, QTimer
application = make_application()
moments = {}
class Watch(QObject):
    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint and "painted" not in moments:
            QTimer.singleShot(0, lambda: moments.setdefault("painted", time.monotonic() - began))
        return False
watch = Watch()
application.installEventFilter(watch)
window = open_window(application)
late, due = [], None
def beat():
    global due
    now = time.monotonic()
    if due is not None and "painted" in moments:
        late.append(1000 * (now - due))
    due = now + 0.016
    if "ready" not in moments and window.engine.is_ready:
        moments["ready"] = now - began
        moments["stall_loading"] = max(late, default=0.0)
        late.clear()
    elif "usable" not in moments and window.picture.dataset is not None:
        moments["usable"] = now - began
        moments["stall_filling"] = max(late, default=0.0)
        QTimer.singleShot(3000, application.quit)
    moments["stall_after"] = max(late, default=0.0)
heart = QTimer()
heart.setTimerType(Qt.TimerType.PreciseTimer)
heart.timeout.connect(beat)
heart.start(16)
application.exec()
print(json.dumps(moments))
window.close()
"""


def _of_window() -> dict[str, float]:
    """Moments of one start in seconds since its process began, and by how many milliseconds Qt was late at worst."""
    with tempfile.TemporaryDirectory() as home:
        environment = os.environ | {"WORKBENCH_HOME": home}
        if not os.environ.get("DISPLAY"):
            environment.setdefault("QT_QPA_PLATFORM", "offscreen")
        done = subprocess.run(
            [sys.executable, "-c", _WINDOW, str(time.monotonic())], env=environment, check=True, capture_output=True,
            text=True,
        )  # fmt: skip
    return dict(json.loads(done.stdout.splitlines()[-1]))


def _seconds(*command: str) -> float:
    began = time.perf_counter()
    subprocess.run([sys.executable, *command], check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - began


def measure(runs: int = 9) -> list[Row]:
    light = "import sys, workbench.graph; assert not {'torch', 'torchvision', 'PySide6'} & set(sys.modules)"
    starts = [_of_window() for _ in range(runs)]
    return [
        alone("first picture of the window", [s["painted"] for s in starts], "s", "≤ 0.5 s"),
        alone("window can be used: torch and images are there", [s["usable"] for s in starts], "s", "≤ 3 s"),
        alone("worst stall while torch is loaded", [s["stall_loading"] for s in starts], "ms"),
        alone("worst stall while rooms are filled", [s["stall_filling"] for s in starts], "ms"),
        alone("worst stall in the three seconds after", [s["stall_after"] for s in starts], "ms"),
        alone("workbench --help", [_seconds("-m", "workbench", "--help") for _ in range(runs)], "s", "≤ 0.3 s"),
        alone("import workbench.graph (no torch)", [_seconds("-c", light) for _ in range(runs)], "s"),
        alone("python alone, for comparison", [_seconds("-c", "pass") for _ in range(runs)], "s"),
    ]
