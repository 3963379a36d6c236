"""What a soak script does with its command line, and says at its end."""

from __future__ import annotations

import random
import sys
from pathlib import Path

import pytest

from tests.soak.repeating import in_turn, repeat


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


@pytest.mark.parametrize("done", [0, 2])
def test_who_interrupts_gets_the_figures_so_far(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], done: int
) -> None:
    left = iter(range(done))

    def once(chance: random.Random, folder: Path) -> int:
        try:
            return next(left)
        except StopIteration:
            raise KeyboardInterrupt from None

    asking(monkeypatch)
    repeat("Cases", 9, once, lambda numbers: f"the last was {numbers[-1]}")
    said = capsys.readouterr().out
    assert f"Cases: {done} of 9, then interrupted, from seed 0, none broken; " in said
    assert ("the last was 1" in said) == bool(done)
