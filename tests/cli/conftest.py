"""The command line for the tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.cli.processes import Workbench


@pytest.fixture(scope="session")
def workbench() -> Iterator[Workbench]:
    with Workbench() as served:
        yield served
