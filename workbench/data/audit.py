"""What is worth knowing of a data set before training: balance, doubles, noise, and what was skipped."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

import torch

from workbench.data.collection import Progress, silent
from workbench.data.dataset import Dataset, Part

_BATCH = 16  # few: whoever cancels does not wait long for photographs to be decoded
_IMBALANCE = 5.0  # how many times as many images the largest class may have as the smallest, before it is said


@dataclass(frozen=True, slots=True)
class Audit:
    """``train_counts[class]`` and so on; ``duplicates`` pairs a training image with an equal one that is held out,
    by their indices; ``contradictions`` pairs equal training images of different classes."""

    classes: tuple[str, ...]
    train_counts: tuple[int, ...]
    validation_counts: tuple[int, ...]
    test_counts: tuple[int, ...]
    duplicates: tuple[tuple[int, int], ...]
    contradictions: tuple[tuple[int, int], ...]
    noisy_labels: int
    skipped: tuple[tuple[str, str], ...]

    @property
    def warnings(self) -> tuple[str, ...]:
        """What a person should know, a sentence each."""
        return tuple(self._warnings())

    def _warnings(self) -> Iterator[str]:
        named = dict(zip(self.classes, self.train_counts, strict=True))
        most, fewest = max(named, key=named.__getitem__), min(named, key=named.__getitem__)
        if not named[fewest]:
            yield f"There is no training image of {fewest}: the network cannot learn this class."
        elif named[most] > _IMBALANCE * named[fewest]:
            yield (
                f"The classes are out of balance: {named[most]} training images of {most}, {named[fewest]} of "
                f"{fewest}; read the accuracy of each class, not only the total."
            )
        if sum(self.validation_counts) and 0 in self.validation_counts:
            missing = self.classes[self.validation_counts.index(0)]
            yield f"There is no validation image of {missing}: its accuracy cannot be measured."
        if self.duplicates:
            held = len({index for _, index in self.duplicates})
            yield f"{held} held-out images are also among the training images: the accuracy measured is too high."
        if self.contradictions:
            yield f"{len(self.contradictions)} pairs of equal training images have different labels."
        if self.noisy_labels:
            yield f"{self.noisy_labels} training labels are wrong on purpose, as the label noise asks."
        if self.skipped:
            path, reason = self.skipped[0]
            many = (
                f"{len(self.skipped)} files were skipped; the first is {path}"
                if self.skipped[1:]
                else f"Skipped {path}"
            )
            yield f"{many}: {reason}."


def audit(dataset: Dataset, progress: Progress = silent) -> Audit:
    """Look at every image once. Two images are equal if they are after fitting to the network's input.

    ``progress`` cancels by raising.
    """
    classes = len(dataset.classes)
    first: dict[bytes, tuple[int, int]] = {}
    contradictions = []
    for digest, index, label in _digests(dataset.train, progress):
        known = first.setdefault(digest, (index, label))
        if known[1] != label:
            contradictions.append((known[0], index))
    held_out = [part for part in (dataset.validation, dataset.test) if part is not None]
    duplicates = [
        (first[digest][0], index)
        for part in held_out
        for digest, index, _ in _digests(part, progress)
        if digest in first
    ]
    return Audit(
        dataset.classes,
        _counts(dataset.train, classes),
        _counts(dataset.validation, classes),
        _counts(dataset.test, classes) if dataset.test is not None else (),
        tuple(duplicates),
        tuple(contradictions),
        int((dataset.train.labels != dataset.train.clean_labels).sum()),
        dataset.skipped,
    )


def _counts(part: Part, classes: int) -> tuple[int, ...]:
    return tuple(torch.bincount(part.labels, minlength=classes).tolist())


def _digests(part: Part, progress: Progress) -> Iterator[tuple[bytes, int, int]]:
    """(hash, index, label before noise) of each image."""
    positions = torch.arange(len(part))
    labelled = zip(part.indices.tolist(), part.clean_labels.tolist(), strict=True)
    done = 0
    for images in part.stream(list(positions.split(_BATCH)) if len(part) else []):
        done += len(images)
        progress("comparing images", done, len(part))
        for image in images.numpy():
            index, label = next(labelled)
            yield hashlib.blake2b(image.tobytes(), digest_size=16).digest(), index, label
