"""Processes that save as fast as they can, killed at random.

python -m tests.project.killed_writers COUNT FOLDER     from a small process, whose copies are there at once
"""

from __future__ import annotations

import os
import random
import signal
import sys
from pathlib import Path

from workbench.project import files


def kill_writers(count: int, folder: Path, chance: random.Random) -> None:
    """R1: one after another; every save that one acknowledged is there, whole, and every line that it appended."""
    path, log = folder / "state", folder / "log"
    highest = 0
    for _ in range(count):
        saved = _kill_one(path, log, highest, chance.randint(1, 4))
        content = path.read_bytes()
        found = int(content[: len(content) // 5000])
        assert content == str(found).encode() * 5000
        assert found >= saved
        lines = [int(line) for line in log.read_bytes().split(b"\n")[:-1]]
        assert saved in lines[-3:]
        highest = found
    files.sweep(folder)
    assert sorted(entry.name for entry in folder.iterdir()) == ["log", "state"]


def _kill_one(path: Path, log: Path, number: int, saves: int) -> int:
    """Let one begin behind a number, and kill it some saves later; the last number that it acknowledged."""
    read_end, write_end = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(read_end)
        _save_for_ever(path, log, number, write_end)
    os.close(write_end)
    acknowledged = b""
    while acknowledged.count(b"\n") < saves:
        acknowledged += os.read(read_end, 100)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    while rest := os.read(read_end, 1000):
        acknowledged += rest
    os.close(read_end)
    return int(acknowledged.split()[-1])


def _save_for_ever(path: Path, log: Path, number: int, told: int) -> None:
    with files.open_for_appending(log) as file:
        while True:
            number += 1
            files.write_atomically(path, str(number).encode() * 5000)
            files.append_lines(file, [str(number).encode()])
            os.write(told, b"%d\n" % number)


if __name__ == "__main__":
    kill_writers(int(sys.argv[1]), Path(sys.argv[2]), random.Random(3))
