"""The squeeze-and-excitation lab: which maps a trained network keeps for each class, and what that is worth."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from workbench.gui.background import Background
from workbench.gui.hints import centred
from workbench.gui.labs.bars_view import BarsView
from workbench.gui.labs.grid import GridView
from workbench.gui.labs.lab import Row, told
from workbench.gui.theme import Appearance
from workbench.labs.convolution import figure
from workbench.labs.excitation import MAPS, Accuracy, Block, Study, price, study
from workbench.labs.report import Section, blocks

TEXT = (
    "A squeeze-and-excitation block lets a network weigh its own maps. Squeeze: each map becomes one number, its mean. "
    "Excite: two small layers, a bottleneck and back, make of these numbers a gate from 0 to 1 for each map. Scale: "
    "each map is multiplied with its gate.\n\n"
    "Here a small network with three such blocks is trained on digits. A bar is a map, the line across it the mean of "
    "all classes. In the first block the gates are nearly the same for all classes; the deeper the block, the more "
    "they differ: a map stands for something that some classes have. Hu and others found the same in 2017.\n\n"
    "With every gate forced to 1 the network loses what it had learned to rely on; beside each block stands what its "
    "own gates are worth. The reduction says how many times narrower the bottleneck is: 16 costs little, 2 costs "
    "eight times as much."
)

_START = "Train and take apart"
_HINT = (
    "Press ‘Train and take apart’. A small network with three gated blocks learns the digits, which takes some ten "
    "seconds; then the means that each block squeezes, and the gates that it makes of them, stand here."
)

_SHOWN = ("bars of one class", "gates of all classes", "means of all classes")


class BlockView(QWidget):
    """One block: squeezed means and gates of a class as bars, or all classes as a table of colours.

    ``pointed(row, column)``: a class, or −1 for the one that is shown, and a map.
    """

    pointed = Signal(int, int)

    def __init__(self, number: int, appearance: Appearance) -> None:
        super().__init__()
        self._block: Block | None = None
        title = QLabel(f"Block {number}: {MAPS[number - 1]} maps")
        title.setProperty("role", "heading")
        self.worth = told(f"Worth of block {number}", "muted")
        self.squeezed = BarsView(f"Squeezed means of block {number}", appearance)
        self.gates = BarsView(f"Gates of block {number}", appearance)
        self.grid = GridView(f"Block {number}, all classes", appearance)
        bars = QWidget()
        pair = QGridLayout(bars)
        pair.setContentsMargins(0, 0, 0, 0)
        pair.setVerticalSpacing(1)
        for column, (words, view) in enumerate(
            (("squeeze: the mean of each map", self.squeezed), ("gates, 0 to 1", self.gates))
        ):
            label = QLabel(words)
            label.setProperty("role", "muted")
            pair.addWidget(label, 0, column)
            pair.addWidget(view, 1, column)
            view.pointed.connect(lambda at: self.pointed.emit(-1, at))
        pair.setRowStretch(1, 1)
        self.grid.pointed.connect(self.pointed)
        self.pages = QStackedWidget()
        self.pages.addWidget(bars)
        self.pages.addWidget(self.grid)
        heading = QHBoxLayout()
        heading.addWidget(title)
        heading.addWidget(self.worth, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addLayout(heading)
        layout.addWidget(self.pages, 1)

    def show_block(self, block: Block, shown: int, number: int) -> None:
        """Draw what is ``shown``, by its place in the choice; ``number`` is the class whose bars are drawn."""
        self._block = block
        self.pages.setCurrentIndex(min(shown, 1))
        self.squeezed.show_values(block.squeezed[number], block.squeezed.mean(0))
        self.gates.show_values(block.gates[number], block.gates.mean(0), 1.0)
        if shown == 2:
            self.grid.show_values(block.squeezed, "Viridis")
        else:
            self.grid.show_values(block.gates, "Viridis", (0.0, 1.0))

    def mark(self, row: int, column: int | None) -> None:
        """Have a class's map stand out, or none."""
        self.grid.mark(*(((row,), (column,)) if column is not None else ((), ())))
        for view in (self.squeezed, self.gates):
            view.mark(column)

    def tell_worth(self, whole: Accuracy, opened: Accuracy, number: int, name: str) -> None:
        """What forcing this block's gates to 1 costs: all images, and those of a class."""
        assert self._block is not None
        lost, own = opened.whole - whole.whole, opened.by_class[number] - whole.by_class[number]
        self.worth.setText(
            f"gates differ by {self._block.spread:.3f} between classes; all at 1: {opened.whole:.1%} right "
            f"({_points(lost)}), of class {name}: {opened.by_class[number]:.0%} ({_signed(own)})"
        )


