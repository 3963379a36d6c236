"""What a run is good for afterwards: measured on what it never saw, its hardest images found, its network handed on."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import torch

from tests.data.pictures import class_folder, encoded
from tests.runs.trainings import finish
from workbench.data import PictureError, load
from workbench.graph import Graph, edits
from workbench.project import DataChoice, Project, Recipe
from workbench.runs import Run, RunError, evaluate_run, export_run, find_hardest, predict_pictures, start
from workbench.training import Warning

RECIPE = Recipe(epochs=2, batch_size=16, learning_rate=0.01)


def trained(project: Project, directory: Path) -> Run:
    assert finish(start(project, directory)).reason == "completed"
    return Run.open(directory)


@pytest.fixture(scope="module")
def run(project: Project, tmp_path_factory: pytest.TempPathFactory) -> Run:
    return trained(replace(project, recipe=RECIPE), tmp_path_factory.mktemp("run") / "run")


def test_all_images_of_another_source_are_measured(run: Run, tmp_path: Path) -> None:
    folder = class_folder(tmp_path / "scans", {str(digit): 3 for digit in range(10)})
    report = evaluate_run(run, str(folder))
    assert (report.part, report.evaluation.images) == ("all", 30)
    assert [sum(row) for row in report.evaluation.confusion] == [3] * 10


def test_what_another_source_holds_out_is_measured_alone(run: Run, tmp_path: Path) -> None:
    for part, count in (("train", 3), ("val", 2)):
        class_folder(tmp_path / "scans" / part, {str(digit): count for digit in range(10)})
    report = evaluate_run(run, str(tmp_path / "scans"))
    assert (report.part, report.evaluation.images) == ("validation", 20)


def test_of_the_runs_own_source_only_what_was_held_out_is_measured(run: Run) -> None:
    held_out = len(load(run.project.data, (1, 8, 8)).validation)
    assert evaluate_run(run, "digits").evaluation.images == evaluate_run(run).evaluation.images == held_out


def test_the_runs_own_folder_is_known_by_any_name(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = class_folder(tmp_path / "images", {"dark": 20, "light": 20})
    own = replace(project, graph=_two_classes(project), data=DataChoice(source=str(folder)), recipe=RECIPE)
    run = trained(own, tmp_path / "run")
    monkeypatch.chdir(tmp_path)
    assert evaluate_run(run, "images").part == "validation"


def test_it_is_measured_by_the_loss_it_was_trained_with(project: Project, tmp_path: Path) -> None:
    squared = trained(replace(project, recipe=RECIPE.changed(loss="mse")), tmp_path / "run")
    best = min(epoch["validation_loss"] for epoch in squared.epochs)
    assert evaluate_run(squared).evaluation.loss == pytest.approx(best, rel=1e-5)


def test_where_nothing_was_held_out_it_says_so_and_can_be_exported(project: Project, tmp_path: Path) -> None:
    data = DataChoice(subset=60, validation=0.0)
    run = trained(replace(project, data=data, recipe=RECIPE.changed(epochs=1)), tmp_path / "run")
    with pytest.raises(RunError, match="held no images out"):
        evaluate_run(run)
    assert export_run(run, "safetensors", tmp_path / "net.safetensors").images == 8


def test_the_hardest_images_are_named_and_can_be_left_out(project: Project, tmp_path: Path) -> None:
    folder = class_folder(tmp_path / "images", {"dark": 20, "light": 20})
    (folder / "dark" / "00003.png").write_bytes(b"")
    run = trained(replace(project, graph=_two_classes(project), data=DataChoice(source=str(folder))), tmp_path / "run")
    hard = find_hardest(run.directory, 5)
    assert [one.loss for one in hard] == sorted((one.loss for one in hard), reverse=True)
    for one in hard:
        # The index is the place among all files, that which is empty too.
        files = sorted(str(path) for path in folder.rglob("*.png"))
        assert one.path == files[one.index]
        assert one.label == Path(one.path).parent.name
        assert one.called in ("dark", "light")
        assert one.picture.shape == (1, 8, 8)
    excluded = tuple(one.index for one in hard)
    again = replace(run.project, data=run.project.data.changed(excluded=excluded))
    without = trained(again, tmp_path / "again")
    assert set(run.samples["indices"]) - set(without.samples["indices"]) == set(excluded)


def test_wrong_labels_are_among_the_hardest(tmp_path: Path, project: Project) -> None:
    data = DataChoice(subset=300, label_noise=0.1)
    run = trained(replace(project, data=data, recipe=RECIPE.changed(epochs=6, learning_rate=0.05)), tmp_path / "run")
    part = load(data, (1, 8, 8)).train
    wrong = set(part.indices[part.labels != part.clean_labels].tolist())
    assert len(wrong) == 30
    hard = find_hardest(run.directory, 30)
    assert len(wrong & {one.index for one in hard}) >= 15
    assert not any(one.path for one in hard)


def test_files_that_are_no_images_are_named_when_a_training_begins(project: Project, tmp_path: Path) -> None:
    folder = class_folder(tmp_path / "images", {"dark": 8, "light": 8})
    (folder / "dark" / "00003.png").write_bytes(b"")
    (folder / "light" / "00004.png").write_bytes(encoded(3, "PNG", (64, 48))[:1500])
    (folder / "light" / ".hidden.png").write_bytes(b"")
    two = replace(project, graph=_two_classes(project), data=DataChoice(source=str(folder)), recipe=RECIPE)
    said = [event.message for event in start(two, tmp_path / "run") if isinstance(event, Warning)]
    assert said == [
        f"2 files left out: {folder / 'dark' / '00003.png'} (empty file), {folder / 'light' / '00004.png'} (truncated)."
    ]
    assert Run.open(tmp_path / "run").warnings == said
    assert len(Run.open(tmp_path / "run").environment["skipped"]) == 3


def _two_classes(project: Project) -> Graph:
    return edits.set_argument(project.graph, "fc", "out_features", 2)


def test_of_several_pictures_the_one_that_is_none_is_named(run: Run, tmp_path: Path) -> None:
    (tmp_path / "scan.png").write_bytes(encoded(1))
    (tmp_path / "notes.png").write_text("no picture")
    with pytest.raises(PictureError, match=r"notes\.png: not an image"):
        predict_pictures(run, [tmp_path / "scan.png", tmp_path / "notes.png"])


def test_a_generator_is_not_touched_by_using_a_run(run: Run) -> None:
    before = torch.get_rng_state()
    evaluate_run(run)
    find_hardest(run.directory, 3)
    assert torch.equal(torch.get_rng_state(), before)
