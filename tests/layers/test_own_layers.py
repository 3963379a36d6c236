"""Layers that torch lacks give what their formula says, on random arguments, as torch's own functions do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import hypothesis.strategies as st
import pytest
import torch
from hypothesis import given, settings
from torch import Tensor, nn
from torch.nn import functional as F

from workbench.layers import CATALOGUE
from workbench.layers.modules.shaping import Subsample

CHANNELS, HEIGHT, WIDTH = 4, 7, 6
MAPS = (CHANNELS, HEIGHT, WIDTH)

Draw = Callable[[Any], Any]


class Case:
    """How a layer's arguments are drawn, what shape comes to it and what it must give."""

    def __init__(
        self,
        arguments: Callable[[Draw], dict[str, Any]],
        expected: Callable[..., Any],
        shape: tuple[int, ...] = MAPS,
        inputs: int = 1,
    ) -> None:
        self.arguments, self.expected, self.shape, self.inputs = arguments, expected, shape, inputs


def _none(draw: Draw) -> dict[str, Any]:
    return {}


def _float(low: float, high: float) -> st.SearchStrategy[float]:
    return st.floats(low, high, width=32)


def _kernel(draw: Draw) -> Any:
    one = st.integers(1, 3)
    return draw(st.one_of(one, st.tuples(one, one)))


def _connections(draw: Draw) -> dict[str, Any]:
    groups = draw(st.lists(st.sets(st.integers(0, CHANNELS - 1), min_size=1), min_size=1, max_size=6))
    return {"kernel_size": 3, "connections": "; ".join(" ".join(map(str, sorted(group))) for group in groups)}


def _sparse(module: nn.Module, values: dict[str, Any], x: Tensor) -> Tensor:
    """A full convolution whose filters are zero where there is no connection."""
    groups = [[int(n) for n in group.split()] for group in values["connections"].split(";")]
    full = torch.zeros(len(groups), CHANNELS, 3, 3)
    weights = iter(module.weight)
    for count in sorted({len(group) for group in groups}):
        filters = iter(next(weights))
        for place, group in enumerate(groups):
            if len(group) == count:
                full[place, group] = next(filters)
    return F.conv2d(x, full, module.bias)


def _subsampled(module: nn.Module, values: dict[str, Any], x: Tensor) -> Tensor:
    kernel = module.kernel_size if isinstance(module.kernel_size, tuple) else (module.kernel_size,) * 2
    sums = F.conv2d(x, torch.ones(CHANNELS, 1, *kernel), stride=kernel, groups=CHANNELS)
    return sums * module.weight.view(-1, 1, 1) + module.bias.view(-1, 1, 1)


def _normalised(module: nn.Module, values: dict[str, Any], x: Tensor) -> Tensor:
    axis = 1 if values["channels_first"] else -1
    variance, mean = torch.var_mean(x, axis, correction=0, keepdim=True)
    shape = [1] * x.dim()
    shape[axis] = -1
    plain = (x - mean) / (variance + values["eps"]).sqrt()
    return plain * module.weight.view(shape) + module.bias.view(shape) if values["affine"] else plain


def _crop(draw: Draw) -> dict[str, Any]:
    height, width = draw(st.integers(1, HEIGHT)), draw(st.integers(1, WIDTH))
    top, left = draw(st.integers(0, HEIGHT - height)), draw(st.integers(0, WIDTH - width))
    return {"top": top, "left": left, "height": height, "width": width}


def _slice(draw: Draw) -> dict[str, Any]:
    start = draw(st.integers(0, CHANNELS - 1))
    return {"start": start, "stop": draw(st.one_of(st.none(), st.integers(start + 1, CHANNELS)))}


def _sizes(draw: Draw) -> dict[str, Any]:
    first = draw(st.integers(1, CHANNELS - 1))
    return {"sizes": (first, CHANNELS - first)}


