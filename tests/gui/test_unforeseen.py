"""R11 for the window: an error that nobody foresaw is told in one dialog, and the window goes on."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.cli.failures import KINDS
from tests.cli.failures import PLACES as OF_A_TRAINING
from tests.gui.unforeseen import PLACES, a_training_tells, is_told
from workbench.gui.errors import Unexpected
from workbench.gui.main_window import MainWindow
from workbench.project import DataChoice

pytestmark = [pytest.mark.qt_no_exception_capture, pytest.mark.slow]


@pytest.fixture
def watched(window: MainWindow) -> Iterator[MainWindow]:
    unexpected = Unexpected(window)
    unexpected.raised.connect(window.errors.show)
    yield window
    unexpected.give_back()


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_every_kind_of_error_is_told_wherever_it_is_raised(watched: MainWindow) -> None:
    """Sixty kinds, ten at each of six places."""
    for kind in range(len(KINDS)):
        is_told(watched, list(PLACES)[(kind + kind // len(PLACES)) % len(PLACES)], kind)


def test_a_training_that_fails_is_told_and_the_next_one_runs(watched: MainWindow, qtbot) -> None:  # type: ignore[no-untyped-def]
    """Each of the twenty places of a training, with another kind at each."""
    recipe = watched.document.recipe.changed(epochs=1, batch_size=16, optimizer="sgd", checkpoint_seconds=1000.0)
    watched.document.set_recipe(recipe, "for the test")
    watched.document.set_data(DataChoice(subset=100), "for the test")
    qtbot.waitUntil(lambda: watched.images.state == "ready", timeout=60_000)
    for number, place in enumerate(OF_A_TRAINING):
        if place != "data":  # the window has read the images already
            a_training_tells(watched, place, 3 * number)
    watched.training.train()
    qtbot.waitUntil(lambda: watched.session.state == "idle", timeout=60_000)
    assert watched.session.series.epochs
