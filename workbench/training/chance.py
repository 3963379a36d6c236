"""torch's random generators, kept apart: a training has its own, and leaves the caller's where they were.

They are one for the whole process, whatever threads it has: a second training, or whoever else draws from them, waits
until the first one's step is over. Nothing in the program draws from them outside of `own_chance`.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import torch
from torch import Tensor

_TURN = threading.RLock()


def chance_tensors(device: torch.device) -> dict[str, Tensor]:
    """The states of torch's generators that a training on this device draws from."""
    found = {"chance.cpu": torch.get_rng_state()}
    if device.type == "cuda":
        found["chance.cuda"] = torch.cuda.get_rng_state(device)
    return found


def load_chance(device: torch.device, tensors: Mapping[str, Tensor]) -> None:
    torch.set_rng_state(tensors["chance.cpu"].cpu())
    if device.type == "cuda" and "chance.cuda" in tensors:
        torch.cuda.set_rng_state(tensors["chance.cuda"].cpu(), device)


@contextmanager
def own_chance(device: torch.device, state: Mapping[str, Tensor] | None = None) -> Iterator[None]:
    """Inside, torch's generators are the training's; outside they are whoever asks for the next event's."""
    with _TURN:
        before = chance_tensors(device)
        if state is not None:
            load_chance(device, state)
        try:
            yield
        finally:
            load_chance(device, before)
