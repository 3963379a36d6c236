"""The training's own thread. It reads the engine's events; the window looks at what has come of them."""

from __future__ import annotations

import math
import threading
import time
from collections import deque
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from PySide6.QtCore import QObject, QThread, Signal

from workbench.gui.errors import is_expected, trace_of, words
from workbench.gui.training.health_history import HealthHistory
from workbench.gui.training.series import Happening, Series
from workbench.project import Project

if TYPE_CHECKING:
    from workbench.runs.recording import Images
    from workbench.training import Control, Epoch, Event, Finished, Health, Probe, Started, Watch

State = Literal["idle", "preparing", "running", "paused", "stopping"]

_MOST_MESSAGES = 200
_GLANCE_SECONDS = 0.1
_SAVING_MILLISECONDS = 60_000
"""The last checkpoint of the largest networks takes some seconds; a disk that does not answer may not hold us."""


class TrainingSession(QObject):
    """One training at a time.

    Nothing is sent to the window event by event: the thread leaves the newest of everything in attributes, and the
    window's timer looks at them. ``state_changed`` and ``finished`` come in the window's thread; ``failed`` carries
    the traceback of an error that nobody foresaw.
    """

    state_changed = Signal(str)
    finished = Signal(object)
    failed = Signal(str, str)
    _ended = Signal(object, str, str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.series = Series()
        self.started: Started | None = None
        self.project: Project | None = None
        self.directory: Path | None = None
        self.probe: Probe | None = None
        self.glimpses: Mapping[str, Any] = {}
        self.health: Health | None = None
        self.health_history = HealthHistory()
        self.messages: deque[str] = deque(maxlen=_MOST_MESSAGES)
        self.happenings: list[Happening] = []
        self.recorded: list[int] = []
        self.images_per_second = 0.0
        self._state: State = "idle"
        self._gate = threading.Condition()
        self._steps_allowed: float = float("inf")
        self._epochs_allowed: float = float("inf")
        self._thread: _Thread | None = None
        self._control: Control | None = None
        self._kept_factor = 1.0
        self._watch: Watch | None = None
        self._ended.connect(self._end)

    @property
    def state(self) -> State:
        return self._state

    @property
    def active(self) -> bool:
        return self._state != "idle"

    @property
    def watch(self) -> Watch:
        """The picture and the layers that are looked at while it trains."""
        if self._watch is None:
            from workbench.training import Watch

            self._watch = Watch()
        return self._watch

    def start(self, project: Project, directory: Path, images: Images | None = None) -> None:
        """Train a project into a new run's directory; ``images`` lends those that have been read already."""
        from workbench import runs

        self._begin(project, directory, lambda control, watch: runs.start(project, directory, control, watch, images))

    def resume(self, directory: Path, images: Images | None = None) -> None:
        """Go on with a run."""
        from workbench import runs

        run = runs.Run.open(directory)
        try:
            kept = run.state(best=False).values["progress"].get("rate_factor", 1.0)
        except runs.RunError:  # stopped before its first checkpoint: it begins anew
            kept = 1.0
        self._begin(run.project, directory, lambda control, watch: runs.resume(directory, control, watch, images), kept)

    def pause(self) -> None:
        if self._state in ("running", "preparing"):
            self._allow(0, float("inf"))

    def go_on(self) -> None:
        self._allow(float("inf"), float("inf"))

    def one_step(self) -> None:
        """Go on for a single batch, then pause."""
        self._allow(1, float("inf"))

    def one_epoch(self) -> None:
        """Go on to the end of the epoch, then pause."""
        self._allow(float("inf"), 1)

    @property
    def learning_rate(self) -> float:
        """That of the last step; not a number before the first."""
        rates = self.series.column("learning_rate")
        return float(rates[-1]) if len(rates) else math.nan

    def set_learning_rate(self, rate: float) -> None:
        """Have the training go on with this rate; what the schedule does later multiplies it."""
        if self._control is None or not self.learning_rate > 0:
            return
        scheduled = self.learning_rate / (self._control.rate_factor or self._kept_factor)
        self._control.rate_factor = rate / scheduled
        self.happenings.append(Happening(self._last_step, "rate", f"rate {rate:.3g}"))

    @property
    def _last_step(self) -> int:
        steps = self.series.column("step")
        return int(steps[-1]) if len(steps) else 0

    def stop(self) -> None:
        """End with a checkpoint, within half a second even inside a long step."""
        if self._control is None or not self.active:
            return
        self._control.stop()
        self._set_state("stopping")
        self._allow(float("inf"), float("inf"))

    def wait(self, seconds: float) -> bool:
        """Wait for the thread that was asked to stop; whether it has ended.

        So long at most while images are read, when there is nothing to be saved; as long as it takes afterwards.
        """
        if self._thread is None:
            return True
        if self._thread.wait(round(1000 * seconds)):
            return True
        return self.started is not None and self._thread.wait(_SAVING_MILLISECONDS)

    def _begin(
        self,
        project: Project,
        directory: Path,
        events: Callable[[Control, Watch], Generator[Event]],
        kept_factor: float = 1.0,
    ) -> None:
        from workbench.training import Control

        if self.active:
            raise RuntimeError("a training is running already")
        self.series, self.started, self.probe, self.glimpses = Series(), None, None, {}
        self.health, self.health_history = None, HealthHistory()
        self.messages.clear()
        self.happenings, self.recorded = [], []
        self.project, self.directory = project, directory
        self._control = control = Control()
        self._steps_allowed = self._epochs_allowed = float("inf")
        self._kept_factor = kept_factor
        watch = self.watch
        self._set_state("preparing")
        self._thread = _Thread(lambda: self._run(lambda: events(control, watch)), self)
        self._thread.start()

    def _run(self, events: Callable[[], Generator[Event]]) -> None:
        """In the training's thread: nothing here touches a widget, and no error ends it silently."""
        result: Finished | None = None
        message, details = "", ""
        try:
            with closing(events()) as iterator:
                result = self._consume(iterator)
        except BaseException as error:
            if is_expected(error):
                message = str(error)
            else:
                message, details = words(error), trace_of(error)
            self._mark_as_failed(error)
        self._ended.emit(result, message, details)

    def _mark_as_failed(self, error: BaseException) -> None:
        """The engine marks a run that fails in its hands; here it failed in the window's."""
        from workbench.runs import mark_as_failed

        if self.directory is not None and self.started is not None:
            mark_as_failed(self.directory, error)

    def _consume(self, events: Iterator[Event]) -> Finished | None:
        from workbench.training import Checkpoint, Epoch, Finished, Health, Probe, Recorded, Started, Step, Warning

        series, recent = self.series, deque[tuple[float, int]](maxlen=50)
        for event in events:
            match event:
                case Step():
                    series.add_step(event)
                    recent.append((time.perf_counter(), event.images))
                    self.images_per_second = _rate(recent)
                    self._steps_allowed -= 1
                case Epoch():
                    series.add_epoch(event)
                    self._epochs_allowed -= 1
                case Probe():
                    self._take(event)
                case Health():
                    self.health_history.add(event.step, event.layers)
                    self.health = event
                case Recorded():
                    self.recorded.append(event.epoch)
                case Started():
                    self.started = event
                    self._set_state("running")
                    series = self._drop_beyond(event.step)
                    if event.step:
                        self.happenings.append(Happening(event.step, "resumed", "gone on"))
                case Checkpoint():
                    self.happenings.append(Happening(event.step, "checkpoint", "checkpoint"))
                case Warning():
                    self.messages.append(event.message)
                    if event.paused:
                        self._allow_from_thread(0)
                case Finished():
                    if event.reason == "early_stopping":
                        self.happenings.append(Happening(self._last_step, "end", "stopped early"))
                    return event
            self._wait_if_paused(recent)
        return None

    def _drop_beyond(self, step: int) -> Series:
        """A resumed run's earlier curve is read back from its directory, so that it goes on where it was."""
        if step and self.directory is not None and not self.series.count:
            self.series = read_series(self.directory, step)
        return self.series

    def _wait_if_paused(self, recent: deque[tuple[float, int]]) -> None:
        with self._gate:
            if self._steps_allowed > 0 and self._epochs_allowed > 0:
                return
            self._set_state("paused")
        while True:
            with self._gate:
                if self._steps_allowed > 0 and self._epochs_allowed > 0:
                    break
                self._gate.wait(_GLANCE_SECONDS)
            # What is chosen while it is paused can be looked at all the same.
            if probe := self.watch.look(only_if_new=True):
                self._take(probe)
        recent.clear()
        if self._control is not None and not self._control.stopping:
            self._set_state("running")

    def _take(self, probe: Probe) -> None:
        self.probe = probe
        if probe.seen.glimpses:
            self.glimpses = probe.seen.glimpses

    def _allow(self, steps: float, epochs: float) -> None:
        with self._gate:
            self._steps_allowed, self._epochs_allowed = steps, epochs
            self._gate.notify_all()

    def _allow_from_thread(self, steps: float) -> None:
        with self._gate:
            self._steps_allowed = steps

    def _set_state(self, state: State) -> None:
        if state != self._state:
            self._state = state
            self.state_changed.emit(state)

    def _end(self, result: Finished | None, message: str, details: str) -> None:
        if self._thread is not None:
            self._thread.wait()
            self._thread.deleteLater()
            self._thread = None
        self._control = None
        self._set_state("idle")
        if message:
            self.failed.emit(message, details)
        if result is not None:
            self.finished.emit(result)


class _Thread(QThread):
    def __init__(self, work: Callable[[], None], parent: QObject) -> None:
        super().__init__(parent)
        self.setObjectName("training")
        # torch's own threads need no large stack, but its dispatch and autograd do.
        self.setStackSize(16 << 20)
        self._work = work

    def run(self) -> None:
        self._work()


def read_series(directory: Path, before: int | None = None) -> Series:
    """A run's curves from its directory, up to a step."""
    from workbench.runs import Run

    series = Series()
    for record in Run.open(directory).metrics:
        if before is not None and record["step"] > before:
            break
        _add(series, record)
    return series


def _add(series: Series, record: dict[str, Any]) -> None:
    from workbench.training import Step

    if record["event"] == "epoch":
        series.add_epoch(epoch_of(record))
    else:
        series.add_step(Step(**_values(Step, record)))


def epoch_of(record: dict[str, Any]) -> Epoch:
    """An epoch's line of a run's metrics as the event that it was."""
    from workbench.training import Diagnosis, Epoch

    values = _values(Epoch, record)
    told = values["diagnosis"]
    values["diagnosis"] = Diagnosis(**told) if isinstance(told, dict) else Diagnosis("starting", "")
    return Epoch(**values)


def _values(kind: Any, record: dict[str, Any]) -> dict[str, Any]:
    from dataclasses import fields

    values = {field.name: record.get(field.name) for field in fields(kind)}
    return {name: float("nan") if value is None else value for name, value in values.items()}


def _rate(recent: deque[tuple[float, int]]) -> float:
    if len(recent) < 2:
        return 0.0
    seconds = recent[-1][0] - recent[0][0]
    return sum(images for _, images in list(recent)[1:]) / seconds if seconds > 0 else 0.0
