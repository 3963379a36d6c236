"""A gated network taken apart."""

from __future__ import annotations

import numpy as np
import pytest

from workbench.compiler import analyse
from workbench.data import load
from workbench.labs.excitation import MAPS, Study, gates_of, network, price, study
from workbench.presets import build


@pytest.mark.parametrize("reduction", [2, 16])
def test_the_price_is_what_the_compiler_counts(reduction: int) -> None:
    graph = network(reduction)
    counted = sum(report.parameters for report in analyse(graph).layers if report.name.startswith("se"))
    assert counted == sum(price(maps, reduction) for maps in MAPS)


def test_every_gate_of_a_network_is_found() -> None:
    assert list(gates_of(network())) == ["se1.scale", "se2.scale", "se3.scale"]
    assert len(gates_of(build("se-resnet50"))) == 16
    assert gates_of(build("resnet18")) == {}


def labels_of(made: Study) -> list[int]:
    return load(made.project.data, made.project.graph.shape).validation.labels.tolist()  # type: ignore[no-any-return]


def test_gates_differ_more_between_classes_the_deeper_they_are_and_are_worth_something() -> None:
    told: list[str] = []
    made = study(16, epochs=5, tell=told.append)
    assert len(told) == 5
    first, _, last = (block.spread for block in made.blocks)
    assert last > 3 * first
    assert made.gated.whole > 0.85
    assert made.ungated.whole < made.gated.whole
    # Each block's gates are forced by themselves. Those of the first scale the picture for all that is below.
    assert len(made.opened) == len(MAPS)
    assert made.opened[0].whole < made.opened[1].whole < made.opened[2].whole
    assert made.ungated.whole not in [one.whole for one in made.opened]
    shares = np.bincount([int(name) for name in labels_of(made)], minlength=10) / len(labels_of(made))
    for one in (made.gated, made.ungated, *made.opened):
        assert one.whole == pytest.approx(float((shares * one.by_class).sum()))
    for block, maps in zip(made.blocks, MAPS, strict=True):
        assert block.gates.shape == block.squeezed.shape == (10, maps)
        assert (block.gates >= 0).all()
        assert (block.gates <= 1).all()
