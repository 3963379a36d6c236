"""Training with the window open, curves and maps live, against the same training without one; and how late Qt is.

Several of both live at once and take turns, as two processes one after the other differ by more than a window takes on
a machine that is shared. A training in the window is told also that draws and looks for two seconds and does neither
for the next two. The heart beats in trainings of its own, as each beat takes from the training too. All keep a run in a
directory, as every training of the window and of the command line does, and compute with as many threads as there are
cores, which wait as they do on a quiet machine: by itself each process chooses anew, by what goes on when it starts,
and LeNet-5 is 1.4 times as fast the one way as the other.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile

from tests.benchmarks.measuring import AS_LIBGOMP_DOES, Row, alone, compared
from tests.benchmarks.turns import STAMP, rates

_ENVIRONMENT = {"QT_QPA_PLATFORM": "offscreen"} | os.environ | AS_LIBGOMP_DOES

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
    + STAMP
    + """
from workbench import runs
from workbench.training import Step
with tempfile.TemporaryDirectory() as folder:
    for event in runs.start(project, Path(folder) / "run"):
        if isinstance(event, Step):
            stamp()
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
    + STAMP
    + """
from workbench.gui.training.series import Series
add_step = Series.add_step
def stamped(series, step):
    add_step(series, step)
    stamp()
Series.add_step = stamped
window.training.train()
application.exec()
"""
)

_BEATING = (
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
late, epochs = [], [0]
add_epoch = Series.add_epoch
def counted_epoch(series, epoch):
    add_epoch(series, epoch)
    epochs[0] += 1
Series.add_epoch = counted_epoch
due = None
def beat():
    global due
    now = time.perf_counter()
    if due is not None and epochs[0]:
        late.append(1000 * (now - due))
    due = now + 0.016
heart = QTimer()
heart.setTimerType(Qt.TimerType.PreciseTimer)
heart.timeout.connect(beat)
heart.start(16)
frames = [0]
def count_frame():
    frames[0] += 1
window.training._frames.timeout.connect(count_frame)
window.session.state_changed.connect(lambda state: application.quit() if state == "idle" else None)
begun = time.perf_counter()
window.training.train()
application.exec()
took = time.perf_counter() - begun
late.sort()
print(json.dumps({
    "other": other, "p95": late[int(len(late) * 0.95)], "p99": late[int(len(late) * 0.99)],
    "looking": 100 * looking[0] / took, "looks": looking[1] / took, "frames": frames[0] / took,
}))
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

CASES = (("lenet", 150), ("resnet20", 12), ("vgg3", 18))
"""Network and epochs of half a minute on two cores, a quarter of one for LeNet."""

_ROUNDS = 12


def _script(code: str, network: str, epochs: int) -> str:
    return code.replace("NAME", network).replace("EPOCHS", str(epochs))


def _run(code: str, network: str, epochs: int) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as home:
        done = subprocess.run(
            [sys.executable, "-c", _script(code, network, epochs)], env=_ENVIRONMENT | {"WORKBENCH_HOME": home},
            check=True, capture_output=True, text=True,
        )  # fmt: skip
    return dict(json.loads(done.stdout.splitlines()[-1]))


def in_window_and_without(network: str, each: int, rounds: int = _ROUNDS) -> tuple[list[float], list[float]]:
    """Steps per second of so many trainings in the window, and of as many without one."""
    scripts = [_script(code, network, 100_000) for code in (_WINDOW, _HEADLESS)] * each
    found = rates(scripts, _ENVIRONMENT, rounds)
    return found[::2], found[1::2]


def measure(runs: int = 5) -> list[Row]:
    rows = []
    for network, epochs in CASES:
        ours, other = in_window_and_without(network, runs)
        rows.append(compared(f"training {network} in the window / without", ours, other, "steps/s", "≥ 0.97"))
        turns = [_run(_ALTERNATING, network, 3 * epochs) for _ in range(runs)]
        rows.append(alone("the same, drawn and looked at or not", [t["ratio"] for t in turns], "of the rate", "≥ 0.97"))
        # By themselves: 62 beats a second take from the training too, and nobody has them who trains.
        beats = [_run(_BEATING, network, epochs) for _ in range(runs)]
        for name, key, unit, goal in (
            ("frames", "frames", "a second", "≤ 20"),
            ("training thread's time for maps", "looking", "%", "≤ 2 %"),
            ("looks at maps", "looks", "a second", "≤ 10"),
            (f"heartbeat late, 95th percentile, {network}", "p95", "ms", "≤ 5 ms"),
            (
                f"the same, 99th; {statistics.median(b['other'] for b in beats):.2f} cores busy beside",
                "p99", "ms", "≤ 10 ms",
            ),
        ):  # fmt: skip
            rows.append(alone(name, [beat[key] for beat in beats], unit, goal))
    return rows
