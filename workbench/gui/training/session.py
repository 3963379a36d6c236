"""The training's own thread. It reads the engine's events; the window looks at what has come of them."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from PySide6.QtCore import QObject, Signal

from workbench.gui.errors import is_expected, trace_of, words
from workbench.gui.training.gate import Gate
from workbench.gui.training.happenings import Happening, rate_in_words
from workbench.gui.training.health_history import HealthHistory
from workbench.gui.training.pace import Pace
from workbench.gui.training.thread import TrainingThread, beside_others
from workbench.project import Project

if TYPE_CHECKING:
    from workbench.gui.training.series import Series
    from workbench.runs.recording import Images
    from workbench.training import Control, Event, Finished, Health, Probe, Started, Watch

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
        self._series: Series | None = None
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
        self._state: State = "idle"
        self._gate, self._pace = Gate(), Pace()
        self._thread: TrainingThread | None = None
        self._control: Control | None = None
        self._kept_factor = 1.0
        self._watch: Watch | None = None
        self._ended.connect(self._end)

    @property
    def series(self) -> Series:
        """The curves; made when they are first asked for, because NumPy is not loaded before the window is painted."""
        if self._series is None:
            from workbench.gui.training.series import Series

            self._series = Series()
        return self._series

    @property
    def images_per_second(self) -> float:
        return self._pace.images_per_second

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

    def start(
        self,
        project: Project,
        directory: Path,
        images: Images | None = None,
        steps: float = math.inf,
        epochs: float = math.inf,
    ) -> None:
        """Train a project into a new run's directory; ``images`` lends those that have been read already.

        Pauses after so many steps or epochs.
        """
        self._refuse_a_second()
        self._gate.allow(steps, epochs)
        self._begin(project, directory, partial(beside_others, project, directory, images))

    def resume(self, directory: Path, images: Images | None = None) -> None:
        """Go on with a run."""
        from workbench import runs

        self._refuse_a_second()
        self._gate.allow()
        run = runs.Run.open(directory)
        try:
            kept = run.state(best=False).values["progress"].get("rate_factor", 1.0)
        except runs.RunError:  # stopped before its first checkpoint: it begins anew
            kept = 1.0
        self._begin(run.project, directory, lambda control, watch: runs.resume(directory, control, watch, images), kept)

    def pause(self) -> None:
        if self._state in ("running", "preparing"):
            self._gate.close()

    def go_on(self, steps: float = math.inf, epochs: float = math.inf) -> None:
        """Go on, for so many steps or epochs where that is said, and pause then."""
        self._gate.allow(steps, epochs)

    @property
    def learning_rate(self) -> float:
        """That of the last step; not a number before the first."""
        if self._series is None:
            return math.nan
        rates = self._series.column("learning_rate")
        return float(rates[-1]) if len(rates) else math.nan

    def set_learning_rate(self, rate: float) -> None:
        """Have the training go on with this rate; what the schedule does later multiplies it."""
        if self._control is None or not self.learning_rate > 0:
            return
        scheduled = self.learning_rate / (self._control.rate_factor or self._kept_factor)
        self._control.rate_factor = rate / scheduled
        self.happenings.append(Happening(self._last_step, "rate", rate_in_words(rate)))

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
        self._gate.allow()

    def wait(self, seconds: float) -> bool:
        """Wait for the thread that was asked to stop; whether it has ended.

        So long at most while images are read, when there is nothing to be saved; as long as it takes afterwards.
        """
        if self._thread is None:
            return True
        if self._thread.wait(round(1000 * seconds)):
            return True
        return self.started is not None and self._thread.wait(_SAVING_MILLISECONDS)

    def _refuse_a_second(self) -> None:
        if self.active:
            raise RuntimeError("a training is running already")

    def _begin(
        self,
        project: Project,
        directory: Path,
        events: Callable[[Control, Watch], Generator[Event]],
        kept_factor: float = 1.0,
    ) -> None:
        from workbench.gui.training.series import Series
        from workbench.training import Control

        self._series, self.started, self.probe, self.glimpses = Series(), None, None, {}
        self.health, self.health_history = None, HealthHistory()
        self.messages.clear()
        self.happenings, self.recorded = [], []
        self.project, self.directory = project, directory
        self._control = control = Control()
        self._kept_factor = kept_factor
        watch = self.watch
        self._set_state("preparing")
        self._thread = TrainingThread(lambda: self._run(lambda: events(control, watch)), self)
        self._thread.start()

    def _run(self, events: Callable[[], Generator[Event]]) -> None:
        """In the training's thread: nothing here touches a widget, and no error ends it silently."""
        result: Finished | None = None
        message, details = "", ""
        try:
            with closing(events()) as iterator:
                result = self._consume(iterator)
        except BaseException as error:
            message, details = (str(error), "") if is_expected(error) else (words(error), trace_of(error))
            self._mark_as_failed(error)
        self._ended.emit(result, message, details)

    def _mark_as_failed(self, error: BaseException) -> None:
        """The engine marks a run that fails in its hands; here it failed in the window's."""
        from workbench.runs import mark_as_failed

        if self.directory is not None and self.started is not None:
            mark_as_failed(self.directory, error)

    def _consume(self, events: Iterator[Event]) -> Finished | None:
        from workbench.training import Checkpoint, Epoch, Finished, Health, Probe, Recorded, Started, Step, Warning

        series = self.series
        self._pace = pace = Pace()
        for event in events:
            match event:
                case Step():
                    series.add_step(event)
                    pace.count(event.images)
                    self._gate.count_step()
                case Epoch():
                    series.add_epoch(event)
                    self._gate.count_epoch()
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
                case Checkpoint():
                    self.happenings.append(Happening(event.step, "checkpoint", "checkpoint"))
                case Warning():
                    self.messages.append(event.message)
                    if event.paused:
                        self._gate.close()
                case Finished():
                    if event.reason == "early_stopping":
                        self.happenings.append(Happening(self._last_step, "end", "stopped early"))
                    return event
            self._wait_if_paused()
        return None

    def _drop_beyond(self, step: int) -> Series:
        """A resumed run's earlier curves and its layers' health are read back, so that they go on where they were."""
        from workbench.gui.training.kept_series import read_back

        if step and self.directory is not None and not self.series.count:
            self._series, self.happenings, self.health_history = read_back(self.directory, step)
        return self.series

    def _wait_if_paused(self) -> None:
        if self._gate.is_open or self._control is None:
            return
        self._set_state("paused")
        while not self._gate.wait(_GLANCE_SECONDS):
            # What is chosen while it is paused can be looked at all the same.
            if probe := self.watch.look(only_if_new=True):
                self._take(probe)
        self._pace.rest()
        self._set_state("stopping" if self._control.stopping else "running")

    def _take(self, probe: Probe) -> None:
        self.probe = probe
        if probe.seen.glimpses:
            self.glimpses = probe.seen.glimpses

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
