"""A network that trains in moments, on real images."""

from __future__ import annotations

import pytest

from workbench.data import Dataset, load
from workbench.graph import Builder, Graph
from workbench.project import DataChoice


@pytest.fixture(scope="session")
def small() -> Graph:
    builder = Builder((1, 8, 8))
    builder.add("conv", "Conv2d", out_channels=8, kernel_size=3)
    builder.add("bn", "BatchNorm2d")
    builder.add("relu", "ReLU")
    builder.add("flatten", "Flatten")
    builder.add("drop", "Dropout", p=0.2)
    builder.add("fc", "Linear", out_features=10)
    return builder.build("small")


@pytest.fixture(scope="session")
def digits() -> Dataset:
    return load(DataChoice(subset=200), (1, 8, 8))
