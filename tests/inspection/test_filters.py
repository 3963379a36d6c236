"""Filters of every kind of layer that has some, held against what the layer computes with them."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional

from workbench.compiler import compile_graph
from workbench.inspection import LARGEST_FILTERS, FilterRows, filters_of
from workbench.presets import build


def test_a_convolutions_filter_gives_its_map() -> None:
    module = nn.Conv2d(3, 4, 3)
    found = filters_of(module, FilterRows("conv", 2, 1))
    assert found is not None
    assert (found.first, found.count, found.weight.shape) == (2, 4, (1, 3, 3, 3))
    picture = torch.rand(1, 3, 6, 6)
    again = functional.conv2d(picture, torch.from_numpy(found.weight), torch.from_numpy(found.bias))
    torch.testing.assert_close(again[0, 0], module(picture)[0, 2])


@pytest.mark.parametrize("groups", [1, 2])
def test_a_transposed_convolutions_filters_are_told_by_the_map_they_make(groups: int) -> None:
    module = nn.ConvTranspose2d(4, 6, 3, groups=groups, bias=False)
    found = filters_of(module, FilterRows("up"))
    assert found is not None
    assert found.weight.shape == (6, 4 // groups, 3, 3)
    # One value in one input map leaves that filter's slice behind.
    picture = torch.zeros(1, 4, 1, 1)
    picture[0, 3] = 1.0
    output = module(picture)[0].detach().numpy()
    taken = 3 % (4 // groups)
    for number in range(6 - 6 // groups, 6):
        np.testing.assert_allclose(output[number], found.weight[number, taken])


def test_filters_that_see_some_maps_only_are_zero_elsewhere() -> None:
    module = compile_graph(build("lenet5-paper")).get_submodule("c3")
    found = filters_of(module, FilterRows("c3"))
    assert found is not None
    maps = torch.rand(1, 6, 14, 14)
    again = functional.conv2d(maps, torch.from_numpy(found.weight), torch.from_numpy(found.bias))
    torch.testing.assert_close(again, module(maps))
    sees = np.abs(found.weight).sum((2, 3)) > 0
    assert sees.sum(1).tolist() == [3] * 6 + [4] * 9 + [6]


def test_a_filter_that_is_not_there_is_none() -> None:
    assert filters_of(nn.Conv2d(1, 2, 3), FilterRows("conv", 2)) is None
    assert filters_of(nn.ReLU(), FilterRows("relu")) is None


def test_of_a_large_layer_the_first_filters_are_copied() -> None:
    module = nn.Linear(LARGEST_FILTERS // 4, 8)
    found = filters_of(module, FilterRows("fc"))
    assert found is not None
    assert (len(found.weight), found.count) == (4, 8)
