"""Looking into a network while it learns: one picture's activations, a few times a second."""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import Any

import torch
from torch import Tensor, nn

from workbench.training.events import Probe, Weights
from workbench.training.precision import Arithmetic

_WEIGHTS_SECONDS = 1.0
_BINS = 48
_SAMPLE = 8192
"""Weights of a layer that are counted, evenly spread over it: more would not change the picture."""
_MOST_FILTERS = 500_000
"""Weights of a layer that are told themselves: 2 MB."""


class Watch:
    """The picture and the layers that somebody looks at. Both may be set from any thread at any time.

    ``picture`` is uint8 ``(C, H, W)`` of the network's input size, or None to look at nothing; at most every
    ``seconds`` the training says what becomes of it, and about once a second how the weights lie. ``filters`` names
    the layer whose weights are told themselves.
    """

    def __init__(self, picture: Tensor | None = None, layers: Iterable[str] = (), seconds: float = 0.1) -> None:
        self.picture = picture
        self.layers = tuple(layers)
        self.seconds = seconds
        self.filters = ""
        self._weighed = -float("inf")
        self._last = -float("inf")

    def due(self) -> Tensor | None:
        """The picture where it is time to look at it again; then the time begins anew."""
        now, picture = time.monotonic(), self.picture
        if picture is None or now - self._last < self.seconds:
            return None
        self._last = now
        return picture

    def weights_due(self) -> bool:
        """Whether it is time to look at the weights too; then the time begins anew."""
        now = time.monotonic()
        if now - self._weighed < _WEIGHTS_SECONDS:
            return False
        self._weighed = now
        return True


def look(network: nn.Module, image: Tensor, layers: Iterable[str], step: int, arithmetic: Arithmetic) -> Probe:
    """Run one normalised image ``(1, C, H, W)`` in evaluation mode, which changes no weight, buffer or chance.

    Names that the network does not have are left out: who looks may be a moment behind.
    """
    known = dict(network.named_modules())
    seen: dict[str, Tensor] = {}

    def keep(name: str) -> Any:
        def hook(module: nn.Module, inputs: Any, output: Any) -> None:
            if isinstance(output, Tensor):
                seen[name] = output[0]

        return hook

    handles = [known[name].register_forward_hook(keep(name)) for name in layers if name in known]
    was_training = network.training
    network.eval()
    try:
        with torch.inference_mode(), arithmetic.autocast():
            output = network(image)
    finally:
        network.train(was_training)
        for handle in handles:
            handle.remove()
    logits = (next(iter(output.values())) if isinstance(output, dict) else output).float()
    ranges = {name: (float(values.min()), float(values.max())) for name, values in seen.items()}
    maps = {name: _quantised(values, *ranges[name]) for name, values in seen.items()}
    return Probe(step, maps, ranges, tuple(logits[0].softmax(0).tolist()) if logits.ndim == 2 else ())


def weigh(network: nn.Module, filters: str = "") -> dict[str, Weights]:
    """How the weights of every layer that has some lie, and those of one layer themselves."""
    found = {}
    with torch.no_grad():
        for name, module in network.named_modules():
            weight = getattr(module, "weight", None)
            if not isinstance(weight, Tensor) or weight.ndim < 2:
                continue
            flat = weight.detach().flatten()
            sample = flat[:: max(1, flat.numel() // _SAMPLE)].float().cpu()
            low, high = float(sample.min()), float(sample.max())
            counts = torch.histc(sample, _BINS, low, high).numpy() if high > low else None
            told = name == filters and flat.numel() <= _MOST_FILTERS
            kept = weight.detach().float().cpu().clone().numpy() if told else None
            found[name] = Weights(counts, low, high, kept)
    return found


def _quantised(values: Tensor, low: float, high: float) -> Any:
    scale = 255 / (high - low) if high > low else 0.0
    return ((values.float() - low) * scale).round_().to(torch.uint8).cpu().contiguous().numpy()
