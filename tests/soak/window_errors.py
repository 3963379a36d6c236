"""R11 for the window: every kind of error at each of six places of one window (360 cases are all there are)."""

from __future__ import annotations

import tempfile
from pathlib import Path

from tests.cli.failures import KINDS
from tests.gui.opening import opened
from tests.gui.unforeseen import PLACES, is_told
from tests.soak.repeating import in_turn, repeat
from workbench.gui.errors import Unexpected

_CASES = [(place, kind) for kind in range(len(KINDS)) for place in PLACES]

if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as home, opened(Path(home)) as window:
        unexpected = Unexpected(window)
        unexpected.raised.connect(window.errors.show)
        cases = in_turn(_CASES)
        repeat("R11: errors in a window", len(_CASES), lambda chance, folder: is_told(window, *next(cases)))
        unexpected.give_back()
