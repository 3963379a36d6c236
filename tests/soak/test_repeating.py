"""What a soak script does with its command line, and says at its end."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.soak.repeating import in_turn, repeat


@pytest.fixture
def interruptible() -> Iterator[None]:
    """Also where the tests run in the background."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def asking(monkeypatch: pytest.MonkeyPatch, *words: str) -> None:
    monkeypatch.setattr(sys, "argv", ["soak", *words])


def test_a_seed_names_the_same_case_whichever_was_the_first(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: dict[int, set[str]] = {}
    for first in (0, 2, 7):
        asking(monkeypatch, "8", str(first))
        for seed, case in zip(range(first, first + 8), in_turn(["a", "b", "c"]), strict=False):
            seen.setdefault(seed % 3, set()).add(case)
    assert seen == {0: {"a"}, 1: {"b"}, 2: {"c"}}


def test_the_first_that_breaks_is_named_and_can_be_repeated(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def once(chance: random.Random, folder: Path) -> float:
        drawn = chance.random()
        assert folder.is_dir()
        assert drawn != random.Random(5).random(), "the fifth"
        return drawn

    asking(monkeypatch, "10", "3")
    with pytest.raises(SystemExit, match="Draws: broken at seed 5 after 2"):
        repeat("Draws", 1000, once)
    asking(monkeypatch, "1", "5")
    with pytest.raises(SystemExit, match="Draws: broken at seed 5 after 0"):
        repeat("Draws", 1000, once)
    asking(monkeypatch, "1_000", "6")
    repeat("Draws", 1, once, lambda drawn: f"the least was {min(drawn):.0f}")
    assert "Draws: 1,000 from seed 6, none broken; the least was 0; " in capsys.readouterr().out


def test_who_interrupts_gets_the_figures_behind_the_case_at_hand(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], interruptible: None
) -> None:
    done: list[int] = []

    def once(chance: random.Random, folder: Path) -> int:
        if len(done) == 1:
            signal.raise_signal(signal.SIGINT)
        done.append(len(done))
        return done[-1]

    asking(monkeypatch)
    repeat("Cases", 9, once, lambda numbers: f"the last was {numbers[-1]}")
    assert "Cases: 2 of 9, then interrupted, from seed 0, none broken; the last was 1; " in capsys.readouterr().out
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_a_second_interruption_ends_it_at_once(monkeypatch: pytest.MonkeyPatch, interruptible: None) -> None:
    def once(chance: random.Random, folder: Path) -> None:
        for _ in range(2):
            signal.raise_signal(signal.SIGINT)

    asking(monkeypatch)
    with pytest.raises(KeyboardInterrupt):
        repeat("Cases", 9, once)


def test_who_asks_for_help_reads_what_a_script_is() -> None:
    command = [sys.executable, "-m", "tests.soak.damaged_projects", "--help"]
    done = subprocess.run(command, cwd=Path(__file__).parents[2], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith("S1: ")
    assert "[SIZE] [SEED]" in done.stderr
