"""Images and labels: where they come from, how they are divided, batched, normalized and augmented."""

from workbench.data.audit import Audit, audit
from workbench.data.batches import augmented, batch_count, evaluation_batches, training_batches
from workbench.data.dataset import Batch, DataError, Dataset, NotHere, Part
from workbench.data.fit import fit_images
from workbench.data.load import Pool, check_source, divide, find, load, read, read_alike
from workbench.data.picture import PictureError, fit_picture, read_picture
from workbench.data.sources import SOURCES

__all__ = [
    "SOURCES",
    "Audit",
    "Batch",
    "DataError",
    "Dataset",
    "NotHere",
    "Part",
    "PictureError",
    "Pool",
    "audit",
    "augmented",
    "batch_count",
    "check_source",
    "divide",
    "evaluation_batches",
    "find",
    "fit_images",
    "fit_picture",
    "load",
    "read",
    "read_alike",
    "read_picture",
    "training_batches",
]
