"""What windows left behind is offered the latest first, whatever the clock reads."""

from __future__ import annotations

import time

import pytest

from tests.runs.clocks import CLOCKS, reading, touched
from workbench import presets
from workbench.gui import drafts
from workbench.gui.drafts import Draft, Origin, left_behind
from workbench.project import Project

pytestmark = pytest.mark.skipif(not hasattr(time, "tzset"), reason="time zones cannot be set")


@pytest.mark.parametrize("clock", CLOCKS)
def test_drafts_are_in_the_order_in_which_windows_were_opened(clock: str) -> None:
    """R17 for the window."""
    names = ("lenet5", "nin-cifar10", "cifar-resnet20")
    windows = []
    for name, seconds in zip(names, CLOCKS[clock], strict=True):
        with reading(seconds, drafts):
            windows.append(draft := Draft())
            draft.keep(Project(presets.build(name)), Origin())
        assert draft.folder is not None
        touched(draft.folder, seconds)
    for draft in windows:
        assert draft._hold is not None
        draft._hold.release()  # as the system does where a process is killed
    found = left_behind()
    assert [left.project.graph.name for left in found if left.project] == [
        presets.build(name).name for name in reversed(names)
    ]
    for left in found:
        left.remove()
