"""The page that the labs stand on."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from workbench.gui.labs import LABS
from workbench.gui.labs.page import LabsPage
from workbench.gui.theme import Appearance


@pytest.fixture
def large_font(qapp: QApplication) -> Iterator[None]:
    before, large = qapp.font(), QFont(qapp.font())
    large.setPointSize(16)
    qapp.setFont(large)
    yield
    qapp.setFont(before)


@pytest.mark.usefixtures("large_font")
def test_no_lab_scrolls_sideways_with_a_large_font(qapp: QApplication, appearance: Appearance, qtbot: QtBot) -> None:
    page = LabsPage(appearance)
    qtbot.addWidget(page)
    page.resize(1280, 690)
    page.show()
    for lab in LABS:
        page.show_lab(lab.name)
        qapp.processEvents()
        assert page._rooms[lab.name].horizontalScrollBar().maximum() == 0, lab.title


@pytest.mark.usefixtures("large_font")
def test_titles_are_whole_with_a_large_font(qapp: QApplication, appearance: Appearance, qtbot: QtBot) -> None:
    page = LabsPage(appearance)
    qtbot.addWidget(page)
    page.resize(1280, 690)
    page.show()
    qapp.processEvents()

    def ink() -> list[int]:
        """How many pixels of each title are dark."""
        picture = page.list.viewport().grab().toImage()
        boxes = [page.list.visualItemRect(page.list.item(row)) for row in range(len(LABS))]
        return [
            sum(
                picture.pixelColor(x, y).lightness() < 160
                for x in range(box.width())
                for y in range(box.top(), box.bottom())
            )
            for box in boxes
        ]

    found = ink()
    page.list.setFixedWidth(2 * page.list.width())
    qapp.processEvents()
    assert found == pytest.approx(ink(), rel=0.02)
