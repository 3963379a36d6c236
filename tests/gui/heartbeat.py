"""How evenly the window's event loop beats while it has a great deal to do."""

from __future__ import annotations

import math
import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, QTimer

from tests.data.pictures import encoded
from tests.gui.opening import opened, rest, spin
from tests.pauses import Pauses
from workbench.graph import Builder, Graph
from workbench.gui.editor import commands
from workbench.gui.main_window import MainWindow
from workbench.gui.training.series import Series
from workbench.project import DataChoice, Project
from workbench.training import Step

_BEAT_MILLISECONDS = 5


@dataclass(frozen=True, slots=True)
class Beats:
    """The gaps between two beats while something was done, in milliseconds. Where the process was stopped is none."""

    what: str
    count: int
    longest: float
    p99: float

    def __str__(self) -> str:
        return f"{self.what}: {self.count} beats, longest gap {self.longest:.0f} ms, p99 {self.p99:.0f} ms"


def measure(home: Path, images: int, nodes: int, points: int) -> list[Beats]:
    """R14: reading a folder of images, giving that up, editing a large network, drawing long curves."""
    folder = _many_images(home / "images", images)
    graph, series = _long_graph(nodes), _long_series(points)
    found: list[Beats] = []
    with Pauses() as pauses, opened(home / "home") as window:
        beating = partial(_beating, pauses, found)
        with beating(f"reading {images:,} images"):
            window.document.set_data(DataChoice(source=str(folder)), "for the test")
            spin(lambda: window.images.state == "ready", 3600)
        with beating("giving up to read them"):
            window.document.set_data(DataChoice(source=str(folder), fit="crop"), "for the test")
            spin(lambda: window.images.state == "reading")
            rest(0.3)
            began = time.monotonic()
            window.images.cancel()
            spin(lambda: window.images.state == "cancelled")
            cancelled = pauses.lived(began, time.monotonic())
        found[-1] = Beats(
            f"{found[-1].what} (took {1000 * cancelled:.0f} ms)", found[-1].count, found[-1].longest, found[-1].p99
        )
        window.document.set_data(DataChoice(), "for the test")
        with beating(f"opening {nodes:,} layers"):
            window.document.open(Project(graph))
            window.pages.show_editor()
            rest(0.5)
        with beating(f"editing {nodes:,} layers"):
            _edit(window, random.Random(0))
        with beating(f"drawing {points:,} points"):
            window.training.curves.show_series(series)
            window.workspace.reveal("Curves")
            for _ in range(20):
                window.training.curves.refresh()
                rest(0.05)
    return found


def _edit(window: MainWindow, chance: random.Random) -> None:
    """Settings, insertions, undo and panning."""
    document, view = window.document, window.editor.view
    for _ in range(10):
        node = chance.choice([node for node in document.graph.nodes if node.kind == "Conv2d"])
        commands.set_argument(document, [node.name], "bias", not node.arguments.get("bias", True))
        rest(0.05)
        commands.insert(document, "layer:ReLU", node.name)
        rest(0.05)
        document.undo()
        view.verticalScrollBar().setValue(chance.randrange(max(1, view.verticalScrollBar().maximum())))
        rest(0.05)


@contextmanager
def _beating(pauses: Pauses, found: list[Beats], what: str) -> Iterator[None]:
    at = [time.monotonic()]
    timer = QTimer()
    timer.setTimerType(Qt.TimerType.PreciseTimer)
    timer.timeout.connect(lambda: at.append(time.monotonic()))
    timer.start(_BEAT_MILLISECONDS)
    yield
    at.append(time.monotonic())
    timer.stop()
    gaps = sorted(1000 * gap for gap in pauses.gaps(at))
    found.append(Beats(what, len(gaps), gaps[-1], gaps[int(0.99 * (len(gaps) - 1))]))


def _many_images(folder: Path, count: int) -> Path:
    """The same few pictures again and again, as links, so that a million take no room."""
    folder.mkdir(parents=True)
    (folder.parent / "pictures").mkdir()
    sources = [folder.parent / "pictures" / f"{seed}.png" for seed in range(20)]
    for seed, source in enumerate(sources):
        source.write_bytes(encoded(seed))
    for number in range(count):
        parent = folder / f"class{number % 10}"
        if number < 10:
            parent.mkdir()
        (parent / f"{number:07}.png").hardlink_to(_fresh(sources, number))
    return folder


def _fresh(sources: list[Path], number: int) -> Path:
    """A file has 65,000 names at most: a new one where one is used up."""
    place = number % len(sources)
    if number // len(sources) % 60_000 == 59_999:
        copy = sources[place].with_stem(f"{place}-{number}")
        copy.write_bytes(sources[place].read_bytes())
        sources[place] = copy
    return sources[place]


def _long_graph(nodes: int) -> Graph:
    """Residual blocks on end."""
    builder = Builder((1, 28, 28))
    builder.add("stem", "Conv2d", out_channels=8, kernel_size=3, padding=1)
    number = 0
    while len(builder.nodes) < nodes - 3:
        with builder.block(f"block{number}"):
            start = builder.last
            builder.add("conv", "Conv2d", out_channels=8, kernel_size=3, padding=1)
            builder.add("bn", "BatchNorm2d")
            builder.add("relu", "ReLU")
            builder.add("add", "Add", builder.last, start)
        number += 1
    builder.add("pool", "AdaptiveAvgPool2d", output_size=1)
    builder.add("flatten", "Flatten")
    builder.add("fc", "Linear", out_features=10)
    return builder.build("long")


def _long_series(points: int) -> Series:
    series = Series()
    for step in range(1, points + 1):
        loss = 2.0 / math.sqrt(step) + 0.05 * math.sin(step)
        series.add_step(Step(1 + step // 1000, step, loss, loss, 0.0, 0.0, 0.0, 0.1, 1.0, 16, 0.01))
    return series
