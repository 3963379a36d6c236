"""R2: a resumed run that cannot be the same to the last bit says why, on the screen and for good."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import torch

from tests.data.pictures import class_folder, encoded
from tests.runs.trainings import finish
from workbench import machine
from workbench.cli import main
from workbench.graph import Builder
from workbench.project import DataChoice, Project, Recipe
from workbench.runs import Run, layout, read_state, resume, start, write_state
from workbench.training import Control, State, Step, Warning


def stopped(project: Project, directory: Path, step: int = 5) -> Path:
    """A run that was stopped after so many steps."""
    control = Control()
    for event in start(project, directory, control):
        if isinstance(event, Step) and event.step == step:
            control.stop()
    return directory


def begun_with(directory: Path, **values: Any) -> None:
    """Have a run's last checkpoint say that it was made in another place."""
    state = read_state(directory / layout.LAST)
    write_state(State(state.tensors, {**state.values, **values}), directory / layout.LAST)


@pytest.fixture
def threads() -> Iterator[None]:
    before = torch.get_num_threads()
    yield
    torch.set_num_threads(before)


def test_where_nothing_differs_nothing_is_said(project: Project, tmp_path: Path) -> None:
    directory = stopped(project, tmp_path / "run")
    assert not [event for event in resume(directory) if isinstance(event, Warning)]
    assert Run.open(directory).warnings == []


@pytest.mark.parametrize(
    ("values", "begun"),
    [
        ({"torch": "1.0.0"}, f"torch 1.0.0 and goes on with torch {torch.__version__}"),
        ({"processor": "s390x ZVECTOR"}, "s390x ZVECTOR arithmetic and goes on with"),
        (
            {"arithmetic": {"device": "cuda:77", "precision": "fp32", "channels_last": False}},
            "device cuda:77 and goes on with device",
        ),
        ({"images": "96 images (01234567)"}, "96 images (01234567) and goes on with 120 images ("),
    ],
    ids=["version", "processor", "device", "images"],
)
def test_each_difference_is_named_and_kept(
    values: dict[str, Any], begun: str, project: Project, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    directory = stopped(project, tmp_path / "run")
    begun_with(directory, **values)
    with pytest.raises(SystemExit) as left:
        main(["train", "--resume", str(directory)])
    assert left.value.code == 0
    sentence = f"This run was begun with {begun}"
    assert f"warning: {sentence}" in capsys.readouterr().out
    (kept,) = Run.open(directory).warnings
    assert kept.startswith(sentence)
    assert kept.endswith("it will not be the same to the last bit.")


def test_a_run_of_two_threads_says_so_where_there_is_one_core(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, threads: None
) -> None:
    torch.set_num_threads(2)
    directory = stopped(project, tmp_path / "run")
    torch.set_num_threads(1)
    monkeypatch.setattr(machine, "cores", lambda: 1)
    finish(resume(directory))
    assert "begun with 2 threads and goes on with 1 thread:" in Run.open(directory).warnings[0]


def test_a_run_of_two_threads_goes_on_with_two(project: Project, tmp_path: Path, threads: None) -> None:
    if machine.cores() < 2:
        pytest.skip("needs two cores")
    torch.set_num_threads(2)
    directory = stopped(project, tmp_path / "run")
    torch.set_num_threads(1)
    finish(resume(directory))
    assert Run.open(directory).warnings == []
    assert read_state(directory / layout.LAST).values["threads"] == 2
    assert torch.get_num_threads() == 1


def test_images_that_came_or_changed_meanwhile_are_noticed(tmp_path: Path) -> None:
    folder = class_folder(tmp_path / "images", {"a": 20, "b": 20})
    builder = Builder((3, 8, 8))
    builder.add("flatten", "Flatten")
    builder.add("fc", "Linear", out_features=2)
    project = Project(
        builder.build("small"), DataChoice(source=str(folder)), Recipe(epochs=3, batch_size=16, device="cpu")
    )
    for name, change in (
        ("came", lambda: (folder / "a" / "zz.png").write_bytes(encoded(99))),
        ("changed", lambda: (folder / "b" / "00025.png").write_bytes(encoded(77))),
        ("went", lambda: (folder / "a" / "zz.png").unlink()),
    ):
        directory = stopped(project, tmp_path / name, step=3)
        change()
        finish(resume(directory))
        assert "images (" in Run.open(directory).warnings[0], name
