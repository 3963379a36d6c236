"""S4 and S5: archives and pictures that nobody made on purpose."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests.data.damaging import read_damaged_pictures, unpack_damaged


@pytest.mark.parametrize("count", [150, pytest.param(5000, marks=pytest.mark.slow)])
def test_damaged_archives_write_nothing_outside(count: int, tmp_path: Path) -> None:
    reading = unpack_damaged(count, random.Random(1), tmp_path)
    assert count // 4 < reading.refused < count


@pytest.mark.parametrize("count", [1000, pytest.param(20_000, marks=pytest.mark.slow)])
def test_damaged_pictures_are_pictures_or_have_a_reason(count: int, tmp_path: Path) -> None:
    reading = read_damaged_pictures(count, random.Random(1), tmp_path)
    assert count // 4 < reading.refused < count
    assert reading.grown < 200e6
