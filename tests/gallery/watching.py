"""Knows what a process does while it reads a file, from Python's own audit events."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

RUNS = (
    "exec", "compile", "import", "pickle.find_class", "marshal.loads", "code.__new__", "os.system", "os.exec",
    "os.fork", "os.forkpty", "os.posix_spawn", "os.spawn", "os.startfile", "subprocess.Popen", "pty.spawn",
    "ctypes.dlopen", "socket.connect", "socket.bind", "socket.getaddrinfo", "urllib.Request", "webbrowser.open",
)  # fmt: skip
"""Whatever would mean that a file had code run, or someone asked over the network."""

_watchers: list[tuple[frozenset[str], list[str]]] = []
_is_hooked: list[bool] = []


@contextmanager
def watched(*events: str) -> Iterator[list[str]]:
    """Inside, events of these kinds are noted; those of `RUNS` where none are given. Gives the notes."""
    if not _is_hooked:  # one that is added stays for the process's life
        sys.addaudithook(_hook)
        _is_hooked.append(True)
    seen: list[str] = []
    watcher = (frozenset(events or RUNS), seen)
    _watchers.append(watcher)
    try:
        yield seen
    finally:
        _watchers.remove(watcher)


def _hook(event: str, arguments: tuple[object, ...]) -> None:
    for events, seen in _watchers:
        if event in events:
            seen.append(f"{event} {arguments}"[:200])
