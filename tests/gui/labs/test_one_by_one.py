"""Mixing maps by hand, and the price of a bottleneck."""

from __future__ import annotations

import numpy as np

from workbench.gui.labs.one_by_one import OneByOneLab
from workbench.gui.theme import Appearance


def test_a_mixed_map_is_the_weighted_sum(appearance: Appearance, qtbot) -> None:  # type: ignore[no-untyped-def]
    lab = OneByOneLab(appearance)
    qtbot.addWidget(lab)
    for slider, value in zip(lab.mixing.weights, (100, 0, -100), strict=True):
        slider.setValue(value)
    shown = lab.mixing.lab
    np.testing.assert_allclose(shown.map(), shown.picture[0] - shown.picture[2])
    lab.mixing.look_at(3, 4)
    assert "·1 + " in lab.mixing.sum.text()
    assert lab.mixing.output.marked == ((3,), (4,))


def test_the_price_of_inception_3a(appearance: Appearance, qtbot) -> None:  # type: ignore[no-untyped-def]
    lab = OneByOneLab(appearance)
    qtbot.addWidget(lab)
    assert "153,600" in lab.price.table.text()
    assert "9.7 times less" in lab.price.table.text()
    lab.price.narrow.setValue(400)
    assert "times more" in lab.price.table.text()
