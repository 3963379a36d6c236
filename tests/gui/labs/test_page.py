"""The page that the labs stand on."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QApplication, QScrollArea
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


@pytest.fixture
def large_page(large_font: None, appearance: Appearance, qtbot: QtBot) -> LabsPage:
    """The labs with that font, in a window of the usual size."""
    page = LabsPage(appearance)
    qtbot.addWidget(page)
    page.resize(1280, 690)
    page.show()
    return page


def test_no_lab_scrolls_sideways_with_a_large_font(large_page: LabsPage, qapp: QApplication) -> None:
    for lab in LABS:
        large_page.show_lab(lab.name)
        qapp.processEvents()
        assert large_page._rooms[lab.name].horizontalScrollBar().maximum() == 0, lab.title


def test_titles_are_whole_with_a_large_font(large_page: LabsPage, qapp: QApplication) -> None:
    qapp.processEvents()

    def ink() -> list[int]:
        """How many pixels of each title are dark."""
        picture = large_page.list.viewport().grab().toImage()
        boxes = [large_page.list.visualItemRect(large_page.list.item(row)) for row in range(len(LABS))]
        return [
            sum(
                picture.pixelColor(x, y).lightness() < 160
                for x in range(box.width())
                for y in range(box.top(), box.bottom())
            )
            for box in boxes
        ]

    found = ink()
    large_page.list.setFixedWidth(2 * large_page.list.width())
    qapp.processEvents()
    assert found == pytest.approx(ink(), rel=0.02)


def test_in_a_small_window_the_text_leaves_room_for_the_lab(appearance: Appearance, qtbot: QtBot) -> None:
    page = LabsPage(appearance)
    qtbot.addWidget(page)
    page.resize(800, 480)
    page.show()
    text = next(one for one in page.findChildren(QScrollArea) if one.accessibleName() == "About this lab")
    for lab in LABS:
        page.show_lab(lab.name)
        QApplication.processEvents()
        assert page.minimumSizeHint().width() <= 800, lab.title
        assert text.horizontalScrollBar().maximum() == 0, f"the text beside {lab.title} scrolls sideways"
        assert page._rooms[lab.name].width() > text.width(), lab.title
    page.resize(1280, 690)
    QApplication.processEvents()
    assert text.width() == text.maximumWidth()
