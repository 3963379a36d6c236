"""The price of inception 3a's 5×5 branch, as worked out and as the compiler counts it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from workbench.compiler import analyse
from workbench.graph import Builder
from workbench.labs.bottleneck import Branch


def test_the_worked_price() -> None:
    direct, narrowed = replace(Branch(), narrow=None), Branch()
    assert (direct.weights, direct.macs) == (153_600, 120_422_400)
    assert (narrowed.weights, narrowed.macs) == (15_872, 12_443_648)
    assert direct.macs / narrowed.macs == pytest.approx(9.6774, abs=1e-4)


@pytest.mark.parametrize("branch", [Branch(), Branch(64, 8, 24, 3, 14), Branch(32, None, 16, 5, 7)])
def test_it_is_what_the_compiler_counts(branch: Branch) -> None:
    builder = Builder((branch.maps_in, branch.side, branch.side))
    if branch.narrow is not None:
        builder.add("narrow", "Conv2d", out_channels=branch.narrow, kernel_size=1, bias=False)
    k = branch.kernel
    builder.add("wide", "Conv2d", out_channels=branch.maps_out, kernel_size=k, padding=k // 2, bias=False)
    analysis = analyse(builder.build())
    assert (analysis.parameters, analysis.macs) == (branch.weights, branch.macs)
