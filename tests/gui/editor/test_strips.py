"""Strips of maps on the cards: a new one is painted, and nothing else of its card."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest

from workbench.gui.editor.card import HEIGHT, STRIP, Card
from workbench.gui.main_window import MainWindow

EVEN = np.full((26, 150), 90, np.uint8)


@pytest.fixture
def card(window: MainWindow) -> Card:
    window.show()
    card = window.editor.scene.cards["conv1"]
    card.show_strip(lambda: EVEN)
    window.editor.view.show_card("conv1")
    QTest.qWait(50)
    return card


def seen(window: MainWindow) -> QImage:
    """What stands on the screen: nothing is painted anew for it."""
    QTest.qWait(30)
    return window.screen().grabWindow(window.winId()).toImage()


def test_a_new_strip_is_painted_and_no_text_anew(
    window: MainWindow, card: Card, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts: list[str] = []
    paint = Card._paint_texts

    def counted(card: Card, *arguments: object) -> None:
        texts.append(card.name)
        paint(card, *arguments)  # type: ignore[arg-type]

    before = seen(window)
    monkeypatch.setattr(Card, "_paint_texts", counted)
    card.show_strip(lambda: EVEN + 100)
    after = seen(window)
    assert "conv1" not in texts
    assert after != before
    window.editor.view.viewport().update()
    assert seen(window) == after
    assert "conv1" in texts


def test_a_card_that_grows_by_its_first_strip_is_painted_whole(window: MainWindow, card: Card) -> None:
    assert card.height == HEIGHT + STRIP
    card.show_strip(None)
    assert card.height == HEIGHT
    after = seen(window)
    window.editor.view.viewport().update()
    assert seen(window) == after
