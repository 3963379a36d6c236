"""Who reads a value: for every kind of layer those outputs that change when the value does, and how much."""

from __future__ import annotations

import sys
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from tests.inspection.arithmetic.moments import moment_of, up_to
from tests.inspection.arithmetic.test_every_kind import any_place, drawn, run
from workbench import presets
from workbench.graph import Builder
from workbench.inspection.arithmetic import Moment, Place, explain
from workbench.layers import CATALOGUE

pytestmark = pytest.mark.filterwarnings("ignore:Using padding='same'")


def changed(moment: Moment, place: Place, name: str, by: float) -> np.ndarray[Any, Any]:
    """What a layer gives once the value has been changed."""
    source = moment.outputs[place.node].clone()
    source[(0, *place.index)] += by
    inputs = [source if s == place.node else moment.outputs[s] for s in moment.graph.sources(moment.graph.node(name))]
    with torch.inference_mode():
        return moment.modules[name](*inputs)[0].numpy()


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.filter_too_much])
@pytest.mark.parametrize("kind", sorted(set(CATALOGUE) - {"Split", "Select"}))
@given(data=st.data())
def test_those_that_read_a_value_change_with_it(kind: str, data: Any) -> None:
    moment = run(drawn(kind, data.draw), data.draw(st.integers(0, 99)))
    place = any_place(moment, "copy0", data.draw)
    (read,) = [one for one in explain(moment, place).readers if one.node == "layer"] or [None]
    own = moment.outputs["layer"][0].numpy()
    step = 1e-6
    slopes = (changed(moment, place, "layer", step) - changed(moment, place, "layer", -step)) / (2 * step)
    assume(np.isfinite(slopes).all() and np.isfinite(own).all())
    if read is None:
        assert not np.abs(slopes).max() > 1e-6
        return
    for reader in read.strongest:
        assert reader.value == own[reader.place.index]
    if not read.count or read.strongest[0].given is None:
        return
    value = float(moment.output("copy0")[place.index])
    best = read.strongest[0]
    assert best.given == pytest.approx(slopes[best.place.index] * value, rel=1e-3, abs=1e-4 * max(1, abs(value)))
    assert abs(slopes[best.place.index]) == pytest.approx(np.abs(slopes).max(), rel=1e-3, abs=1e-5)


def test_a_value_that_loses_every_maximum_is_read_all_the_same() -> None:
    builder = Builder((1, 4, 4))
    builder.add("pool", "MaxPool2d", kernel_size=2)
    picture = torch.arange(16, dtype=torch.float64).view(1, 1, 4, 4)
    moment = moment_of(builder.build(), picture=picture)
    (winner,) = explain(moment, Place("input", (0, 3, 3))).readers
    assert (winner.strongest[0].place, winner.strongest[0].given, winner.count) == (Place("pool", (0, 1, 1)), 15.0, 1)
    (loser,) = explain(moment, Place("input", (0, 2, 2))).readers
    assert (loser.strongest[0].place, loser.strongest[0].given, loser.count) == (Place("pool", (0, 1, 1)), 0.0, 0)


def test_parts_are_read_by_who_selects_them() -> None:
    builder = Builder((4, 3, 3))
    builder.add("parts", "Split", sizes=(1, 3))
    builder.add("second", "Select", "parts", index=1)
    moment = moment_of(builder.build())
    (read,) = explain(moment, Place("parts", (2, 0, 1), 1)).readers
    assert read.strongest[0].place == Place("second", (2, 0, 1))
    assert explain(moment, Place("parts", (0, 0, 1), 0)).readers == ()
    (split,) = explain(moment, Place("input", (2, 1, 1))).readers
    assert split.strongest[0].place == Place("parts", (1, 1, 1), 1)


def test_every_branch_reads_and_a_convolution_says_how_many() -> None:
    moment = moment_of(up_to(presets.build("resnet18"), "layer1.1.conv1"))
    read = explain(moment, Place("layer1.0.relu_out", (3, 10, 10))).readers
    assert [one.node for one in read] == ["layer1.1.conv1"]
    assert [one.node for one in explain(moment, Place("maxpool", (3, 10, 10))).readers] == [
        "layer1.0.conv1", "layer1.0.add",
    ]  # fmt: skip
    assert read[0].count == 64 * 9
    weight = moment.modules["layer1.1.conv1"].state_dict()["weight"]
    held = float(moment.output("layer1.0.relu_out")[3, 10, 10])
    largest = float(weight[:, 3].abs().max())
    assert abs(read[0].strongest[0].given or 0) == pytest.approx(largest * held)


def test_it_is_told_without_torch_compiling_its_ways_forwards(monkeypatch: pytest.MonkeyPatch) -> None:
    """They take a while and warn of a deprecated compiler when a derivative is first taken forwards."""
    forwards = "torch._decomp.decompositions_for_jvp"
    monkeypatch.delitem(sys.modules, forwards, raising=False)
    builder = Builder((1, 4, 4))
    builder.add("pool", "AvgPool2d", kernel_size=2)
    moment = moment_of(builder.build(), picture=torch.ones(1, 1, 4, 4, dtype=torch.float64))
    (read,) = explain(moment, Place("input", (0, 1, 1))).readers
    assert read.strongest[0].given == 0.25
    assert forwards not in sys.modules
