"""The networks that are timed."""

from __future__ import annotations

from workbench import presets
from workbench.graph import Builder, Graph


def lenet() -> Graph:
    return presets.build("lenet5")


def resnet20() -> Graph:
    return presets.build("cifar-resnet20", input=(3, 32, 32))


def vgg3() -> Graph:
    """Three VGG blocks of 32, 64 and 128 maps on 32×32 colour images."""
    builder = Builder((3, 32, 32))
    for block, maps in enumerate((32, 64, 128)):
        for index in range(2):
            builder.add(f"block{block}.conv{index}", "Conv2d", out_channels=maps, kernel_size=3, padding=1)
            builder.add(f"block{block}.relu{index}", "ReLU")
        builder.add(f"block{block}.pool", "MaxPool2d", kernel_size=2)
    builder.add("flatten", "Flatten")
    builder.add("fc1", "Linear", out_features=128)
    builder.add("relu", "ReLU")
    builder.add("fc2", "Linear", out_features=10)
    return builder.build("VGG, 3 blocks")
