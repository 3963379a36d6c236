"""Train, pause, stop, and how far it is."""

from __future__ import annotations

import math
import time

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QComboBox, QDoubleSpinBox, QHBoxLayout, QLabel, QProgressBar, QSizePolicy, QWidget

from workbench.gui.document import Document
from workbench.gui.editor.boxes import DecimalBox
from workbench.gui.figures import duration, size
from workbench.gui.one_line import OneLine
from workbench.gui.theme import Appearance
from workbench.gui.training.gap_gauge import GapGauge
from workbench.gui.training.session import TrainingSession

_THERE = Qt.ItemDataRole.UserRole + 1


class TrainingStatus(QWidget):
    """One line: how far, how fast, how long still, how large, how hot the gap is."""

    def __init__(self, session: TrainingSession, appearance: Appearance) -> None:
        super().__init__()
        self._session = session
        self._memory, self._looked = 0, -math.inf
        self._bar = _FlatBar(appearance)
        self._bar.setFixedSize(180, 10)
        self._bar.setAccessibleName("Progress of the training")
        self._at_rest = "Loading PyTorch …"
        self._text = _StateLine("", self._at_rest)
        self._text.setAccessibleName("State of the training")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(6, 0, 6, 0)
        layout.addWidget(self._bar)
        layout.addWidget(self._text)
        self.gauge = GapGauge(appearance)
        layout.addWidget(self.gauge)
        self._bar.hide()
        session.state_changed.connect(lambda _: self.refresh())

    @property
    def text(self) -> str:
        return self._text.text()

    def clear(self) -> None:
        """Tell of no training that has ended."""
        self._say(self._at_rest)
        self.gauge.hide()

    def rest(self, text: str) -> None:
        """Say this whenever nothing is trained and no training has ended."""
        self._at_rest = text
        self.refresh()

    def refresh(self) -> None:
        """Tell where the training stands."""
        session, started = self._session, self._session.started
        self._bar.setVisible(session.active)
        if session.state == "preparing" or started is None:
            self._say({"preparing": "Reading images …"}.get(session.state, self._at_rest))
            self.gauge.hide()
            return
        series = session.series
        total = started.steps_per_epoch * started.epochs
        steps = series.column("step")
        step = int(steps[-1]) if len(steps) else started.step
        self._bar.show_share(step / max(1, total))
        epoch = min(len(series.epochs) + 1, started.epochs)
        parts = [f"epoch {epoch} of {started.epochs}"]
        rate = session.images_per_second
        if rate:
            parts.append(f"{rate:,.0f} images/s")
            images = started.train_images * max(0.0, total - step) / max(1, started.steps_per_epoch)
            if session.active:
                parts.append(f"{duration(images / rate)} left")
        if session.active:
            parts.append(size(self._memory_in_use(started.device)))
        if series.epochs:
            last = series.epochs[-1]
            gap = last.validation_loss - last.train_loss_eval
            self.gauge.show_gap(gap, len(started.classes))
            if not math.isnan(gap):
                parts.append(f"validation {last.validation_accuracy:.1%}")
                parts.append(f"gap {gap:+.3f}".replace("-", "−"))
        states = {"paused": "Paused", "stopping": "Stopping …", "idle": "Ended"}
        self._say(" · ".join([states[session.state], *parts] if session.state in states else parts))

    def _say(self, text: str) -> None:
        self._text.setText(text)
        self._text.ask_for_room()

    def _memory_in_use(self, device: str) -> int:
        """Bytes, looked at once a second."""
        now = time.monotonic()
        if now - self._looked > 1:
            import torch

            from workbench.training.memory import memory_in_use

            self._memory, self._looked = memory_in_use(torch.device(device)), now
        return self._memory


class _StateLine(OneLine):
    """Asks for a little more room than is needed, where it needs more: each change has the whole window laid out."""

    def __init__(self, role: str, text: str) -> None:
        super().__init__(role, text)
        self._room = 0
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        self.ask_for_room()

    def ask_for_room(self) -> None:
        """Have room for the text, as far as the window has any."""
        needed = self.fontMetrics().horizontalAdvance(self.text())
        if needed > self._room:
            self._room = max(60, needed + 2 * self.fontMetrics().averageCharWidth())
            self.updateGeometry()

    def sizeHint(self) -> QSize:
        return QSize(self._room, self.fontMetrics().height())

    def minimumSizeHint(self) -> QSize:
        return QSize(60, self.fontMetrics().height())


