"""Hands the windows on to the tests; where there is no Qt, every test of this folder is skipped and says why."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

try:
    import PySide6.QtWidgets  # noqa: F401
    import pytestqt  # noqa: F401
except ImportError as error:
    MISSING = f"the window cannot be tested here: {error}"

    class Skipped(pytest.Module):
        """A module of tests that is not even imported: it would fail on its first line."""

        def collect(self) -> Iterator[pytest.Item]:
            pytest.skip(MISSING, allow_module_level=True)

    def pytest_pycollect_makemodule(module_path: Path, parent: pytest.Collector) -> pytest.Module:
        return Skipped.from_parent(parent, path=module_path)
else:
    pytest.register_assert_rewrite("tests.gui.windows")
    from tests.gui.windows import *  # noqa: F403
