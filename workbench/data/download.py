"""Files of known sources: where they lie, and how they get there."""

from __future__ import annotations

import hashlib
import http.client
import os
import queue
import shutil
import threading
import urllib.request
from collections.abc import Generator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from workbench.data.archive import ArchiveError, unpack
from workbench.data.collection import Progress
from workbench.data.dataset import DataError

_Sum = Any  # hashlib's objects have no public type
_BLOCK = 1 << 16
_PATIENCE = 30.0  # seconds without a byte
_GLANCE_SECONDS = 0.1
_READ_AHEAD = 64  # blocks


@dataclass(frozen=True, slots=True)
class Download:
    """A file of a source: addresses to try, MD5 of its bytes, and the folder below the data root.

    ``unpacks_to`` is the most bytes that an archive may unpack to; 0 for what is no archive. Where the beginning of the
    ``sha256`` is given it is checked in place of the MD5.
    """

    urls: tuple[str, ...]
    md5: str
    folder: str
    unpacks_to: int = 0
    sha256: str = ""

    @property
    def name(self) -> str:
        return self.urls[0].rsplit("/", 1)[1]

    def digest(self) -> _Sum:
        """A new sum of what its checksum is of."""
        return hashlib.sha256() if self.sha256 else hashlib.md5(usedforsecurity=False)

    def is_right(self, digest: _Sum) -> bool:
        """Whether the bytes summed up are those of this file."""
        return digest.hexdigest().startswith(self.sha256) if self.sha256 else digest.hexdigest() == self.md5


def data_root() -> Path:
    """Where sources are kept: ``$WORKBENCH_DATA``, or a folder among the user's application data."""
    if given := os.environ.get("WORKBENCH_DATA"):
        return Path(given).expanduser()
    from platformdirs import user_data_path

    return user_data_path("cnn-workbench", appauthor=False) / "datasets"


def bring(source: str, download: Download, root: Path, progress: Progress) -> None:
    """Have the file below the root, checked and, if an archive, unpacked. Raises `DataError`.

    ``progress`` is called a few times a second, also while nothing comes, and cancels by raising.
    """
    folder = root / download.folder
    target = folder / download.name
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if not (target.is_file() and download.is_right(_summed(target, download.digest(), progress))):
            _load(source, download, target, progress)
        if download.unpacks_to:
            unpack(target, folder, download.unpacks_to, progress)
    except ArchiveError as error:
        raise DataError(f"{source}: {error}; delete {target} and try again") from None
    except OSError as error:
        raise DataError(f"{source}: {folder} cannot be written ({error.strerror or error})") from None


def _load(source: str, download: Download, target: Path, progress: Progress) -> None:
    reasons = []
    for url in download.urls:
        try:
            return _load_from(url, download, target, progress)
        except (OSError, http.client.HTTPException, _WrongBytes) as error:
            reasons.append(str(getattr(error, "reason", error)) or type(error).__name__)
    raise DataError(
        f"{source} could not be downloaded ({'; '.join(reasons)}): connect to the network, or put {download.name} "
        f"from {download.urls[0]} into {target.parent}"
    )


class _WrongBytes(Exception):
    pass


def _load_from(url: str, download: Download, target: Path, progress: Progress) -> None:
    """Load into a file beside the target, which takes its name only when every byte is right."""
    part = target.with_name(f"{target.name}.{os.getpid()}.part")
    digest = download.digest()
    try:
        with closing(_Transfer(url).blocks(progress)) as blocks, part.open("wb") as file:
            total, done = next(blocks), 0
            assert isinstance(total, int)
            free = shutil.disk_usage(target.parent).free
            if total > free:
                raise _WrongBytes(f"it takes {total / 1e6:.0f} MB and {free / 1e6:.0f} MB are free")
            for block in blocks:
                assert isinstance(block, bytes)
                file.write(block)
                digest.update(block)
                done += len(block)
                progress(f"downloading {download.name}", done, total)
            file.flush()
            os.fsync(file.fileno())
        if not download.is_right(digest):
            raise _WrongBytes(f"what {url} gave has the wrong checksum")
        os.replace(part, target)
    finally:
        part.unlink(missing_ok=True)


class _Transfer:
    """Reads from the network in a thread of its own.

    A connection that is being made, or that is silent, cannot be interrupted; whoever waits for it can.
    """

    def __init__(self, url: str):
        self._url = url
        self._unwanted = False
        self._came: queue.Queue[int | bytes | Exception | None] = queue.Queue(_READ_AHEAD)

    def blocks(self, progress: Progress) -> Generator[int | bytes]:
        """The length, 0 where it is not told, then the content block by block. Raises what the connection raised."""
        progress(f"connecting to {urlsplit(self._url).hostname}", 0, 0)
        threading.Thread(target=self._read, name="download", daemon=True).start()
        try:
            while True:
                try:
                    came = self._came.get(timeout=_GLANCE_SECONDS)
                except queue.Empty:
                    progress(f"waiting for {urlsplit(self._url).hostname}", 0, 0)
                    continue
                if came is None:
                    return
                if isinstance(came, Exception):
                    raise came
                yield came
        finally:
            self._unwanted = True

    def _read(self) -> None:
        request = urllib.request.Request(self._url, headers={"User-Agent": "cnn-workbench"})
        try:
            with urllib.request.urlopen(request, timeout=_PATIENCE) as response:
                self._put(int(response.headers.get("Content-Length") or 0))
                while block := response.read(_BLOCK):
                    if not self._put(block):
                        return
            self._put(None)
        except Exception as error:
            self._put(error)

    def _put(self, what: int | bytes | Exception | None) -> bool:
        """Hand it over; false where nobody waits for it any more."""
        while not self._unwanted:
            try:
                self._came.put(what, timeout=_GLANCE_SECONDS)
                return True
            except queue.Full:
                continue
        return False


def md5_of(path: Path, progress: Progress | None = None) -> str:
    return _summed(path, hashlib.md5(usedforsecurity=False), progress).hexdigest()


def _summed(path: Path, digest: _Sum, progress: Progress | None = None) -> _Sum:
    size, done = path.stat().st_size, 0
    with path.open("rb") as file:
        while block := file.read(_BLOCK * 16):
            digest.update(block)
            done += len(block)
            if progress:
                progress(f"checking {path.name}", done, size)
    return digest
