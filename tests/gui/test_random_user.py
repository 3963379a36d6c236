"""R12: a random user edits, undoes, redoes, saves and opens, and finds nothing wrong but the faults that are seeded."""

from __future__ import annotations

import pytest

from tests.gui.mutants import MUTANTS, seeded
from tests.gui.random_play import actions_until_caught, play
from tests.gui.random_user import User


@pytest.mark.parametrize("seed", range(3))
def test_nothing_a_person_does_breaks_the_document(qapp, seed: int) -> None:  # type: ignore[no-untyped-def]
    user = play(User(seed), 600, 40)
    assert user.done == 600
    assert user.refused < 420, "most of what the user tries must be possible, or little is tried"


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(100, 140))
def test_nothing_a_person_does_for_long_breaks_the_document(qapp, seed: int) -> None:  # type: ignore[no-untyped-def]
    """200,000 actions in all."""
    assert play(User(seed), 5000, 100).done == 5000


@pytest.mark.parametrize("name", MUTANTS)
def test_the_random_user_finds_each_seeded_fault(qapp, name: str) -> None:  # type: ignore[no-untyped-def]
    with seeded(name):
        assert actions_until_caught(20_000) is not None
