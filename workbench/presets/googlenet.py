"""GoogLeNet: torchvision's form with batch normalization, and the paper's."""

from __future__ import annotations

from functools import partial

from workbench.graph import Builder, Graph, Shape
from workbench.layers import add_block
from workbench.presets.preset import GENTLE, Paper, Preset
from workbench.project import Recipe

PAPER = Paper("Szegedy and others", 2014, "Going Deeper with Convolutions", "arXiv:1409.4842")

# Table 1: maps of 1×1, 3×3 reduce, 3×3, 5×5 reduce, 5×5, pool projection.
_INCEPTION = {
    "3a": (64, 96, 128, 16, 32, 32), "3b": (128, 128, 192, 32, 96, 64),
    "4a": (192, 96, 208, 16, 48, 64), "4b": (160, 112, 224, 24, 64, 64), "4c": (128, 128, 256, 24, 64, 64),
    "4d": (112, 144, 288, 32, 64, 64), "4e": (256, 160, 320, 32, 128, 128),
    "5a": (256, 160, 320, 32, 128, 128), "5b": (384, 192, 384, 48, 128, 128),
}  # fmt: skip


def googlenet(shape: Shape, classes: int, *, transform_input: bool = False) -> Graph:
    b = Builder(shape)
    if transform_input:
        # From ImageNet's mean and deviation to the 0.5 and 0.5 that the ported weights expect.
        stds, means = (0.229, 0.224, 0.225), (0.485, 0.456, 0.406)
        b.add("transform_input", "InputAffine", scale=[s / 0.5 for s in stds], shift=[(m - 0.5) / 0.5 for m in means])
    _conv(b, "conv1", 64, 7, 2)
    b.add("maxpool1", "MaxPool2d", kernel_size=3, stride=2, ceil_mode=True)
    _conv(b, "conv2", 64, 1)
    _conv(b, "conv3", 192, 3)
    b.add("maxpool2", "MaxPool2d", kernel_size=3, stride=2, ceil_mode=True)
    _inceptions(b, "3a", "3b")
    b.add("maxpool3", "MaxPool2d", kernel_size=3, stride=2, ceil_mode=True)
    first = _inceptions(b, "4a")
    second = _inceptions(b, "4b", "4c", "4d")
    trunk = _inceptions(b, "4e")
    b.add("maxpool4", "MaxPool2d", trunk, kernel_size=2, stride=2, ceil_mode=True)
    _inceptions(b, "5a", "5b")
    b.add("avgpool", "AdaptiveAvgPool2d", output_size=1)
    b.add("flatten", "Flatten")
    b.add("dropout", "Dropout", p=0.2)
    output = b.add("fc", "Linear", out_features=classes)
    for name, source in (("aux1", first), ("aux2", second)):
        b.add(f"{name}.pool", "AdaptiveAvgPool2d", source, output_size=4)
        _conv(b, f"{name}.conv", 128, 1)
        _auxiliary_head(b, name, classes)
    return _with_outputs(b, output, "GoogLeNet")


def googlenet_paper(shape: Shape, classes: int) -> Graph:
    b = Builder(shape)
    _plain(b, "conv1", 64, 7, 2)
    b.add("pool1", "MaxPool2d", kernel_size=3, stride=2, ceil_mode=True)
    b.add("norm1", "LocalResponseNorm", size=5)
    _plain(b, "conv2_reduce", 64, 1)
    _plain(b, "conv2", 192, 3)
    b.add("norm2", "LocalResponseNorm", size=5)
    b.add("pool2", "MaxPool2d", kernel_size=3, stride=2, ceil_mode=True)
    _inceptions(b, "3a", "3b", paper=True)
    b.add("pool3", "MaxPool2d", kernel_size=3, stride=2, ceil_mode=True)
    first = _inceptions(b, "4a", paper=True)
    second = _inceptions(b, "4b", "4c", "4d", paper=True)
    trunk = _inceptions(b, "4e", paper=True)
    b.add("pool4", "MaxPool2d", trunk, kernel_size=3, stride=2, ceil_mode=True)
    _inceptions(b, "5a", "5b", paper=True)
    b.add("avgpool", "AdaptiveAvgPool2d", output_size=1)
    b.add("flatten", "Flatten")
    b.add("dropout", "Dropout", p=0.4)
    output = b.add("fc", "Linear", out_features=classes)
    for name, source in (("aux1", first), ("aux2", second)):
        b.add(f"{name}.pool", "AvgPool2d", source, kernel_size=5, stride=3)
        _plain(b, f"{name}.conv", 128, 1)
        _auxiliary_head(b, name, classes)
    return _with_outputs(b, output, "GoogLeNet (2014)")


