"""R14: the window goes on beating while it reads and draws a great deal. The figures are printed, see tests/soak."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.gui.heartbeat import measure


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_reading_does_not_stop_the_window(qapp, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    found = measure(tmp_path, images=100_000, nodes=2_000, points=1_000_000)
    print(*found, sep="\n")
    assert all(beats.count > 20 for beats in found), "the event loop stood still while something was done"
