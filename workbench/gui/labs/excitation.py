"""The squeeze-and-excitation lab: which maps a trained network keeps for each class, and what that is worth."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QTimer
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from workbench.gui.background import Background
from workbench.gui.labs.grid import GridView
from workbench.gui.labs.lab import Row, told
from workbench.gui.theme import Appearance
from workbench.labs.convolution import figure
from workbench.labs.excitation import MAPS, Study, price, study
from workbench.labs.report import Section, blocks

TEXT = (
    "A squeeze-and-excitation block lets a network weigh its own maps. Squeeze: each map becomes one number, its mean. "
    "Excite: two small layers, a bottleneck and back, make of these numbers a gate from 0 to 1 for each map. Scale: "
    "each map is multiplied with its gate.\n\n"
    "Here a small network with three such blocks is trained on digits. A row is a class, a column a map. In the first "
    "block the gates are nearly the same for all classes; the deeper the block, the more they differ: a map stands "
    "for something that some classes have. Hu and others found the same in 2017.\n\n"
    "With every gate forced to 1 the network loses what it had learned to rely on. The reduction says how many times "
    "narrower the bottleneck is: 16 costs little, 2 costs eight times as much."
)

_PARTS = ("gates", "squeezed means")


class ExcitationLab(QWidget):
    """Train, then point at a gate."""

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self.study: Study | None = None
        self._news: deque[str] = deque(maxlen=1)
        controls = Row()
        self.start = QPushButton("Train and take apart")
        self.start.clicked.connect(self.begin)
        controls.addWidget(self.start)
        self.reduction = controls.choice("reduction", ("2", "4", "8", "16"))
        self.reduction.setCurrentText("16")
        self.part = controls.choice("shown", _PARTS)
        controls.addStretch(1)
        self.price = told("Price")
        self.views = [GridView(f"Block {number}", appearance) for number in range(1, len(MAPS) + 1)]
        self.spreads = [QLabel() for _ in MAPS]
        self.words = told("Gate", "heading")
        self.verdict = told("What the gates are worth")
        blocks = QVBoxLayout()
        for number, (view, spread) in enumerate(zip(self.views, self.spreads, strict=True)):
            heading = QHBoxLayout()
            title = QLabel(f"Block {number + 1}: {MAPS[number]} maps")
            title.setProperty("role", "heading")
            spread.setProperty("role", "muted")
            heading.addWidget(title)
            heading.addWidget(spread, 1)
            blocks.addLayout(heading)
            blocks.addWidget(view, 1)
            view.pointed.connect(lambda row, column, block=number: self.look_at(block, row, column))
        layout = QVBoxLayout(self)
        layout.addLayout(controls)
        layout.addWidget(self.price)
        layout.addLayout(blocks, 1)
        layout.addWidget(self.words)
        layout.addWidget(self.verdict)
        self._background = Background("squeeze and excitation", self)
        self._background.done.connect(self._show_study)
        self._background.failed.connect(lambda message, details: self._end(message))
        self._timer = QTimer(self)
        self._timer.setInterval(100)
        self._timer.timeout.connect(self._look)
        self.part.currentIndexChanged.connect(lambda _: self._show())
        self.reduction.currentIndexChanged.connect(lambda _: self._show_price())
        self._show_price()
        self.words.setText("Train first: it takes some ten seconds.")

    def begin(self) -> None:
        """Train the network with the chosen reduction."""
        reduction, news, check = int(self.reduction.currentText()), self._news, self._background.check
        self.start.setEnabled(False)
        self._timer.start()
        self._background.ask(lambda: study(reduction, check=check, tell=news.append))

    def look_at(self, block: int, row: int, column: int) -> None:
        """Tell one class's mean and gate of a map."""
        if self.study is None:
            return
        found = self.study.blocks[block]
        for number, view in enumerate(self.views):
            view.mark(*(((row,), (column,)) if number == block else ((), ())))
        self.words.setText(
            f"Class {self.study.classes[row]}, map {column} of block {block + 1}: its mean is "
            f"{figure(float(found.squeezed[row, column]))}, its gate {found.gates[row, column]:.3f}."
        )

    def measured(self) -> str:
        """How much the gates of each block differ between classes."""
        if self.study is None:
            return ""
        return ", ".join(f"block {n} {block.spread:.3f}" for n, block in enumerate(self.study.blocks, 1))

    def report(self) -> Callable[[], list[Section]]:
        """What makes the report of what is shown now."""
        return partial(blocks.excitation, int(self.reduction.currentText()), self.study, self.part.currentText())

    def _look(self) -> None:
        if self._news:
            self.words.setText(self._news.popleft())

    def _end(self, message: str) -> None:
        self._timer.stop()
        self.start.setEnabled(True)
        self.words.setText(message)

    def _show_study(self, made: Study) -> None:
        self.study = made
        self._end("Point at a gate.")
        lost = (made.accuracy - made.ungated) * 100
        self.verdict.setText(
            f"Validation accuracy <b>{made.accuracy:.1%}</b>; with every gate at 1 <b>{made.ungated:.1%}</b>: "
            f"{'a loss of' if lost >= 0 else 'a gain of'} {abs(lost):.1f} points. The gates are "
            f"{made.gate_parameters:,} of {made.parameters:,} parameters."
        )
        self._show()

    def _show(self) -> None:
        if self.study is None:
            return
        for view, spread, block in zip(self.views, self.spreads, self.study.blocks, strict=True):
            if self.part.currentText() == "gates":
                view.show_values(block.gates, "Viridis", (0.0, 1.0))
            else:
                view.show_values(block.squeezed, "Viridis")
            spread.setText(f"gates differ between classes by {block.spread:.3f}")

    def _show_price(self) -> None:
        reduction = int(self.reduction.currentText())
        parts = ", ".join(f"{maps} maps {price(maps, reduction):,}" for maps in MAPS)
        self.price.setText(f"Parameters of the gates with reduction {reduction}: {parts}.")

    def hideEvent(self, event: QHideEvent) -> None:
        if self._timer.isActive():
            self._background.forget()
            self._end("Stopped.")