def _numbers(draw: Draw) -> tuple[float, ...]:
    return draw(st.tuples(*[_float(-3, 3)] * CHANNELS))


def _shape_of(draw: Draw) -> dict[str, Any]:
    return {"shape": draw(st.sampled_from([(12, 1, 1), (3, 2, 2), (1, 3, 4), (4, 3)]))}


_DIM = {"dim": st.integers(1, 3)}

CASES = {
    "ScaledTanh": Case(
        lambda draw: {"amplitude": draw(_float(0, 3)), "slope": draw(_float(0, 3))},
        lambda module, v, x: v["amplitude"] * torch.tanh(v["slope"] * x),
    ),
    "TrainableSubsampling": Case(lambda draw: {"kernel_size": _kernel(draw)}, _subsampled),
    "SparseConv2d": Case(_connections, _sparse),
    "PrototypeDistance": Case(_none, lambda module, v, x: -torch.cdist(x, module.codes).square(), (84,)),
    "LayerNorm": Case(
        lambda draw: {
            "eps": draw(_float(0, 1)),
            "channels_first": draw(st.booleans()),
            "affine": draw(st.booleans()),
        },
        _normalised,
    ),
    "LayerScale": Case(
        lambda draw: {"init": draw(_float(-3, 3))}, lambda module, v, x: x * module.gamma.view(-1, 1, 1)
    ),
    "InputAffine": Case(
        lambda draw: {"scale": _numbers(draw), "shift": _numbers(draw)},
        lambda module, v, x: torch.stack(
            [x[:, c] * scale + shift for c, (scale, shift) in enumerate(zip(v["scale"], v["shift"], strict=True))], 1
        ),
    ),
    "Add": Case(_none, lambda module, v, *x: torch.stack(x).sum(0), inputs=3),
    "Multiply": Case(_none, lambda module, v, *x: torch.stack(x).prod(0), inputs=3),
    "Mean": Case(_none, lambda module, v, *x: torch.stack(x).mean(0), inputs=3),
    "Concatenate": Case(
        lambda draw: {"dim": draw(_DIM["dim"])}, lambda module, v, *x: torch.cat(x, v["dim"]), inputs=3
    ),
    "Crop": Case(_crop, lambda module, v, x: x.narrow(2, v["top"], v["height"]).narrow(3, v["left"], v["width"])),
    "Flip": Case(lambda draw: {"dim": draw(_DIM["dim"])}, lambda module, v, x: torch.flip(x, (v["dim"],))),
    "Permute": Case(
        lambda draw: {"dims": tuple(draw(st.permutations([1, 2, 3])))},
        lambda module, v, x: torch.permute(x, (0, *v["dims"])),
    ),
    "Unflatten": Case(_shape_of, lambda module, v, x: nn.Unflatten(1, v["shape"])(x), (12,)),
    "SliceChannels": Case(
        _slice,
        lambda module, v, x: x.narrow(1, v["start"], (CHANNELS if v["stop"] is None else v["stop"]) - v["start"]),
    ),
    "Split": Case(_sizes, lambda module, v, x: torch.split(x, v["sizes"], 1)),
    "Unsqueeze": Case(lambda draw: {"dim": draw(st.integers(1, 4))}, lambda module, v, x: torch.unsqueeze(x, v["dim"])),
    "Squeeze": Case(
        lambda draw: {"dim": draw(st.sampled_from([1, 3]))},
        lambda module, v, x: torch.squeeze(x, v["dim"]),
        (1, 5, 1),
    ),
    "Subsample": Case(
        lambda draw: {"stride": draw(st.integers(1, 4)), "extra_channels": draw(st.integers(0, 5))},
        lambda module, v, x: torch.cat(
            [
                kept := F.max_pool2d(x, 1, v["stride"]),
                kept.new_zeros(len(kept), v["extra_channels"], *kept.shape[2:]),
            ],
            1,
        ),
    ),
}
RANDOM = {"StochasticDepth", "GaussianNoise"}
"""Layers of chance have tests of their own below; `Select` takes what only `Split` gives."""


