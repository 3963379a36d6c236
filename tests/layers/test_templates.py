"""Block templates against the blocks of torchvision and timm, with their weights, to the last digit."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch import nn

from workbench.compiler import analyse, compile_graph
from workbench.graph import Arguments, Block, Builder, FieldError, Graph, Input, edits
from workbench.layers import TEMPLATES, template

_TOLERANCE = 1e-9


def block(name: str, taken: int, size: int = 8, **arguments: Any) -> nn.Module:
    """A template's block as a network of its own for maps of so many channels, in float64."""
    made = template(name).make(arguments)
    graph = Graph((Input("input", (taken, size, size)),), made.nodes, made.outputs, made.blocks)
    return compile_graph(graph).double().eval()


def same(ours: nn.Module, reference: nn.Module, channels: int, size: int = 8) -> None:
    """Copy the reference's weights in the order in which they are used; both must then give the same."""
    reference = reference.double().eval()
    torch.manual_seed(1)
    for module in reference.modules():
        if isinstance(module, nn.BatchNorm2d):
            nn.init.normal_(module.weight)
            nn.init.normal_(module.bias)
            nn.init.normal_(module.running_mean)
            nn.init.uniform_(module.running_var, 0.5, 2)
    theirs = {name: value for name, value in reference.state_dict().items() if value.ndim}
    names = {name: value for name, value in ours.state_dict().items() if value.ndim}
    assert sorted(tuple(v.shape) for v in names.values()) == sorted(tuple(v.shape) for v in theirs.values())
    chosen = theirs if set(names) == set(theirs) else dict(zip(names, theirs.values(), strict=True))
    ours.load_state_dict(chosen, strict=False)
    picture = torch.randn(2, channels, size, size, dtype=torch.float64)
    with torch.no_grad():
        assert (ours(picture) - reference(picture)).abs().max().item() <= _TOLERANCE


def test_basic_block_is_torchvisions() -> None:
    from torchvision.models.resnet import BasicBlock

    same(block("BasicBlock", 16, channels=16), BasicBlock(16, 16), 16)
    down = nn.Sequential(nn.Conv2d(16, 32, 1, 2, bias=False), nn.BatchNorm2d(32))
    ours = block("BasicBlock", 16, channels=32, stride=2, shortcut="projection")
    same(ours, BasicBlock(16, 32, 2, down), 16)


@pytest.mark.parametrize("groups", [1, 4])
def test_bottleneck_is_torchvisions(groups: int) -> None:
    from torchvision.models.resnet import Bottleneck

    down = nn.Sequential(nn.Conv2d(16, 64, 1, 2, bias=False), nn.BatchNorm2d(64))
    reference = Bottleneck(16, 16, 2, down, groups=groups, base_width=64 if groups == 1 else 16 * groups)
    width = reference.conv1.out_channels
    ours = block("Bottleneck", 16, width=width, channels=64, stride=2, shortcut="projection", groups=groups)
    same(ours, reference, 16)


def test_the_papers_bottleneck_has_its_stride_in_the_first_convolution() -> None:
    first = template("Bottleneck").make({"width": 8, "channels": 32, "stride": 2, "stride_in": "1x1"})
    strides = {n.name: n.arguments.get("stride", 1) for n in first.nodes if n.kind == "Conv2d"}
    assert strides["conv1"] == 2
    assert strides["conv2"] == 1


@pytest.mark.parametrize(("plain", "residual"), [("PlainBlock", "BasicBlock"), ("PlainBottleneck", "Bottleneck")])
def test_a_plain_twin_has_the_same_layers_without_the_shortcut(plain: str, residual: str) -> None:
    arguments = {"channels": 16} | ({"width": 4} if "Bottleneck" in plain else {})
    with_sum, without = template(residual).make(arguments), template(plain).make(arguments)
    assert [n.kind for n in with_sum.nodes if n.kind != "Add"] == [n.kind for n in without.nodes]


def test_inception_is_torchvisions() -> None:
    from torchvision.models.googlenet import Inception

    widths = {"ch1x1": 8, "ch3x3_reduce": 4, "ch3x3": 8, "ch5x5_reduce": 2, "ch5x5": 4, "pool_proj": 4}
    # torchvision's '5×5' branch has 3×3 filters, and its norms an eps of 0.001.
    ours = block("Inception", 16, **widths, large_kernel=3)
    same(ours, Inception(16, 8, 4, 8, 2, 4, 4), 16)


