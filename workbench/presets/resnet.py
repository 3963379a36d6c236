"""ResNets for ImageNet and CIFAR, in the libraries' and the paper's forms, and their plain twins."""

from __future__ import annotations

from functools import partial
from typing import Any

from workbench.graph import Builder, Graph, Shape
from workbench.layers import add_block
from workbench.presets.preset import Paper, Preset
from workbench.project import Recipe

PAPER = Paper("He, Zhang, Ren and Sun", 2015, "Deep Residual Learning for Image Recognition", "arXiv:1512.03385")

# Table 1: blocks in each of the four stages.
STAGES = {18: (2, 2, 2, 2), 34: (3, 4, 6, 3), 50: (3, 4, 6, 3), 101: (3, 4, 23, 3), 152: (3, 8, 36, 3)}
_ERRORS = {18: "27.88 % top-1 (option A)", 34: "25.03 % top-1, 7.76 % top-5 (option A)",
           50: "22.85 % top-1, 6.71 % top-5", 101: "21.75 % top-1, 6.05 % top-5",
           152: "21.43 % top-1, 5.71 % top-5"}  # fmt: skip
CIFAR_DEPTHS = (20, 32, 44, 56, 110)
_CIFAR_ERRORS = {20: "8.75 %", 32: "7.51 %", 44: "7.17 %", 56: "6.97 %", 110: "6.43 %"}


def resnet(shape: Shape, classes: int, *, depth: int, shortcut: str = "projection", paper: bool = False) -> Graph:
    """``shortcut`` where a stage begins: projection (option B), subsample (option A) or none (a plain network)."""
    b = Builder(shape)
    b.add("conv1", "Conv2d", out_channels=64, kernel_size=7, stride=2, padding=3, bias=False)
    b.add("bn1", "BatchNorm2d")
    b.add("relu", "ReLU")
    if paper:
        # Caffe rounds the pooling's size up instead of padding: the same size from other windows.
        b.add("maxpool", "MaxPool2d", kernel_size=3, stride=2, ceil_mode=True)
    else:
        b.add("maxpool", "MaxPool2d", kernel_size=3, stride=2, padding=1)
    for stage, blocks in enumerate(STAGES[depth]):
        for block in range(blocks):
            first = block == 0 and (stage > 0 or depth >= 50)
            arguments: dict[str, Any] = {"stride": 2 if block == 0 and stage > 0 else 1}
            if shortcut == "none":
                arguments["shortcut"] = "none"
            elif first:
                arguments["shortcut"] = shortcut
            if depth >= 50:
                arguments |= {"width": 64 << stage, "channels": 256 << stage}
                arguments |= {"stride_in": "1x1"} if paper else {}
            else:
                arguments |= {"channels": 64 << stage}
            add_block(b, f"layer{stage + 1}.{block}", "Bottleneck" if depth >= 50 else "BasicBlock", **arguments)
    _head(b, classes)
    return b.build(f"{'Plain' if shortcut == 'none' else 'ResNet'}-{depth}")


