"""A network run as far as one layer, and no farther."""

from __future__ import annotations

from typing import Any

from torch import Tensor, nn


class ExcitationError(Exception):
    """A layer or a map that cannot be looked for; the message says why, in one sentence."""


class _Reached(Exception):
    """The layer has its output; what comes below it need not run."""

    def __init__(self, output: Tensor) -> None:
        self.output = output


def run_until(network: nn.Module, layer: str, images: Tensor) -> Tensor:
    """The output of a layer as maps ``(N, maps, h, w)``; features are maps of a single place.

    Where the layer runs several times, because others share its weights, it is the first. Raises `ExcitationError`.
    """

    def stop(module: nn.Module, inputs: Any, output: Any) -> None:
        raise _Reached(output)

    try:
        handle = network.get_submodule(layer).register_forward_hook(stop)
    except AttributeError:
        raise ExcitationError(f"the network has no layer '{layer}'") from None
    try:
        network(images)
    except _Reached as reached:
        output = reached.output
    else:
        raise ExcitationError(f"{layer} has no part in what the network says outside of training")
    finally:
        handle.remove()
    if not isinstance(output, Tensor) or output.ndim not in (2, 4):
        raise ExcitationError(f"{layer} gives neither maps nor features")
    return output if output.ndim == 4 else output[:, :, None, None]
