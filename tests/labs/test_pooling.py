"""Pooling is torch's, and the worked examples come out."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from workbench.labs.pooling import Pooling

EXAMPLE = np.array([[1.0, 3, 2, 4], [5, 6, 1, 2], [7, 2, 9, 0], [4, 8, 3, 5]])


def test_the_worked_example() -> None:
    assert Pooling(EXAMPLE).map().tolist() == [[6, 4], [8, 9]]
    assert Pooling(EXAMPLE, "average").map().tolist() == [[3.75, 2.25], [5.25, 4.25]]
    assert Pooling(EXAMPLE, "max", 3, 1).map().tolist() == [[9, 9], [9, 9]]
    assert Pooling(EXAMPLE, "average", 4, 4).map().tolist() == [[3.875]]


def test_it_says_which_value_won_and_how_the_mean_is_made() -> None:
    assert Pooling(EXAMPLE).winner(1, 0) == (3, 1)
    assert Pooling(EXAMPLE).in_words(0, 0) == "max(1, 3, 5, 6) = 6"
    assert Pooling(EXAMPLE, "average").in_words(0, 0) == "(1 + 3 + 5 + 6) / 4 = 3.75"


def test_windows_overlap_where_the_stride_is_smaller() -> None:
    assert Pooling(EXAMPLE, window=3, stride=2).overlaps
    assert not Pooling(EXAMPLE).overlaps


@given(side=st.integers(2, 12), window=st.integers(1, 4), stride=st.integers(1, 4), seed=st.integers(0, 99))
def test_every_value_is_torchs(side: int, window: int, stride: int, seed: int) -> None:
    picture = np.random.default_rng(seed).normal(size=(side, side + 1))
    for kind, function in (("max", torch.nn.functional.max_pool2d), ("average", torch.nn.functional.avg_pool2d)):
        lab = Pooling(picture, kind, window, stride)  # type: ignore[arg-type]
        if not lab.fits:
            with pytest.raises(ValueError, match="larger than the picture"):
                lab.map()
            return
        expected = function(torch.from_numpy(picture)[None, None], window, stride)[0, 0].numpy()
        np.testing.assert_allclose(lab.map(), expected, atol=1e-12)
        row, column = lab.winner(0, 0)
        assert picture[row, column] == Pooling(picture, "max", window, stride).map()[0, 0]
