"""VGG-11, 13, 16 and 19, with and without batch normalization."""

from __future__ import annotations

from functools import partial

from workbench.graph import Builder, Graph, Shape
from workbench.presets.preset import GENTLE, Paper, Preset
from workbench.project import Recipe

PAPER = Paper(
    "Simonyan and Zisserman", 2014, "Very Deep Convolutional Networks for Large-Scale Image Recognition",
    "arXiv:1409.1556",
)  # fmt: skip

# Table 1 of the paper: 3×3 convolutions in each of the five stages, whose maps are 64, 128, 256, 512, 512.
STAGES = {11: (1, 1, 2, 2, 2), 13: (2, 2, 2, 2, 2), 16: (2, 2, 3, 3, 3), 19: (2, 2, 4, 4, 4)}
_CONFIGURATION = {11: "A", 13: "B", 16: "D", 19: "E"}
_PARAMETERS = {11: ("132,863,336", "132,868,840"), 13: ("133,047,848", "133,053,736"),
               16: ("138,357,544", "138,365,992"), 19: ("143,667,240", "143,678,248")}  # fmt: skip
_ERRORS = {11: (29.6, 10.4), 13: (28.7, 9.9), 16: (27.0, 8.8), 19: (27.3, 9.0)}


def vgg(shape: Shape, classes: int, *, depth: int, batch_norm: bool) -> Graph:
    b = Builder(shape)
    index = 0
    for convolutions, channels in zip(STAGES[depth], (64, 128, 256, 512, 512), strict=True):
        for _ in range(convolutions):
            b.add(f"features.{index}", "Conv2d", out_channels=channels, kernel_size=3, padding=1)
            if batch_norm:
                b.add(f"features.{index + 1}", "BatchNorm2d")
            b.add(f"features.{index + 1 + batch_norm}", "ReLU")
            index += 2 + batch_norm
        b.add(f"features.{index}", "MaxPool2d", kernel_size=2, stride=2)
        index += 1
    b.add("avgpool", "AdaptiveAvgPool2d", output_size=7)
    b.add("flatten", "Flatten")
    b.add("classifier.0", "Linear", out_features=4096)
    b.add("classifier.1", "ReLU")
    b.add("classifier.2", "Dropout")
    b.add("classifier.3", "Linear", out_features=4096)
    b.add("classifier.4", "ReLU")
    b.add("classifier.5", "Dropout")
    b.add("classifier.6", "Linear", out_features=classes)
    return b.build(f"VGG-{depth}" + (" BN" if batch_norm else ""))


_NEW = (
    "Showed that depth itself pays, with one simple rule: only 3×3 filters, stacked. Two of them see as much as a "
    "5×5 and three as much as a 7×7 (27C² weights instead of 49C²), with more non-linearities between. Most of its "
    "parameters are in the first dense layer, which is why it is the heaviest of the famous networks."
)
_LECTURE = " The lecture's '138 million parameters' is VGG-16."
_RECIPE = Recipe(
    epochs=74, batch_size=256, learning_rate=0.01, weight_decay=5e-4, schedule="plateau", init="gaussian_0.01",
    flip=True, colour=0.1,
)  # fmt: skip
_NOTE = (
    "Crops of 224 from images scaled to 256 to 512; deeper networks began from the trained net A, since depth without "
    "normalization would not start by itself; the rate was divided by ten three times on plateaus."
)


def _preset(depth: int, batch_norm: bool) -> Preset:
    name = f"vgg{depth}" + ("-bn" if batch_norm else "")
    top1, top5 = _ERRORS[depth]
    return Preset(
        name,
        f"VGG-{depth}" + (" BN" if batch_norm else ""),
        PAPER,
        (3, 224, 224),
        1000,
        partial(vgg, depth=depth, batch_norm=batch_norm),
        f"torchvision's: configuration {_CONFIGURATION[depth]}"
        + (" with batch normalization, which the paper of 2014 could not have" if batch_norm else "")
        + f": {_PARAMETERS[depth][batch_norm]} parameters.",
        _NEW + (_LECTURE if depth == 16 else ""),
        "Table 1: " + ", ".join(f"{n}×conv3-{c}" for n, c in zip(STAGES[depth], (64, 128, 256, 512, 512), strict=True)),
        "Not in the paper." if batch_norm else f"ImageNet validation, one scale: {top1} % top-1, {top5} % top-5 error.",
        _RECIPE,
        _NOTE,
        starter=Recipe(learning_rate=0.02) if batch_norm else GENTLE,
        reference=f"torchvision.vgg{depth}" + ("_bn" if batch_norm else ""),
    )


PRESETS = tuple(_preset(depth, batch_norm) for depth in STAGES for batch_norm in (False, True))
