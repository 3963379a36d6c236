"""A run's epochs, kept to be looked at again: written one by one while it trains, read in any order."""

from __future__ import annotations

import contextlib
import hashlib
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from workbench.inspection import ChosenPicture, EpochRecord, KeptHealth
from workbench.project import make_folders, write_atomically
from workbench.runs import layout
from workbench.runs.epoch_file import encode_picture, encode_record, read_health, read_picture, read_record
from workbench.runs.layout import RunError
from workbench.training import Recorded

_RECORD = re.compile(r"(\d{6,})\.safetensors")
_EPOCH = b'{"event": "epoch"'
_NUMBER = re.compile(rb'\{"event": "epoch", "epoch": (\d+)')


def keep_epoch(event: Recorded, directory: Path) -> None:
    """Write an epoch's record into a run's directory, and its picture where that is not there yet. Raises
    `WriteError`."""
    folder = directory / layout.EPOCHS
    make_folders(folder)
    content = encode_picture(event.picture)
    picture = f"picture-{hashlib.sha256(content).hexdigest()[:16]}.safetensors"
    if not (folder / picture).exists():
        write_atomically(folder / picture, content)
    write_atomically(_path(directory, event.epoch), encode_record(event.record, picture))


def drop_epochs(directory: Path, first: int) -> None:
    """Forget the epochs from ``first`` on: a run that goes on from before them makes them anew."""
    for epoch in Reel(directory).epochs:
        if epoch >= first:
            _path(directory, epoch).unlink(missing_ok=True)


@dataclass(frozen=True, slots=True)
class Reel:
    """The records of a run's directory, as it is when they are asked for."""

    directory: Path

    @property
    def epochs(self) -> list[int]:
        """The epochs that were recorded, in order; none of a run that recorded none."""
        try:
            names = [path.name for path in (self.directory / layout.EPOCHS).iterdir()]
        except OSError:
            return []
        return sorted(int(found[1]) for name in names if (found := _RECORD.fullmatch(name)))

    def record(self, epoch: int) -> EpochRecord:
        """Raises `RunError` where that epoch was not recorded, or cannot be read."""
        return read_record(_path(self.directory, epoch))[0]

    def health(self) -> list[KeptHealth]:
        """How the layers fared in each epoch in which it was measured, in order. What cannot be read is left out."""
        found = []
        for epoch in self.epochs:
            with contextlib.suppress(RunError):
                if (health := read_health(_path(self.directory, epoch))) is not None:
                    found.append(health)
        return found

    def picture(self, epoch: int) -> ChosenPicture:
        """The picture that was looked at in that epoch. Raises `RunError`."""
        name = read_record(_path(self.directory, epoch))[1]
        if Path(name).name != name:
            raise RunError(f"{_path(self.directory, epoch)} names a picture outside of its folder")
        return read_picture(self.directory / layout.EPOCHS / name)

    def figures(self, epoch: int) -> dict[str, Any]:
        """That epoch's line of the metrics; empty where there is none. Steps, which are many, are not read."""
        found: dict[str, Any] = {}
        with contextlib.suppress(OSError), (self.directory / layout.METRICS).open("rb") as lines:
            for line in lines:
                if line.startswith(_EPOCH) and (number := _NUMBER.match(line)) and int(number[1]) == epoch:
                    # The last one holds: a run that went on from before it measured it anew.
                    with contextlib.suppress(ValueError, RecursionError):
                        found = json.loads(line)
        return found


def _path(directory: Path, epoch: int) -> Path:
    return directory / layout.EPOCHS / f"{epoch:06d}.safetensors"
