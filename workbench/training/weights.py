"""Which parameters are weights: what penalties shrink, and what weight decay holds when it spares the rest."""

from __future__ import annotations

from torch import nn

from workbench.layers.modules import LayerScale

_SCALES = (nn.LayerNorm, nn.GroupNorm, LayerScale)
"""Layers whose parameters scale and shift maps, of whatever shape they are."""


def weights(network: nn.Module) -> list[nn.Parameter]:
    """Filters and matrices of the layers, each once: not biases, not the scales and shifts of normalization."""
    spared = {id(p) for module in network.modules() if isinstance(module, _SCALES) for p in module.parameters()}
    return [p for p in network.parameters() if p.requires_grad and p.dim() > 1 and id(p) not in spared]
