"""R7: workers that are killed or hang in the midst of a whole training are replaced, and no bit changes."""

from __future__ import annotations

import random
import signal
import sys
from pathlib import Path

import pytest

from tests.runs.losing_workers import lose_workers, workers
from tests.runs.trainings import assert_same
from workbench.data import decoders
from workbench.project import Project
from workbench.runs import start

PLAN = {2: "SIGKILL", 6: "SIGSTOP", 9: "SIGKILL", 12: "SIGSTOP", 15: "SIGKILL"}


@pytest.mark.skipif(sys.platform == "win32", reason="signals differ")
def test_five_lost_workers_change_no_bit(
    streamed: Project,
    undisturbed: dict[str, Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(decoders, "HANG_SECONDS", 1.5)
    signals = {step: getattr(signal, name) for step, name in PLAN.items()}
    lose_workers(streamed, tmp_path / "run", signals, random.Random(0))
    assert_same(tmp_path / "run", undisturbed["sgd"])


def test_workers_end_with_the_training(streamed: Project, tmp_path: Path) -> None:
    seen = set()
    for _ in start(streamed, tmp_path / "run"):
        seen |= set(workers())
    assert len(seen) == 2
    assert workers() == []
