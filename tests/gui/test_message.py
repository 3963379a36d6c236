"""The line at the window's foot."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from workbench.gui.message import Message
from workbench.gui.theme import Appearance

_LONG = "Completed 40 epochs: the best validation loss was 0.0336, after epoch 19"


def test_a_message_that_finds_no_room_ends_in_an_ellipsis_and_is_told_whole_by_its_tool_tip(
    appearance: Appearance, qtbot: QtBot
) -> None:
    message = Message(appearance)
    qtbot.addWidget(message)
    message.resize(160, 24)
    message.show()

    def seen(text: str) -> QImage:
        message.tell(text)
        return message.grab().toImage()

    cut = message.fontMetrics().elidedText(_LONG, Qt.TextElideMode.ElideRight, message.width())
    assert cut.endswith("…")
    assert seen(_LONG) == seen(cut) != seen(_LONG[: len(cut)])
    message.tell(_LONG)
    assert message.toolTip() == _LONG
    message.resize(1000, 24)
    message.tell(_LONG)
    assert message.toolTip() == ""
    assert message.minimumSizeHint().width() < 160, "it never widens the window"
