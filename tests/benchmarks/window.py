"""Training with the window open, curves and maps live, against the same training without one; and how late Qt is.

Two processes differ by more than a window takes, on a machine that is shared. So a training in the window is told also
that draws and looks for two seconds and does neither for the next two. The heart beats in trainings of its own, as each
beat takes from the training too. All keep a run in a directory, as every training of the window and of the command line
does, and compute with as many threads as there are cores, which wait as they do on a quiet machine: by itself each
process chooses anew, by what goes on when it starts, and LeNet-5 is 1.4 times as fast the one way as the other.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile

from tests.benchmarks.measuring import AS_LIBGOMP_DOES, Row, alone, compared, interleaved

_PROJECT = """
import json, sys, tempfile, time
from pathlib import Path
from workbench.machine import busy_cores, prepare_for_torch
prepare_for_torch()
from tests.benchmarks.networks import NAME
from workbench.project import DataChoice, Project, Recipe
recipe = Recipe(epochs=EPOCHS, batch_size=128, precision="fp32", channels_last="off")
project = Project(NAME(), DataChoice(), recipe)
"""

_HEADLESS = (
    _PROJECT
    + """
from workbench import runs
from workbench.training import Epoch, Started
ends = []
with tempfile.TemporaryDirectory() as folder:
    for event in runs.start(project, Path(folder) / "run"):
        if isinstance(event, Started):
            images = event.train_images
        elif isinstance(event, Epoch):
            ends.append(time.perf_counter())
ends = ends[len(ends) // 3 :]
print(json.dumps({"rate": images * (len(ends) - 1) / (ends[-1] - ends[0])}))
"""
)

_OPENED = (
    _PROJECT
    + """
from PySide6.QtCore import Qt, QTimer
from workbench.gui.app import make_application, open_window
application = make_application()
window = open_window(application)
def spin(until):
    while not until():
        application.processEvents()
        time.sleep(0.002)
spin(lambda: window.engine.is_ready)
window.files.open_project(project)
window.pages.show_editor()
spin(lambda: window.picture.dataset is not None)
window.document.select([next(n.name for n in project.graph.nodes if n.kind == "Conv2d")])
"""
)

_WINDOW = (
    _OPENED
    + """
other = busy_cores(seconds=0.5)
watch, looking = window.session.watch, [0.0, 0]
look = watch.look
def timed_look(*arguments, **options):
    began = time.perf_counter()
    probe = look(*arguments, **options)
    looking[0] += time.perf_counter() - began
    looking[1] += probe is not None
    return probe
watch.look = timed_look
from workbench.gui.training.series import Series
late, ends = [], []
add_epoch = Series.add_epoch
def timed_epoch(series, epoch):
    add_epoch(series, epoch)
    ends.append(time.perf_counter())
Series.add_epoch = timed_epoch
due = None
def beat():
    global due
    now = time.perf_counter()
    if due is not None and ends:
        late.append(1000 * (now - due))
    due = now + 0.016
heart = QTimer()
heart.setTimerType(Qt.TimerType.PreciseTimer)
heart.timeout.connect(beat)
if BEATING:
    heart.start(16)
frames = [0]
def count_frame():
    frames[0] += 1
window.training._frames.timeout.connect(count_frame)
window.session.state_changed.connect(lambda state: application.quit() if state == "idle" else None)
begun = time.perf_counter()
window.training.train()
application.exec()
late.sort()
later = ends[len(ends) // 3 :]
found = {
    "rate": len(window.picture.dataset.train) * (len(later) - 1) / (later[-1] - later[0]), "other": other,
    "looking": 100 * looking[0] / (ends[-1] - begun), "looks": looking[1] / (ends[-1] - begun),
    "frames": frames[0] / (ends[-1] - begun),
}
if late:
    found |= {"p95": late[int(len(late) * 0.95)], "p99": late[int(len(late) * 0.99)]}
print(json.dumps(found))
window.document.saved_as(window.document.path)
window.close()
"""
)

_ALTERNATING = (
    _OPENED
    + """
import statistics
from workbench.gui.training.series import Series
add_step, steps, shown, still = Series.add_step, [], [], []
def timed_step(series, step):
    add_step(series, step)
    steps.append(time.perf_counter())
Series.add_step = timed_step
watch, frames = window.session.watch, window.training._frames
look, is_live = watch.look, [True]
watch.look = lambda *arguments, **options: look(*arguments, **options) if is_live[0] else None
def turn():
    if len(steps) > 2:
        (shown if is_live[0] else still).append((len(steps) - 1) / (steps[-1] - steps[0]))
    is_live[0] = not is_live[0]
    frames.start() if is_live[0] else frames.stop()
    steps.clear()
timer = QTimer()
timer.timeout.connect(turn)
window.session.state_changed.connect(lambda state: application.quit() if state == "idle" else None)
QTimer.singleShot(5000, lambda: (steps.clear(), timer.start(2000)))
window.training.train()
application.exec()
pairs = [one / other for one, other in zip(shown, still)]
print(json.dumps({"ratio": statistics.median(pairs), "pairs": len(pairs)}))
window.document.saved_as(window.document.path)
window.close()
"""
)

CASES = (("lenet", 300), ("resnet20", 12), ("vgg3", 18))
"""Network and epochs: half a minute on two cores, of which the first third does not count: panels take their places
then, curves grow beyond their plots every second, and a LeNet whose epochs are of 80 milliseconds loses a fifth of its
rate for five seconds. No other training that people make changes so often."""


def _run(code: str, network: str, epochs: int) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as home:
        environment = {"QT_QPA_PLATFORM": "offscreen"} | os.environ | AS_LIBGOMP_DOES | {"WORKBENCH_HOME": home}
        script = code.replace("NAME", network).replace("EPOCHS", str(epochs))
        done = subprocess.run(
            [sys.executable, "-c", script], env=environment, check=True, capture_output=True, text=True
        )
    return dict(json.loads(done.stdout.splitlines()[-1]))


def measure(runs: int = 5) -> list[Row]:
    rows = []
    for network, epochs in CASES:
        seen: list[dict[str, float]] = []

        def in_window(network: str = network, epochs: int = epochs, seen: list[dict[str, float]] = seen) -> float:
            seen.append(_run(_WINDOW.replace("BEATING", "False"), network, epochs))
            return seen[-1]["rate"]

        ours, other = interleaved(in_window, lambda n=network, e=epochs: _run(_HEADLESS, n, e)["rate"], runs)
        rows.append(compared(f"training {network} in the window / without", ours, other, "images/s", "≥ 0.97"))
        turns = [_run(_ALTERNATING, network, 2 * epochs) for _ in range(runs)]
        rows.append(alone("the same, drawn and looked at or not", [t["ratio"] for t in turns], "of the rate", "≥ 0.97"))
        rows.append(alone("frames", [s["frames"] for s in seen], "a second", "≤ 20"))
        rows.append(alone("training thread's time for maps", [s["looking"] for s in seen], "%", "≤ 2 %"))
        rows.append(alone("looks at maps", [s["looks"] for s in seen], "a second", "≤ 10"))
        # By themselves: 62 beats a second take from the training too, and nobody has them who trains.
        beats = [_run(_WINDOW.replace("BEATING", "True"), network, epochs // 2) for _ in range(runs)]
        rows.append(alone(f"heartbeat late, 95th percentile, {network}", [b["p95"] for b in beats], "ms", "≤ 5 ms"))
        beside = f"{statistics.median(b['other'] for b in beats):.2f} cores busy beside"
        rows.append(alone(f"the same, 99th; {beside}", [b["p99"] for b in beats], "ms", "≤ 10 ms"))
    return rows