def _conv(b: Builder, name: str, channels: int, kernel: int, stride: int = 1) -> None:
    add_block(b, name, "ConvBlock", out_channels=channels, kernel_size=kernel, stride=stride, padding=kernel // 2,
              eps=1e-3)  # fmt: skip


def _plain(b: Builder, name: str, channels: int, kernel: int, stride: int = 1) -> None:
    add_block(b, name, "ConvBlock", out_channels=channels, kernel_size=kernel, stride=stride, padding=kernel // 2,
              norm="none", bias=True)  # fmt: skip


def _inceptions(b: Builder, *names: str, paper: bool = False) -> str:
    last = ""
    for name in names:
        one, reduce3, three, reduce5, five, pool = _INCEPTION[name]
        last = add_block(
            b, f"inception{name}", "Inception", ch1x1=one, ch3x3_reduce=reduce3, ch3x3=three, ch5x5_reduce=reduce5,
            ch5x5=five, pool_proj=pool, large_kernel=5 if paper else 3, batch_norm=not paper,
        )  # fmt: skip
    return last


def _auxiliary_head(b: Builder, name: str, classes: int) -> None:
    b.add(f"{name}.flatten", "Flatten")
    b.add(f"{name}.fc1", "Linear", out_features=1024)
    b.add(f"{name}.relu", "ReLU")
    b.add(f"{name}.dropout", "Dropout", p=0.7)
    b.add(f"{name}.fc2", "Linear", out_features=classes)


def _with_outputs(b: Builder, output: str, name: str) -> Graph:
    b.output("output", output)
    b.output("aux1", "aux1.fc2", weight=0.3, training_only=True)
    b.output("aux2", "aux2.fc2", weight=0.3, training_only=True)
    return b.build(name)


_NEW = (
    "Filters of several sizes side by side, so that the network itself chooses the scale, made affordable by 1×1 "
    "bottlenecks: in block 3a the 5×5 branch costs 9.7 times less with one. Global average pooling instead of large "
    "dense layers, and two auxiliary classifiers that bring gradient to the middle while training. Twelve times fewer "
    "parameters than AlexNet, and the winner of ImageNet 2014."
)
_LECTURE = (
    " The lecture's '6.7 million parameters' is no network's exact count: it is 6,624,904 here (13,004,888 with the "
    "auxiliary heads that only training has) and 6,998,552 in the paper's form, which are 6.67 times 2²⁰."
)
_TABLE = "Table 1: conv 7×7/2, conv 3×3, inception 3a-3b, 4a-4e, 5a-5b, average pooling, linear."
_RECIPE = Recipe(
    epochs=250, batch_size=32, learning_rate=0.01, weight_decay=2e-4, schedule="step", step_epochs=8, factor=0.96,
    flip=True, colour=0.2,
)  # fmt: skip
_NOTE = (
    "The paper states the decay of 4 % each 8 epochs and momentum 0.9, neither the first rate, batch nor weight decay "
    "(those of Caffe's replication stand here); crops of 8 to 100 % of the area; averaged weights at the end."
)
_ACCURACY = "ImageNet validation: 10.07 % top-5 error with one network and crop, 6.67 % with seven networks."

PRESETS = (
    Preset(
        "googlenet", "GoogLeNet", PAPER, (3, 224, 224), 1000, googlenet,
        "torchvision's: batch normalization, no local response normalization, and a 3×3 where the paper has 5×5: "
        "6,624,904 parameters, 13,004,888 with the auxiliary heads.",
        _NEW + _LECTURE, _TABLE, _ACCURACY, _RECIPE, _NOTE,
        reference="torchvision.googlenet",
        reference_options=(("aux_logits", True), ("init_weights", False), ("transform_input", False)),
    ),
    Preset(
        "googlenet-transform", "GoogLeNet, own input scale", PAPER, (3, 224, 224), 1000,
        partial(googlenet, transform_input=True),
        "torchvision's with transform_input, as its ImageNet weights were trained: ImageNet's normalization is undone "
        "first. 6,624,904 parameters.",
        _NEW, _TABLE, _ACCURACY, _RECIPE, _NOTE,
        reference="torchvision.googlenet",
        reference_options=(("aux_logits", True), ("init_weights", False), ("transform_input", True)),
    ),
    Preset(
        "googlenet-paper", "GoogLeNet (2014)", PAPER, (3, 224, 224), 1000, googlenet_paper,
        "As published and in Caffe: real 5×5 branches, biases, local response normalization, no batch "
        "normalization: 6,998,552 parameters, 13,378,280 with the auxiliary heads.",
        _NEW + _LECTURE, _TABLE, _ACCURACY, _RECIPE, _NOTE, starter=GENTLE,
    ),
)  # fmt: skip
