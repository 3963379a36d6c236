"""What was saved is there after a kill and a power cut; what cannot be saved is told and harms nothing."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.project.power_cut import Recorder, files_in, states_after
from workbench.project import WriteError, append_lines, files, open_for_appending, sweep, sync, write_atomically

OLD, NEW = b"the old content", b"what is new, and longer than the old"


def recorded(monkeypatch: pytest.MonkeyPatch, save: Callable[[Recorder], None], **how: int) -> Recorder:
    recorder = Recorder(**how)
    with monkeypatch.context() as patch:
        patch.setattr(files, "os", recorder)
        save(recorder)
    return recorder


@pytest.mark.parametrize("old", [OLD, None], ids=["replaced", "new"])
def test_a_power_cut_leaves_the_old_file_or_the_new(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, old: bytes
) -> None:
    """R3, as the next four: nothing between the old content and the new, and the new once it was promised."""
    path = tmp_path / "project.json"
    if old is not None:
        path.write_bytes(old)
    before = files_in(tmp_path)

    def save(recorder: Recorder) -> None:
        write_atomically(path, NEW)
        recorder.mark("saved")

    operations = recorded(monkeypatch, save).operations
    states = [(promises, found.get(str(path))) for promises, found in states_after(before, operations)]
    assert {content for _, content in states} == {old, NEW}
    assert {content for promises, content in states if promises} == {NEW}


def _in_place(path: Path) -> None:
    handle = files.os.open(path, os.O_WRONLY | os.O_TRUNC)
    files.os.ftruncate(handle, 0)
    files.os.write(handle, NEW)
    files.os.fsync(handle)
    os.close(handle)


def _renamed_unflushed(path: Path) -> None:
    temporary = path.with_suffix(".new")
    handle = files.os.open(temporary, os.O_CREAT | os.O_WRONLY)
    files.os.write(handle, NEW)
    os.close(handle)
    files.os.replace(temporary, path)
    files.sync_folder(path.parent)


def _folder_unflushed(path: Path) -> None:
    temporary = path.with_suffix(".new")
    handle = files.os.open(temporary, os.O_CREAT | os.O_WRONLY)
    files.os.write(handle, NEW)
    files.os.fsync(handle)
    os.close(handle)
    files.os.replace(temporary, path)


@pytest.mark.parametrize("careless", [_in_place, _renamed_unflushed, _folder_unflushed])
def test_the_enumeration_finds_each_careless_way_of_writing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, careless: Callable[[Path], None]
) -> None:
    path = tmp_path / "project.json"
    path.write_bytes(OLD)
    before = files_in(tmp_path)

    def save(recorder: Recorder) -> None:
        careless(path)
        recorder.mark("saved")

    states = list(states_after(before, recorded(monkeypatch, save).operations))
    torn = [found for _, found in states if found.get(str(path)) not in (OLD, NEW)]
    lost = [found for promises, found in states if promises and found.get(str(path)) != NEW]
    assert torn or lost


@pytest.mark.parametrize("error", [errno.ENOSPC, errno.EIO, errno.EACCES])
def test_wherever_writing_fails_the_old_file_stays_and_the_message_tells_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: int
) -> None:
    path = tmp_path / "project.json"
    count = len(recorded(monkeypatch, lambda _: write_atomically(path, NEW)).operations)
    assert count >= 5  # create, write, flush, rename, flush the folder
    for fails in range(count):
        path.write_bytes(OLD)
        with pytest.raises(WriteError) as caught:
            recorded(monkeypatch, lambda _: write_atomically(path, NEW), fails=fails, error=error)
        assert caught.value.errno == error
        message = str(caught.value)
        assert all(part in message for part in (str(path), os.strerror(error), f"{len(NEW)} bytes needed", "are free"))
        # Where only the flush of the folder failed the new file is in place, but nobody was promised that it stays.
        assert path.read_bytes() == (OLD if fails < count - 1 else NEW)
        assert [entry.name for entry in tmp_path.iterdir()] == ["project.json"]


def test_lines_appended_before_a_power_cut_are_whole_or_at_the_torn_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "metrics.jsonl"
    lines = [f'{{"step": {step}}}'.encode() for step in range(6)]

    def save(recorder: Recorder) -> None:
        with open_for_appending(path) as file:
            append_lines(file, lines[:2])
            append_lines(file, lines[2:4])
            sync(file)
            recorder.mark("four lines")
            append_lines(file, lines[4:])

    for promises, found in states_after({}, recorded(monkeypatch, save).operations):
        whole = found.get(str(path), b"").split(b"\n")[:-1]
        # After the last flush a file system may have made room for lines and not written them yet: zeros.
        readable = [line for line in whole if b"\0" not in line]
        assert readable == lines[: len(readable)]
        assert len(readable) >= (4 if promises else 0)


def test_where_appending_fails_the_lines_can_be_given_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "metrics.jsonl"
    path.write_bytes(b"one\n")
    with open_for_appending(path) as file:

        def append(recorder: Recorder) -> None:
            recorder.follow(file)
            append_lines(file, [b"two", b"three"])

        with pytest.raises(WriteError, match=r"metrics\.jsonl: No space left.*\(10 bytes needed"):
            recorded(monkeypatch, append, fails=0, error=errno.ENOSPC)
        assert path.read_bytes() == b"one\n"
        append_lines(file, [b"two"])
    assert path.read_bytes() == b"one\ntwo\n"


@pytest.mark.skipif(sys.platform == "win32", reason="needs a limit on file size")
def test_a_disk_that_fills_up_in_the_midst_of_a_line_loses_none(tmp_path: Path) -> None:
    """A real limit: the system takes what still fits without an error, and refuses only the rest."""
    path = tmp_path / "metrics.jsonl"
    code = f"""
