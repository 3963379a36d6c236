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

_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD, _M_ARENA_MAX = -1, -3, -8  # malloc.h


@dataclass(frozen=True, slots=True)
class Threads:
    """How many threads compute, and whether they sleep while they wait."""

    count: int
    passive: bool


def prepare_for_torch(environment: MutableMapping[str, str] = os.environ) -> Threads:
    """Choose how many threads compute and set the environment, unless the user has; see to the memory of steps.

    Call before torch is imported: later it has no effect.
    """
    _keep_what_steps_free()
    chosen = choose(cores(), busy_cores(_BEGAN))
    environment.setdefault("OMP_NUM_THREADS", str(chosen.count))
    if chosen.passive:
        environment.setdefault("OMP_WAIT_POLICY", "PASSIVE")
        environment.setdefault("GOMP_SPINCOUNT", "0")
        environment.setdefault("KMP_BLOCKTIME", "0")
    return chosen


def choose(available: int, busy: float) -> Threads:
    """All cores; where others are at work the threads sleep while they wait."""
    return Threads(max(1, available), busy > _BUSY)


def cores() -> int:
    """Cores that this process may use: its affinity, and its control group's quota where there is one."""
    count = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    try:
        with open("/sys/fs/cgroup/cpu.max") as file:
            quota, period = file.read().split()
        return max(1, min(count, int(int(quota) / int(period) + 0.5)))
    except (OSError, ValueError):
        return count


@dataclass(frozen=True, slots=True)
class Moment:
    """What all cores and this process have worked up to a moment; None ticks where the system does not tell."""

    ticks: int | None
    own_seconds: float
    at: float

    @staticmethod
    def now() -> Moment:
        return Moment(_busy_ticks(), time.process_time(), time.perf_counter())


def busy_cores(since: Moment | None = None, seconds: float = _SAMPLE_SECONDS) -> float:
    """How many cores other processes keep busy now, or have since a moment; 0 where the system does not tell.

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
    """Clock ticks that all cores have worked since the start, or None where there is no /proc."""
    if not sys.platform.startswith("linux"):
        return None
    try:
        with open("/proc/stat") as file:
            user, nice, system, _idle, _waiting, interrupts, soft, *_ = map(int, file.readline().split()[1:9])
    except (OSError, ValueError):
        return None
    return user + nice + system + interrupts + soft


_BEGAN = Moment.now()
"""When this module was loaded, which every way into the program does first."""
