"""Training as an iterator of events."""

from workbench.training.control import Control, Stopped
from workbench.training.events import (
    Checkpoint,
    Diagnosis,
    Epoch,
    Event,
    Finished,
    Probe,
    Started,
    State,
    Step,
    Warning,
)

__all__ = [
    "Checkpoint",
    "Control",
    "Diagnosis",
    "Epoch",
    "Event",
    "Finished",
    "Probe",
    "Started",
    "State",
    "Step",
    "Stopped",
    "Warning",
]
