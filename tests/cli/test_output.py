"""Whoever reads may have seen enough, and a disk may be full."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.processes import ROOT
from workbench.runs import Run


@pytest.mark.skipif(os.name == "nt", reason="pipes differ")
@pytest.mark.parametrize("arguments", [[], ["--json"]], ids=str)
def test_a_training_that_nobody_reads_any_more_stops_after_a_checkpoint(arguments: list[str], tmp_path: Path) -> None:
    directory = tmp_path / "a run"
    process = subprocess.Popen(
        [
            sys.executable, "-m", "workbench", "train", "lenet5", "--data", "digits", "--epochs", "1000",
            "--run", directory, *arguments,
        ],
        env=os.environ | {"PYTHONPATH": str(ROOT)}, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.readline()
    process.stdout.close()
    told = process.stderr.read()
    assert process.wait() == 2
    assert told.startswith("workbench: nothing more can be printed (Broken pipe): Stopped in epoch ")
    assert told.endswith(f"go on with: workbench train --resume '{directory}'\n")
    assert Run.open(directory).status == "stopped"
    assert Run.open(directory).state(best=False).values["progress"]["epoch"] < 1000


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a disk that is always full")
def test_what_cannot_be_printed_is_one_sentence() -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "workbench", "layers"], env=os.environ | {"PYTHONPATH": str(ROOT)},
            stdout=full, stderr=subprocess.PIPE, text=True, check=False,
        )  # fmt: skip
    assert (done.returncode, done.stderr) == (2, "workbench: No space left on device\n")


@pytest.mark.skipif(os.name == "nt", reason="pipes differ")
@pytest.mark.parametrize("arguments", [["presets", "lenet5"], ["layers"], ["layers", "--json"]], ids=" ".join)
def test_a_reader_that_has_seen_enough_is_no_error(arguments: list[str]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [sys.executable, "-m", "workbench", *arguments],
        env=os.environ | {"PYTHONPATH": str(ROOT)}, stdout=writing, stderr=subprocess.PIPE, text=True, check=False,
    )  # fmt: skip
    os.close(writing)
    assert (done.returncode, done.stderr) == (0, "")
