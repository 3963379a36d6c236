"""What must be settled before torch is loaded: how many threads, how they wait for each other, and who keeps memory.

The OpenMP runtime reads its settings once. On quiet cores threads that spin are fastest; where another program keeps a
core busy two spinning threads can lose 95 % of the throughput (171 images a second against 4,500 measured), because
each waits, at full speed, for one that the system does not let run.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import sys
import time
from collections.abc import MutableMapping
from dataclasses import dataclass

_BUSY = 0.25
"""Share of a core that others use from which waiting must be passive."""

_SAMPLE_SECONDS = 0.2
"""A clock tick is 10 ms: in less, two ticks of whatever the system does would pass for another program."""

_LONGER_SECONDS = 0.3
"""Looked at before cores are left to others: what a program begins with is not worth a thread for hours."""

_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD, _M_ARENA_MAX = -1, -3, -8  # malloc.h


@dataclass(frozen=True, slots=True)
class Threads:
    """How many threads compute, whether they sleep while they wait, and how many cores others keep busy."""

    count: int
    passive: bool
    busy: float


_chosen: Threads | None = None
"""What this process has chosen last; None where the user has said how many threads compute."""


def prepare_for_torch(environment: MutableMapping[str, str] = os.environ) -> Threads:
    """Choose how many threads compute and set the environment, unless the user has; see to the memory of steps.

    Call before torch is imported: later it has no effect.
    """
    global _chosen
    _keep_what_steps_free()
    if "OMP_NUM_THREADS" in environment:
        # No second look: there is only left to be said how they wait.
        found = choose(_reachable(), cores(), busy_cores(_BEGAN))
    else:
        found = _chosen = _beside_others(_BEGAN)
        environment["OMP_NUM_THREADS"] = str(found.count)
    if found.passive:
        environment.setdefault("OMP_WAIT_POLICY", "PASSIVE")
        environment.setdefault("GOMP_SPINCOUNT", "0")
        environment.setdefault("KMP_BLOCKTIME", "0")
    return found


def choose_threads_anew() -> None:
    """Have torch compute with as many threads as fit beside what others do now, unless the user has said how many.

    For a training that begins long after the process did. Takes 0.2 s, half a second where others are at work.
    """
    global _chosen
    if _chosen is not None:
        import torch

        _chosen = _beside_others(Moment.now())
        torch.set_num_threads(_chosen.count)


def why_fewer_threads() -> str:
    """Why half of the cores or more are not used, in a sentence; '' where they are, or the user has said so."""
    if _chosen is None or _chosen.count > cores() / 2 or _chosen.count == cores():
        return ""
    threads = f"{_chosen.count} thread{'s' if _chosen.count > 1 else ''}"
    return (
        f"Training with {threads}: other programs keep {_chosen.busy:.1f} of {_reachable()} cores busy. "
        f"Set OMP_NUM_THREADS={cores()} before the start to use all cores."
    )


def choose(reachable: int, allowed: int, busy: float) -> Threads:
    """One thread for each core that others leave free, of those that can be reached, and no more than are allowed.

    Of LeNet-5's rate on two free cores, two threads kept 0.24 beside a process that keeps one core busy (0.40 where
    they sleep while they wait), and one thread 0.64; of ResNet-20's 0.33 (0.54) and 0.58.
    """
    free = int(reachable - busy + 0.5)
    return Threads(max(1, min(allowed, free)), busy > _BUSY, busy)


def _beside_others(since: Moment) -> Threads:
    busy = busy_cores(since)
    if choose(_reachable(), cores(), busy).count < cores():
        # What ends at once is no neighbour.
        busy = min(busy, busy_cores(seconds=_LONGER_SECONDS))
    return choose(_reachable(), cores(), busy)


def cores() -> int:
    """Cores that this process may use: its affinity, and its control group's quota where there is one."""
    count = _reachable()
    try:
        with open("/sys/fs/cgroup/cpu.max") as file:
            quota, period = file.read().split()
        return max(1, min(count, int(int(quota) / int(period) + 0.5)))
    except (OSError, ValueError):
        return count


def _reachable() -> int:
    """Cores on which this process may be put, of which a quota may allow it a part."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@dataclass(frozen=True, slots=True)
class Moment:
    """What its cores and this process have worked up to a moment; None ticks where the system does not tell."""

    ticks: int | None
    own_seconds: float
    at: float

    @staticmethod
    def now() -> Moment:
        return Moment(_busy_ticks(), time.process_time(), time.perf_counter())


def busy_cores(since: Moment | None = None, seconds: float = _SAMPLE_SECONDS) -> float:
    """How many of the cores that can be reached other processes keep busy now, or have since a moment; 0 where the
    system does not tell.

    Waits where less than ``seconds`` have gone by.
    """
    before = since or Moment.now()
    if before.ticks is None:
        return 0.0
    time.sleep(max(0.0, before.at + seconds - time.perf_counter()))
    after = Moment.now()
    if after.ticks is None:
        return 0.0
    others = (after.ticks - before.ticks) / os.sysconf("SC_CLK_TCK") - (after.own_seconds - before.own_seconds)
    return max(0.0, others) / (after.at - before.at)


def keep_memory_together() -> None:
    """Have all threads share two of the C library's heaps, where it has several. Call before there are threads.

    Each training has a thread of its own, and what one of them gives back to its heap no other would use: a window
    grew by 20 MB with each training.
    """
    _ask_c_library("mallopt", _M_ARENA_MAX, 1)


def give_back_memory() -> None:
    """Hand what is free to the system: after a training, whose steps need theirs again and again."""
    _ask_c_library("malloc_trim", 0)


def _keep_what_steps_free() -> None:
    """Have the C library keep what is freed, where it would hand every large block to the system at once.

    A step of ResNet-20 then takes 350 page faults instead of 14,000, and 13 % less time. The first setting alone would
    have blocks of 128 kB and more mapped anew each time.
    """
    _ask_c_library("mallopt", _M_TRIM_THRESHOLD, 2**31 - 1)
    _ask_c_library("mallopt", _M_MMAP_THRESHOLD, 32 * 2**20)  # the most that it takes


def _ask_c_library(function: str, *arguments: int) -> None:
    """Call one of glibc's functions of memory; nothing where there is another C library."""
    if sys.platform.startswith("linux"):
        with contextlib.suppress(OSError, AttributeError):
            getattr(ctypes.CDLL(None), function)(*arguments)


def _busy_ticks() -> int | None:
    """Clock ticks that the cores on which this process may be put have worked, or None where there is no /proc.

    Work that has been made to give way is not counted, unless this process has been too.
    """
    if not sys.platform.startswith("linux"):
        return None
    mine = {f"cpu{number}" for number in os.sched_getaffinity(0)}
    gives_way = os.nice(0) > 0
    worked = 0
    try:
        with open("/proc/stat") as file:
            for line in file:
                name, *ticks = line.split()
                if name in mine:
                    user, nice, system, _idle, _waiting, interrupts, soft = map(int, ticks[:7])
                    worked += user + nice * gives_way + system + interrupts + soft
    except (OSError, ValueError):
        return None
    return worked


_BEGAN = Moment.now()
"""When this module was loaded, which every way into the program does first."""
