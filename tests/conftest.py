"""Fixtures for the whole suite."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import offline
from workbench.machine import cores, prepare_for_torch

# Before torch is loaded, and said rather than chosen: results to the last bit depend on how many threads compute.
# Of several processes each has one core. Never what is there: it comes from this file in the one that started them.
alone = "PYTEST_XDIST_WORKER" not in os.environ
os.environ["OMP_NUM_THREADS"] = str(cores() if alone else 1)
prepare_for_torch()
offline.watch()


@pytest.fixture(autouse=True)
def _stays_on_this_machine() -> Iterator[None]:
    """S6: no test asks another machine for anything, nor does what runs beside it."""
    yield
    asked = list(offline.reached)
    offline.reached.clear()
    assert not asked


@pytest.fixture
def real_images():
    """Gives the folder of a set of real images that lies beside the project; skips the test where it does not."""

    def folder(name: str) -> Path:
        path = Path(__file__).parents[1].parent / "shared" / "data" / name
        if not path.is_dir():
            pytest.skip(f"{name} is not here")
        return path

    return folder
