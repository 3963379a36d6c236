"""Blocks with a shortcut, their plain twins without, and squeeze-and-excitation."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from workbench.graph import Builder, Field
from workbench.layers.templates.definition import Template


def _squeeze_excite(b: Builder, source: str, *, channels: int, reduction: int, form: str) -> str:
    hidden = max(1, channels // reduction)
    b.add("squeeze", "AdaptiveAvgPool2d", source, output_size=1)
    if form == "linear":
        b.add("flatten", "Flatten")
        b.add("fc1", "Linear", out_features=hidden)
    else:
        b.add("fc1", "Conv2d", out_channels=hidden, kernel_size=1)
    b.add("relu", "ReLU")
    if form == "linear":
        b.add("fc2", "Linear", out_features=channels)
    else:
        b.add("fc2", "Conv2d", out_channels=channels, kernel_size=1)
    gate = b.add("gate", "Sigmoid")
    if form == "linear":
        gate = b.add("unflatten", "Unflatten", shape=(channels, 1, 1))
    return b.add("scale", "Multiply", source, gate)


SQUEEZE_EXCITE = Template(
    "SqueezeExcite",
    "Each map is weighed by a gate that has seen the mean of every map (Hu et al. 2017).",
    (
        Field("channels", "int", help="maps that come, and go", low=1, high=65_536),
        Field("reduction", "int", 16, "how many times narrower the bottleneck is", low=1, high=4096),
        Field("form", "choice", "conv", "1×1 convolutions or dense layers: the same arithmetic",
              choices=("conv", "linear")),
    ),
    _squeeze_excite,
)  # fmt: skip

_SHORTCUT = Field(
    "shortcut", "choice", "identity",
    "identity; projection: a 1×1 convolution (option B); subsample: zero maps, no parameters (option A); none",
    choices=("identity", "projection", "subsample", "none"),
)  # fmt: skip
_STRIDE = Field("stride", "int", 1, "2 halves the map", low=1, high=64)
_REDUCTION = Field("reduction", "int", 0, "squeeze-and-excitation's reduction; 0: without", low=0, high=4096)


def _joined(b: Builder, source: str, residual: str, channels: int, v: dict[str, Any]) -> str:
    """The shortcut beside a residual branch, their sum and the last activation."""
    if v["shortcut"] == "none":
        return b.add("relu_out", "ReLU", residual)
    shortcut = source
    if v["shortcut"] == "projection":
        kernel = v.get("projection_kernel", 1)
        b.add("downsample.0", "Conv2d", source, out_channels=channels, kernel_size=kernel, stride=v["stride"],
              padding=kernel // 2, bias=False)  # fmt: skip
        shortcut = b.add("downsample.1", "BatchNorm2d")
    elif v["shortcut"] == "subsample":
        # Where a stage begins the maps double: half of them are new and begin as zeros.
        shortcut = b.add("subsample", "Subsample", source, stride=v["stride"], extra_channels=channels // 2)
    b.add("add", "Add", residual, shortcut)
    return b.add("relu_out", "ReLU")


def _basic_block(b: Builder, source: str, **v: Any) -> str:
    channels = v["channels"]
    b.add("conv1", "Conv2d", source, out_channels=channels, kernel_size=3, stride=v["stride"], padding=1, bias=False)
    b.add("bn1", "BatchNorm2d")
    b.add("relu1", "ReLU")
    b.add("conv2", "Conv2d", out_channels=channels, kernel_size=3, padding=1, bias=False)
    residual = b.add("bn2", "BatchNorm2d")
    if v["reduction"]:
        if v["relu_before_gate"]:
            residual = b.add("relu2", "ReLU")
        residual = SQUEEZE_EXCITE.add(b, "se_module", residual, channels=channels, reduction=v["reduction"])
    return _joined(b, source, residual, channels, v)


BASIC_BLOCK = Template(
    "BasicBlock",
    "Two 3×3 convolutions and a shortcut around them (He et al. 2015).",
    (
        Field("channels", "int", help="maps that come out", low=1, high=65_536),
        _STRIDE,
        _SHORTCUT,
        _REDUCTION,
        Field("relu_before_gate", "bool", False, "an activation before the gate, as the released SE-ResNet-18 has"),
    ),
    _basic_block,
)


def _bottleneck(b: Builder, source: str, **v: Any) -> str:
    width, channels = v["width"], v["channels"]
    early = v["stride_in"] == "1x1"
    b.add("conv1", "Conv2d", source, out_channels=v["first_width"] or width, kernel_size=1,
          stride=v["stride"] if early else 1, bias=False)  # fmt: skip
    b.add("bn1", "BatchNorm2d")
    b.add("relu1", "ReLU")
    b.add("conv2", "Conv2d", out_channels=width, kernel_size=3, stride=1 if early else v["stride"], padding=1,
          groups=v["groups"], bias=False)  # fmt: skip
    b.add("bn2", "BatchNorm2d")
    b.add("relu2", "ReLU")
    b.add("conv3", "Conv2d", out_channels=channels, kernel_size=1, bias=False)
    residual = b.add("bn3", "BatchNorm2d")
    if v["reduction"]:
        residual = SQUEEZE_EXCITE.add(b, "se_module", residual, channels=channels, reduction=v["reduction"])
    return _joined(b, source, residual, channels, v)


BOTTLENECK = Template(
    "Bottleneck",
    "1×1 narrows, 3×3 looks, 1×1 widens, with a shortcut around them (He et al. 2015).",
    (
        Field("width", "int", help="maps of the 3×3 convolution", low=1, high=65_536),
        Field("channels", "int", help="maps that come out", low=1, high=65_536),
        _STRIDE,
        Field("stride_in", "choice", "3x3", "where the stride is: 1x1 as in the paper (v1), 3x3 (v1.5)",
              choices=("1x1", "3x3")),
        Field("groups", "int", 1, "groups of the 3×3 (ResNeXt)", low=1, high=65_536),
        Field("first_width", "int", None, "maps of the first 1×1, if not the width", 1, 65_536, optional=True),
        _SHORTCUT,
        Field("projection_kernel", "int", 1, "kernel of the projection", low=1, high=15),
        _REDUCTION,
    ),
    _bottleneck,
)  # fmt: skip


def _inverted_residual(b: Builder, source: str, **v: Any) -> str:
    b.add("conv.0.0", "Conv2d", source, out_channels=v["hidden"], kernel_size=1, bias=False)
    b.add("conv.0.1", "BatchNorm2d")
    b.add("conv.0.2", "ReLU6")
    b.add("conv.1.0", "Conv2d", out_channels=v["hidden"], kernel_size=v["kernel_size"], stride=v["stride"],
          padding=v["kernel_size"] // 2, groups=v["hidden"], bias=False)  # fmt: skip
    b.add("conv.1.1", "BatchNorm2d")
    last = b.add("conv.1.2", "ReLU6")
    if v["reduction"]:
        last = SQUEEZE_EXCITE.add(b, "se", last, channels=v["hidden"], reduction=v["reduction"])
    b.add("conv.2", "Conv2d", last, out_channels=v["channels"], kernel_size=1, bias=False)
    residual = b.add("conv.3", "BatchNorm2d")
    return b.add("add", "Add", source, residual) if v["shortcut"] else residual


INVERTED_RESIDUAL = Template(
    "InvertedResidual",
    "1×1 widens, a depthwise 3×3 looks, 1×1 narrows (Sandler et al. 2018).",
    (
        Field("hidden", "int", help="maps of the depthwise convolution", low=1, high=65_536),
        Field("channels", "int", help="maps that come out", low=1, high=65_536),
        Field("kernel_size", "int", 3, "kernel of the depthwise convolution, odd", low=1, high=99),
        _STRIDE,
        Field("shortcut", "bool", True, "a shortcut around; needs stride 1 and as many maps out as in"),
        _REDUCTION,
    ),
    _inverted_residual,
)


def _with_default(template: Template, name: str, help: str, **defaults: Any) -> Template:
    fields = tuple(
        replace(entry, default=defaults[entry.name]) if entry.name in defaults else entry for entry in template.fields
    )
    return Template(name, help, fields, template.build)


TEMPLATES = (
    BASIC_BLOCK,
    BOTTLENECK,
    _with_default(
        BASIC_BLOCK, "PlainBlock", "Two 3×3 convolutions, without the shortcut of a BasicBlock.", shortcut="none"
    ),
    _with_default(
        BOTTLENECK, "PlainBottleneck", "1×1, 3×3 and 1×1, without the shortcut of a Bottleneck.", shortcut="none"
    ),
    SQUEEZE_EXCITE,
    _with_default(BASIC_BLOCK, "SEBasicBlock", "A BasicBlock whose branch is gated (Hu et al. 2017).", reduction=16),
    _with_default(BOTTLENECK, "SEBottleneck", "A Bottleneck whose branch is gated (Hu et al. 2017).", reduction=16),
    INVERTED_RESIDUAL,
)
