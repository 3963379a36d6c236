"""Places on a line: distances are kept, what goes first stands where it wants, and the others make room."""

from __future__ import annotations

import random

import pytest

from workbench.gui.editor.settling import settle


def test_what_comes_too_near_stands_about_the_middle() -> None:
    assert settle([0, 0, 0], {0, 1, 2}, {(0, 1): 10, (1, 2): 20}) == pytest.approx([-40 / 3, -10 / 3, 50 / 3])


def test_the_others_make_room_for_the_first() -> None:
    apart = {(0, 1): 10.0, (1, 2): 10.0, (2, 3): 10.0, (3, 4): 10.0}
    assert settle([0, 0, 0, 0, 0], {2}, apart) == [-20, -10, 0, 10, 20]


def test_the_first_leave_room_for_what_stands_between_them() -> None:
    assert settle([0, 0, 0], {0, 2}, {(0, 1): 10, (1, 2): 10}) == [-10, 0, 10]


def test_distances_are_kept_whatever_is_wanted() -> None:
    seed = random.randrange(1 << 32)
    print("seed", seed)
    chance = random.Random(seed)
    for _ in range(200):
        count = chance.randint(2, 12)
        apart = {
            tuple(sorted(chance.sample(range(count), 2))): chance.choice([1.0, 5.0, 20.0])
            for _ in range(chance.randint(1, 20))
        }
        first = set(chance.sample(range(count), chance.randint(0, count)))
        found = settle([chance.uniform(-30, 30) for _ in range(count)], first, apart)
        assert all(found[right] - found[left] >= room - 1e-6 for (left, right), room in apart.items())


def test_what_is_firm_does_not_give_way_to_others() -> None:
    assert settle([0, 0, 0], {0, 1, 2}, {(0, 1): 10, (1, 2): 20}, {1}) == pytest.approx([-10, 0, 20], abs=1e-5)
    assert settle([0, 0], {0, 1}, {(0, 1): 10}, {0, 1}) == [-5, 5]


def test_a_circle_is_refused() -> None:
    with pytest.raises(ValueError, match="right of the other"):
        settle([0, 0], {0}, {(0, 1): 1, (1, 0): 1})
