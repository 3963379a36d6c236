"""Clocks that are wrong, set back or ambiguous: what three runs or windows in a row read from them."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, tzinfo
from pathlib import Path
from typing import Any

import pytest

_NOON = 1_790_000_000.0  # in September 2026
_AUTUMN = datetime.fromisoformat("2026-10-25T02:30:00+02:00").timestamp()  # half an hour before the hour comes again
_SPRING = datetime.fromisoformat("2026-03-29T01:59:30+01:00").timestamp()  # half a minute before an hour is left out

CLOCKS: dict[str, tuple[float, float, float]] = {
    "as it should": (_NOON, _NOON + 60, _NOON + 120),
    "standing still": (_NOON, _NOON, _NOON),
    "a day back": (_NOON, _NOON - 86_400, _NOON - 86_000),
    "a day forward and back": (_NOON, _NOON + 86_400, _NOON + 60),
    "the hour that comes twice": (_AUTUMN, _AUTUMN + 3000, _AUTUMN + 3600),
    "the hour that is left out": (_SPRING, _SPRING + 60, _SPRING + 120),
    "before all files": (_NOON, 0.0, 1.0),
    "behind all files": (2**33, _NOON, _NOON + 1),
}


@contextmanager
def reading(seconds: float, *modules: Any) -> Iterator[None]:
    """Inside, these modules' ``datetime.now`` and the program's `time.time` read so; in Berlin's time zone."""

    class Wrong(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
            return datetime.fromtimestamp(seconds, tz)

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TZ", "Europe/Berlin")
        time.tzset()
        patch.setattr(time, "time", lambda: seconds)
        for module in modules:
            patch.setattr(module, "datetime", Wrong)
        yield
    time.tzset()


def touched(folder: Path, seconds: float) -> None:
    """As if all its files had been written then."""
    for path in (folder, *folder.rglob("*")):
        os.utime(path, (seconds, seconds))
