"""Inception 3a costs what the paper's table says, and less with its bottlenecks."""

from __future__ import annotations

import numpy as np
import pytest

from workbench.compiler import analyse
from workbench.labs.inception import BRANCHES, Inception


def total(block: Inception) -> tuple[int, ...]:
    return tuple(sum(column) for column in zip(*block.price().values(), strict=True))


def test_the_worked_weights() -> None:
    assert total(Inception())[0] == 163_328
    assert total(Inception())[2] == 256
    naive = total(Inception(bottlenecks=False))
    assert naive[0] == 387_072
    assert naive[2] == 416
    assert Inception(("5×5",)).price()["5×5"][1] == 12_443_648
    assert Inception(("5×5",), bottlenecks=False).price()["5×5"][1] == 120_422_400


@pytest.mark.parametrize("branches", [BRANCHES, ("3×3",), ("1×1", "pooling")])
def test_any_branches_make_a_network_that_runs(branches: tuple[str, ...]) -> None:
    block = Inception(branches)
    analysis = analyse(block.graph())
    assert analysis.runs
    assert analysis.layers[-1].output == (total(block)[2], 28, 28)
    seen = block.maps(np.random.default_rng(0).integers(0, 256, (3, 224, 224), np.uint8))
    assert set(seen) == set(branches)
    assert {maps.shape[1:] for maps in seen.values()} == {(28, 28)}
