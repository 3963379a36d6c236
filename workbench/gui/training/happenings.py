"""What is marked beside the curves of a training."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Happening:
    """Something that happened after a step: a checkpoint, another learning rate, an end; in a word or two."""

    step: int
    kind: str
    words: str


def rate_in_words(rate: float) -> str:
    return f"rate {rate:.3g}"
