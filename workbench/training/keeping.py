"""Keeping the end of an epoch: one picture's way through the network, the filters and the prediction, in few bytes."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn

from workbench.compiler import analyse
from workbench.graph import Graph, Shape
from workbench.inspection import EpochRecord, FilterRows, KeptFilters, KeptMaps, filters_of, spread_of
from workbench.inspection.record_plan import Layer, MapShare, RecordPlan, are_values, plan_record
from workbench.inspection.seeing import joined
from workbench.layers import layer
from workbench.training.precision import Arithmetic

_ALWAYS = 50
_MOST = 500


def is_kept(epoch: int, epochs: int) -> bool:
    """Whether an epoch of so many is recorded: each of 500, of more the first fifty and then so that 500 are left."""
    every = -(-epochs // _MOST)
    return epoch <= _ALWAYS or epoch % every == 0 or epoch == epochs


class Keeper:
    """Takes the records of one network; which maps and filters are kept is decided once, from its shapes."""

    def __init__(self, graph: Graph, network: nn.Module, classes: int) -> None:
        self._modules = dict(network.named_modules())
        names = {node.name for node in graph.nodes if node.name in self._modules}
        self._plan = _plan(graph, {name: self._modules[name] for name in self._modules if name in names}, classes)
        self._spreading = [name for name in self._modules if name in names]

    def take(self, network: nn.Module, image: Tensor, arithmetic: Arithmetic, epoch: int, step: int) -> EpochRecord:
        """Run one normalized image ``(1, C, H, W)`` in evaluation mode, which changes no weight, buffer or chance."""
        kept: dict[str, tuple[Tensor, Tensor, tuple[int, ...]]] = {}

        def keep(name: str, share: MapShare) -> Any:
            def hook(module: nn.Module, inputs: Any, output: Any) -> None:
                values = joined(output)
                if values.ndim in (2, 4):
                    sizes = tuple(part.shape[1] for part in (output if isinstance(output, tuple) else (output,)))
                    kept[name] = (*_quantised(values[0], share), sizes)

            return hook

        handles = [
            self._modules[name].register_forward_hook(keep(name, share)) for name, share in self._plan.maps.items()
        ]
        was_training = network.training
        network.eval()
        try:
            with torch.inference_mode(), arithmetic.autocast():
                output = network(image)
        finally:
            network.train(was_training)
            for handle in handles:
                handle.remove()
        logits = next(iter(output.values())) if isinstance(output, dict) else output
        told = logits[0].float().softmax(0) if logits.ndim == 2 else logits.new_zeros(0)
        spreads = {name: found for name in self._spreading if (found := spread_of(self._modules[name])) is not None}
        return EpochRecord(epoch, step, self._maps(kept), self._filters(), spreads, told.float().cpu().numpy())

    def _maps(self, kept: dict[str, tuple[Tensor, Tensor, tuple[int, ...]]]) -> dict[str, KeptMaps]:
        """All layers' maps come from the device at once, because a GPU has to wait each time that it is asked."""
        if not kept:
            return {}
        levels = torch.cat([levels.flatten() for levels, _, _ in kept.values()]).cpu()
        ends = torch.cat([ends for _, ends, _ in kept.values()]).cpu()
        maps = {}
        for name, (one, own, sizes) in kept.items():
            taken, levels = levels[: one.numel()], levels[one.numel() :]
            first, ends = ends[: len(own)], ends[len(own) :]
            parts = sizes if len(sizes) > 1 else ()
            stride = self._plan.maps[name].stride
            maps[name] = KeptMaps(taken.reshape(one.shape).numpy(), first.numpy(), sum(sizes), stride, parts)
        return maps

    def _filters(self) -> dict[str, KeptFilters]:
        kept = {}
        for name, share in self._plan.filters.items():
            found = filters_of(self._modules[name], FilterRows(name, 0, share.filters))
            if found is None:
                continue
            weight = torch.from_numpy(found.weight)[:, : share.channels].nan_to_num(0.0, 0.0, 0.0)
            reach = weight.abs().flatten(1).amax(1)
            step = (reach.clamp_min(1e-30) / 127).view(-1, *[1] * (weight.ndim - 1))
            levels = (weight / step).round().to(torch.int8)
            channels = found.weight.shape[1]
            kept[name] = KeptFilters(levels.numpy(), (reach / 127).numpy(), found.bias, found.count, channels)
        return kept


def _plan(graph: Graph, modules: dict[str, nn.Module], classes: int) -> RecordPlan:
    reports = [report for report in analyse(graph).layers if report.name in modules]
    layers = [Layer(r.name, layer(r.kind).category, _joined_shape(r.output)) for r in reports if r.output]
    kernels = {}
    spreads = 0
    for name, module in modules.items():
        spreads += spread_of(module) is not None
        found = filters_of(module, FilterRows(name, 0, 1))
        if found is not None:
            # A dense layer's filters are kept as those of 1×1 pixels.
            kernels[name] = (found.count, *found.weight.shape[1:], 1, 1)[:4]
    return plan_record(layers, kernels, spreads, classes)


def _joined_shape(shape: Any) -> Shape:
    """That of one tensor; of several, that of all channels one behind the other."""
    if not isinstance(shape[0], tuple):
        return tuple(shape)
    return (sum(part[0] for part in shape), *shape[0][1:])


def _quantised(values: Tensor, share: MapShare) -> tuple[Tensor, Tensor]:
    """The levels and the ends of a layer's maps ``(C, H, W)``, or ``(1, features)``; what is not finite counts as 0."""
    if are_values(tuple(values.shape)):
        maps = values.flatten()[None, : share.maps]
    else:
        maps = values[: share.maps, :: share.stride, :: share.stride]
    maps = maps.float().nan_to_num(0.0, 0.0, 0.0)
    flat = maps.flatten(1)
    low, high = flat.amin(1), flat.amax(1)
    scale = 255 / (high - low).clamp_min(1e-30)
    levels = ((flat - low[:, None]) * scale[:, None]).round().to(torch.uint8)
    return levels.reshape(maps.shape), torch.stack((low, high), 1)
