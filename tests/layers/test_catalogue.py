"""Every entry of the catalogue, against torch."""

from __future__ import annotations

import math
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

from workbench.compiler import analyse
from workbench.graph import Arguments, Builder, Field, FieldError
from workbench.layers import CATALOGUE, Layer, layer

LISTED = """
Conv2d ConvTranspose2d MaxPool2d AvgPool2d LPPool2d AdaptiveAvgPool2d AdaptiveMaxPool2d BatchNorm2d BatchNorm1d
GroupNorm InstanceNorm2d LayerNorm LocalResponseNorm ReLU ReLU6 LeakyReLU PReLU ELU SELU GELU SiLU Mish Sigmoid Tanh
ScaledTanh Hardsigmoid Hardswish Softplus Softmax LogSoftmax Dropout Dropout2d AlphaDropout StochasticDepth
GaussianNoise Linear Flatten Unflatten Permute Identity ZeroPad2d ReflectionPad2d Upsample PixelShuffle
ChannelShuffle SliceChannels Split Subsample Crop Add Multiply Concatenate Mean LayerScale Flip Unsqueeze Squeeze
Select InputAffine SparseConv2d TrainableSubsampling PrototypeDistance
""".split()


def test_every_promised_kind_is_there_and_no_other() -> None:
    assert sorted(LISTED) == sorted(CATALOGUE)


def test_an_unknown_kind_names_the_nearest() -> None:
    with pytest.raises(FieldError, match="did you mean 'Conv2d'"):
        layer("Conv2D")


@pytest.mark.parametrize("entry", CATALOGUE.values(), ids=lambda entry: entry.kind)
def test_every_entry_explains_itself(entry: Layer) -> None:
    assert entry.help.endswith(".")
    assert all(field.help for field in entry.fields)
    for field in entry.fields:
        if not field.required:
            assert field.check(field.default) == field.default


def value_for(field: Field, draw: Any) -> Any:
    """A value that the field takes, small enough for a small map."""
    low = int(max(field.low, 0)) if field.low > -math.inf else 0
    match field.type:
        case "bool":
            return draw(st.booleans())
        case "choice":
            return draw(st.sampled_from(field.choices))
        case "int":
            return draw(st.integers(low, low + 4))
        case "pair":
            one = st.integers(low, low + 2)
            return draw(st.one_of(one, st.tuples(one, one), *map(st.just, field.choices)))
        case "pads":
            one = st.integers(0, 2)
            return draw(st.one_of(one, st.tuples(one, one, one, one)))
        case "float":
            return draw(st.floats(max(field.low, 0.001), max(min(field.high, 0.9), max(field.low, 0.001))))
    raise AssertionError(field.type)


SPECIAL = {
    "SparseConv2d": {"kernel_size": 3, "connections": "0 1; 1 2 3; 0"},
    "PrototypeDistance": {},
    "Unflatten": {"shape": (2, 3, 2)},
    "Permute": {"dims": (2, 3, 1)},
    "Split": {"sizes": (1, 3)},
    "InputAffine": {"scale": (1.0, 2.0, 3.0, 4.0), "shift": (0.0, 1.0, 2.0, 3.0)},
}
SHAPES = {"Linear": (12,), "Unflatten": (12,), "BatchNorm1d": (12,), "PrototypeDistance": (84,)}


@settings(max_examples=15, deadline=None)
@pytest.mark.parametrize("kind", sorted(set(CATALOGUE) - {"Select"}))
@given(data=st.data())
def test_what_is_analysed_is_what_runs(kind: str, data: Any) -> None:
    """Shape, parameters and multiply-adds on the meta device equal a real run's; refusals come in words."""
    entry = CATALOGUE[kind]
    arguments = SPECIAL.get(kind)
    if arguments is None:
        arguments = {field.name: value_for(field, data.draw) for field in entry.fields}
    shape = SHAPES.get(kind, (4, 7, 6))
    count = max(entry.arity[0], 1)
    builder = Builder(shape)
    copies = [builder.add(f"copy{index}", "Identity", "input") for index in range(count)]
    builder.add("layer", kind, *copies, **arguments)
    analysis = analyse(builder.build())
    if not analysis.runs:
        assert analysis.problems[0].node == "layer"
        assert "\n" not in analysis.problems[0].message
        return
    report = analysis.layers[-1]
    inputs = [torch.randn(3, *shape) for _ in range(count)]
    module = entry.module(arguments, (shape,) * count).eval()
    with FlopCounterMode(display=False) as counter:
        output = module(*inputs)
    if isinstance(output, tuple | list):
        assert report.output == tuple(tuple(part.shape[1:]) for part in output)
    else:
        assert report.output == tuple(output.shape[1:])
    assert report.parameters == sum(parameter.numel() for parameter in module.parameters())
    assert report.macs * 2 * 3 == counter.get_total_flops()
    # A training keeps torch's generators only for layers of this category.
    before = torch.get_rng_state()
    module.train()(*inputs)
    if entry.category != "Regularization":
        assert torch.equal(torch.get_rng_state(), before)


@pytest.mark.parametrize("kind", [kind for kind in CATALOGUE if not CATALOGUE[kind].module_class])
def test_a_torch_kind_is_torchs_own_class(kind: str) -> None:
    arguments = {field.name: 1 for field in CATALOGUE[kind].fields if field.required}
    shape = SHAPES.get(kind, (4, 7, 6))
    assert type(CATALOGUE[kind].module(Arguments(arguments), (shape,))) is getattr(nn, kind)
