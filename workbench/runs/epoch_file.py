"""An epoch's record as one safetensors file: tensors, and JSON values in the header. Nothing in it can execute.

``levels`` are the maps of all layers, one behind the other, ``ends`` their lowest and highest values; ``kernels``,
``scales`` and ``biases`` likewise the filters; ``counts`` and ``limits`` the histograms of the weights;
``probabilities`` the prediction. The header's ``layers``, ``filters`` and ``spreads`` tell what belongs to whom.
``parts`` tells of a layer that gives several tensors how many maps are in each.
Where the layers' health was measured ``health`` has a row of figures for each that its header names.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save

from workbench.inspection import ChosenPicture, EpochRecord, KeptFilters, KeptHealth, KeptMaps, LayerHealth, Spread
from workbench.runs.layout import RunError

_KEY = "record"
_FIGURES = ("dead", "mean", "spread", "gradient", "update", "weights")


def encode_record(record: EpochRecord, picture: str) -> bytes:
    """The file's content; ``picture`` is the name of the picture's file."""
    maps, filters, spreads = record.maps, record.filters, record.spreads
    drawn = {name: spread for name, spread in spreads.items() if spread.counts is not None}
    biases = [kept.bias for kept in filters.values() if kept.bias is not None]
    tensors = {
        "levels": _joined([kept.levels for kept in maps.values()], np.uint8),
        "ends": _joined([kept.ends for kept in maps.values()], np.float32),
        "kernels": _joined([kept.levels for kept in filters.values()], np.int8),
        "scales": _joined([kept.scales for kept in filters.values()], np.float32),
        "biases": _joined(biases, np.float32),
        "counts": _joined([spread.counts for spread in drawn.values()], np.uint16),
        "limits": _joined([[spread.low, spread.high] for spread in spreads.values()], np.float32),
        "probabilities": np.asarray(record.probabilities, np.float32),
    }
    header = {
        "epoch": record.epoch,
        "step": record.step,
        "picture": picture,
        "layers": {name: [*kept.levels.shape, kept.count, kept.stride] for name, kept in maps.items()},
        "parts": {name: list(kept.parts) for name, kept in maps.items() if kept.parts},
        "filters": {
            name: [*kept.levels.shape, kept.count, kept.channels, int(kept.bias is not None)]
            for name, kept in filters.items()
        },
        "spreads": {name: len(spread.counts) if name in drawn else 0 for name, spread in spreads.items()},
    }
    if record.health is not None:
        layers = record.health.layers
        rows = [[getattr(one, figure) for figure in _FIGURES] for one in layers.values()]
        tensors["health"] = np.asarray(rows, np.float32).reshape(len(rows), len(_FIGURES))
        header["health"] = {"step": record.health.step, "images": record.health.images, "layers": list(layers)}
    return save(tensors, {_KEY: json.dumps(header, allow_nan=False, separators=(",", ":"))})


def read_record(path: Path) -> tuple[EpochRecord, str]:
    """The record in a file and the name of its picture's file. Raises `RunError` for one that is missing or none."""
    tensors, header = _opened(path)
    try:
        return _record(tensors, header), str(header["picture"])
    except (KeyError, ValueError, TypeError, IndexError, AttributeError) as error:
        raise RunError(f"{path}: this is no record of an epoch ({error})") from None


def read_health(path: Path) -> KeptHealth | None:
    """The health in a record, without reading the rest; None where it was not measured. Raises `RunError`."""
    tensors, header = _opened(path, ("health",))
    try:
        return _health(tensors, header)
    except (KeyError, ValueError, TypeError) as error:
        raise RunError(f"{path}: this is no record of an epoch ({error})") from None


def encode_picture(picture: ChosenPicture) -> bytes:
    header = json.dumps({"name": picture.name, "truth": picture.truth})
    return save({"pixels": np.ascontiguousarray(picture.pixels)}, {_KEY: header})


