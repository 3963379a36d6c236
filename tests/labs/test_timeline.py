"""The time line's figures are those of the papers."""

from __future__ import annotations

import pytest

from workbench.labs.timeline import HUMAN_ERROR, PUBLISHED, depth, milestone
from workbench.presets import build


@pytest.mark.parametrize(
    ("name", "layers"),
    [("lenet5", 5), ("alexnet", 8), ("vgg19", 19), ("vgg16", 16), ("googlenet", 22), ("resnet152", 152),
     ("resnet50", 50), ("senet154", 154), ("se-resnet50", 50), ("cifar-plain56", 56)],
)  # fmt: skip
def test_depth_is_the_number_in_the_name(name: str, layers: int) -> None:
    assert depth(build(name)) == layers


def test_the_error_falls_from_network_to_network_and_below_peoples() -> None:
    errors = [published.error for published in PUBLISHED.values() if published.error is not None]
    assert errors == sorted(errors, reverse=True)
    assert errors[-3] > HUMAN_ERROR > errors[-2]


def test_what_it_costs_is_measured() -> None:
    assert milestone("lenet5").parameters == 61_706
    assert milestone("googlenet").parameters < milestone("alexnet").parameters / 5
