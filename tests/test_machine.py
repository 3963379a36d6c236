"""How many threads compute is chosen beside what other programs do, and said."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import torch

from workbench import machine


@contextmanager
def busy_neighbour() -> Iterator[None]:
    """Another program that keeps a core busy, begun and at work."""
    code = "print(flush=True)\nwhile True: pass"
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        try:
            yield
        finally:
            process.kill()


@pytest.mark.parametrize(
    ("reachable", "allowed", "busy", "count", "passive"),
    [
        (2, 2, 0.0, 2, False),
        (2, 2, 0.3, 2, True),
        (2, 2, 1.0, 1, True),
        (2, 2, 2.0, 1, True),
        (1, 1, 1.0, 1, True),
        (16, 16, 1.1, 15, True),
        (64, 2, 40.0, 2, True),  # a container's quota on a machine that others use too
        (64, 2, 63.6, 1, True),
    ],
)
def test_cores_that_others_keep_busy_are_left_to_them(
    reachable: int, allowed: int, busy: float, count: int, passive: bool
) -> None:
    assert machine.choose(reachable, allowed, busy) == machine.Threads(count, passive, busy)


def test_what_the_user_has_said_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "_chosen", None)
    environment = {"OMP_NUM_THREADS": "7"}
    machine.prepare_for_torch(environment)
    assert environment["OMP_NUM_THREADS"] == "7"
    before = torch.get_num_threads()
    machine.choose_threads_anew()
    assert torch.get_num_threads() == before
    assert machine.why_fewer_threads() == ""
    machine.prepare_for_torch(environment := {})
    assert int(environment["OMP_NUM_THREADS"]) >= 1


@pytest.mark.skipif(machine._busy_ticks() is None or machine.cores() < 2, reason="two cores, and a system that tells")
def test_a_program_beside_another_leaves_it_a_core() -> None:
    code = "from workbench.machine import *; import os; prepare_for_torch(); print(os.environ['OMP_NUM_THREADS'])"
    unsaid = {name: value for name, value in os.environ.items() if name != "OMP_NUM_THREADS"}
    with busy_neighbour():
        done = subprocess.run([sys.executable, "-c", code], env=unsaid, check=True, capture_output=True, text=True)
    assert int(done.stdout) < machine.cores()


@pytest.mark.skipif(machine._busy_ticks() is None, reason="the system does not tell")
def test_what_gives_way_is_no_neighbour(monkeypatch: pytest.MonkeyPatch) -> None:
    before = os.sched_getaffinity(0)
    lines = [f"cpu{core} 100 7000 10 500 9 1 2 0 0 0\n" for core in before]
    monkeypatch.setattr(machine, "open", lambda *_: io.StringIO("".join(lines)), raising=False)
    monkeypatch.setattr(os, "nice", lambda _: 0)
    assert machine._busy_ticks() == 113 * len(lines)
    monkeypatch.setattr(os, "nice", lambda _: 5)
    assert machine._busy_ticks() == 7113 * len(lines)
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {min(before)}, raising=False)
    assert machine._busy_ticks() == 7113


@pytest.mark.skipif(machine._busy_ticks() is None or machine.cores() < 2, reason="two cores, and a system that tells")
def test_a_training_of_the_window_leaves_others_a_core_that_came_later(monkeypatch: pytest.MonkeyPatch) -> None:
    before = torch.get_num_threads()
    monkeypatch.setattr(machine, "_chosen", machine.Threads(before, False, 0.0))
    try:
        torch.set_num_threads(machine.cores())
        with busy_neighbour():
            machine.choose_threads_anew()
        assert torch.get_num_threads() < machine.cores()
    finally:
        torch.set_num_threads(before)


def test_why_cores_are_left_alone_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "cores", lambda: 2)
    monkeypatch.setattr(machine, "_reachable", lambda: 2)
    monkeypatch.setattr(machine, "_chosen", machine.choose(2, 2, 1.0))
    assert machine.why_fewer_threads() == (
        "Training with 1 thread: other programs keep 1.0 of 2 cores busy. "
        "Set OMP_NUM_THREADS=2 before the start to use all cores."
    )
    monkeypatch.setattr(machine, "_chosen", machine.choose(2, 2, 0.0))
    assert machine.why_fewer_threads() == ""
