"""Training as an iterator of events."""

from workbench.training.admission import admitted
from workbench.training.control import Control, Stopped
from workbench.training.evaluation import Evaluation, evaluate
from workbench.training.events import (
    Checkpoint,
    Diagnosis,
    Epoch,
    Event,
    Finished,
    Health,
    Probe,
    Recorded,
    Started,
    State,
    Step,
    Warning,
)
from workbench.training.loop import train
from workbench.training.precision import Arithmetic, DeviceError, choose
from workbench.training.probe import Watch

__all__ = [
    "Arithmetic",
    "Checkpoint",
    "Control",
    "DeviceError",
    "Diagnosis",
    "Epoch",
    "Evaluation",
    "Event",
    "Finished",
    "Health",
    "Probe",
    "Recorded",
    "Started",
    "State",
    "Step",
    "Stopped",
    "Warning",
    "Watch",
    "admitted",
    "choose",
    "evaluate",
    "train",
]
