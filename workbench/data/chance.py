"""Chance without a state: every draw is a hash of (seed, epoch, what it is for, index).

A resumed run, another batch size or another number of workers then see the same draws, and no global random
number generator is touched. The hash is the finaliser of SplitMix64 (Steele, Lea, Flood 2014, table of variant 13).
"""

from __future__ import annotations

import math
from enum import IntEnum

import torch
from torch import Tensor


class Stream(IntEnum):
    """What a draw is for. Numbers are part of what makes a run reproducible: add new ones at the end."""

    ORDER = 1
    SPLIT = 2
    SUBSET = 3
    NOISY_LABEL = 4
    WRONG_CLASS = 5
    CROP_ROW = 6
    CROP_COLUMN = 7
    FLIP = 8
    ROTATION = 9
    CUTOUT_ROW = 10
    CUTOUT_COLUMN = 11
    BRIGHTNESS = 12
    CONTRAST = 13
    SATURATION = 14
    NOISE = 15


_GOLDEN = 0x9E3779B97F4A7C15
_MASK = (1 << 64) - 1


def bits(indices: Tensor, stream: Stream, seed: int, epoch: int = 0) -> Tensor:
    """int64 of the same shape and device as ``indices``: 64 random bits for each of them."""
    key = _mix_int(_mix_int(_mix_int(seed) + epoch) + stream)
    return mix(indices * _signed(_GOLDEN) + _signed(key))


def uniform(indices: Tensor, stream: Stream, seed: int, epoch: int = 0) -> Tensor:
    """float32 in [0, 1) for each index, of 24 bits."""
    return _shifted(bits(indices, stream, seed, epoch), 40).float() * 2.0**-24


def normal(keys: Tensor, count: int) -> Tensor:
    """float32 ``(len(keys), count)`` of standard normal values, a row of its own for each int64 key (Box-Muller)."""
    pairs = torch.arange((count + 1) // 2, device=keys.device)
    drawn = mix(keys[:, None] + pairs * _signed(_GOLDEN))
    radius = (_shifted(drawn, 40).float() + 0.5).mul_(2.0**-24).log_().mul_(-2).sqrt_()
    angle = (drawn & 0xFFFFFF).float().mul_(2 * math.pi * 2.0**-24)
    return torch.cat((radius * angle.cos(), radius * angle.sin()), 1)[:, :count]


def mix(values: Tensor) -> Tensor:
    """SplitMix64's finaliser on int64, where products wrap as unsigned ones do."""
    values = (values ^ _shifted(values, 30)) * _signed(0xBF58476D1CE4E5B9)
    values = (values ^ _shifted(values, 27)) * _signed(0x94D049BB133111EB)
    return values ^ _shifted(values, 31)


def _shifted(values: Tensor, by: int) -> Tensor:
    """A shift to the right that fills with zeros; torch's own fills with the sign."""
    return (values >> by) & ((1 << (64 - by)) - 1)


def _mix_int(value: int) -> int:
    value = (value + _GOLDEN) & _MASK
    value = ((value ^ (value >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
    value = ((value ^ (value >> 27)) * 0x94D049BB133111EB) & _MASK
    return value ^ (value >> 31)


def _signed(value: int) -> int:
    return value - (1 << 64) if value >> 63 else value
