"""Stopping inside a step: a large network's step can take ten seconds, a person waits half of one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import torch
from torch import nn

from workbench.training.control import Control, Stopped

LONG_STEP = 0.2
"""Seconds from which a step is worth being interrupted; in shorter ones the hooks would only cost."""


@contextmanager
def undone_if_stopped(network: nn.Module, optimizer: torch.optim.Optimizer, control: Control) -> Iterator[None]:
    """A training step that can be stopped inside, and then has not happened."""
    before = [buffer.clone() for buffer in network.buffers()]
    try:
        with stopping_inside(network, control):
            yield
    except Stopped:
        with torch.no_grad():
            for buffer, value in zip(network.buffers(), before, strict=True):
                buffer.copy_(value)
        optimizer.zero_grad(set_to_none=True)
        raise


@contextmanager
def stopping_inside(network: nn.Module, control: Control) -> Iterator[None]:
    """While open, forward and backward passes raise `Stopped` at the next layer once the control asks for it.

    A forward pass that was cut off may already have moved running means: put the buffers back afterwards.
    """

    leaves = [module for module in network.modules() if next(module.children(), None) is None]
    handles = [module.register_forward_pre_hook(control.check) for module in leaves]
    handles += [p.register_hook(control.check) for p in network.parameters() if p.requires_grad]
    try:
        yield
    finally:
        for handle in handles:
            handle.remove()
