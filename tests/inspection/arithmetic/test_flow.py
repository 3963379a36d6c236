"""The maps that became a map: their values with the signs between come to the value, the pieces are the layer's."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch

from tests.inspection.arithmetic.moments import moment_of
from workbench.graph import Builder
from workbench.inspection import Slices
from workbench.inspection.arithmetic import KINDS, Moment, Place, explain
from workbench.inspection.arithmetic.flow import DRAWN


def branches() -> Moment:
    """Twelve maps cut in three, gated, added, averaged, joined and cut again."""
    builder = Builder((1, 9, 8))
    builder.add("conv", "Conv2d", out_channels=12, kernel_size=3, padding=1)
    builder.add("parts", "Split", sizes=(3, 4, 5))
    for number, name in enumerate(("one", "two", "three")):
        builder.add(name, "Select", "parts", index=number)
    builder.add("few", "SliceChannels", "three", start=1)
    builder.add("gate", "AdaptiveAvgPool2d", "two", output_size=1)
    builder.add("product", "Multiply", "two", "gate")
    builder.add("sum", "Add", "product", "few", "two")
    builder.add("mean", "Mean", "few", "sum")
    builder.add("joined", "Concatenate", "one", "mean", "sum")
    builder.add("stacked", "Concatenate", "mean", "sum", dim=2)
    builder.add("flatten", "Flatten", "joined")
    builder.add("fc", "Linear", out_features=10)
    picture = torch.randn(1, 1, 9, 8, dtype=torch.float64, generator=torch.Generator().manual_seed(3))
    return moment_of(builder.build(), 0, picture=picture)


MOMENT = branches()


@pytest.mark.parametrize(
    ("place", "names", "sign", "divisor"),
    [
        (Place("product", (2, 4, 5)), ("two", "gate"), "·", 1),
        (Place("sum", (2, 4, 5)), ("product", "few", "two"), "+", 1),
        (Place("mean", (3, 0, 7)), ("few", "sum"), "+", 2),
        (Place("joined", (4, 4, 5)), ("mean",), "", 1),
        (Place("parts", (2, 4, 5), 1), ("conv",), "", 1),
        (Place("flatten", (100,)), ("joined",), "", 1),
    ],
    ids=lambda value: value.node if isinstance(value, Place) else "",
)
def test_the_maps_that_went_in_come_to_the_value(place: Place, names: tuple[str, ...], sign: str, divisor: int) -> None:
    told = explain(MOMENT, place)
    flow = told.flow
    assert flow is not None
    assert tuple(tile.place.node for tile in flow.taken) == names
    values = [tile.value for tile in flow.taken]
    assert (math.prod(values) if sign == "·" else sum(values)) / divisor == pytest.approx(told.value, rel=1e-12)
    assert (flow.sign, flow.divisor, flow.given.value) == (sign, divisor, told.value)
    for tile in (*flow.taken, flow.given):
        whole = MOMENT.output(tile.place.node, tile.place.part).numpy()
        assert tile.value == whole[tile.place.index]
        assert np.array_equal(tile.values, whole[tile.place.index[0]] if whole.ndim == 3 else whole[None])


@pytest.mark.parametrize(
    ("place", "wanted"),
    [
        (Place("joined", (4, 4, 5)), Slices("channel", ("one", "mean", "sum"), (3, 4, 4), 1, 4)),
        (Place("stacked", (0, 12, 5)), Slices("row", ("mean", "sum"), (9, 9), 1, 12)),
        (Place("parts", (0, 4, 5), 2), Slices("channel", ("part 0", "part 1", "part 2"), (3, 4, 5), 2, 7)),
        (Place("two", (3, 4, 5)), Slices("channel", ("part 0", "part 1", "part 2"), (3, 4, 5), 1, 6)),
        (Place("few", (2, 4, 5)), Slices("channel", ("left out", "kept"), (1, 4), 1, 3)),
    ],
    ids=lambda value: value.node if isinstance(value, Place) else "",
)
def test_it_is_told_which_piece_a_value_came_from(place: Place, wanted: Slices) -> None:
    flow = explain(MOMENT, place).flow
    assert flow is not None
    assert flow.slices == wanted


def test_a_repeated_value_is_drawn_as_the_map_it_comes_from_and_a_blended_one_as_its_neighbours() -> None:
    for mode, drawn in (("nearest", True), ("bilinear", False), ("bicubic", False)):
        builder = Builder((2, 4, 3))
        builder.add("large", "Upsample", scale_factor=2, mode=mode)
        told = explain(moment_of(builder.build(), 0), Place("large", (1, 5, 2)))
        assert (told.flow is not None) == drawn, mode
        if told.flow is not None:
            (tile,) = told.flow.taken
            assert (tile.place, tile.cell, told.flow.sign) == (Place("input", (1, 2, 1)), (2, 1), "")
            assert tile.value == told.flow.given.value == told.value
        else:
            assert told.made.patch is not None
            assert told.made.patch.products is not None
            assert float(told.made.patch.products.sum()) == pytest.approx(told.value, rel=1e-9)


def test_what_computes_more_has_no_such_figure_and_every_join_has() -> None:
    assert explain(MOMENT, Place("conv", (0, 4, 5))).flow is None
    assert explain(MOMENT, Place("input", (0, 4, 5))).flow is None
    assert {"Add", "Mean", "Multiply", "Concatenate", "Split", "Select"} <= DRAWN <= set(KINDS)
