"""A random user of the whole window finds nothing that breaks it: no exception, no warning, nothing lost or left."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.gui.window_user import WindowUser

pytestmark = pytest.mark.qt_no_exception_capture

# What breaks is told as it came: to make it smaller would take hundreds of windows.
_SETTINGS = settings(
    deadline=None, database=None, phases=(Phase.generate,), suppress_health_check=list(HealthCheck), print_blob=False
)


@pytest.mark.usefixtures("appearance")
def test_nothing_that_a_person_does_breaks_the_window() -> None:
    some = settings(_SETTINGS, max_examples=3, stateful_step_count=30, derandomize=True)
    run_state_machine_as_test(WindowUser, settings=some)


@pytest.mark.slow
@pytest.mark.timeout(3600)
@pytest.mark.usefixtures("appearance")
def test_nothing_that_a_person_does_for_long_breaks_the_window() -> None:
    """Another hundreds of steps each time."""
    many = settings(_SETTINGS, max_examples=10, stateful_step_count=200)
    run_state_machine_as_test(WindowUser, settings=many)
