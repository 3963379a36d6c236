"""10,000 broken files among 100,000 images, and workers killed while they are read: nothing may be lost.

    python tests/soak/broken_images.py [IMAGES] [KILLS]

Writes the images to a temporary folder (about 50 MB), checks that exactly the broken files are reported, and kills a
random worker again and again while epochs stream. Ends with status 1 at the first difference.
"""

from __future__ import annotations

import contextlib
import os
import random
import signal
import sys
import tempfile
import time
from pathlib import Path

import torch

sys.path.insert(0, str(Path(__file__).parents[1] / "data"))

from pictures import break_some, class_folder

from workbench.data import decoding, load, training_batches
from workbench.project import DataChoice, Recipe


def main(images: int = 100_000, kills: int = 200) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = class_folder(Path(name), {"a": images // 2, "b": images - images // 2})
        broken = break_some(folder, images // 10, seed=1)
        check_reports(folder, broken)
        kill_workers(folder, kills)


def check_reports(folder: Path, broken: dict[str, str]) -> None:
    start = time.monotonic()
    dataset = load(DataChoice(source=str(folder), workers=os.cpu_count() or 1), (3, 16, 16))
    seconds = time.monotonic() - start
    reported = {path for path, _ in dataset.skipped}
    for path in sorted(reported ^ broken.keys()):
        print("wrong:", path, broken.get(path, "sound"))
    assert reported == broken.keys()
    checked = len(dataset.train) + len(dataset.validation) + len(broken)
    print(f"{len(broken)} of {checked} files broken, all reported; {checked / seconds:.0f} images/s in all")


def kill_workers(folder: Path, kills: int) -> None:
    """One worker is killed or stopped in each epoch, whose batches must have the bits of an undisturbed one."""
    chance = random.Random(0)
    decoding.HANG_SECONDS = 2.0
    recipe = Recipe(batch_size=64, crop_padding=4, flip=True)
    dataset = load(DataChoice(source=str(folder), memory_budget=1, subset=2000), (3, 64, 64))
    expected = [batch.images for batch in training_batches(dataset, recipe, 0)]
    waits = []
    for kill in range(kills):
        victim = chance.choice(dataset.train.reader.decoders.processes())
        at = chance.randrange(len(expected))
        asked = time.monotonic()
        for number, batch in enumerate(training_batches(dataset, recipe, 0)):
            waits.append(time.monotonic() - asked)
            assert torch.equal(batch.images, expected[number]), (kill, number)
            if number == at:
                with contextlib.suppress(ProcessLookupError):  # killed after its last batch of the epoch before
                    os.kill(victim, chance.choice((signal.SIGKILL, signal.SIGSTOP)))
            asked = time.monotonic()
    dataset.train.reader.decoders.close()
    print(f"{kills} workers killed or stopped, every batch the same bits; longest wait {max(waits):.1f} s")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
