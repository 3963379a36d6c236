"""Images and labels: where they come from, how they are divided, batched, normalised and augmented."""

from workbench.data.audit import Audit, audit
from workbench.data.batches import batch_count, evaluation_batches, training_batches
from workbench.data.dataset import Batch, DataError, Dataset, Part
from workbench.data.fit import fit_images
from workbench.data.load import find, load
from workbench.data.picture import PictureError, fit_picture
from workbench.data.sources import SOURCES

__all__ = [
    "SOURCES",
    "Audit",
    "Batch",
    "DataError",
    "Dataset",
    "Part",
    "PictureError",
    "audit",
    "batch_count",
    "evaluation_batches",
    "find",
    "fit_images",
    "fit_picture",
    "load",
    "training_batches",
]