import resource, signal
from workbench.project import WriteError, append_lines, open_for_appending
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
with open_for_appending({str(path)!r}) as file:
    append_lines(file, [b"first"])
    resource.setrlimit(resource.RLIMIT_FSIZE, (10, resource.RLIM_INFINITY))
    try:
        append_lines(file, [b"second line"])
    except WriteError as error:
        print(error)
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    append_lines(file, [b"second line"])
"""
    told = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout
    assert "12 bytes needed" in told
    assert path.read_bytes() == b"first\nsecond line\n"


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_two_hundred_kills_leave_nothing_unreadable(tmp_path: Path) -> None:
    """R1: a child that saves as fast as it can is killed at random; every save it acknowledged is there, whole."""
    command = [sys.executable, "-m", "tests.project.killed_writers", "200", str(tmp_path)]
    subprocess.run(command, cwd=Path(__file__).parents[2], check=True)


def test_a_torn_last_line_is_ended_before_new_ones(tmp_path: Path) -> None:
    path = tmp_path / "metrics.jsonl"
    path.write_bytes(b'{"step": 1}\n{"st')
    with open_for_appending(path) as file:
        append_lines(file, [b'{"step": 2}'])
    assert path.read_bytes().split(b"\n") == [b'{"step": 1}', b'{"st', b'{"step": 2}', b""]


def test_a_link_is_followed_and_permissions_are_kept(tmp_path: Path) -> None:
    real, link = tmp_path / "real.json", tmp_path / "link.json"
    real.write_bytes(OLD)
    real.chmod(0o640)
    link.symlink_to(real)
    write_atomically(link, NEW)
    assert link.is_symlink()
    assert real.read_bytes() == NEW
    assert stat.S_IMODE(real.stat().st_mode) == 0o640


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
@pytest.mark.parametrize("place", ["", "missing/p.json", ".", "a\0b", "/dev/null", "fifo", "x" * 300])
def test_what_is_no_place_for_a_file_is_refused_and_left_alone(tmp_path: Path, place: str) -> None:
    os.mkfifo(tmp_path / "fifo")
    path = os.path.join(tmp_path, place)
    was = os.stat(path).st_mode if place in ("/dev/null", "fifo") else None
    with pytest.raises(WriteError, match="cannot write"):
        write_atomically(path, NEW)
    if was is not None:
        assert os.stat(path).st_mode == was
    assert [entry.name for entry in tmp_path.iterdir()] == ["fifo"]


def test_only_abandoned_files_of_our_own_are_swept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "film.partial").write_bytes(b"a download of somebody else's")

    def killed(recorder: Recorder) -> None:
        recorder.replace = recorder.unlink = _killed  # type: ignore[method-assign]
        with contextlib.suppress(KeyboardInterrupt):
            write_atomically(tmp_path / "project.json", NEW)

    recorded(monkeypatch, killed)
    assert len(list(tmp_path.iterdir())) == 2
    sweep(tmp_path)
    assert [entry.name for entry in tmp_path.iterdir()] == ["film.partial"]


def _killed(*arguments: object) -> None:
    raise KeyboardInterrupt
