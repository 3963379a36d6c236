"""What all soak scripts are: one case after another, each with a seed and a folder of its own, and a line at the end.

    python -m tests.soak.NAME [SIZE] [SEED]

The cases are those of the tests, only more of them. The first one that breaks a promise ends the script with status 1
and names the seed, with which SIZE 1 repeats it. Ctrl+C ends it behind the
case at hand, with the figures so far; a second one ends it at once.
"""

from __future__ import annotations

import faulthandler
import random
import signal
import sys
import tempfile
import threading
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import cycle, islice
from pathlib import Path
from types import FrameType
from typing import TypeVar

from tests.pauses import Pauses

T = TypeVar("T")

_SILENCE_SECONDS = 60.0


def asked(size: int) -> tuple[int, int]:
    """How many cases and from which seed on, as the command line says."""
    try:
        given = [int(word.replace(",", "").replace("_", "")) for word in sys.argv[1:]]
    except ValueError:  # --help, among others
        what = sys.modules["__main__"].__doc__
        raise SystemExit(f"{what}\nusage: python -m tests.soak.NAME [SIZE] [SEED], SIZE cases from SEED on") from None
    return (given[0] if given else size), (given[1] if len(given) > 1 else 0)


def repeat(
    what: str,
    size: int,
    once: Callable[[random.Random, Path], T],
    told: Callable[[list[T]], str] = lambda results: "",
) -> None:
    """Do it as often as asked, ``size`` times where nothing is; ``told`` makes a few words of all results."""
    if not faulthandler.is_enabled():
        faulthandler.enable()
    count, first = asked(size)
    began = said = time.monotonic()
    results: list[T] = []
    with Pauses() as pauses, _interrupted() as interrupted:
        for seed in range(first, first + count):
            # The name tells the seed where a process ends so suddenly that nothing else can.
            with tempfile.TemporaryDirectory(prefix=f"seed-{seed}-") as folder:
                try:
                    results.append(once(random.Random(seed), Path(folder)))
                except KeyboardInterrupt:
                    raise
                except BaseException as error:
                    traceback.print_exc()
                    raise SystemExit(
                        f"{what}: broken at seed {seed} after {len(results):,} ({type(error).__name__})"
                    ) from None
            if interrupted.is_set():
                break
            if time.monotonic() - said > _SILENCE_SECONDS:
                said = time.monotonic()
                print(f"{what}: {len(results):,} of {count:,}", flush=True)
        took = _seconds(pauses, began)
    print(f"{what}: {_so_many(len(results), count)} from seed {first}, none broken{_behind(told(results))}; {took}")


@contextmanager
def _interrupted() -> Iterator[threading.Event]:
    """Set by the first Ctrl+C, which ends no case in its midst: an exception there could end Qt's process as well."""
    interrupted = threading.Event()

    def note(number: int, frame: FrameType | None) -> None:
        interrupted.set()
        signal.signal(signal.SIGINT, before)

    before = signal.getsignal(signal.SIGINT)
    if before is not signal.SIG_IGN:  # as where a shell has begun it in the background
        signal.signal(signal.SIGINT, note)
    try:
        yield interrupted
    finally:
        signal.signal(signal.SIGINT, before)


def in_turn(cases: Sequence[T]) -> Iterator[T]:
    """One case for each seed, round and round: a seed names the same one whichever was the first."""
    return islice(cycle(cases), asked(0)[1] % len(cases), None)


def percentile(values: list[float], share: float) -> float:
    """The value below which this share of them lies; 0 where there are none."""
    return sorted(values)[min(len(values) - 1, int(share * len(values)))] if values else 0.0


def _so_many(done: int, count: int) -> str:
    return f"{done:,}" + (f" of {count:,}, then interrupted," if done < count else "")


def _seconds(pauses: Pauses, began: float) -> str:
    now = time.monotonic()
    paused = pauses.within(began, now)
    waited = f" and {paused:.0f} s in which the system let it wait" if paused else ""
    return f"{pauses.lived(began, now):.0f} s{waited}"


def _behind(words: str) -> str:
    return f"; {words}" if words else ""