@pytest.mark.parametrize("form", ["conv", "linear"])
def test_squeeze_excite_is_its_formula(form: str) -> None:
    class Reference(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.fc1, self.fc2 = nn.Linear(32, 2), nn.Linear(2, 32)

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            gate = torch.sigmoid(self.fc2(torch.relu(self.fc1(x.mean((2, 3))))))
            return x * gate[:, :, None, None]

    reference = Reference().double()
    ours = block("SqueezeExcite", 32, channels=32, reduction=16, form=form)
    with torch.no_grad():
        for mine, theirs in zip(ours.parameters(), reference.parameters(), strict=True):
            mine.copy_(theirs.view(mine.shape))
    picture = torch.randn(2, 32, 8, 8, dtype=torch.float64)
    with torch.no_grad():
        assert (ours(picture) - reference(picture)).abs().max().item() <= _TOLERANCE


def test_se_bottleneck_is_timms() -> None:
    from timm.models.senet import SEResNetBottleneck

    down = nn.Sequential(nn.Conv2d(16, 64, 1, 2, bias=False), nn.BatchNorm2d(64))
    reference = SEResNetBottleneck(16, 16, 1, 16, stride=2, downsample=down)
    ours = block(
        "SEBottleneck", 16, width=16, channels=64, stride=2, stride_in="1x1", shortcut="projection", reduction=16
    )
    same(ours, reference, 16)


def test_inverted_residual_is_torchvisions() -> None:
    from torchvision.models.mobilenetv2 import InvertedResidual

    reference = InvertedResidual(16, 16, 1, 6)
    ours = block("InvertedResidual", 16, hidden=96, channels=16)
    shapes = sorted(tuple(p.shape) for p in ours.parameters())
    assert shapes == sorted(tuple(p.shape) for p in reference.parameters())
    same(ours, reference, 16)


def test_dense_layer_is_torchvisions() -> None:
    from torchvision.models.densenet import _DenseLayer

    class Reference(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.layer = _DenseLayer(16, 8, 4, 0.0)

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return torch.cat([x, self.layer(x)], 1)

    same(block("DenseLayer", 16, growth=8, bottleneck=4), Reference(), 16)


def test_a_vgg_stage_halves_the_map_and_a_nin_block_keeps_it() -> None:
    picture = (Input("input", (3, 16, 16)),)
    stage = analyse(Graph(picture, template("VGGStage").make({"channels": 8, "convolutions": 3}).nodes))
    assert [r.kind for r in stage.layers] == ["Conv2d", "ReLU"] * 3 + ["MaxPool2d"]
    assert stage.layers[-1].output == (8, 8, 8)
    nin = analyse(Graph(picture, template("NiNBlock").make({"channels": (12, 10, 8)}).nodes))
    assert [r.kind for r in nin.layers] == ["Conv2d", "ReLU"] * 3
    assert nin.layers[-1].output == (8, 16, 16)


def test_a_conv_block_is_convolution_norm_and_activation() -> None:
    for norm in ("none", "batch"):
        for activation in ("none", "ReLU", "SiLU"):
            made = template("ConvBlock").make({"out_channels": 4, "norm": norm, "activation": activation})
            kinds = ["Conv2d"] + ["BatchNorm2d"] * (norm == "batch") + [activation] * (activation != "none")
            assert [node.kind for node in made.nodes] == kinds


def _with_block(**arguments: Any) -> Graph:
    builder = Builder((16, 8, 8))
    builder.add("first", "Conv2d", out_channels=16, kernel_size=3, padding=1)
    last = template("BasicBlock").add(builder, "block", builder.last, channels=16, **arguments)
    builder.add("pool", "MaxPool2d", last, kernel_size=2)
    return builder.build()


def test_a_block_made_anew_keeps_what_feeds_it_and_what_it_feeds() -> None:
    graph = _with_block()
    arguments = template("BasicBlock").check({"channels": 32, "stride": 2, "shortcut": "projection"})
    made = template("BasicBlock").make(arguments)
    changed = edits.remake_block(graph, "block", made, Block("block", "BasicBlock", arguments))
    assert analyse(changed).runs
    assert analyse(changed).layers[-1].output == (32, 2, 2)
    recorded = changed.block_of("block")
    assert recorded is not None
    assert recorded.arguments["channels"] == 32
    back = edits.remake_block(
        changed,
        "block",
        template("BasicBlock").make({"channels": 16}),
        Block("block", "BasicBlock", Arguments(channels=16)),
    )
    assert back == graph


def test_unknown_and_missing_arguments_are_named() -> None:
    with pytest.raises(FieldError, match="BasicBlock has no such argument"):
        template("BasicBlock").make({"channels": 16, "colour": 1})
    with pytest.raises(FieldError, match="channels: BasicBlock needs it"):
        template("BasicBlock").make({})
    assert all(entry.help for made in TEMPLATES.values() for entry in made.fields)
