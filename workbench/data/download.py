"""Files of known sources: where they lie, and how they get there."""

from __future__ import annotations

import hashlib
import http.client
import os
import shutil
import urllib.request
from dataclasses import dataclass
from pathlib import Path

from workbench.data.archive import ArchiveError, unpack
from workbench.data.collection import Progress
from workbench.data.dataset import DataError

_BLOCK = 1 << 16
_PATIENCE = 30.0  # seconds without a byte


@dataclass(frozen=True, slots=True)
class Download:
    """A file of a source: addresses to try, MD5 of its bytes, and the folder below the data root.

    ``unpacks_to`` is the most bytes that an archive may unpack to; 0 for what is no archive.
    """

    urls: tuple[str, ...]
    md5: str
    folder: str
    unpacks_to: int = 0

    @property
    def name(self) -> str:
        return self.urls[0].rsplit("/", 1)[1]


def data_root() -> Path:
    """Where sources are kept: ``$WORKBENCH_DATA``, or a folder among the user's application data."""
    if given := os.environ.get("WORKBENCH_DATA"):
        return Path(given).expanduser()
    from platformdirs import user_data_path

    return user_data_path("cnn-workbench", appauthor=False) / "datasets"


def bring(source: str, download: Download, root: Path, progress: Progress) -> None:
    """Have the file below the root, checked and, if an archive, unpacked. Raises `DataError`."""
    folder = root / download.folder
    target = folder / download.name
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if not (target.is_file() and md5_of(target) == download.md5):
            _load(source, download, target, progress)
        if download.unpacks_to:
            progress(f"unpacking {download.name}", 0, 0)
            unpack(target, folder, download.unpacks_to)
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
    request = urllib.request.Request(url, headers={"User-Agent": "cnn-workbench"})
    digest = hashlib.md5(usedforsecurity=False)
    try:
        with urllib.request.urlopen(request, timeout=_PATIENCE) as response, part.open("wb") as file:
            total = int(response.headers.get("Content-Length") or 0)
            free = shutil.disk_usage(target.parent).free
            if total > free:
                raise _WrongBytes(f"it takes {total / 1e6:.0f} MB and {free / 1e6:.0f} MB are free")
            done = 0
            while block := response.read(_BLOCK):
                file.write(block)
                digest.update(block)
                done += len(block)
                progress(f"downloading {download.name}", done, total)
            file.flush()
            os.fsync(file.fileno())
        if digest.hexdigest() != download.md5:
            raise _WrongBytes(f"what {url} gave has the wrong checksum")
        os.replace(part, target)
    finally:
        part.unlink(missing_ok=True)


def md5_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()
