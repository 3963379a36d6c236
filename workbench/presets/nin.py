"""Network in network, for CIFAR-10 and for ImageNet."""

from __future__ import annotations

from typing import Any

from workbench.graph import Builder, Graph, Shape
from workbench.layers import add_block
from workbench.presets.preset import Paper, Preset
from workbench.project import Recipe

PAPER = Paper("Lin, Chen and Yan", 2013, "Network In Network", "arXiv:1312.4400")


def nin_cifar10(shape: Shape, classes: int) -> Graph:
    b = Builder(shape)
    _block(b, 1, (192, 160, 96), 5, padding=2)
    _pool_and_drop(b, 1)
    _block(b, 2, (192, 192, 192), 5, padding=2)
    _pool_and_drop(b, 2)
    _block(b, 3, (192, 192, classes), 3, padding=1)
    _mean(b)
    return b.build("NiN (CIFAR-10)")


def nin_imagenet(shape: Shape, classes: int) -> Graph:
    b = Builder(shape)
    _block(b, 1, (96, 96, 96), 11, stride=4, padding=0)
    b.add("pool1", "MaxPool2d", kernel_size=3, stride=2, ceil_mode=True)
    _block(b, 2, (256, 256, 256), 5, padding=2)
    b.add("pool2", "MaxPool2d", kernel_size=3, stride=2, ceil_mode=True)
    _block(b, 3, (384, 384, 384), 3, padding=1)
    _pool_and_drop(b, 3)
    _block(b, 4, (1024, 1024, classes), 3, padding=1)
    _mean(b)
    return b.build("NiN (ImageNet)")


def _block(b: Builder, number: int, channels: tuple[int, ...], kernel: int, **arguments: Any) -> None:
    add_block(b, f"block{number}", "NiNBlock", channels=channels, kernel_size=kernel, **arguments)


def _pool_and_drop(b: Builder, number: int) -> None:
    # Caffe and cuda-convnet round a pooling's size up.
    b.add(f"pool{number}", "MaxPool2d", kernel_size=3, stride=2, ceil_mode=True)
    b.add(f"drop{number}", "Dropout")


def _mean(b: Builder) -> None:
    b.add("avgpool", "AdaptiveAvgPool2d", output_size=1)
    b.add("flatten", "Flatten")


_NEW = (
    "Put a small dense network (1×1 convolutions) in each place of a map, and replaced the dense layers at the end by "
    "the mean of one map per class. Both ideas live on: 1×1 convolutions as GoogLeNet's bottlenecks, global average "
    "pooling in every network since ResNet."
)
_RECIPE = Recipe(epochs=200, batch_size=128, learning_rate=0.01, weight_decay=1e-3, schedule="plateau", init="nin")
_NOTE = "Rates were set by hand and divided by ten on plateaus until a hundredth; inputs were whitened."
_STARTER = Recipe(learning_rate=0.02, init="he", clip_norm=5.0)

PRESETS = (
    Preset(
        "nin-cifar10", "NiN (CIFAR-10)", PAPER, (3, 32, 32), 10, nin_cifar10,
        "The authors' cifar-10_def: two max poolings in ceil mode, ReLU also after the last 1×1: 966,986 parameters. "
        "Later ports pool the second time by average: another function with as many parameters.",
        _NEW, "Three blocks 192-160-96, 192-192-192, 192-192-10.",
        "CIFAR-10: 10.41 % error, 8.81 % with shifts and flips.", _RECIPE, _NOTE, starter=_STARTER,
    ),
    Preset(
        "nin-imagenet", "NiN (ImageNet)", PAPER, (3, 224, 224), 1000, nin_imagenet,
        "The authors' Caffe model: 96, 256, 384 and 1024 maps: 7,595,176 parameters.",
        _NEW, "Four blocks 96-96-96, 256-256-256, 384-384-384, 1024-1024-1000.",
        "ImageNet validation: 59.36 % top-1 accuracy.",
        Recipe(epochs=90, batch_size=64, learning_rate=0.01, weight_decay=5e-4, schedule="step", step_epochs=30,
               init="nin"),
        "450,000 steps of 64 images, the rate divided by ten each 200,000.", starter=_STARTER,
    ),
)  # fmt: skip
