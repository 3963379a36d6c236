"""The files of a run's directory.

``project.json``      the project that the run was made from; never touched again
``network.py``        the network as standalone Python
``environment.json``  versions, machine, threads, seed and the number that orders runs
``metrics.jsonl``     one JSON object a line: every step, epoch, checkpoint and warning, and each learning rate
                      that a person set meanwhile (``"event": "rate"``); append-only; a torn last line is left out,
                      and after a line ``{"event": "resumed", "step": N}`` all earlier ones beyond step N are void
``checkpoints/last.safetensors``, ``best.safetensors``  tensors, and JSON values in the header's metadata
``epochs/000007.safetensors``  what is kept of the end of an epoch: the chosen picture's maps, filters, histograms of
                      the weights and the prediction, at most 200 kB; ``epochs/picture-*.safetensors`` is the picture
``samples.json``      the last loss of each training image, by its index in the source
``report.json``       how it ended and its best figures
``error.txt``         the traceback of the error that ended it
``notes.txt``         a person's own words
``lock``              held while a process trains into the directory; names its holder
"""

from __future__ import annotations

PROJECT = "project.json"
SOURCE = "network.py"
ENVIRONMENT = "environment.json"
METRICS = "metrics.jsonl"
CHECKPOINTS = "checkpoints"
LAST = f"{CHECKPOINTS}/last.safetensors"
BEST = f"{CHECKPOINTS}/best.safetensors"
EPOCHS = "epochs"
SAMPLES = "samples.json"
REPORT = "report.json"
ERROR = "error.txt"
NOTES = "notes.txt"
LOCK = "lock"


class RunError(Exception):
    """A run that cannot be started, resumed or read; the message names it and says what to do."""
