"""Tables of numbers as coloured cells."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QRectF
from pytestqt.qtbot import QtBot

from workbench.gui.labs.grid import GridView
from workbench.gui.theme import Appearance


@pytest.mark.parametrize("size", [(300, 900), (900, 300), (90, 90)])
@pytest.mark.parametrize("margin", [0, 2])
def test_a_table_stands_at_the_top_below_its_title_and_in_the_middle(
    appearance: Appearance, qtbot: QtBot, size: tuple[int, int], margin: int
) -> None:
    grid = GridView("The picture", appearance)
    qtbot.addWidget(grid)
    grid.resize(*size)
    grid.show_values(np.arange(12.0).reshape(3, 4), margin=margin)
    first, last = grid.cell_rect(-margin, -margin), grid.cell_rect(2 + margin, 3 + margin)
    assert first.top() == pytest.approx(1)
    assert first.left() == pytest.approx(grid.width() - last.right())
    assert QRectF(grid.rect()).contains(first.united(last).adjusted(0.01, 0.01, -0.01, -0.01))
