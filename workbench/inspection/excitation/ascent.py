"""A picture made to excite one map: gradient ascent from noise, kept natural by regularizers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from workbench.inspection.attribution.scores import asking
from workbench.inspection.excitation.until import ExcitationError, run_until


@dataclass(frozen=True, slots=True)
class Ascent:
    """How a picture is made.

    What is raised is the value in the middle of the map, or with ``whole_map`` the mean of the map, in which what is
    below zero counts a tenth: the plain mean of a map that no ReLU has cut is highest for a picture of one grey.
    ``rate`` is Adam's step, in deviations of the data's pixels. Each step also makes the picture smaller by ``decay``
    of itself (L2: Simonyan et al. 2014), smooths it against its total variation with ``variation`` (Mahendran and
    Vedaldi 2015), and every fourth blurs it with a Gaussian of ``blur`` pixels (Yosinski et al. 2015). Before each
    step the picture is shifted by up to ``jitter`` pixels, and back after it (Mordvintsev, Olah and Tyka 2015).
    """

    whole_map: bool = False
    steps: int = 120
    rate: float = 0.05
    decay: float = 0.01
    variation: float = 0.1
    blur: float = 0.5
    jitter: int = 1
    seed: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class Made:
    """A picture on its way: normalized pixels ``(1, C, H, W)``, the steps it took, what is raised after each of them,
    the first before any, and where in the map the raised value is: row and column, None where it is the whole map."""

    image: Tensor
    step: int
    activations: tuple[float, ...]
    middle: tuple[int, int] | None

    @property
    def is_silent(self) -> bool:
        """Whether no step could change what the map says: its units fire for nothing near."""
        return len(self.activations) > 1 and len(set(self.activations)) == 1


def ascend(
    network: nn.Module,
    layer: str,
    number: int,
    shape: tuple[int, int, int],
    bounds: tuple[Tensor, Tensor],
    settings: Ascent | None = None,
    check: Callable[[], object] = lambda: None,
    show: Callable[[Made], object] = lambda made: None,
) -> Made:
    """Raise map ``number`` of ``layer`` step by step; the picture at the end.

    ``bounds`` are black and white as the network sees them, ``(1, C, 1, 1)`` each: no pixel leaves them. ``show`` takes
    the picture every few steps. ``check`` ends the work by raising, also inside a long step. The same settings give the
    same picture. Raises `ExcitationError`.
    """
    chosen = settings or Ascent()
    low, high = bounds
    random = torch.Generator().manual_seed(chosen.seed)
    image = torch.randn((1, *shape), generator=random).to(low.device)
    image = image.clamp(low, high).requires_grad_()
    optimizer = torch.optim.Adam([image], chosen.rate)
    activations: list[float] = []
    every = max(1, chosen.steps // 20)
    with asking(network, check):
        for step in range(chosen.steps + 1):
            check()
            down, across = torch.randint(-chosen.jitter, chosen.jitter + 1, (2,), generator=random).tolist()
            values = _map(network, layer, number, image.roll((down, across), (2, 3)))
            middle = None if chosen.whole_map else (values.shape[0] // 2, values.shape[1] // 2)
            activation = F.leaky_relu(values, 0.1).mean() if middle is None else values[middle]
            activations.append(activation.item())
            if step % every == 0 or step == chosen.steps:
                made = Made(image.detach().clone(), step, tuple(activations), middle)
                show(made)
            if step == chosen.steps:
                break
            loss = chosen.variation * _total_variation(image) - activation
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            with torch.no_grad():
                image.mul_(1 - chosen.decay)
                if chosen.blur and step % 4 == 3:
                    image.copy_(_blurred(image, chosen.blur))
                image.clamp_(low, high)
    return made


def _map(network: nn.Module, layer: str, number: int, image: Tensor) -> Tensor:
    maps = run_until(network, layer, image)
    if not 0 <= number < maps.shape[1]:
        raise ExcitationError(f"{layer} has no map {number}: there are {maps.shape[1]}, counted from 0")
    return maps[0, number]


def _total_variation(image: Tensor) -> Tensor:
    """The mean absolute difference of neighbours."""
    return image.diff(dim=2).abs().mean() + image.diff(dim=3).abs().mean()


def _blurred(image: Tensor, deviation: float) -> Tensor:
    reach = max(1, round(3 * deviation))
    places = torch.arange(-reach, reach + 1, dtype=image.dtype, device=image.device)
    window = torch.exp(-(places**2) / (2 * deviation**2))
    window = (window / window.sum()).expand(image.shape[1], 1, -1)
    padded = F.pad(image, (reach, reach, reach, reach), mode="replicate")
    groups = image.shape[1]
    return F.conv2d(F.conv2d(padded, window[..., None], groups=groups), window[:, :, None], groups=groups)


def bounds_of(mean: tuple[float, ...], std: tuple[float, ...]) -> tuple[Any, Any]:
    """Black and white of pictures that are normalized with these, ``(1, C, 1, 1)`` each."""
    centre, spread = (torch.tensor(values).view(1, -1, 1, 1) for values in (mean, std))
    return -centre / spread, (1 - centre) / spread
