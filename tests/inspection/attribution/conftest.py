"""A network to be asked, and a picture to ask it about."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn

from workbench.compiler import compile_graph
from workbench.presets import build


@pytest.fixture(scope="module")
def lenet() -> nn.Module:
    torch.manual_seed(1)
    return compile_graph(build("lenet5")).eval()


@pytest.fixture(scope="module")
def image() -> Tensor:
    return torch.randn(1, 1, 28, 28, generator=torch.Generator().manual_seed(0))
