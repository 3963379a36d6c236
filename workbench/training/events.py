"""What a training says while it runs. Every consumer reads these and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from torch import Tensor

from workbench.inspection import ChosenPicture, EpochRecord, LayerHealth, Seen


@dataclass(frozen=True, slots=True)
class Started:
    """The training is about to make its first step. ``epoch`` and ``step`` are where it begins (resumed: > 0)."""

    parameters: int
    device: str
    precision: str
    threads: int
    train_images: int
    validation_images: int
    steps_per_epoch: int
    epochs: int
    epoch: int
    step: int
    classes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the optimizer. ``step`` counts all steps so far; the objective is also given in its parts."""

    epoch: int
    step: int
    objective: float
    data_loss: float
    l1_term: float
    l2_term: float
    auxiliary_loss: float
    learning_rate: float
    gradient_norm: float
    images: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What the curves say, in one sentence, what to try, and the rule that held."""

    state: Literal["starting", "underfitting", "healthy", "overfitting", "unstable", "diverged"]
    sentence: str
    remedies: tuple[str, ...] = ()
    since_epoch: int | None = None
    rule: str = ""


@dataclass(frozen=True, slots=True)
class Epoch:
    """The figures of one finished epoch (counted from 1).

    ``train_loss`` is the mean over the epoch's own steps, while weights moved and dropout was on;
    ``train_loss_eval`` is measured afterwards with the epoch's final weights on a fixed sample of the
    training images. ``confusion[i][j]`` counts validation images of class i that were called j.
    """

    epoch: int
    step: int
    train_loss: float
    train_accuracy: float
    train_loss_eval: float
    train_accuracy_eval: float
    validation_loss: float
    validation_accuracy: float
    validation_top5: float
    class_accuracy: tuple[float, ...]
    confusion: tuple[tuple[int, ...], ...]
    learning_rate: float
    gradient_norm: float
    images_per_second: float
    seconds: float
    memory_bytes: int
    best: bool
    diagnosis: Diagnosis


@dataclass(frozen=True, slots=True)
class Probe:
    """What the network makes of a chosen picture after this step."""

    step: int
    seen: Seen


@dataclass(frozen=True, slots=True)
class Health:
    """How each layer fares at this step, by name; dead units were looked for in ``images`` images."""

    step: int
    layers: Mapping[str, LayerHealth]
    images: int


@dataclass(frozen=True, slots=True)
class Recorded:
    """What is worth keeping of the end of an epoch: what the network made of this picture, and how its weights lie."""

    epoch: int
    step: int
    picture: ChosenPicture
    record: EpochRecord


@dataclass(frozen=True, slots=True)
class State:
    """Everything needed to go on bit for bit: tensors by name, and plain JSON values."""

    tensors: Mapping[str, Tensor]
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A state worth keeping. ``best`` if its epoch has the lowest validation loss so far."""

    epoch: int
    step: int
    state: State
    best: bool = False


@dataclass(frozen=True, slots=True)
class Warning:
    """Something a person should know, in one sentence.

    The training goes on; where it is ``paused`` it tries again each time the next event is asked for.
    """

    message: str
    paused: bool = False


Reason = Literal["completed", "early_stopping", "stopped", "failed"]


@dataclass(frozen=True, slots=True)
class Finished:
    """The end, and why. ``reason`` is ``stopped`` when asked to and ``failed`` when it could not go on.

    ``details`` are the last losses of the training images; ``traceback`` is of the error that ended it, if one did.
    """

    reason: Reason
    epoch: int
    step: int
    best_epoch: int
    sentence: str
    details: Mapping[str, Any] = field(default_factory=dict)
    traceback: str = ""


Event = Started | Step | Epoch | Probe | Health | Recorded | Checkpoint | Warning | Finished
