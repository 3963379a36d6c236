"""The command line for the tests, and a run to be asked."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.processes import Workbench


@pytest.fixture(scope="session")
def workbench() -> Iterator[Workbench]:
    with Workbench() as served:
        yield served


@pytest.fixture(scope="session")
def run(workbench: Workbench, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished run of LeNet-5 on the digits."""
    folder = tmp_path_factory.mktemp("runs") / "0001-lenet5"
    done = workbench("train", "lenet5", "--data", "digits", "--epochs", "3", "--run", folder)
    assert "accuracy" in done.stdout
    assert "Completed 3 epochs" in done.stdout
    assert "v validation loss" in done.stdout
    return folder
