"""Every block template, under any of its arguments, is the formula of its paper: written here in plain functions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest
import torch
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from torch import Tensor, nn
from torch.nn import functional as F

from workbench.compiler import analyse, compile_graph
from workbench.graph import Arguments, Block, Builder, Field, Graph, Input, Output, edits
from workbench.layers import TEMPLATES, layer, template

CHANNELS, HEIGHT, WIDTH = 4, 9, 8
Weights = Mapping[str, Tensor]


def conv(w: Weights, name: str, x: Tensor, **how: Any) -> Tensor:
    return F.conv2d(x, w[f"{name}.weight"], w.get(f"{name}.bias"), **how)


def norm(w: Weights, name: str, x: Tensor, eps: float = 1e-5) -> Tensor:
    scale = w[f"{name}.weight"] / (w[f"{name}.running_var"] + eps).sqrt()
    shift = w[f"{name}.bias"] - w[f"{name}.running_mean"] * scale
    return x * scale[:, None, None] + shift[:, None, None]


def gated(w: Weights, path: str, x: Tensor) -> Tensor:
    hidden = torch.relu(x.mean((2, 3)) @ w[f"{path}fc1.weight"].flatten(1).T + w[f"{path}fc1.bias"])
    gate = torch.sigmoid(hidden @ w[f"{path}fc2.weight"].flatten(1).T + w[f"{path}fc2.bias"])
    return x * gate[:, :, None, None]


def conv_block(w: Weights, x: Tensor, v: Any) -> Tensor:
    x = conv(w, "conv", x, stride=v["stride"], padding=v["padding"], groups=v["groups"])
    if v["norm"] == "batch":
        x = norm(w, "bn", x, v["eps"])
    return x if v["activation"] == "none" else getattr(nn, v["activation"])()(x)


def vgg_stage(w: Weights, x: Tensor, v: Any) -> Tensor:
    for index in range(1, v["convolutions"] + 1):
        x = conv(w, f"conv{index}", x, padding=1)
        x = torch.relu(norm(w, f"bn{index}", x) if v["batch_norm"] else x)
    return F.max_pool2d(x, 2)


def nin_block(w: Weights, x: Tensor, v: Any) -> Tensor:
    x = torch.relu(conv(w, "conv", x, stride=v["stride"], padding=v["padding"]))
    for index in range(1, len(v["channels"])):
        x = torch.relu(conv(w, f"mlp{index}", x))
    return x


def inception(w: Weights, x: Tensor, v: Any) -> Tensor:
    def unit(name: str, x: Tensor, padding: int = 0) -> Tensor:
        x = conv(w, f"{name}.conv", x, padding=padding)
        return torch.relu(norm(w, f"{name}.bn", x, 1e-3) if v["batch_norm"] else x)

    three = unit("branch2.1", unit("branch2.0", x), 1)
    large = unit("branch3.1", unit("branch3.0", x), v["large_kernel"] // 2)
    pooled = unit("branch4.1", F.max_pool2d(x, 3, 1, 1))
    return torch.cat([unit("branch1", x), three, large, pooled], 1)


def dense_layer(w: Weights, x: Tensor, v: Any) -> Tensor:
    y = conv(w, "conv1", torch.relu(norm(w, "norm1", x)))
    return torch.cat([x, conv(w, "conv2", torch.relu(norm(w, "norm2", y)), padding=1)], 1)


def with_shortcut(w: Weights, x: Tensor, y: Tensor, v: Any) -> Tensor:
    match v["shortcut"]:
        case "none":
            return torch.relu(y)
        case "projection":
            kernel = v.get("projection_kernel", 1)
            x = norm(w, "downsample.1", conv(w, "downsample.0", x, stride=v["stride"], padding=kernel // 2))
        case "subsample":
            x = x[:, :, :: v["stride"], :: v["stride"]]
            x = torch.cat([x, torch.zeros(len(x), v["channels"] // 2, *x.shape[2:], dtype=x.dtype)], 1)
    return torch.relu(y + x)


def basic_block(w: Weights, x: Tensor, v: Any) -> Tensor:
    y = torch.relu(norm(w, "bn1", conv(w, "conv1", x, stride=v["stride"], padding=1)))
    y = norm(w, "bn2", conv(w, "conv2", y, padding=1))
    if v["reduction"]:
        y = gated(w, "se_module.", torch.relu(y) if v["relu_before_gate"] else y)
    return with_shortcut(w, x, y, v)


def bottleneck(w: Weights, x: Tensor, v: Any) -> Tensor:
    first, second = (v["stride"], 1) if v["stride_in"] == "1x1" else (1, v["stride"])
    y = torch.relu(norm(w, "bn1", conv(w, "conv1", x, stride=first)))
    y = torch.relu(norm(w, "bn2", conv(w, "conv2", y, stride=second, padding=1, groups=v["groups"])))
    y = norm(w, "bn3", conv(w, "conv3", y))
    return with_shortcut(w, x, gated(w, "se_module.", y) if v["reduction"] else y, v)


def inverted_residual(w: Weights, x: Tensor, v: Any) -> Tensor:
    y = F.relu6(norm(w, "conv.0.1", conv(w, "conv.0.0", x)))
    how = {"stride": v["stride"], "padding": v["kernel_size"] // 2, "groups": v["hidden"]}
    y = F.relu6(norm(w, "conv.1.1", conv(w, "conv.1.0", y, **how)))
    y = norm(w, "conv.3", conv(w, "conv.2", gated(w, "se.", y) if v["reduction"] else y))
    return x + y if v["shortcut"] else y


FORMULAS: dict[str, Callable[[Weights, Tensor, Any], Tensor]] = {
    "ConvBlock": conv_block,
    "VGGStage": vgg_stage,
    "NiNBlock": nin_block,
    "Inception": inception,
    "DenseLayer": dense_layer,
    "BasicBlock": basic_block,
    "PlainBlock": basic_block,
    "SEBasicBlock": basic_block,
    "Bottleneck": bottleneck,
    "PlainBottleneck": bottleneck,
    "SEBottleneck": bottleneck,
    "SqueezeExcite": lambda w, x, v: gated(w, "", x),
    "InvertedResidual": inverted_residual,
}

_PAIRS = st.sampled_from([1, 3, (3, 1), (2, 3)])
DRAWN: dict[str, st.SearchStrategy[Any]] = {
    "kernel_size": _PAIRS,
    "padding": st.sampled_from([0, 1, (1, 0)]),
    "convolutions": st.integers(1, 3),
    "large_kernel": st.sampled_from([3, 5]),
    "projection_kernel": st.sampled_from([1, 3]),
    "groups": st.sampled_from([1, 2]),
    "bottleneck": st.integers(1, 3),
    "reduction": st.sampled_from([0, 1, 2, 16]),
    "first_width": st.sampled_from([None, 2]),
    "hidden": st.integers(1, 6),
}
SPECIAL = {
    ("SqueezeExcite", "channels"): st.just(CHANNELS),
    ("SqueezeExcite", "reduction"): st.sampled_from([1, 2, 16]),
    ("NiNBlock", "channels"): st.lists(st.integers(1, 5), min_size=1, max_size=3),
    ("InvertedResidual", "kernel_size"): st.sampled_from([1, 3, 5]),
    ("ConvBlock", "stride"): st.sampled_from([1, 2, (2, 1)]),
    ("NiNBlock", "stride"): st.sampled_from([1, 2, (2, 1)]),
}


def arguments_for(name: str, draw: Any) -> dict[str, Any]:
    """Values for some of the arguments; the required ones and about half of the others."""
    chosen: dict[str, Any] = {}
    for field in template(name).fields:
        if not field.required and draw(st.booleans()):
            continue
        chosen[field.name] = draw(values_of(name, field))
    return chosen


def values_of(name: str, field: Field) -> st.SearchStrategy[Any]:
    known = SPECIAL.get((name, field.name), DRAWN.get(field.name))
    if known is not None:
        return known
    match field.type:
        case "bool":
            return st.booleans()
        case "choice":
            return st.sampled_from(field.choices)
        case "float":
            return st.sampled_from([1e-5, 1e-2])
    # Strides of one and two; widths that make a shortcut fit, with and without doubling.
    return st.sampled_from([1, 2]) if field.name == "stride" else st.sampled_from([CHANNELS, 8])


def test_there_is_a_formula_for_every_template() -> None:
    assert set(FORMULAS) == set(TEMPLATES)


@settings(max_examples=40, deadline=None)
@pytest.mark.parametrize("name", TEMPLATES)
@given(data=st.data())
def test_a_block_is_its_formula(name: str, data: Any) -> None:
    arguments = arguments_for(name, data.draw)
    made = template(name).make(arguments)
    graph = Graph((Input("input", (CHANNELS, HEIGHT, WIDTH)),), made.nodes, made.outputs, made.blocks)
    assume(analyse(graph).runs)  # a sum of maps that differ, groups that do not divide
    block = compile_graph(graph).double().eval()
    torch.manual_seed(data.draw(st.integers(0, 9)))
    with torch.no_grad():
        for entry, value in block.state_dict().items():
            if value.ndim:
                value.uniform_(0.5, 2) if entry.endswith("running_var") else value.normal_()
        picture = torch.randn(2, CHANNELS, HEIGHT, WIDTH, dtype=torch.float64)
        expected = FORMULAS[name](block.state_dict(), picture, template(name).values(arguments))
        assert (block(picture) - expected).abs().max() <= 1e-9 * max(1, expected.abs().max())


@pytest.mark.parametrize("name", TEMPLATES)
@pytest.mark.parametrize("end", ["low", "high"])
def test_what_a_template_takes_its_layers_take(name: str, end: str) -> None:
    """With all its numbers as small as they may be, and as large."""
    numbers = {entry.name: int(getattr(entry, end)) for entry in template(name).fields if entry.type in ("int", "pair")}
    lists = {entry.name: (int(getattr(entry, end)),) * 3 for entry in template(name).fields if entry.type == "ints"}
    made = template(name).make(template(name).check(numbers | lists))
    for node in made.nodes:
        layer(node.kind).check(node.arguments)


SMALLEST: dict[str, dict[str, Any]] = {
    "ConvBlock": {"out_channels": 4},
    "NiNBlock": {"channels": (4, 4)},
    "Inception": {"ch1x1": 1, "ch3x3_reduce": 1, "ch3x3": 1, "ch5x5_reduce": 1, "ch5x5": 1, "pool_proj": 1},
    "DenseLayer": {},
    "InvertedResidual": {"hidden": 4, "channels": 4},
    **{name: {"channels": 4, "width": 2} for name in ("Bottleneck", "PlainBottleneck", "SEBottleneck")},
}
OTHER: dict[str, dict[str, Any]] = {
    "ConvBlock": {"activation": "none", "norm": "none"},
    "NiNBlock": {"channels": (4, 4, 4)},
    "Inception": {"batch_norm": False},
    "VGGStage": {"convolutions": 4},
    "DenseLayer": {"growth": 2},
    "SqueezeExcite": {"form": "linear"},
    "InvertedResidual": {"shortcut": False},
    **{name: {"shortcut": "projection"} for name in ("BasicBlock", "Bottleneck", "SEBasicBlock", "SEBottleneck")},
    **{name: {"reduction": 2} for name in ("PlainBlock", "PlainBottleneck")},
}


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_block_made_anew_keeps_all_wiring_outside(name: str) -> None:
    """Below a layer, feeding two, read by an output of the network, beside a node that only stands there."""
    few = SMALLEST.get(name, {"channels": 4})
    builder = Builder((4, 16, 16))
    first = builder.add("first", "ReLU")
    builder.add("aside", "ReLU", first)
    last = template(name).add(builder, "outer.block", first, **few)
    builder.add("after", "ReLU", last)
    builder.add("sum", "Add", "after", last)
    builder.output("main", "sum")
    builder.output("middle", last, 0.5, training_only=True)
    graph = builder.build()
    assert analyse(graph).runs

    def remade(graph: Graph, arguments: dict[str, Any]) -> Graph:
        checked = template(name).check(arguments)
        return edits.remake_block(
            graph, "outer.block", template(name).make(checked), Block("outer.block", name, checked)
        )

    changed = remade(graph, few | OTHER[name])
    assert analyse(changed).runs
    assert changed.members("outer.block") != graph.members("outer.block")
    end = changed.outputs[1].node
    assert end.startswith("outer.block.")
    assert changed.outputs == (Output("main", "sum"), Output("middle", end, 0.5, True))
    assert changed.sources(changed.node("after")) == (end,)
    assert changed.sources(changed.node("sum")) == ("after", end)
    own = {node.name for node in changed.members("outer.block")}
    taken = {s for node in changed.members("outer.block") for s in changed.sources(node)} - own
    assert taken == {"first"}
    assert changed.block_of("outer.block") == Block("outer.block", name, Arguments(few | OTHER[name]))
    assert remade(changed, few) == graph
