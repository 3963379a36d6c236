"""What cannot be done is said in one sentence, and leaves nothing behind."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.processes import Workbench
from workbench import presets
from workbench.project import DataChoice, Project, Recipe, write_project


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["summary", "resnet19"], "did you mean resnet1"),
        (["summary", "lenet5", "--input", "3"], "--input takes"),
        (["compare", "lenet5", "vgg17"], "did you mean vgg1"),
        (["train"], "--resume"),
        (["train", "lenet5", "--set", "epochs=3"], "--set takes"),
        (["train", "lenet5", "--set", "recipe.epoch=3"], "did you mean 'epochs'"),
        (["train", "lenet5", "--device", "cuda:99"], "no device"),
        (["train", "lenet5", "--data", "nowhere"], "no such folder"),
        (["train", "alexnet", "--input", "1,28,28"], "63×63"),
        (["train", "--resume", "nowhere"], "holds no run"),
        (["evaluate", "nowhere"], "holds no run"),
        (["export", "lenet5", "--to", "floppy", "-o", "x"], "there are python"),
        (["nonsense"], "nonsense"),
        (["layers", "Conv3d"], "did you mean 'Conv2d'"),
        (["summary", "resnet20"], "did you mean cifar-resnet20?"),
        (["presets", "ResNet-20"], "did you mean 'cifar-resnet20'?"),
        (["train", "lenet5", "--set", "recipe.lr=3"], "did you mean 'learning_rate'?"),
        (["train", "lenet5", "--set", "recipe.decay=3"], "did you mean 'weight_decay' or 'decay_norms_and_biases'?"),
        (["train", "lenet5", "--set", "data.source="], "source: it is empty"),
        (["train", "lenet5", "--set", "data.excluded=[5000]"], "image 5,000 cannot be excluded"),
    ],
)
def test_mistakes_get_one_sentence(workbench: Workbench, arguments: list[str], words: str, tmp_path: Path) -> None:
    done = workbench(*arguments, cwd=tmp_path, status=2)
    assert words in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_a_folder_that_is_no_run_is_said_to_be_none(workbench: Workbench, tmp_path: Path) -> None:
    assert "is a folder and no run" in workbench("train", tmp_path, status=2).stderr
    assert "there is no such folder" in workbench("runs", tmp_path / "nowhere", status=2).stderr
    assert "leave --data out" in workbench("evaluate", tmp_path, "--hardest", "3", "--data", "digits", status=2).stderr


def test_a_run_that_could_never_have_begun_leaves_no_folder(workbench: Workbench, tmp_path: Path) -> None:
    for project in (
        Project(presets.build("lenet5"), DataChoice(source=str(tmp_path / "nowhere"))),
        Project(presets.build("lenet5"), recipe=Recipe(weights=str(tmp_path / "nowhere.pt"))),
    ):
        write_project(project, tmp_path / "mine.json")
        done = workbench("train", tmp_path / "mine.json", "--run", tmp_path / "run", cwd=tmp_path, status=2)
        assert "there is no such" in done.stderr
        assert not (tmp_path / "run").exists()
