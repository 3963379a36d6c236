"""R17: order and 'latest' follow numbers, whatever the clock reads."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

import pytest

from tests.runs.clocks import CLOCKS, reading, touched
from tests.runs.trainings import finish
from workbench.cli import main
from workbench.project import Project
from workbench.runs import Run, list_runs, new_directory, recording, resume, start
from workbench.training import Control, Step

pytestmark = pytest.mark.skipif(not hasattr(time, "tzset"), reason="time zones cannot be set")


@pytest.mark.parametrize("clock", CLOCKS)
def test_runs_are_in_the_order_in_which_they_were_made(
    clock: str, project: Project, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    quick = replace(project, data=project.data.changed(subset=40), recipe=project.recipe.changed(epochs=1))
    names = ("zebra", "ape", "marmot")
    for name, seconds in zip(names, CLOCKS[clock], strict=True):
        with reading(seconds, recording):
            finish(start(quick, new_directory(tmp_path, name)))
        touched(tmp_path / max(path.name for path in tmp_path.iterdir()), seconds)
    wanted = ["0001-zebra", "0002-ape", "0003-marmot"]
    assert [run.directory.name for run in list_runs(tmp_path)] == wanted
    with pytest.raises(SystemExit):
        main(["runs", str(tmp_path)])
    told = capsys.readouterr().out
    assert sorted(wanted, key=told.index) == wanted
    assert new_directory(tmp_path, "x").name == "0004-x"


def test_a_run_that_never_read_its_images_keeps_its_place(project: Project, tmp_path: Path) -> None:
    """Nor does one that begins anew, having no checkpoint yet, take a new number."""
    control = Control()
    control.stop()
    finish(start(project, tmp_path / "0001-zebra", control))
    quick = replace(project, data=project.data.changed(subset=40), recipe=project.recipe.changed(epochs=1))
    finish(start(quick, tmp_path / "0002-ape"))
    finish(resume(tmp_path / "0001-zebra"))
    assert [(run.directory.name, run.number) for run in list_runs(tmp_path)] == [("0001-zebra", 1), ("0002-ape", 2)]


@pytest.mark.parametrize("clock", CLOCKS)
def test_a_run_goes_on_from_its_last_checkpoint_whichever_file_looks_newest(
    clock: str, project: Project, tmp_path: Path
) -> None:
    quick = replace(project, data=project.data.changed(subset=40), recipe=project.recipe.changed(epochs=3))
    control = Control()
    with reading(CLOCKS[clock][0], recording):
        for event in start(quick, tmp_path / "run", control):
            if isinstance(event, Step) and event.step == 5:
                control.stop()
    for place, path in enumerate(sorted((tmp_path / "run").rglob("*"))):
        touched(path, CLOCKS[clock][place % 3])
    with reading(CLOCKS[clock][1], recording):
        first = next(event for event in resume(tmp_path / "run") if isinstance(event, Step))
    assert first.step == 6
    assert Run.open(tmp_path / "run").status in ("interrupted", "stopped")
