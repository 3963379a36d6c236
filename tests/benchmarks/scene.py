"""How soon a large network stands on the canvas, how it pans and zooms, and how soon an edit shows on every card."""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Callable, Iterator

from tests.benchmarks.measuring import Row, on_screens

_LARGE = ("resnet152", "senet154")
_FRAMES = 90
_EDITS = 15


def measure() -> list[Row]:
    return on_screens(__name__)


def rows() -> list[Row]:
    """On the display where there is one, else in memory: then it is Qt's painter alone that is measured."""
    if not os.environ.get("DISPLAY"):
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtWidgets import QApplication

    application = QApplication.instance() or QApplication([])
    assert isinstance(application, QApplication)
    where = application.platformName()
    found = []
    for network in _LARGE:
        found += list(_of_large(application, network, where))
    return [*found, *(_of_edit(application, network, where) for network in ("lenet5", *_LARGE[:1]))]


class _Bench:
    """The editor alone in a window of usual size."""

    def __init__(self, application: object) -> None:
        from PySide6.QtWidgets import QApplication

        from workbench.gui.document import Document
        from workbench.gui.editor.panel import EditorPanel
        from workbench.gui.main_window import first_project
        from workbench.gui.theme import Appearance

        assert isinstance(application, QApplication)
        self.application = application
        self.document = Document(first_project())
        self.document.begin_analysing()
        self.editor = EditorPanel(self.document, Appearance(application, "light"), lambda what: what())
        self.editor.resize(900, 800)
        self.editor.show()
        self.settle()

    def settle(self) -> None:
        for _ in range(5):
            self.application.processEvents()

    def open(self, network: str) -> float:
        """Seconds from the wish to the painted network."""
        from workbench.presets import build
        from workbench.project import Project

        project = Project(build(network))
        began = time.perf_counter()
        self.document.open(project)
        self.settle()
        self.editor.view.viewport().repaint()
        return time.perf_counter() - began

    def frame(self, move: Callable[[], object]) -> float:
        began = time.perf_counter()
        move()
        self.editor.view.viewport().repaint()
        self.application.processEvents()
        return time.perf_counter() - began

    def close(self) -> None:
        self.editor.close()
        self.editor.deleteLater()
        self.settle()


def _of_large(application: object, network: str, where: str) -> Iterator[Row]:
    bench = _Bench(application)
    opened = []
    for _ in range(5):
        opened.append(bench.open(network))
        bench.open("lenet5")
    yield _row(f"{network} opened and painted, {where}", [1000 * s for s in opened], "≤ 1,000 ms")
    bench.open(network)
    for state, change in (("as opened", lambda: None), ("every block open", bench.editor.open_all)):
        change()
        bench.settle()
        cards = len(bench.editor.scene.cards)
        for zoom in (1.0, 0.5, 0.2):
            bench.editor.view.set_zoom(zoom)
            frames = _pan(bench)
            yield _row(f"{network}, {state} ({cards} cards): pan at {zoom:g}", frames, "≤ 16.7 ms")
        yield _row(f"{network}, {state} ({cards} cards): zoom", _zoom(bench), "≤ 16.7 ms")
    bench.close()


def _pan(bench: _Bench) -> list[float]:
    """Milliseconds a frame while the whole stack goes by."""
    bar = bench.editor.view.verticalScrollBar()
    bar.setValue(bar.minimum())
    bench.settle()
    step = max(1, (bar.maximum() - bar.minimum()) // _FRAMES)
    return [1000 * bench.frame(lambda: bar.setValue(bar.value() + step)) for _ in range(_FRAMES)]


def _zoom(bench: _Bench) -> list[float]:
    """Milliseconds a frame from life size to the whole network and back."""
    view = bench.editor.view
    view.set_zoom(1)
    bench.settle()
    factors = [0.95] * (_FRAMES // 2) + [1 / 0.95] * (_FRAMES // 2)
    return [1000 * bench.frame(lambda f=f: view.set_zoom(view.zoom * f)) for f in factors]  # type: ignore[misc]


def _of_edit(application: object, network: str, where: str) -> Row:
    """From a spin box's value to new shapes on all cards: one convolution's stride, back and forth."""
    from workbench.gui.editor import commands

    bench = _Bench(application)
    bench.open(network)
    first = next(node.name for node in bench.document.graph.nodes if node.kind == "Conv2d")
    before = bench.document.graph.node(first).arguments.get("padding", 0)
    assert isinstance(before, int)
    commands.set_argument(bench.document, [first], "padding", before + 1)
    times = []
    for turn in range(_EDITS):
        value = before + turn % 2
        times.append(1000 * bench.frame(lambda v=value: commands.set_argument(bench.document, [first], "padding", v)))
    bench.close()
    return _row(f"{network}: padding of the first layer set, to all cards painted, {where}", times, "≤ 16.7 ms")


def _row(name: str, values: list[float], goal: str) -> Row:
    ninety_fifth = statistics.quantiles(values, n=20)[-1]
    return Row(name, f"{statistics.median(values):,.1f} ms", f"p95 {ninety_fifth:,.1f} ms", "", goal)
