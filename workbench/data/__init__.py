"""Images and labels: where they come from, how they are divided, batched, normalised and augmented."""

from workbench.data.dataset import Batch, DataError, Dataset, Part

__all__ = ["Batch", "DataError", "Dataset", "Part"]
