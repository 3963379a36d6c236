"""R4 on real disks: one of 60 MB that fills up in the midst of a training, and one that is taken away (100 asked for).

Needs root, to mount them. The training pauses, goes on once there is room again or the disk is back, and ends with the
bits of one that nothing disturbed.
"""

from __future__ import annotations

import os
import random
import subprocess
from dataclasses import replace
from pathlib import Path

from tests.runs.trainings import assert_same, finish, random_project
from tests.soak.repeating import repeat
from workbench.project import WriteError
from workbench.runs import layout, resume, start
from workbench.training import Step, Warning

_DISK = 60_000_000


def disturb(chance: random.Random, folder: Path) -> str:
    """Gives what was said, or '' where the disk was never missed."""
    project = random_project(chance)
    project = replace(project, recipe=project.recipe.changed(epochs=6))
    finish(start(project, folder / "whole"))
    mount, store = folder / "disk", folder / "store"
    mount.mkdir()
    store.mkdir()
    _mount("-t", "tmpfs", "-o", f"size={_DISK}", "none", str(store))
    _mount("--bind", str(store), str(mount))
    try:
        fills = chance.random() < 0.5
        said = _train(project, mount, store, fills, chance.randint(1, 20))
        assert_same(mount / "run", folder / "whole")
    finally:
        subprocess.run(["umount", "-l", str(mount)], check=False, stderr=subprocess.DEVNULL)
        subprocess.run(["umount", "-l", str(store)], check=True)
    return said


def _train(project, mount: Path, store: Path, fills: bool, at: int) -> str:  # type: ignore[no-untyped-def]
    said, filler = "", store / "filler"
    events = start(project, mount / "run")
    while True:
        try:
            for event in events:
                if isinstance(event, Step) and event.step == at and not said:
                    _fill(filler) if fills else subprocess.run(["umount", "-l", str(mount)], check=True)
                if isinstance(event, Warning) and event.paused:
                    said = event.message
                    _put_right(filler, mount, store, fills)
            return said
        except WriteError as error:
            said = str(error)
            _put_right(filler, mount, store, fills)
            is_there = (mount / "run" / layout.PROJECT).exists()
            events = resume(mount / "run") if is_there else start(project, mount / "run")


def _fill(filler: Path) -> None:
    """To the last byte."""
    with filler.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(4096))
        except OSError:
            pass


def _put_right(filler: Path, mount: Path, store: Path, fills: bool) -> None:
    if fills:
        filler.unlink(missing_ok=True)
    elif not os.path.ismount(mount):
        _mount("--bind", str(store), str(mount))


def _mount(*words: str) -> None:
    subprocess.run(["mount", *words], check=True)


if __name__ == "__main__":
    repeat(
        "R4: trainings whose disk filled up or went away",
        100,
        disturb,
        lambda said: f"{sum(map(bool, said))} of them paused, and all ended with the same bits",
    )
