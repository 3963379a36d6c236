"""The events of a training, shown as they come."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from math import isnan
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from types import FrameType

    from rich.console import Console

    from workbench.training import Control, Event, Finished

_RETRY_SECONDS = 2.0


def follow(events: Iterable[Event]) -> Finished:
    """Show a progress bar with the time left, a row an epoch, the curves at the end; gives the last event."""
    from rich.markup import escape
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    from workbench.cli.health_report import print_health
    from workbench.cli.output import count, curves
    from workbench.graph import printable
    from workbench.training import Epoch, Finished, Health, Started, Step, Warning

    console = _console()
    bar = Progress(
        TextColumn("epoch {task.fields[epoch]}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("loss {task.fields[loss]}"),
        TimeRemainingColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    )
    training_loss: list[float] = []
    validation_loss: list[float] = []
    event: Any = None
    health: Health | None = None
    with bar:
        task = bar.add_task("training", total=None, epoch=1, loss="–")
        for event in _patient(events):
            match event:
                case Started():
                    bar.update(task, total=event.epochs * event.steps_per_epoch, completed=event.step)
                    console.print(
                        f"{count(event.parameters)} parameters, {count(event.train_images)} training and "
                        f"{count(event.validation_images)} validation images, {len(event.classes)} classes; "
                        f"{event.device}, {event.precision}, {event.threads} thread{'s' * (event.threads != 1)}",
                    )
                    console.print("epoch  train loss   at its end  validation  accuracy      rate  images/s")
                case Step():
                    bar.update(task, completed=event.step, epoch=event.epoch, loss=f"{event.data_loss:.3f}")
                case Epoch():
                    training_loss.append(event.train_loss)
                    validation_loss.append(event.validation_loss)
                    console.print(
                        f"{event.epoch:5d}  {event.train_loss:10.4f}  {event.train_loss_eval:11.4f}  "
                        f"{_or_dash(event.validation_loss, '.4f'):>10}  "
                        f"{_or_dash(event.validation_accuracy, '.2%'):>8}  "
                        f"{event.learning_rate:8.2g}  {event.images_per_second:8,.0f}{'  best' if event.best else ''}"
                    )
                    last_diagnosis = event.diagnosis.sentence
                    if health is not None:
                        print_health(health)
                case Health():
                    health = event
                case Warning():
                    console.print(f"warning: {escape(printable(event.message))}")
                case Finished():
                    if validation_loss:
                        lines = {"training loss": training_loss, "validation loss": validation_loss}
                        print(curves({name: line for name, line in lines.items() if not all(map(isnan, line))}))
                        console.print(escape(printable(last_diagnosis)))
                    if event.reason != "failed":
                        console.print(escape(printable(event.sentence)))
    return event


def _or_dash(value: float, form: str) -> str:
    return "–" if isnan(value) else format(value, form)


def to_its_end(
    show: Callable[[Iterable[Event]], Finished], events: Iterable[Event], control: Control
) -> tuple[Finished, str]:
    """Show a training; where that fails (``| head``, a full disk) it is stopped after a checkpoint, as by Ctrl-C.

    Gives the last event, and why nothing more could be shown.
    """
    try:
        return show(events), ""
    except OSError as error:
        control.stop()
        finished: Any = None
        for finished in events:  # noqa: B007 - the last one is wanted
            pass
        if finished is None:  # then it was the training itself that failed, before it began
            raise
        return finished, error.strerror or str(error)


def _console() -> Console:
    from rich.console import Console

    class Honest(Console):
        """Raises where the reader has gone; rich itself ends the process at once."""

        def on_broken_pipe(self) -> None:
            raise  # what is being handled where this is called

    return Honest(highlight=False, soft_wrap=True)


def follow_as_json(events: Iterable[Event]) -> Finished:
    """Print each event of a training as a JSON object; gives the last one."""
    from workbench.cli.output import print_json

    event: Any = None
    for event in _patient(events):
        record = _event_record(event)
        if record is not None:
            print_json(record)
    return event


def _event_record(event: Any) -> dict[str, Any] | None:
    """An event as a JSON object: its type in lower case and its fields. A checkpoint's tensors stay out."""
    import dataclasses

    from workbench.training import Checkpoint, Diagnosis, Health, Probe, Recorded

    name = {"event": type(event).__name__.lower()}
    if isinstance(event, Probe | Recorded):
        return None
    if isinstance(event, Health):
        layers = {layer: dataclasses.asdict(health) for layer, health in event.layers.items()}
        return name | {"step": event.step, "images": event.images, "layers": layers}
    if isinstance(event, Checkpoint):
        return name | {"epoch": event.epoch, "step": event.step, "best": event.best}
    return name | {
        field.name: dataclasses.asdict(value) if isinstance(value, Diagnosis) else value
        for field in dataclasses.fields(event)
        for value in [getattr(event, field.name)]
        if field.name not in ("details", "traceback")
    }


def _patient(events: Iterable[Event]) -> Iterator[Event]:
    """The events, with one word where the training is paused instead of one each time it tries again."""
    import time

    from workbench.training import Warning

    told = ""
    for event in events:
        if isinstance(event, Warning) and event.paused:
            if event.message != told:
                yield event
            told = event.message
            time.sleep(_RETRY_SECONDS)
            continue
        told = ""
        yield event


class stopping_on_interrupt:
    """The first Ctrl-C asks the training to stop after a checkpoint; a second one interrupts at once."""

    def __init__(self, control: Control) -> None:
        self.control = control

    def __enter__(self) -> None:
        import signal

        self.previous = signal.signal(signal.SIGINT, self._asked)

    def __exit__(self, *_: object) -> None:
        import signal

        signal.signal(signal.SIGINT, self.previous)

    def _asked(self, number: int, frame: FrameType | None) -> None:
        if not self.control.stopping:
            self.control.stop()
        elif callable(self.previous):
            self.previous(number, frame)
        else:
            raise KeyboardInterrupt
