"""The data choice: which images are used and how they are divided, as an immutable value."""

from __future__ import annotations

from dataclasses import dataclass

from workbench.graph import FieldError
from workbench.project.settings import Settings, setting


@dataclass(frozen=True, slots=True, kw_only=True)
class DataChoice(Settings):
    """Which images are used."""

    source: str = setting("digits", "a name of `workbench datasets`, a folder of images by class, or a CSV file")
    validation: float = setting(0.2, "share of the training images held out to validate", low=0, high=0.9)
    test: float = setting(0.0, "share held out to test, where the source has no test part", low=0, high=0.9)
    split_seed: int = setting(0, "where the chance of the division begins", low=0, high=2**63 - 1)
    subset: int = setting(0, "training images used, evenly by class; 0: all", low=0, high=1_000_000_000)
    label_noise: float = setting(0.0, "share of training labels replaced by a wrong one", low=0, high=1)
    fit: str = setting(
        "resize",
        "how images meet the network's size: squeeze, cut the middle, or add borders",
        choices=("resize", "crop", "pad"),
    )
    normalization: str = setting(
        "measured",
        "by which mean and deviation: the training images' own, ImageNet's (PyTorch's weights expect them), "
        "to -1..1, or none, 0..1",
        choices=("measured", "imagenet", "symmetric", "none"),
    )
    excluded: tuple[int, ...] = setting((), "indices of images left out of training", low=0)
    memory_budget: int = setting(2000, "megabytes up to which images stay in memory", low=1, high=10_000_000)
    workers: int = setting(2, "processes that read images which do not fit into memory", low=0, high=256)

    def __post_init__(self) -> None:
        Settings.__post_init__(self)
        if not self.source.strip():  # as a path it would mean the folder that one happens to be in
            raise FieldError("source: it is empty; give the name of a data set, a folder or a CSV file")
