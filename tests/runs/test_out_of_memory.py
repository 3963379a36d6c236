"""R6: what cannot fit is refused, and where memory runs out all the same the program has it back and goes on."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from tests.runs.out_of_memory import PLACES, live_tensors, run_out, small_batches
from tests.runs.trainings import assert_same, finish
from workbench import presets
from workbench.data import Dataset
from workbench.graph import Builder, GraphError
from workbench.project import DataChoice, Project, Recipe
from workbench.runs import resume, start
from workbench.training import DeviceError

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("times", [8, pytest.param(20, marks=pytest.mark.promise)])
def test_time_after_time_the_memory_comes_back_and_a_batch_is_offered(
    times: int, project: Project, tmp_path: Path
) -> None:
    """R6. And after each the run goes on, to the same bits as if there had been enough."""
    whole = small_batches(project)
    finish(start(whole, tmp_path / "whole"))
    run_out("forward", 3, whole, tmp_path / "first")
    before = live_tensors()
    for number in range(times):
        place = list(PLACES)[number % len(PLACES)]
        directory = tmp_path / str(number)
        run_out(place, 1 + number // len(PLACES) * (place not in ("set up", "evaluation")), whole, directory)
        if number >= times - len(PLACES):
            assert finish(resume(directory)).reason == "completed"
            assert_same(directory, tmp_path / "whole")
    assert live_tensors() <= before


def test_what_cannot_fit_is_refused_before_anything_is_allocated(tmp_path: Path) -> None:
    builder = Builder((1, 1000, 1000))
    builder.add("flatten", "Flatten")
    builder.add("fc", "Linear", out_features=1_000_000)
    with pytest.raises(GraphError, match=r"parameters would need 3\.6 TiB; make the layer smaller"):
        finish(start(Project(builder.build("huge")), tmp_path / "a"))
    large = Project(presets.build("vgg16", classes=10), DataChoice(subset=20), Recipe(batch_size=4096, device="cpu"))
    with pytest.raises(DeviceError, match=r"a batch of 4096 needs about \d.* GB, and cpu has .* free: "):
        finish(start(large, tmp_path / "b", images=_never))


def test_a_run_that_this_machine_cannot_make_leaves_no_directory(project: Project, tmp_path: Path) -> None:
    missing = replace(project, recipe=project.recipe.changed(device="cuda:77"))
    with pytest.raises(DeviceError, match="there is no device 'cuda:77' here"):
        finish(start(missing, tmp_path / "run", images=_never))
    assert not (tmp_path / "run").exists()


def _never(*_: object) -> Dataset:
    raise AssertionError("images were read before the refusal")


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="limits its address space and looks at /proc")
def test_where_the_system_gives_no_memory_a_process_goes_on(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.runs.out_of_memory"], cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    told = json.loads(done.stdout)
    assert len(told["sentences"]) == 20
    for sentence in told["sentences"]:
        assert sentence.startswith("cpu ran out of memory at a batch of 1024: a batch of ")
    assert told["after"] == "stopped"
    # What the allocator keeps for good comes with the first ones.
    assert max(told["held"][3:]) <= 1.05 * told["held"][2]
