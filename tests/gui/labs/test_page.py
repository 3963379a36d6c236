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
