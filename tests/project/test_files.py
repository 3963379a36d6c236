"""R3: whatever moment the power goes, a file is the old one or the new one, and appended lines are whole."""

from __future__ import annotations

import os
import random
import signal
from pathlib import Path
from typing import Any

import pytest

from workbench.project import files


class Disk:
    """Records what is asked of the disk, and tells every state that a power cut could leave."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.operations: list[tuple[Any, ...]] = []
        real_open, real_fsync, real_replace = open, os.fsync, os.replace
        names: dict[int, str] = {}

        def recording_open(path: Any, mode: str = "r", *arguments: Any, **named: Any) -> Any:
            file = real_open(path, mode, *arguments, **named)
            names[file.fileno()] = str(path)
            if "w" in mode:
                self.operations.append(("create", str(path)))
                write = file.write

                class Recorded:
                    def __enter__(self) -> Any:
                        return self

                    def __exit__(self, *_: object) -> None:
                        file.close()

                    def write(inner, content: bytes) -> int:
                        self.operations.append(("write", str(path), bytes(content)))
                        return write(content)

                    def flush(self) -> None:
                        file.flush()

                    def fileno(self) -> int:
                        return file.fileno()

                return Recorded()
            return file

        def recording_fsync(handle: int) -> None:
            self.operations.append(("sync", names.get(handle, "folder")))
            real_fsync(handle)

        def recording_replace(source: Any, target: Any) -> None:
            self.operations.append(("rename", str(source), str(target)))
            real_replace(source, target)

        monkeypatch.setattr(files, "open", recording_open, raising=False)
        monkeypatch.setattr(files.os, "fsync", recording_fsync)
        monkeypatch.setattr(files.os, "replace", recording_replace)

    def crash_states(self, before: dict[str, bytes]) -> list[dict[str, bytes]]:
        """Every content of the folder after a cut behind each operation: unsynced bytes may be there, in part or not.

        A rename that no sync of the folder followed may or may not have happened.
        """
        states = []
        for cut in range(len(self.operations) + 1):
            for kept in (0.0, 0.5, 1.0):
                for renamed in (False, True):
                    states.append(self._state(before, self.operations[:cut], kept, renamed))
        return states

    def _state(
        self, before: dict[str, bytes], operations: list[tuple[Any, ...]], kept: float, renamed: bool
    ) -> dict[str, bytes]:
        folder, unsynced = dict(before), dict.fromkeys(before, b"")
        pending: list[tuple[str, str]] = []
        for operation in operations:
            match operation:
                case ("create", path):
                    folder[path], unsynced[path] = b"", b""
                case ("write", path, content):
                    unsynced[path] += content
                case ("sync", "folder"):
                    for source, target in pending:
                        folder[target] = folder.pop(source)
                        unsynced[target] = unsynced.pop(source)
                    pending = []
                case ("sync", path):
                    folder[path] += unsynced[path]
                    unsynced[path] = b""
                case ("rename", source, target):
                    pending.append((source, target))
        for path, content in unsynced.items():
            folder[path] = folder.get(path, b"") + content[: int(len(content) * kept)]
        if renamed:
            for source, target in pending:
                folder[target] = folder.pop(source)
        return folder


def test_every_crash_leaves_the_old_file_or_the_new(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "project.json"
    old, new = b"old" * 100, b"new" * 1000
    path.write_bytes(old)
    disk = Disk(monkeypatch)
    files.write_atomically(path, new)
    assert [operation[0] for operation in disk.operations] == ["create", "write", "sync", "rename", "sync"]
    states = disk.crash_states({str(path): old})
    assert {state[str(path)] for state in states} == {old, new}
    assert states[-1][str(path)] == new


def test_without_the_sync_a_crash_would_tear_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The check above can fail: leave out the first sync, and a torn file is among the states."""
    path = tmp_path / "project.json"
    disk = Disk(monkeypatch)
    files.write_atomically(path, b"new" * 1000)
    disk.operations = [o for o in disk.operations if not (o[0] == "sync" and o[1] != "folder")]
    assert any(0 < len(state.get(str(path), b"")) < 3000 for state in disk.crash_states({}))


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_two_hundred_kills_leave_nothing_unreadable(tmp_path: Path) -> None:
    """R1: a child that saves as fast as it can is killed at random; every save it acknowledged is there, whole."""
    path, log = tmp_path / "state", tmp_path / "log"
    chance = random.Random(3)
    highest = 0
    for _ in range(200):
        read_end, write_end = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(read_end)
            number = highest
            with files.open_for_appending(log) as file:
                while True:
                    number += 1
                    files.write_atomically(path, str(number).encode() * 5000)
                    files.append_lines(file, [str(number).encode()])
                    os.write(write_end, b"%d\n" % number)
        os.close(write_end)
        acknowledged = b""
        while acknowledged.count(b"\n") < chance.randint(1, 4):
            acknowledged += os.read(read_end, 100)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        while rest := os.read(read_end, 1000):
            acknowledged += rest
        os.close(read_end)
        saved = int(acknowledged.split()[-1])
        content = path.read_bytes()
        found = int(content[: len(content) // 5000])
        assert content == str(found).encode() * 5000
        assert found >= saved
        lines = [int(line) for line in log.read_bytes().split(b"\n")[:-1]]
        assert saved in lines[-3:]
        highest = found
    files.sweep(tmp_path)
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["log", "state"]


def test_a_torn_line_is_ended_before_new_ones(tmp_path: Path) -> None:
    path = tmp_path / "log"
    path.write_bytes(b"whole\nto")
    with files.open_for_appending(path) as file:
        files.append_lines(file, [b"next"])
    assert path.read_bytes() == b"whole\nto\nnext\n"


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(files.WriteError, match="gone"):
        files.write_atomically(tmp_path / "gone" / "file", b"x")
