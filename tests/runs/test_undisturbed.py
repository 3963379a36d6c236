"""Predicting, inspecting, measuring and exporting never disturb a training that runs beside them."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from tests.runs.trainings import assert_same, finish
from workbench import presets
from workbench.compiler import analyse, compile_graph, weights_of_seed
from workbench.data import load
from workbench.inspection import Wishes
from workbench.labs.gradient_noise import gradient_noise
from workbench.project import Project
from workbench.runs import Run, evaluate_run, export_project, export_run, predict_pictures, start
from workbench.training import Watch

PICTURE = Path(__file__).parents[2] / "workbench" / "resources" / "pictures" / "cat.jpg"


@pytest.fixture(scope="module")
def patient(project: Project) -> Project:
    """Dropout, noise and augmentation, for long enough that everything else happens beside it."""
    return replace(project, recipe=project.recipe.changed(epochs=40, checkpoint_seconds=1000.0))


@pytest.fixture(scope="module")
def whole(patient: Project, tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("whole") / "run"
    finish(start(patient, directory))
    return directory


def test_no_bit_of_a_training_is_changed_by_what_is_done_beside_it(
    patient: Project, whole: Path, tmp_path: Path
) -> None:
    directory = tmp_path / "run"
    watch = Watch(torch.zeros(1, 8, 8, dtype=torch.uint8), Wishes(layers=("conv", "relu")), seconds=0.0, share=1.0)
    training = threading.Thread(target=lambda: finish(start(patient, directory, probe=watch)))
    training.start()
    busy = _things_to_do(patient, directory, tmp_path)
    done = 0
    while training.is_alive():
        busy[done % len(busy)]()
        done += 1
    training.join()
    assert done >= len(busy), "not everything was done beside the training"
    assert_same(directory, whole)


def _things_to_do(project: Project, directory: Path, folder: Path) -> list[Callable[[], object]]:
    """What the window does while a training runs: in its own thread, or in others than the training's."""
    dataset = load(project.data, project.graph.shape)

    def of_the_run() -> None:
        if (directory / "checkpoints" / "last.safetensors").exists():
            run = Run.open(directory)
            run.summary(), run.hardest(3)
            predict_pictures(run, [PICTURE])
            evaluate_run(run)
            export_run(run, "safetensors", folder / "run.safetensors")
            export_run(run, "python", folder / "run.py")

    return [
        of_the_run,
        lambda: export_project(project, "safetensors", folder / "fresh.safetensors"),
        lambda: analyse(presets.build("cifar-resnet20")),
        lambda: gradient_noise(project.graph, dataset, 16, batches=2),
        lambda: finish(start(replace(project, recipe=project.recipe.changed(epochs=1)), _free(folder))),
    ]


def _free(folder: Path) -> Path:
    number = 0
    while (folder / f"other{number}").exists():
        number += 1
    return folder / f"other{number}"


def test_weights_of_a_seed_are_those_that_torch_gives_and_its_generator_is_left_alone() -> None:
    graph = presets.build("se-resnet18", input=(3, 32, 32))
    torch.manual_seed(3)
    expected = compile_graph(graph)
    torch.manual_seed(77)
    state = torch.get_rng_state()
    with weights_of_seed(3):
        made = compile_graph(graph)
    assert torch.equal(torch.get_rng_state(), state)
    for name, value in expected.state_dict().items():
        assert torch.equal(made.state_dict()[name], value), name
