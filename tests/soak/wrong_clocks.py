"""R17: runs made under clocks that are wrong: order and 'latest' follow the numbers (50 cases asked for).

The clocks of real processes are set with faketime, https://github.com/wolfcw/libfaketime.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
from pathlib import Path

from tests.pauses import wait_until
from tests.runs.trainings import small_project
from tests.soak.repeating import repeat
from workbench.project import write_project

ROOT = Path(__file__).parents[2]
ZONES = ("UTC", "America/New_York", "Australia/Lord_Howe", "Pacific/Kiritimati")
SHIFTS = ("-1d", "+1d", "-1h", "+1h", "-30y", "+10y", "+0")


def under_a_wrong_clock(chance: random.Random, folder: Path, *words: str) -> str:
    """What ``workbench …`` printed; the clock is set by so much, and runs at that rate."""
    shift = f"{chance.choice(SHIFTS)} x{chance.choice((1, 1, 0.2, 20))}"
    own = {"PYTHONPATH": str(ROOT), "TZ": chance.choice(ZONES)}
    command = ["faketime", "-f", shift, sys.executable, "-m", "workbench", *words]
    out, err = folder / "out", folder / "err"
    with out.open("w") as told, err.open("w") as complained:
        process = subprocess.Popen(
            command, cwd=folder, env=os.environ | own, stdout=told, stderr=complained, start_new_session=True
        )
    try:
        wait_until(lambda: process.poll() is not None, 300.0, in_vain=lambda: f"{shift}: {words} does not end")
    finally:
        if process.poll() is None:  # faketime is a process of its own, with the program below it
            os.killpg(process.pid, signal.SIGKILL)
    assert process.returncode == 0, (shift, words, err.read_text())
    return out.read_text()


def train_under_wrong_clocks(chance: random.Random, folder: Path) -> None:
    project = small_project()
    for name in ("first", "second", "third"):
        write_project(project, folder / f"{name}.json")
        under_a_wrong_clock(chance, folder, "train", f"{name}.json", "--epochs", "1")
    listed = json.loads(under_a_wrong_clock(chance, folder, "runs", "--json"))
    assert [run["run"] for run in listed] == ["0001-first", "0002-second", "0003-third"]


if __name__ == "__main__":
    if not shutil.which("faketime"):
        sys.exit("faketime is not installed: apt install faketime")
    repeat("R17: runs under wrong clocks", 50, train_under_wrong_clocks)
