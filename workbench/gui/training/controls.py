"""Train, pause, stop, and how far it is."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QDoubleSpinBox, QHBoxLayout, QLabel, QProgressBar, QWidget

from workbench.gui.document import Document
from workbench.gui.editor.value_editors import DecimalBox
from workbench.gui.figures import duration, size
from workbench.gui.training.session import TrainingSession


class TrainingStatus(QWidget):
    """One line: how far, how fast, how long still, how large, how hot the gap is."""

    def __init__(self, session: TrainingSession) -> None:
        super().__init__()
        self._session = session
        self._bar = QProgressBar()
        self._bar.setRange(0, 1000)
        self._bar.setTextVisible(False)
        self._bar.setFixedSize(180, 10)
        self._bar.setAccessibleName("Progress of the training")
        self._text = QLabel("Ready")
        self._text.setMinimumWidth(60)
        self._text.setAccessibleName("State of the training")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(6, 0, 6, 0)
        layout.addWidget(self._bar)
        layout.addWidget(self._text)
        self._bar.hide()
        session.state_changed.connect(lambda _: self.refresh())

    @property
    def text(self) -> str:
        return self._text.text()

    def refresh(self) -> None:
        """Tell where the training stands."""
        session, started = self._session, self._session.started
        self._bar.setVisible(session.active)
        if session.state == "preparing" or started is None:
            self._text.setText({"preparing": "Reading images …"}.get(session.state, "Ready"))
            return
        series = session.series
        total = started.steps_per_epoch * started.epochs
        steps = series.column("step")
        step = int(steps[-1]) if len(steps) else started.step
        self._bar.setValue(round(1000 * step / max(1, total)))
        epoch = min(len(series.epochs) + 1, started.epochs)
        parts = [f"epoch {epoch} of {started.epochs}"]
        rate = session.images_per_second
        if rate:
            parts.append(f"{rate:,.0f} images/s")
            images = started.train_images * max(0.0, total - step) / max(1, started.steps_per_epoch)
            if session.active:
                parts.append(f"{duration(images / rate)} left")
        if series.epochs:
            last = series.epochs[-1]
            parts.append(size(last.memory_bytes))
            parts.append(f"gap {last.validation_loss - last.train_loss_eval:+.3f}")
            parts.append(f"validation {last.validation_accuracy:.1%}")
        states = {"paused": "Paused", "stopping": "Stopping …", "idle": "Ended"}
        self._text.setText(" · ".join([states[session.state], *parts] if session.state in states else parts))


class RateControl(QWidget):
    """The learning rate of the training that runs; a person may change it meanwhile."""

    def __init__(self, session: TrainingSession) -> None:
        super().__init__()
        self._session = session
        self._box = DecimalBox(0.0, 1000.0)
        self._box.setAccessibleName("Learning rate of the training that runs")
        self._box.setToolTip("The learning rate now. Change it, and the training goes on with the new one.")
        self._box.setFixedWidth(110)
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
        """Show the rate as it is, but not while a person is typing."""
        self.setEnabled(self._session.active)
        rate = self._session.learning_rate
        if self._session.active and rate == rate and not self._box.hasFocus() and self._box.value() != rate:
            self._box.setValue(rate)

    def _set(self) -> None:
        if self._session.active and self._box.value() > 0:
            self._session.set_learning_rate(self._box.value())


class DeviceChoice(QComboBox):
    """What is really there to compute on."""

    def __init__(self, document: Document) -> None:
        super().__init__()
        self._document = document
        self.setAccessibleName("Device")
        self.setToolTip("What the training computes on")
        self.addItem("Automatic", "auto")
        self.addItem("CPU", "cpu")
        self.activated.connect(self._choose)
        document.changed.connect(lambda *_: self._show())
        self._show()

    def find_devices(self) -> None:
        """Torch is there: list what it finds."""
        import torch

        for number in range(torch.cuda.device_count()):
            self.addItem(torch.cuda.get_device_name(number), f"cuda:{number}")
        if torch.backends.mps.is_available():
            self.addItem("Apple GPU", "mps")
        self._show()

    def _show(self) -> None:
        device = self._document.recipe.device
        place = self.findData({"cuda": "cuda:0"}.get(device, device), flags=Qt.MatchFlag.MatchExactly)
        if place < 0:
            self.addItem(f"{device} (not here)", device)
            place = self.count() - 1
        self.setCurrentIndex(place)

    def _choose(self, place: int) -> None:
        self._document.set_recipe(self._document.recipe.changed(device=self.itemData(place)), "Choose the device")