class ExcitationLab(QWidget):
    """Train, then point at a gate."""

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self.study: Study | None = None
        self._tried: dict[int, float] = {}
        self._news: deque[str] = deque(maxlen=1)
        controls = Row()
        self.start = QPushButton(_START)
        self.start.setAccessibleName("Train and take apart, or stop")
        self.start.clicked.connect(lambda: self.stop() if self._timer.isActive() else self.begin())
        controls.add(self.start)
        self.reduction = controls.choice("reduction", ("2", "4", "8", "16"))
        self.reduction.setCurrentText("16")
        self.shown = controls.choice("shown", _SHOWN)
        self.classes = controls.choice("class", tuple(map(str, range(10))))
        self.price = told("Price")
        self.views = [BlockView(number, appearance) for number in range(1, len(MAPS) + 1)]
        self.words = told("Gate", "heading")
        self.verdict = told("What the gates are worth")
        self.hint, taken_apart = centred(_HINT), QWidget()
        column = QVBoxLayout(taken_apart)
        column.setContentsMargins(0, 0, 0, 0)
        for number, view in enumerate(self.views):
            column.addWidget(view, 1)
            view.pointed.connect(lambda row, column, block=number: self.look_at(block, row, column))
        self.pages = QStackedWidget()
        self.pages.addWidget(self.hint)
        self.pages.addWidget(taken_apart)
        layout = QVBoxLayout(self)
        layout.addWidget(controls)
        layout.addWidget(self.price)
        layout.addWidget(self.pages, 1)
        layout.addWidget(self.words)
        layout.addWidget(self.verdict)
        self._background = Background("squeeze and excitation", self)
        self._background.done.connect(self._show_study)
        self._background.failed.connect(lambda message, details: self._end(message))
        self._timer: QTimer = QTimer(self)
        self._timer.setInterval(100)
        self._timer.timeout.connect(self._look)
        self.shown.currentIndexChanged.connect(lambda _: self._show())
        self.classes.currentIndexChanged.connect(lambda _: self._show())
        self.reduction.currentIndexChanged.connect(lambda _: self._show_price())
        self._show_price()

    def begin(self) -> None:
        """Train the network with the chosen reduction."""
        reduction, news, check = int(self.reduction.currentText()), self._news, self._background.check
        self.start.setText("Stop")
        self._say("Training …")
        self._timer.start()
        self._background.ask(lambda: study(reduction, check=check, tell=news.append))

    def look_at(self, block: int, row: int, column: int) -> None:
        """Tell one class's mean and gate of a map; the class that is shown for a row of −1."""
        if self.study is None:
            return
        row = self.classes.currentIndex() if row < 0 else row
        found = self.study.blocks[block]
        for number, view in enumerate(self.views):
            view.mark(row, column if number == block else None)
        self.words.setText(
            f"Class {self.study.classes[row]}, map {column} of block {block + 1}: its mean is "
            f"{figure(float(found.squeezed[row, column]))}, its gate {found.gates[row, column]:.3f}."
        )

    def measured(self) -> str:
        """How much the gates of each block differ between classes."""
        if self.study is None:
            return ""
        told = ", ".join(f"{block.spread:.3f} in block {n}" for n, block in enumerate(self.study.blocks, 1))
        return f"gates differ between classes by {told}"

    def report(self) -> Callable[[], list[Section]]:
        """What makes the report of what is shown now."""
        part = "squeezed means" if self.shown.currentIndex() == 2 else "gates"
        reduction, number = int(self.reduction.currentText()), self.classes.currentIndex()
        return partial(blocks.excitation, reduction, self.study, part, number)

    def _look(self) -> None:
        if self._news:
            self._say(self._news.popleft())

    def _say(self, message: str) -> None:
        """Below what a network was taken apart to; before there is one, in its place."""
        if self.study is None:
            self.hint.setText(message)
        else:
            self.words.setText(message)

    def _end(self, message: str) -> None:
        self._timer.stop()
        self.start.setText(_START)
        self._say(message)

    def _show_study(self, made: Study) -> None:
        self.study = made
        self.pages.setCurrentIndex(1)
        self._tried[made.reduction] = made.gated.whole
        self._end("Point at a bar.")
        lost = made.ungated.whole - made.gated.whole
        self.verdict.setText(
            f"Validation accuracy <b>{made.gated.whole:.1%}</b>; with every gate at 1 <b>{made.ungated.whole:.1%}</b>: "
            f"{_points(lost)}. The gates are {made.gate_parameters:,} of {made.parameters:,} parameters."
        )
        self._show()
        self._show_price()

    def _show(self) -> None:
        made, number = self.study, self.classes.currentIndex()
        if made is None:
            return
        self.classes.setEnabled(self.shown.currentIndex() == 0)
        for view, block, opened in zip(self.views, made.blocks, made.opened, strict=True):
            view.show_block(block, self.shown.currentIndex(), number)
            view.tell_worth(made.gated, opened, number, made.classes[number])

    def _show_price(self) -> None:
        reduction = int(self.reduction.currentText())
        parts = ", ".join(f"{maps} maps {price(maps, reduction):,}" for maps in MAPS)
        total = sum(price(maps, reduction) for maps in MAPS)
        tried = ", ".join(f"{r}: {accuracy:.1%}" for r, accuracy in sorted(self._tried.items()))
        self.price.setText(
            f"Parameters of the gates with reduction {reduction}: {parts}, together {total:,}."
            + (f" Accuracy by reduction so far: {tried}." if tried else "")
        )

    def stop(self) -> None:
        """End the training; what was trained before stays."""
        if self._timer.isActive():
            self._background.forget()
            self._end(f"Stopped. {_HINT}" if self.study is None else "Stopped.")

    def hideEvent(self, event: QHideEvent) -> None:
        if not event.spontaneous():  # a window that is only minimized goes on
            self.stop()


def _points(share: float) -> str:
    """``−1.3 points``."""
    return f"{_signed(share)} points"


def _signed(share: float) -> str:
    return f"{100 * share:+.1f}".replace("-", "−")