def read_picture(path: Path) -> ChosenPicture:
    """Raises `RunError` for a file that is missing or no picture."""
    tensors, header = _opened(path)
    pixels = tensors.get("pixels")
    if pixels is None or pixels.ndim != 3 or pixels.dtype != np.uint8:
        raise RunError(f"{path}: this is no picture of a run")
    return ChosenPicture(pixels, str(header.get("name", "")), str(header.get("truth", "")))


def _opened(path: Path, wanted: tuple[str, ...] = ()) -> tuple[dict[str, Any], dict[str, Any]]:
    try:
        with safe_open(path, framework="numpy") as file:
            header = json.loads((file.metadata() or {})[_KEY])
            names = [name for name in file.keys() if not wanted or name in wanted]  # noqa: SIM118
            tensors = {name: file.get_tensor(name) for name in names}
    except FileNotFoundError:
        raise RunError(f"{path}: there is no such record") from None
    except (SafetensorError, OSError, KeyError, ValueError, TypeError, RecursionError) as error:
        raise RunError(f"{path}: this is no record of an epoch ({error})") from None
    if not isinstance(header, dict):
        raise RunError(f"{path}: this is no record of an epoch")
    return tensors, header


def _record(tensors: Mapping[str, Any], header: Mapping[str, Any]) -> EpochRecord:
    parts = {name: _Parts(values) for name, values in tensors.items()}
    maps, filters, spreads = {}, {}, {}
    several = {name: tuple(map(int, sizes)) for name, sizes in header.get("parts", {}).items()}
    for name, (*shape, count, stride) in header["layers"].items():
        levels = parts["levels"].next(*shape)
        ends = parts["ends"].next(len(levels), 2)
        maps[name] = KeptMaps(levels, ends, int(count), int(stride), several.get(name, ()))
    for name, (*shape, count, channels, has_bias) in header["filters"].items():
        levels = parts["kernels"].next(*shape)
        bias = parts["biases"].next(len(levels)) if has_bias else None
        filters[name] = KeptFilters(levels, parts["scales"].next(len(levels)), bias, int(count), int(channels))
    for name, bins in header["spreads"].items():
        counts = parts["counts"].next(bins).astype(np.float32) if bins else None
        low, high = parts["limits"].next(2).tolist()
        spreads[name] = Spread(counts, low, high)
    step, epoch = int(header["step"]), int(header["epoch"])
    return EpochRecord(epoch, step, maps, filters, spreads, tensors["probabilities"], _health(tensors, header))


def _health(tensors: Mapping[str, Any], header: Mapping[str, Any]) -> KeptHealth | None:
    told = header.get("health")
    if told is None:
        return None
    rows = tensors["health"]
    if rows.shape != (len(told["layers"]), len(_FIGURES)):
        raise ValueError("the layers' health is not that of the layers")
    layers = {str(name): _layer(row) for name, row in zip(told["layers"], rows.tolist(), strict=True)}
    return KeptHealth(int(told["step"]), layers, int(told["images"]))


def _layer(row: list[float]) -> LayerHealth:
    dead, mean, spread, gradient, update, weights = row
    return LayerHealth(dead, mean, spread, gradient, update, round(weights))


class _Parts:
    """Takes one array apart from its beginning. Raises `ValueError` where it is too short."""

    def __init__(self, values: Any) -> None:
        self._left = values.ravel()

    def next(self, *shape: int) -> Any:
        size = math.prod(shape)
        if min(shape, default=0) < 0 or size > len(self._left):
            raise ValueError(f"{list(shape)} values are not there")
        taken, self._left = self._left[:size], self._left[size:]
        return taken.reshape(shape)


def _joined(arrays: list[Any], kind: Any) -> Any:
    flat = [np.asarray(array).ravel() for array in arrays]
    return np.concatenate(flat).astype(kind) if flat else np.zeros(0, kind)
