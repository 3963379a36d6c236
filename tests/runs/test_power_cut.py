"""R3 over a whole run: whatever moment the power goes, what is found is a run that opens and goes on."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.project.power_cut import Recorder, files_in, put, states_after
from workbench.project import Project, files, read_project
from workbench.runs import Run, layout, read_state, start
from workbench.training import Checkpoint


def test_every_power_cut_leaves_a_run_with_all_that_was_promised(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    directory, after = tmp_path / "run", tmp_path / "after"
    recorder = Recorder()
    monkeypatch.setattr(files, "os", recorder)
    for event in start(Project(project.graph, project.data, project.recipe.changed(epochs=2)), directory):
        if isinstance(event, Checkpoint):
            recorder.mark((event.step, event.best))
    monkeypatch.undo()
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
    assert looked_at > 100