def cifar_resnet(shape: Shape, classes: int, *, depth: int, shortcut: str = "subsample") -> Graph:
    """Section 4.2: 6n+2 layers, 16, 32 and 64 maps, shortcuts without parameters (option A)."""
    b = Builder(shape)
    b.add("conv1", "Conv2d", out_channels=16, kernel_size=3, padding=1, bias=False)
    b.add("bn1", "BatchNorm2d")
    b.add("relu", "ReLU")
    for stage in range(3):
        for block in range((depth - 2) // 6):
            first = block == 0 and stage > 0
            arguments: dict[str, Any] = {"channels": 16 << stage, "stride": 2 if first else 1}
            if shortcut == "none" or first:
                arguments["shortcut"] = shortcut
            add_block(b, f"layer{stage + 1}.{block}", "BasicBlock", **arguments)
    _head(b, classes)
    return b.build(f"CIFAR {'plain' if shortcut == 'none' else 'ResNet'}-{depth}")


def _head(b: Builder, classes: int) -> None:
    b.add("avgpool", "AdaptiveAvgPool2d", output_size=1)
    b.add("flatten", "Flatten")
    b.add("fc", "Linear", out_features=classes)


_NEW = (
    "Found that plain networks get worse with depth even on the training images, and cured it: each block learns only "
    "what to add to what it was given, x + F(x), so that a block that has nothing to add can stay near zero and "
    "gradient flows through the sum undamped. Batch normalization after every convolution, no dropout, one dense "
    "layer. 152 layers won ImageNet 2015 with 3.57 % top-5 error (an ensemble)."
)
_PLAIN = (
    "The control of the experiment: the same layers without shortcuts. It shows the degradation that residual "
    "learning cured: deeper plain networks have a higher training error."
)
_RECIPE = Recipe(epochs=120, batch_size=256, learning_rate=0.1, weight_decay=1e-4, schedule="plateau", init="he",
                 flip=True)  # fmt: skip
_NOTE = "Crops of 224 from images scaled to 256 to 480, PCA colour changes; up to 600,000 steps."
_CIFAR_RECIPE = Recipe(epochs=164, batch_size=128, learning_rate=0.1, weight_decay=1e-4, schedule="multistep",
                       milestones=(82, 123), init="he", crop_padding=4, flip=True)  # fmt: skip
_CIFAR_NOTE = (
    "64,000 steps, the rate divided by ten at 32,000 and 48,000 (epochs 82 and 123 of 50,000 images); ResNet-110 "
    "warms up at 0.01 for about 400 steps."
)
_STARTER = Recipe(learning_rate=0.05, init="he")


def _imagenet(depth: int) -> Preset:
    lecture = " The lecture's '11 million parameters' is its 11,689,512." if depth == 18 else ""
    return Preset(
        f"resnet{depth}", f"ResNet-{depth}", PAPER, (3, 224, 224), 1000, partial(resnet, depth=depth),
        "torchvision's: projections where a stage begins (option B), the stride in the 3×3"
        + (" (v1.5; the paper has it in the first 1×1)." if depth >= 50 else "."),
        _NEW + lecture, f"Table 1: blocks {STAGES[depth]}.", f"ImageNet validation, ten crops: {_ERRORS[depth]} error.",
        _RECIPE, _NOTE, starter=_STARTER, reference=f"torchvision.resnet{depth}",
    )  # fmt: skip


def _paper(depth: int) -> Preset:
    if depth >= 50:
        make = partial(resnet, depth=depth, paper=True)
        form = "As published: the stride in the first 1×1 and an unpadded pooling (v1); as many parameters."
    else:
        make = partial(resnet, depth=depth, shortcut="subsample")
        form = "As in the paper's Table 2: shortcuts without parameters (option A)."
    return Preset(
        f"resnet{depth}-paper", f"ResNet-{depth} (2015)", PAPER, (3, 224, 224), 1000, make, form, _NEW,
        f"Table 1: blocks {STAGES[depth]}.", f"ImageNet validation, ten crops: {_ERRORS[depth]} error.", _RECIPE,
        _NOTE, starter=_STARTER,
    )  # fmt: skip


def _plain(depth: int) -> Preset:
    error = {18: "27.94 % top-1", 34: "28.54 % top-1, 10.02 % top-5"}[depth]
    return Preset(
        f"plain{depth}", f"Plain-{depth}", PAPER, (3, 224, 224), 1000, partial(resnet, depth=depth, shortcut="none"),
        "The paper's plain network: as many parameters as its residual twin with option A.", _PLAIN,
        f"Table 1: blocks {STAGES[depth]}.", f"ImageNet validation, ten crops: {error} error.", _RECIPE, _NOTE,
        starter=_STARTER,
    )  # fmt: skip


def _cifar(depth: int, plain: bool) -> Preset:
    word = "plain" if plain else "resnet"
    return Preset(
        f"cifar-{word}{depth}", f"CIFAR {'plain' if plain else 'ResNet'}-{depth}", PAPER, (3, 32, 32), 10,
        partial(cifar_resnet, depth=depth, shortcut="none" if plain else "subsample"),
        f"Section 4.2: {depth} = 6·{(depth - 2) // 6} + 2 layers"
        + (" without shortcuts." if plain else "; zero maps are added at the end, where the paper leaves it open."),
        _PLAIN if plain else _NEW, "Section 4.2: 16 maps at 32×32, 32 at 16×16, 64 at 8×8.",
        "Fig. 6: the error rises with depth." if plain else f"CIFAR-10 test: {_CIFAR_ERRORS[depth]} error.",
        _CIFAR_RECIPE, _CIFAR_NOTE, starter=_STARTER,
    )  # fmt: skip


PRESETS = (
    *map(_imagenet, STAGES),
    *map(_paper, STAGES),
    *map(_plain, (18, 34)),
    *(_cifar(depth, plain) for plain in (False, True) for depth in CIFAR_DEPTHS),
)
