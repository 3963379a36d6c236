"""S6: the whole suite stays on its machine. Whoever asks for another one is refused and found."""

from __future__ import annotations

import os
import sys

reached: list[str] = []
"""For what other machines this process has asked since the last test."""

_LOCAL = ("localhost", "::1", "", None)
_NAMES = ("socket.getaddrinfo", "socket.gethostbyname")
_ADDRESSES = ("socket.connect", "socket.sendto", "socket.sendmsg")


def watch() -> None:
    """From now on whoever asks is noted and gets an error, as on a machine without a network."""
    sys.addaudithook(_refuse)


def watch_a_child() -> None:
    """From now on whoever asks ends the process: what runs in a process of its own is no test that could fail."""
    sys.addaudithook(_end)


def _refuse(event: str, arguments: tuple[object, ...]) -> None:
    asked = _other_machine(event, arguments)
    if asked:
        reached.append(asked)
        raise OSError(f"tests stay on this machine: {asked}")


def _end(event: str, arguments: tuple[object, ...]) -> None:
    asked = _other_machine(event, arguments)
    if asked:
        os.write(2, f"a test has reached for the network: {asked}\n".encode())
        os._exit(97)


def _other_machine(event: str, arguments: tuple[object, ...]) -> str:
    """What was asked for, or '' where it is this machine or something else."""
    if event in _NAMES:
        host = arguments[0]
    elif event in _ADDRESSES and isinstance(arguments[1], tuple):  # others are paths of this machine's own sockets
        host = arguments[1][0]
    else:
        return ""
    host = host.decode() if isinstance(host, bytes) else host
    return "" if host in _LOCAL or str(host).startswith("127.") else f"{event} {host}"
