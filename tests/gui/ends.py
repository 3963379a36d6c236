"""How windows end: closed in the midst of something, killed, or broken down; and what must hold afterwards."""

from __future__ import annotations

import os
import random
import signal
import time
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from tests.data.pictures import class_folder
from tests.gui.lives import Lives, family, lines, wait_for
from tests.pauses import wait_until
from tests.runs.trainings import small_project, streamed_project
from workbench import presets
from workbench.project import DataChoice, Project, Recipe, read_project, write_project
from workbench.runs import Run, layout, read_state

DOINGS = ("loading", "previews", "reading", "small", "large")
"""What a window is closed in the midst of; the last two are trainings."""

SOON = 60.0
"""Seconds until which all processes of a window must be gone on a busy machine; a quiet one is promised 5."""

LOST = 2.0
"""Seconds of editing that a kill may cost."""


@dataclass(frozen=True, slots=True)
class Closing:
    """Seconds from the wish to close to what followed; None where there was nothing to be stopped.

    Where the system had stopped all of them meanwhile is not counted.
    """

    doing: str
    acknowledged: float | None
    stopped: float | None
    closed: float


def close_in_the_midst(lives: Lives, folder: Path, doing: str, chance: random.Random) -> Closing:
    """R9: whatever goes on, a window that is closed ends with status 0, and nothing of it is left."""
    folder.mkdir(parents=True, exist_ok=True)
    told = folder / "told"
    arguments: dict[str, object] = {"doing": doing, "within": 1.0, "seed": chance.randrange(10**6)}
    project = _project_for(doing, folder)
    if project is not None:
        write_project(project, folder / "project.json")
        arguments |= {"doing": "training", "file": str(folder / "project.json"), "by_stop": chance.random() < 0.5}
    if doing == "reading":
        arguments["doing"] = "reading"
    process = lives.begin("close", told, **arguments)
    status = lives.end(process)
    ended = time.monotonic()
    said = {line["what"]: line for line in lines(told)}
    errors = Path(f"{told}.err").read_text()
    assert status == 0, errors
    assert "Traceback" not in errors, errors
    assert "warning" not in said, said["warning"]
    closed = said["closed"]
    # What cannot be interrupted and saves nothing is not waited for: it ends with the process.
    assert "left" in said or closed["busy"]
    assert said.get("left", {}).get("threads", []) == []
    assert "training" not in closed["busy"] or closed["moment"] == "preparing"
    wait_until_gone(process)
    for run in (folder / "home" / "runs").glob("*"):
        _is_kept(run)

    def lived_until(moment: float | None) -> float | None:
        return None if moment is None else lives.pauses.lived(closed["began"], moment)

    acknowledged = lived_until(said.get("acknowledged", {}).get("at"))
    return Closing(doing, acknowledged, lived_until(closed["stopped"]), lives.pauses.lived(closed["began"], ended))


def kill_while_workers_read(lives: Lives, folder: Path) -> float:
    """R10: a window is killed while a training's workers read images; gives the seconds until all were gone."""
    images = class_folder(folder / "images", {"a": 60, "b": 60})
    project = streamed_project(images)
    recipe = project.recipe.changed(epochs=100_000)
    write_project(Project(project.graph, project.data.changed(workers=2), recipe), folder / "project.json")
    process = lives.begin("train", folder / "told", file=str(folder / "project.json"))
    wait_for(folder / "told", '"training"')
    assert len(family(process)) >= 4  # the window, the server of its workers, and the workers
    os.kill(process, signal.SIGKILL)
    assert lives.end(process) == -signal.SIGKILL
    return wait_until_gone(process)


def wait_until_gone(session: int) -> float:
    """Until no process of a session is left; the seconds it took. Fails where that is not `SOON`."""
    return wait_until(lambda: not family(session), SOON, in_vain=lambda: f"{family(session)} are left")


