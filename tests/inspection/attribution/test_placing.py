"""A layer's map lies where its values have looked, and the picture is seen through it."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from workbench.compiler import analyse
from workbench.inspection.attribution import colours, overlay, reach_of
from workbench.inspection.attribution.placing import placed
from workbench.presets import build


@pytest.mark.parametrize(
    ("name", "layer", "row", "column"), [("lenet5", "conv2", 0, 9), ("vgg11", "features.18", 5, 8)]
)
def test_a_value_stands_at_the_centre_of_its_receptive_field(name: str, layer: str, row: int, column: int) -> None:
    graph = build(name)
    report = analyse(graph).by_name[layer]
    field = report.receptive_field
    assert field is not None
    coarse = torch.zeros(report.output[1:])  # type: ignore[index, arg-type]
    coarse[row, column] = 1
    heat = placed(coarse, graph.shape[1:], field)
    strongest = (heat == heat.max()).nonzero().float().mean(0) + 0.5
    centre = [float(field.height.start + row * field.height.jump), float(field.width.start + column * field.width.jump)]
    at_border = [min(max(place, 0.5), side - 0.5) for place, side in zip(centre, graph.shape[1:], strict=True)]
    # At a border the value is continued outwards, so that the middle of the strongest lies there.
    assert float(strongest[0]) == pytest.approx(at_border[0], abs=centre[0] + 0.5 if row == 0 else 1)
    assert heat[int(at_border[0]), int(at_border[1])] == pytest.approx(float(heat.max()), abs=0.26)


def test_a_plane_stays_a_plane() -> None:
    field = analyse(build("vgg11")).by_name["features.18"].receptive_field
    assert torch.equal(placed(torch.full((14, 14), 3.0), (224, 224), field), torch.full((224, 224), 3.0))


def test_where_everything_is_seen_the_map_is_stretched() -> None:
    field = analyse(build("lenet5")).by_name["fc1"].receptive_field
    assert field is not None
    assert field.whole
    coarse = torch.rand(5, 5)
    assert torch.equal(placed(coarse, (28, 28), field), placed(coarse, (28, 28)))


def test_nothing_covers_where_there_is_nothing_and_all_where_it_is_strongest() -> None:
    pixels = np.full((1, 2, 2), 100, np.uint8)
    heat = np.array([[0.0, 4.0], [-4.0, 1.0]], np.float32)
    table = colours(True)
    drawn = overlay(pixels, heat, 1.0, table, True)
    assert drawn[0, 0].tolist() == [100, 100, 100]
    assert drawn[0, 1].tolist() == table[254].tolist()
    assert drawn[1, 0].tolist() == table[0].tolist()
    assert (overlay(pixels, heat, 0.0, table, True) == 100).all()
    # Half covered where heat is a quarter: the root lets weak places be seen.
    assert np.abs(drawn[1, 1].astype(float) - (50 + 0.5 * table[159])).max() <= 1


def test_a_few_outliers_do_not_hide_the_rest() -> None:
    heat = np.ones((100, 100), np.float32)
    heat[0, :3] = 1000
    assert reach_of(heat) == 1
    alone = np.zeros((100, 100), np.float32)
    alone[5, 5] = 2
    assert reach_of(alone) == 2
    assert reach_of(np.zeros((3, 3), np.float32)) == 0
