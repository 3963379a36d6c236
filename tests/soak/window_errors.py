"""R11 for the window: every kind of error at each of six places of one window (360 cases are all there are)."""

from __future__ import annotations

import contextlib
import io
import random
import tempfile
from pathlib import Path

from tests.cli.failures import KINDS
from tests.gui.opening import opened, strictly
from tests.gui.unforeseen import PLACES, is_told
from tests.soak.repeating import in_turn, repeat
from workbench.gui.errors import Unexpected

_CASES = [(place, kind) for kind in range(len(KINDS)) for place in PLACES]

if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as home, strictly() as told, opened(Path(home)) as window:
        unexpected = Unexpected(window)
        unexpected.raised.connect(window.errors.show)
        cases = in_turn(_CASES)

        def raise_one(chance: random.Random, folder: Path) -> None:
            with contextlib.redirect_stderr(io.StringIO()):  # where each traceback is told, too
                is_told(window, *next(cases))
            assert told == []

        repeat("R11: errors in a window", len(_CASES), raise_one)
        unexpected.give_back()
