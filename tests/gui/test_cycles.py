"""R15: windows that come and go leave nothing in a process."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="looks at /proc")
def test_ten_windows_opened_trained_and_closed_leave_no_object_and_no_memory() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.gui.cycles", "10"], cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    found = json.loads(done.stdout.splitlines()[-1])
    assert found["told"] == []
    grown = {kind: n - found["first"].get(kind, 0) for kind, n in found["last"].items()}
    assert {kind: n for kind, n in grown.items() if n > 0} == {}
    first, last = found["memory"]
    assert last <= 1.1 * first