def kill_while_editing(lives: Lives, folder: Path, chance: random.Random) -> None:
    """R13: at most two seconds or one action are lost, recovery is offered, and the file itself is not touched."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "mine.json"
    write_project(Project(presets.build("lenet5")), file)
    content = file.read_bytes()
    named = {"file": str(file)} if chance.random() < 0.5 else {}
    process = lives.begin("edit", folder / "told", seed=chance.randrange(10**6), **named)
    wait_for(folder / "told", '"edit"')
    time.sleep(3 * chance.random())
    os.kill(process, signal.SIGKILL)
    killed = time.monotonic()
    assert lives.end(process) == -signal.SIGKILL
    edits = [line for line in lines(folder / "told") if line["what"] == "edit"]
    # It edits every 0.2 s or sooner: where it did not for longer, the system had stopped it, and it could not save.
    lived = [min(then - now, 0.5) for now, then in pairwise([*(edit["at"] for edit in edits), killed])]
    surely = max((place for place in range(len(edits)) if sum(lived[place:]) > LOST), default=-1)
    surely = min(surely, len(edits) - 2)
    may_be = {edit["digest"] if edit["modified"] else None for edit in edits[max(surely, 0) :]}
    if surely < 0:
        may_be.add(None)
    assert _recovered(lives, folder, str(file) if named else "").get("digest") in may_be
    assert file.read_bytes() == content
    assert _recovered(lives, folder, "") == {}  # what was opened is offered no more


def break_down(lives: Lives, folder: Path, how: str) -> None:
    """R18: every thread's stack is kept, and the next start offers it and the work that was not saved."""
    folder.mkdir(parents=True, exist_ok=True)
    status = lives.end(process := lives.begin("crash", folder / "told", how=how))
    assert status == -(signal.SIGABRT if how == "abort" else signal.SIGSEGV)
    wait_until_gone(process)
    (edited,) = [line for line in lines(folder / "told") if line["what"] == "edited"]
    recovered = _recovered(lives, folder, "")
    assert recovered["digest"] == edited["digest"]
    crash = recovered["crash"]
    assert crash.startswith("CNN Workbench")
    assert "Fatal Python error" in crash
    assert "break_down" in crash or how == "thread"
    assert " in run" in crash  # where the window's own thread was


def open_twice(lives: Lives, folder: Path) -> None:
    """R16: the second window says who has the file and does not write to it; a killed first one holds nothing."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "shared.json"
    write_project(Project(presets.build("lenet5")), file)
    content = file.read_bytes()
    first = lives.begin("edit", folder / "first", file=str(file), seed=1)
    wait_for(folder / "first", '"edit"')
    lives.end(lives.begin("second", folder / "second", file=str(file), epochs=77, is_asked=True))
    second = {line["what"]: line for line in lines(folder / "second")}
    assert second["opened"]["note"].startswith(" (read-only: open in ")
    assert f"process {first}" in second["opened"]["note"]
    assert second["opened"]["note"] in second["opened"]["title"]
    assert "must be saved under another name" in second["opened"]["message"]
    assert second["saved"]["saved"] is False
    assert f"open in process {first}" in second["saved"]["asked"][0]
    assert file.read_bytes() == content
    os.kill(first, signal.SIGKILL)
    lives.end(first)
    lives.end(lives.begin("second", folder / "third", file=str(file), epochs=78))
    third = {line["what"]: line for line in lines(folder / "third")}
    assert third["opened"]["note"] == ""
    assert third["saved"] == third["saved"] | {"saved": True, "asked": []}
    assert read_project(file).recipe.epochs == 78


def _project_for(doing: str, folder: Path) -> Project | None:
    match doing:
        case "small":  # many checkpoints and validations, so that a random moment is often in the midst of one
            small = small_project()
            return Project(small.graph, small.data, small.recipe.changed(epochs=100_000))
        case "large":  # steps of many seconds
            graph = presets.build("resnet18", classes=10)
            return Project(graph, DataChoice(subset=64), Recipe(epochs=50, batch_size=32))
        case "reading":
            images = class_folder(folder / "images", {"a": 1500, "b": 1500})
            return Project(presets.build("resnet18", classes=2), DataChoice(source=str(images)), Recipe())
    return None


def _is_kept(run: Path) -> None:
    """A run that was closed says how it ended, and its checkpoint can be read."""
    found = Run.open(run)
    assert found.status in ("stopped", "completed", "interrupted"), (run, found.status, found.report)
    if found.epochs:
        assert found.status != "interrupted"
    if (run / layout.LAST).exists():
        read_state(run / layout.LAST)


def _recovered(lives: Lives, folder: Path, path: str) -> dict[str, str]:
    """What the next window offers of what another left, and opens with a click; empty where it offers nothing."""
    told = folder / "next"
    process = lives.begin("recover", told)
    assert lives.end(process) == 0, Path(f"{told}.err").read_text()
    said = {line["what"]: line for line in lines(told)}
    assert "warning" not in said
    if "recovered" not in said:
        return {}
    assert said["recovered"]["path"] == path
    return {"digest": said["recovered"]["digest"], "crash": said["offered"]["crash"]}
