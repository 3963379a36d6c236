"""Fixtures for the whole suite."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import offline
from workbench.machine import prepare_for_torch

# Before torch is loaded: on cores that others keep busy, threads that spin take minutes for seconds.
if "PYTEST_XDIST_WORKER" in os.environ:
    # The others have the other cores. Never what is there: it comes from this file in the process that started them.
    os.environ["OMP_NUM_THREADS"] = "1"
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
