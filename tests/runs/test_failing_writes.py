"""R4: whichever operation on a file fails in a whole training, and for whatever reason, nothing is lost."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest

from tests.runs.failing_writes import Whole, fail_at, undisturbed
from workbench.project import Project

ERRORS = (errno.ENOSPC, errno.EIO, errno.EACCES)


@pytest.fixture(scope="module")
def whole(project: Project, tmp_path_factory: pytest.TempPathFactory) -> Whole:
    """Few steps, and all kinds of files: checkpoints in the midst of an epoch, at its end and of the best."""
    short = Project(
        project.graph,
        project.data.changed(subset=40),
        project.recipe.changed(epochs=2, checkpoint_seconds=1000.0),
    )
    return undisturbed(short, tmp_path_factory.mktemp("whole") / "run")


@pytest.mark.parametrize(
    "shift", [0, *(pytest.param(shift, marks=pytest.mark.slow) for shift in range(1, len(ERRORS)))]
)
def test_wherever_a_write_fails_the_training_pauses_and_goes_on_to_the_same_bits(
    shift: int, whole: Whole, tmp_path: Path
) -> None:
    """Every operation with one of three reasons; all three at each among the slow tests."""
    assert whole.operations >= 50
    said = [
        fail_at(place, ERRORS[(place + shift) % len(ERRORS)], whole, tmp_path / str(place))
        for place in range(whole.operations)
    ]
    paused = [sentence for sentence in said if sentence.startswith("Paused")]
    assert len(paused) > len(said) // 2
    assert any("bytes needed" in sentence and "last.safetensors" in sentence for sentence in paused)
