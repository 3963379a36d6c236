"""Time in which the system had stopped a process is not counted."""

from __future__ import annotations

import os
import signal
import time

import pytest

from tests.pauses import Pauses, wait_until

linux = pytest.mark.skipif(not hasattr(signal, "SIGSTOP"), reason="needs signals that stop a process")


def test_a_turn_of_minutes_counts_a_second(monkeypatch: pytest.MonkeyPatch) -> None:
    clock, turns = [0.0], [0]
    monkeypatch.setattr(time, "monotonic", lambda: clock[0])

    def sleep() -> None:
        clock[0] += 200.0
        turns[0] += 1

    assert wait_until(lambda: turns[0] == 5, 6.0, sleep) == 5.0
    with pytest.raises(AssertionError, match="no such thing"):
        wait_until(lambda: False, 6.0, sleep, lambda: "no such thing")
    assert turns[0] == 11


def test_short_turns_count_what_they_take(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [0.0]
    monkeypatch.setattr(time, "monotonic", lambda: clock[0])

    def sleep() -> None:
        clock[0] += 0.25

    assert wait_until(lambda: clock[0] == 1.5, 2.0, sleep) == 1.5
    with pytest.raises(AssertionError, match="in vain"):
        wait_until(lambda: False, 2.0, sleep)
    assert clock[0] == 3.5


@linux
def test_a_pause_is_seen_as_soon_as_it_is_over() -> None:
    with Pauses() as pauses:
        before = time.monotonic()
        os.kill(pauses.process, signal.SIGSTOP)
        time.sleep(1.0)
        os.kill(pauses.process, signal.SIGCONT)
        after = time.monotonic()
        found = pauses.within(before, after)
        assert found > 0.8
        assert found + pauses.lived(before, after) == pytest.approx(after - before)
        assert pauses.within(before + 0.3, before + 0.6) == pytest.approx(0.3)
        assert pauses.within(before - 60, before - 10) == 0
        assert pauses.gaps([before - 3, before - 1, after + 1, after + 5]) == pytest.approx([2, 4])


def test_the_one_that_waits_ends_with_whom_it_waits_for() -> None:
    with Pauses() as pauses:
        process = pauses._watch
    assert process.returncode == 0
