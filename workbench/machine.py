"""What must be known of the machine before torch is loaded: how many threads, and how they wait for each other.

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

_SAMPLE_SECONDS = 0.05

_M_ARENA_MAX = -8  # malloc.h


@dataclass(frozen=True, slots=True)
class Threads:
    """How many threads compute, and whether they sleep while they wait."""

    count: int
    passive: bool


def prepare_threads(environment: MutableMapping[str, str] = os.environ) -> Threads:
    """Choose and set the environment, unless the user has. Call before torch is imported: later it has no effect."""
    chosen = choose(cores(), busy_cores())
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


def busy_cores(seconds: float = _SAMPLE_SECONDS) -> float:
    """How many cores other processes keep busy now; 0 where the system does not tell."""
    before = _busy_ticks()
    if before is None:
        return 0.0
    own_before, began = time.process_time(), time.perf_counter()
    time.sleep(seconds)
    after = _busy_ticks()
    elapsed = time.perf_counter() - began
    if after is None:
        return 0.0
    own = time.process_time() - own_before
    return max(0.0, (after - before) / os.sysconf("SC_CLK_TCK") - own) / elapsed


def keep_memory_together() -> None:
    """Have all threads share two of the C library's heaps, where it has several. Call before there are threads.

    Each training has a thread of its own, and what one of them gives back to its heap no other would use: a window
    grew by 20 MB with each training.
    """
    if sys.platform.startswith("linux"):
        with contextlib.suppress(OSError, AttributeError):
            ctypes.CDLL(None).mallopt(_M_ARENA_MAX, 2)


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
