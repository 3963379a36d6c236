"""AlexNet: torchvision's single tower, and the two-tower network of 2012."""

from __future__ import annotations

from typing import Any

from workbench.graph import Builder, Graph, Shape
from workbench.presets.preset import GENTLE, Paper, Preset
from workbench.project import Recipe

PAPER = Paper(
    "Krizhevsky, Sutskever and Hinton",
    2012,
    "ImageNet Classification with Deep Convolutional Neural Networks",
    "NIPS",
)


def alexnet(shape: Shape, classes: int) -> Graph:
    b = Builder(shape)
    _conv(b, 0, 64, 11, stride=4, padding=2)
    b.add("features.2", "MaxPool2d", kernel_size=3, stride=2)
    _conv(b, 3, 192, 5, padding=2)
    b.add("features.5", "MaxPool2d", kernel_size=3, stride=2)
    _conv(b, 6, 384, 3, padding=1)
    _conv(b, 8, 256, 3, padding=1)
    _conv(b, 10, 256, 3, padding=1)
    b.add("features.12", "MaxPool2d", kernel_size=3, stride=2)
    b.add("avgpool", "AdaptiveAvgPool2d", output_size=6)
    b.add("flatten", "Flatten")
    b.add("classifier.0", "Dropout")
    b.add("classifier.1", "Linear", out_features=4096)
    b.add("classifier.2", "ReLU")
    b.add("classifier.3", "Dropout")
    b.add("classifier.4", "Linear", out_features=4096)
    b.add("classifier.5", "ReLU")
    b.add("classifier.6", "Linear", out_features=classes)
    return b.build("AlexNet")


def alexnet_paper(shape: Shape, classes: int) -> Graph:
    b = Builder(shape)
    _conv(b, 0, 96, 11, stride=4)
    _norm_and_pool(b, 2)
    _conv(b, 4, 256, 5, padding=2, groups=2)
    _norm_and_pool(b, 6)
    _conv(b, 8, 384, 3, padding=1)
    _conv(b, 10, 384, 3, padding=1, groups=2)
    _conv(b, 12, 256, 3, padding=1, groups=2)
    b.add("features.14", "MaxPool2d", kernel_size=3, stride=2)
    b.add("classifier.0", "Flatten")
    b.add("classifier.1", "Linear", out_features=4096)
    b.add("classifier.2", "ReLU")
    b.add("classifier.3", "Dropout")
    b.add("classifier.4", "Linear", out_features=4096)
    b.add("classifier.5", "ReLU")
    b.add("classifier.6", "Dropout")
    b.add("classifier.7", "Linear", out_features=classes)
    return b.build("AlexNet (2012)")


def _conv(b: Builder, index: int, channels: int, kernel: int, **arguments: Any) -> None:
    b.add(f"features.{index}", "Conv2d", out_channels=channels, kernel_size=kernel, **arguments)
    b.add(f"features.{index + 1}", "ReLU")


def _norm_and_pool(b: Builder, index: int) -> None:
    # n=5, k=2, alpha=1e-4, beta=0.75 in the paper, whose sum is not divided by n as torch's is.
    b.add(f"features.{index}", "LocalResponseNorm", size=5, alpha=5e-4, beta=0.75, k=2.0)
    b.add(f"features.{index + 1}", "MaxPool2d", kernel_size=3, stride=2)


_NEW = (
    "Won ImageNet 2012 with 15.3 % top-5 error where the second had 26.2 %, and so began the deep learning decade. "
    "ReLU instead of tanh made it train six times faster, dropout kept its 60 million parameters from overfitting, "
    "crops, flips and colour changes enlarged the data, and two graphics cards made it possible."
)
_TABLE = "Fig. 2: 96@55×55, 256@27×27, 384@13×13, 384@13×13, 256@13×13, 4096, 4096, 1000."
_RECIPE = Recipe(
    epochs=90, batch_size=128, learning_rate=0.01, weight_decay=5e-4, schedule="plateau", init="alexnet", flip=True
)
_NOTE = (
    "Random 224 crops of 256×256 and PCA colour changes as well; the rate was divided by ten by hand, three times; "
    "biases of conv2, 4, 5 and the hidden dense layers begin at 1."
)
_ACCURACY = "ImageNet 2012 validation, one network: 40.7 % top-1, 18.2 % top-5 error."

PRESETS = (
    Preset(
        "alexnet", "AlexNet", PAPER, (3, 224, 224), 1000, alexnet,
        "torchvision's: the single tower of Krizhevsky 2014 (arXiv:1404.5997), 64-192-384-256-256 filters, no local "
        "response normalization, dropout before each dense layer: 61,100,840 parameters.",
        _NEW, _TABLE, _ACCURACY, _RECIPE, _NOTE, starter=GENTLE, reference="torchvision.alexnet",
    ),
    Preset(
        "alexnet-paper", "AlexNet (2012)", PAPER, (3, 227, 227), 1000, alexnet_paper,
        "As published: filters in two groups, local response normalization, overlapping pooling: 60,965,224 "
        "parameters. The paper prints an input of 224, but its 55×55 maps need 227.",
        _NEW, _TABLE, _ACCURACY, _RECIPE, _NOTE, starter=GENTLE,
    ),
)  # fmt: skip
