"""R12 with the real window: clicks, drags, keys and menus at random, trainings among them."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QMessageBox

from tests.gui.hands import use
from workbench.gui.main_window import MainWindow


@pytest.mark.slow
@pytest.mark.parametrize("actions", [150, pytest.param(2000, marks=pytest.mark.timeout(900))])
def test_nothing_that_hands_do_breaks_the_window(
    window: MainWindow, actions: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QMessageBox, "question", lambda *_: QMessageBox.StandardButton.Discard)
    hands = use(window, 1, actions)
    assert sum(hands.done.values()) == actions
