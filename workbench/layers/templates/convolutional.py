"""Blocks without a shortcut: convolution with its company, VGG's stage, NiN's block, Inception."""

from __future__ import annotations

from typing import Any

from workbench.graph import Builder, Field
from workbench.layers.templates.definition import Template

_ACTIVATIONS = ("none", "ReLU", "LeakyReLU", "ELU", "SELU", "GELU", "SiLU", "Mish", "Sigmoid", "Tanh", "Hardswish")


def _conv_block(b: Builder, source: str, **v: Any) -> str:
    last = b.add(
        "conv", "Conv2d", source, out_channels=v["out_channels"], kernel_size=v["kernel_size"], stride=v["stride"],
        padding=v["padding"], groups=v["groups"], bias=v["bias"],
    )  # fmt: skip
    if v["norm"] == "batch":
        last = b.add("bn", "BatchNorm2d", eps=v["eps"])
    if v["activation"] != "none":
        last = b.add(v["activation"].lower(), v["activation"])
    return last


CONV_BLOCK = Template(
    "ConvBlock",
    "A convolution, its normalization and its activation.",
    (
        Field("out_channels", "int", help="maps that come out", low=1, high=65_536),
        Field("kernel_size", "pair", 3, "height and width of a filter", low=1, high=4096),
        Field("stride", "pair", 1, "steps between patches", low=1, high=4096),
        Field("padding", "pair", 1, "zeros around the map", low=0, high=4096),
        Field("groups", "int", 1, "parts the channels are split into", low=1, high=65_536),
        Field("bias", "bool", False, "a bias in the convolution"),
        Field("norm", "choice", "batch", "normalization", choices=("none", "batch")),
        Field("eps", "float", 1e-5, "added to the variance", low=0, high=1),
        Field("activation", "choice", "ReLU", "activation", choices=_ACTIVATIONS),
    ),
    _conv_block,
)


def _vgg_stage(b: Builder, source: str, *, channels: int, convolutions: int, batch_norm: bool) -> str:
    for index in range(convolutions):
        b.add(f"conv{index + 1}", "Conv2d", *([source] if not index else []), out_channels=channels, kernel_size=3,
              padding=1)  # fmt: skip
        if batch_norm:
            b.add(f"bn{index + 1}", "BatchNorm2d")
        b.add(f"relu{index + 1}", "ReLU")
    return b.add("pool", "MaxPool2d", kernel_size=2)


VGG_STAGE = Template(
    "VGGStage",
    "3×3 convolutions at one size, then a pooling that halves it (Simonyan and Zisserman 2014).",
    (
        Field("channels", "int", help="maps", low=1, high=65_536),
        Field("convolutions", "int", 2, "how many convolutions", low=1, high=100),
        Field("batch_norm", "bool", False, "normalize after each convolution"),
    ),
    _vgg_stage,
)


def _nin_block(
    b: Builder, source: str, *, channels: tuple[int, ...], kernel_size: Any, stride: Any, padding: Any
) -> str:
    b.add("conv", "Conv2d", source, out_channels=channels[0], kernel_size=kernel_size, stride=stride, padding=padding)
    last = b.add("relu", "ReLU")
    for index, maps in enumerate(channels[1:], 1):
        b.add(f"mlp{index}", "Conv2d", out_channels=maps, kernel_size=1)
        last = b.add(f"relu{index}", "ReLU")
    return last


NIN_BLOCK = Template(
    "NiNBlock",
    "A convolution followed by 1×1 convolutions: a small network in each place (Lin, Chen and Yan 2013).",
    (
        Field("channels", "ints", help="maps of the convolution, then of each 1×1", low=1, high=65_536),
        Field("kernel_size", "pair", 5, "height and width of the first filter", low=1, high=4096),
        Field("stride", "pair", 1, "steps of the first convolution", low=1, high=4096),
        Field("padding", "pair", 2, "zeros around the map", low=0, high=4096),
    ),
    _nin_block,
)


def _inception(b: Builder, source: str, **v: Any) -> str:
    form = {"norm": "batch" if v["batch_norm"] else "none", "bias": not v["batch_norm"], "eps": 1e-3}

    def conv(name: str, below: str, channels: int, kernel: int = 1) -> str:
        return CONV_BLOCK.add(
            b, name, below, out_channels=channels, kernel_size=kernel, padding=kernel // 2, **form
        )  # fmt: skip

    one = conv("branch1", source, v["ch1x1"])
    three = conv("branch2.1", conv("branch2.0", source, v["ch3x3_reduce"]), v["ch3x3"], 3)
    five = conv("branch3.1", conv("branch3.0", source, v["ch5x5_reduce"]), v["ch5x5"], v["large_kernel"])
    pool = b.add("branch4.0", "MaxPool2d", source, kernel_size=3, stride=1, padding=1, ceil_mode=True)
    pooled = conv("branch4.1", pool, v["pool_proj"])
    return b.add("concat", "Concatenate", one, three, five, pooled)


INCEPTION = Template(
    "Inception",
    "1×1, 3×3 and 5×5 filters and a pooling side by side, with 1×1 bottlenecks (Szegedy et al. 2014).",
    (
        Field("ch1x1", "int", help="maps of the 1×1 branch", low=1, high=65_536),
        Field("ch3x3_reduce", "int", help="bottleneck before the 3×3", low=1, high=65_536),
        Field("ch3x3", "int", help="maps of the 3×3 branch", low=1, high=65_536),
        Field("ch5x5_reduce", "int", help="bottleneck before the 5×5", low=1, high=65_536),
        Field("ch5x5", "int", help="maps of the 5×5 branch", low=1, high=65_536),
        Field("pool_proj", "int", help="maps of the 1×1 after the pooling", low=1, high=65_536),
        Field("large_kernel", "int", 5, "5 as in the paper; 3 as in torchvision", low=1, high=99),
        Field("batch_norm", "bool", True, "normalize after each convolution"),
    ),
    _inception,
)


def _dense_layer(b: Builder, source: str, *, growth: int, bottleneck: int) -> str:
    b.add("norm1", "BatchNorm2d", source)
    b.add("relu1", "ReLU")
    b.add("conv1", "Conv2d", out_channels=bottleneck * growth, kernel_size=1, bias=False)
    b.add("norm2", "BatchNorm2d")
    b.add("relu2", "ReLU")
    new = b.add("conv2", "Conv2d", out_channels=growth, kernel_size=3, padding=1, bias=False)
    return b.add("concat", "Concatenate", source, new)


DENSE_LAYER = Template(
    "DenseLayer",
    "New maps are put beside all earlier ones (Huang et al. 2016).",
    (
        # The 1×1 has as many as 64 times of it, and no convolution more than 65,536.
        Field("growth", "int", 32, "new maps", low=1, high=1_024),
        Field("bottleneck", "int", 4, "maps of the 1×1, in units of growth", low=1, high=64),
    ),
    _dense_layer,
)

TEMPLATES = (CONV_BLOCK, VGG_STAGE, NIN_BLOCK, INCEPTION, DENSE_LAYER)