def test_every_layer_of_our_own_is_compared() -> None:
    own = {kind for kind, entry in CATALOGUE.items() if entry.module_class}
    assert own == set(CASES) | RANDOM | {"Select"}


@settings(max_examples=20, deadline=None)
@pytest.mark.parametrize("kind", CASES)
@given(data=st.data())
def test_it_gives_what_its_formula_says(kind: str, data: Any) -> None:
    case, entry = CASES[kind], CATALOGUE[kind]
    values = entry.values(case.arguments(data.draw))
    generator = torch.Generator().manual_seed(data.draw(st.integers(0, 1000)))
    inputs = [torch.randn(3, *case.shape, generator=generator) for _ in range(case.inputs)]
    module = entry.module(values, (case.shape,) * case.inputs).eval()
    with torch.no_grad():
        for parameter in module.parameters():
            parameter.copy_(torch.randn(parameter.shape, generator=generator))
        found, expected = module(*inputs), case.expected(module, values, *inputs)
    torch.testing.assert_close(found, expected, rtol=1e-4, atol=1e-5)


def test_a_gate_is_stretched_over_the_maps() -> None:
    maps, gate = torch.randn(2, *MAPS), torch.rand(2, CHANNELS, 1, 1)
    module = CATALOGUE["Multiply"].module({}, (MAPS, (CHANNELS, 1, 1)))
    assert torch.equal(module(maps, gate), maps * gate.expand_as(maps))


@pytest.mark.parametrize("index", [0, 1])
def test_select_takes_one_of_several(index: int) -> None:
    parts = CATALOGUE["Split"].module({"sizes": (1, 3)}, (MAPS,))(torch.randn(2, *MAPS))
    shapes = ((1, HEIGHT, WIDTH), (3, HEIGHT, WIDTH))
    assert CATALOGUE["Select"].module({"index": index}, (shapes,))(parts) is parts[index]


@pytest.mark.parametrize("p", [0.0, 0.2, 0.8])
def test_stochastic_depth_leaves_whole_examples_out_and_keeps_the_mean(p: float) -> None:
    module = CATALOGUE["StochasticDepth"].module({"p": p}, (MAPS,))
    torch.manual_seed(3)
    x = torch.rand(2_000, 2, 2, 2) + 1
    ratio = (module(x) / x).flatten(1)
    assert torch.equal(ratio.amin(1), ratio.amax(1)) or torch.allclose(ratio.amin(1), ratio.amax(1))
    left_out = (ratio[:, 0] == 0).float().mean().item()
    assert left_out == pytest.approx(p, abs=0.04)
    assert torch.allclose(ratio[ratio[:, 0] > 0], torch.tensor(1 / (1 - p)))
    assert torch.equal(module.eval()(x), x)


@pytest.mark.parametrize("std", [0.0, 0.1, 2.0])
def test_gaussian_noise_has_its_deviation_and_ends_with_training(std: float) -> None:
    module = CATALOGUE["GaussianNoise"].module({"std": std}, (MAPS,))
    torch.manual_seed(3)
    x = torch.zeros(100, 1, 50, 50)
    noise = module(x)
    assert noise.mean().item() == pytest.approx(0, abs=0.01 * max(std, 1))
    assert noise.std().item() == pytest.approx(std, rel=0.02, abs=1e-6)
    assert torch.equal(module.eval()(x), x)


def test_a_subsampled_maps_gradient_keeps_its_layout() -> None:
    """Of two layouts side by side each sum and each ReLU of the way back takes three times as long."""
    maps = torch.randn(2, 8, 6, 6).to(memory_format=torch.channels_last).requires_grad_()
    seen: list[torch.Tensor] = []
    maps.register_hook(seen.append)
    Subsample(2, 8)(maps).sum().backward()
    assert seen[0].is_contiguous(memory_format=torch.channels_last)