class _FlatBar(QProgressBar):
    """Two rectangles: the style's own gradients took a fifth of what the window does while it trains."""

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._appearance = appearance
        self.setRange(0, 1000)
        self.setTextVisible(False)
        appearance.changed.connect(self.update)

    def show_share(self, share: float) -> None:
        """Paint it with all else that has changed: left to itself it paints at once."""
        self.setUpdatesEnabled(False)
        self.setValue(round(self.maximum() * share))
        self.setUpdatesEnabled(True)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, theme = QPainter(self), self._appearance.theme
        painter.fillRect(self.rect(), QColor(theme.border))
        share = (self.value() - self.minimum()) / max(1, self.maximum() - self.minimum())
        painter.fillRect(QRectF(0, 0, self.width() * share, self.height()), QColor(theme.accent))


class RateControl(QWidget):
    """The learning rate of the training that runs; a person may change it meanwhile."""

    def __init__(self, session: TrainingSession) -> None:
        super().__init__()
        self._session = session
        self._box = DecimalBox(0.0, 1000.0)
        self._box.setAccessibleName("Learning rate of the training that runs")
        self._box.setToolTip("The learning rate now. Change it, and the training goes on with the new one.")
        self._box.setFixedWidth(110)
        self._box.setSpecialValueText("–")
        self._shown = self._box.text()
        self._box.editingFinished.connect(self._set)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(8, 0, 0, 0)
        label = QLabel("rate")
        label.setBuddy(self._box)
        layout.addWidget(label)
        layout.addWidget(self._box)
        session.state_changed.connect(lambda _: self.refresh())
        self.refresh()

    @property
    def box(self) -> QDoubleSpinBox:
        return self._box

    def refresh(self) -> None:
        """Show the rate as it is, but not while a person is choosing another."""
        self.setEnabled(self._session.active)
        rate = self._session.learning_rate
        if not self._session.active:
            # A rate of 0 would be a figure, and that of a training that has ended is nobody's.
            self._show(0)
        elif rate == rate and not self._is_choosing and self._box.value() != rate:
            self._show(rate)

    @property
    def _is_choosing(self) -> bool:
        return self._box.hasFocus() and self._box.text() != self._shown

    def _show(self, rate: float) -> None:
        self._box.setValue(rate)
        self._shown = self._box.text()

    def _set(self) -> None:
        # Whoever leaves the box has not changed the rate, which a schedule may have lowered meanwhile.
        if self._session.active and self._box.value() > 0 and self._box.text() != self._shown:
            self._shown = self._box.text()
            self._session.set_learning_rate(self._box.value())


class DeviceChoice(QComboBox):
    """What is really there to compute on."""

    def __init__(self, document: Document) -> None:
        super().__init__()
        self._document = document
        self.setAccessibleName("Device")
        self.setToolTip("What the training computes on")
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.addItem("Automatic", "auto")
        self.addItem("CPU", "cpu")
        self.activated.connect(self._choose)
        document.changed.connect(lambda *_: self._show())
        self._show()

    def find_devices(self) -> None:
        """Torch is there: list what it finds, and say what is taken by itself."""
        import torch

        from workbench.training.precision import available_device

        for number in range(torch.cuda.device_count()):
            self.addItem(torch.cuda.get_device_name(number), f"cuda:{number}")
        if torch.backends.mps.is_available():
            self.addItem("Apple GPU", "mps")
        taken = self.findData(available_device("auto"))
        self.setItemText(0, f"Automatic: {self.itemText(taken)}")
        self._show()

    def _show(self) -> None:
        device = self._document.recipe.device
        wanted = {"cuda": "cuda:0"}.get(device, device)
        missing = self.findData(False, _THERE)
        if missing >= 0:
            self.removeItem(missing)
        if self.findData(wanted, flags=Qt.MatchFlag.MatchExactly) < 0:
            # A project from another machine.
            self.addItem(f"{device} (not here)", wanted)
            self.setItemData(self.count() - 1, False, _THERE)
        self.setCurrentIndex(self.findData(wanted, flags=Qt.MatchFlag.MatchExactly))

    def _choose(self, place: int) -> None:
        self._document.set_recipe(self._document.recipe.changed(device=self.itemData(place)), "Choose the device")
