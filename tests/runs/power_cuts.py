"""Every moment of a whole training at which the power may go, and every state that it may leave."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.project.power_cut import Recorder, files_in, put, states_after
from workbench.project import Project, files, read_project
from workbench.runs import Run, layout, read_state, start
from workbench.training import Checkpoint


def cut_everywhere(project: Project, folder: Path) -> int:
    """R3: what is found is a run that opens, with all that was promised. Gives the number of states looked at."""
    directory, after = folder / "run", folder / "after"
    recorder = Recorder()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(files, "os", recorder)
        for event in start(project, directory):
            if isinstance(event, Checkpoint):
                recorder.mark((event.step, event.best))
    frozen = read_project(directory / layout.PROJECT)
    complete = files_in(directory)
    steps = [record["step"] for record in Run.open(directory).metrics]

    looked_at = 0
    for promises, found in states_after({}, recorder.operations):
        looked_at += 1
        names = {Path(name).name for name in found}
        put({name: content for name, content in found.items() if name in complete}, directory, after)
        if layout.PROJECT not in names:
            assert not promises
            continue
        run = Run.open(after)
        assert run.project == frozen
        for name in (layout.LAST, layout.BEST):
            if (after / name).exists():
                read_state(after / name)
        kept = [record["step"] for record in run.metrics]
        assert kept == steps[: len(kept)]
        if promises:
            promised = max(step for step, _ in promises)
            assert read_state(after / layout.LAST).values["progress"]["step"] >= promised
            assert kept[-1] >= promised
        assert (after / layout.BEST).exists() or not any(best for _, best in promises)
    return looked_at
