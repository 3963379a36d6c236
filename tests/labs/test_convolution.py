"""The convolution that the lab shows is torch's, and its figures are the lecture's."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.labs.convolution import KERNELS, WORKED_KERNEL, WORKED_PICTURE, Convolution, kernel, sum_in_words


def test_the_first_example_is_25() -> None:
    lab = Convolution(WORKED_PICTURE, WORKED_KERNEL)
    window = lab.window(0, 0)
    assert lab.map().tolist() == [[25.0]]
    assert window.products[0].tolist() == [[1.0, 20.0], [4.0, 0.0]]
    assert sum_in_words(window, WORKED_KERNEL) == "1·1 + 10·2 + 2·2 + 20·0 = 25"


def test_a_filter_has_few_weights_and_a_dense_layer_many() -> None:
    lab = Convolution(np.zeros((3, 32, 32)), np.zeros((3, 5, 5)))
    assert lab.weights == 75
    assert lab.dense_weights == 3 * 32 * 32 * 28 * 28
    assert lab.size_in_words() == "⌊(32 + 2·0 − 1·(5 − 1) − 1) / 1⌋ + 1 = 28"


@settings(max_examples=80, deadline=None)
@given(
    channels=st.integers(1, 3), side=st.integers(3, 12), k=st.integers(1, 5), stride=st.integers(1, 3),
    padding=st.integers(0, 2), dilation=st.integers(1, 3), seed=st.integers(0, 999),
)  # fmt: skip
def test_every_value_is_torchs(
    channels: int, side: int, k: int, stride: int, padding: int, dilation: int, seed: int
) -> None:
    chance = np.random.default_rng(seed)
    picture, weights = chance.normal(size=(channels, side, side + 1)), chance.normal(size=(channels, k, k))
    lab = Convolution(picture, weights, stride, padding, dilation)
    if not lab.fits:
        with pytest.raises(ValueError, match="larger than the picture"):
            lab.map()
        return
    expected = torch.nn.functional.conv2d(
        torch.from_numpy(picture)[None], torch.from_numpy(weights)[None], None, stride, padding, dilation
    )[0, 0].numpy()
    np.testing.assert_allclose(lab.map(), expected, atol=1e-12)
    row, column = chance.integers(0, lab.size[0]), chance.integers(0, lab.size[1])
    window = lab.window(int(row), int(column))
    assert window.value == pytest.approx(expected[row, column], abs=1e-12)
    assert sum(window.sums) == pytest.approx(window.value, abs=1e-12)


@pytest.mark.parametrize("name", KERNELS)
@pytest.mark.parametrize("size", [1, 2, 3, 5])
def test_every_filter_has_the_size_that_was_asked_for(name: str, size: int) -> None:
    assert kernel(name, size, 3).shape == (3, size, size)


def test_sobel_finds_an_upright_edge_and_blur_keeps_what_is_even() -> None:
    edge = np.zeros((1, 5, 6))
    edge[:, :, 3:] = 1
    assert Convolution(edge, kernel("Sobel, upright edges", 3)).map()[0].tolist() == [0, 4, 4, 0]
    assert not Convolution(edge, kernel("Sobel, level edges", 3)).map().any()
    np.testing.assert_allclose(Convolution(np.ones((3, 5, 5)), kernel("Blur", 3, 3)).map(), 1)
