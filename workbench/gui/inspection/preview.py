"""What every layer makes of the picture while the network is edited: computed off the window's thread."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from workbench.graph import Graph
from workbench.gui.pixels import NOTHING

if TYPE_CHECKING:
    from torch import Tensor

    from workbench.compiler import Network
    from workbench.training import Probe

_MAPS = 6
_SIDE = 26
_MOST_VALUES = 400_000_000


def running_part(graph: Graph) -> Graph:
    """The nodes that can run, without those that something broken stands above; outputs left to the last."""
    from workbench.compiler import analyse

    reports = analyse(graph).by_name
    runs: set[str] = {entry.name for entry in graph.inputs}
    kept = []
    for node in graph.nodes:
        sources = graph.sources(node)
        if (
            all(s in runs for s in sources)
            and reports[node.name].output is not None
            and (node.shares or "") in {"", *runs}
        ):
            runs.add(node.name)
            kept.append(replace(node, inputs=sources))
    paths = {node.name.rpartition(".")[0] for node in kept}
    blocks = tuple(b for b in graph.blocks if any(p == b.name or p.startswith(b.name + ".") for p in paths))
    return Graph(graph.inputs, tuple(kept), (), blocks, graph.name)


def network_for(graph: Graph, weights: Mapping[str, Tensor]) -> Network | None:
    """The part that runs, with these weights where name and shape fit; None where nothing runs or it is too large."""
    import torch

    from workbench.compiler import analyse, compile_graph

    part = running_part(graph)
    analysis = analyse(part)
    if not part.nodes or analysis.parameters + analysis.activation_bytes // 4 > _MOST_VALUES:
        return None
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        network = compile_graph(part).eval()
    own = network.state_dict()
    fitting = {name: value for name, value in weights.items() if name in own and own[name].shape == value.shape}
    network.load_state_dict(fitting, strict=False)
    return network


def look_at_all(network: Network, graph: Graph, image: Tensor) -> Probe:
    """Every layer's maps of one normalised image ``(1, C, H, W)``."""
    from workbench.training.precision import Arithmetic
    from workbench.training.probe import look

    names = [node.name for node in graph.nodes]
    return look(network, image, names, 0, Arithmetic("cpu", "fp32", False))


def strip(maps: np.ndarray[Any, Any]) -> np.ndarray[Any, Any] | None:
    """The first few maps of a layer side by side, uint8; None for what has none."""
    if maps.ndim == 1:
        return np.ascontiguousarray(
            np.broadcast_to(np.minimum(maps, NOTHING - 1)[None, : 4 * _SIDE], (6, min(len(maps), 4 * _SIDE)))
        )
    if maps.ndim != 3 or not maps.size:
        return None
    chosen = maps[:_MAPS]
    step = max(1, -(-max(chosen.shape[1:]) // (2 * _SIDE)))
    small = chosen[:, ::step, ::step]
    height, width = small.shape[1:]
    sheet = np.full((height, len(small) * (width + max(1, width // 13))), NOTHING, np.uint8)
    for number, one in enumerate(small):
        left = number * (width + max(1, width // 13))
        low, high = int(one.min()), int(one.max())
        scaled = (one.astype(np.float32) - low) * ((NOTHING - 1) / (high - low)) if high > low else np.zeros_like(one)
        sheet[:, left : left + width] = scaled
    return sheet
