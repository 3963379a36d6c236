"""Frames: each name is said once, where its block begins."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QFont, QFontMetricsF
from pytestqt.qtbot import QtBot

from workbench.gui.editor.frames import frame_names, frame_rects
from workbench.gui.editor.layout import place
from workbench.gui.editor.lettering import in_two_lines, shortened_path
from workbench.gui.editor.outline import outline
from workbench.presets import build


def test_frames_that_begin_at_one_card_have_one_name() -> None:
    made = outline(build("googlenet"), frozenset())
    names = frame_names(frame_rects(made, place(made, {entry.name: 58.0 for entry in made.entries})))
    block = {frame: text for frame, text in names.items() if frame.startswith("inception3a")}
    assert block == {
        "inception3a.branch1": "inception3a.branch1",
        "inception3a.branch2.0": "branch2.0",
        "inception3a.branch2.1": "1",
        "inception3a.branch3.0": "branch3.0",
        "inception3a.branch3.1": "1",
        "inception3a.branch4": "branch4",
        "inception3a.branch4.1": "1",
    }


def test_no_two_names_stand_at_one_place() -> None:
    rects = {"a": QRectF(0, 0, 300, 900), "a.b": QRectF(3, 3, 290, 400), "a.c": QRectF(3, 450, 290, 400)}
    assert frame_names(rects) == {"a.b": "a.b", "a.c": "c"}


@pytest.mark.usefixtures("qtbot")
def test_a_name_gives_up_its_outer_blocks_first() -> None:
    font = QFont()
    width = QFontMetricsF(font).horizontalAdvance("…0.conv1") + 0.5
    assert shortened_path("layer1.0.conv1", font, width) == "…0.conv1"
    assert shortened_path("conv1", font, width) == "conv1"


def test_a_message_goes_on_in_a_second_line(qtbot: QtBot) -> None:
    font = QFont()
    width = QFontMetricsF(font).horizontalAdvance("Linear takes a list") + 0.5
    assert in_two_lines("Linear takes a list of features", font, width) == ("Linear takes a list", "of features")
    assert in_two_lines("short", font, width) == ("short", "")
