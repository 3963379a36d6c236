"""Windows that are closed, killed and broken: nothing is left of them but what was promised to be kept."""

from __future__ import annotations

import os
import random
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.gui.ends import (
    DOINGS,
    break_down,
    close_in_the_midst,
    kill_while_editing,
    kill_while_workers_read,
    open_twice,
)
from tests.gui.lives import Lives

pytestmark = [
    pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork"),
    pytest.mark.skipif(sys.platform != "linux", reason="looks for processes in /proc"),
]


@pytest.fixture(scope="module")
def lives() -> Iterator[Lives]:
    with Lives() as lives:
        yield lives


def some(default: int, whole: int) -> list[object]:
    """So many cases in every run, and the others among the slow ones."""
    return [pytest.param(seed, marks=() if seed < default else pytest.mark.slow) for seed in range(whole)]


@pytest.mark.parametrize("seed", some(4, 20))
def test_a_window_closes_whatever_it_is_doing(lives: Lives, tmp_path: Path, seed: int) -> None:
    close_in_the_midst(lives, tmp_path / "life", DOINGS[seed % len(DOINGS)], random.Random(seed))


@pytest.mark.parametrize("seed", some(0, 3))
def test_workers_go_with_a_window_that_is_killed(lives: Lives, tmp_path: Path, seed: int) -> None:
    kill_while_workers_read(lives, tmp_path)


@pytest.mark.parametrize("seed", some(2, 20))
def test_edits_survive_a_kill_but_for_the_last(lives: Lives, tmp_path: Path, seed: int) -> None:
    kill_while_editing(lives, tmp_path / "life", random.Random(seed))


@pytest.mark.parametrize("how", ["read", *(pytest.param(how, marks=pytest.mark.slow) for how in ("abort", "thread"))])
def test_a_breakdown_leaves_its_stacks_and_the_work(lives: Lives, tmp_path: Path, how: str) -> None:
    break_down(lives, tmp_path / "life", how)


@pytest.mark.parametrize("number", some(1, 10))
def test_a_second_window_reads_only_and_a_killed_first_one_holds_nothing(
    lives: Lives, tmp_path: Path, number: int
) -> None:
    open_twice(lives, tmp_path / "life")
