"""The watch over the network sees whoever asks for another machine, and nobody else."""

from __future__ import annotations

import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests import offline

ROOT = Path(__file__).parents[1]


def test_who_asks_for_another_machine_is_refused_and_found() -> None:
    with pytest.raises(OSError, match="stay on this machine"):
        socket.create_connection(("example.com", 80))
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one, pytest.raises(OSError, match="stay on this machine"):
        one.sendto(b"", ("192.0.2.1", 9))
    assert offline.reached == ["socket.getaddrinfo example.com", "socket.sendto 192.0.2.1"]
    offline.reached.clear()


def test_this_machine_may_be_asked() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()):
        port = server.getsockname()[1]
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("localhost", port))


def test_a_child_that_asks_is_ended() -> None:
    code = """
import socket
from tests import offline
offline.watch_a_child()
try:
    socket.create_connection(("example.com", 80))
except OSError:
    pass
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (
        97,
        "a test has reached for the network: socket.getaddrinfo example.com\n",
    )
