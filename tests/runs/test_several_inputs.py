"""A network with several inputs through every verb: each of its inputs sees the same picture at its own size."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest
import torch
from PIL import Image

from tests.runs.trainings import EXACT, assert_same, finish
from workbench.compiler import compile_graph
from workbench.data import evaluation_batches, load
from workbench.graph import Builder, GraphError, Input
from workbench.project import DataChoice, Project
from workbench.runs import Run, layout, resume, start
from workbench.runs.using import evaluate_run, export_project, export_run, predict_pictures
from workbench.training import Control, Step
from workbench.training.preflight import examine


def several(*shapes: tuple[int, ...]) -> Project:
    builder = Builder((1, 8, 8), "whole")
    builder.inputs += [Input(f"view{index}", shape) for index, shape in enumerate(shapes)]
    ends = []
    for entry in builder.inputs:
        builder.add(f"{entry.name}_branch.conv", "Conv2d", entry.name, out_channels=4, kernel_size=3, padding=1)
        builder.add(f"{entry.name}_branch.pool", "AdaptiveAvgPool2d", output_size=2)
        ends.append(builder.add(f"{entry.name}_branch.flat", "Flatten"))
    builder.add("join", "Concatenate", *ends)
    builder.add("drop", "Dropout", p=0.3)
    builder.add("fc", "Linear", out_features=10)
    recipe = EXACT.changed(epochs=2, crop_padding=1, input_noise=0.1, mixup=0.2)
    return Project(builder.build("several"), DataChoice(subset=80), recipe)


@pytest.fixture(scope="module")
def project() -> Project:
    return several((1, 4, 4), (3, 12, 10))


@pytest.fixture(scope="module")
def whole(project: Project, tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("several") / "run"
    assert finish(start(project, directory)).reason == "completed"
    return directory


@pytest.mark.parametrize("step", [1, 7])
def test_a_stopped_training_goes_on_bit_for_bit(step: int, project: Project, whole: Path, tmp_path: Path) -> None:
    control = Control()
    for event in start(project, tmp_path / "run", control):
        if isinstance(event, Step) and event.step == step:
            control.stop()
    assert finish(resume(tmp_path / "run")).reason == "completed"
    assert_same(tmp_path / "run", whole)


def test_weights_bear_the_graphs_own_names_and_every_branch_learns(project: Project, whole: Path) -> None:
    run = Run.open(whole)
    assert run.project == project
    own = compile_graph(project.graph)
    trained = run.network()
    own.load_state_dict(trained.state_dict())
    torch.manual_seed(project.recipe.seed)
    fresh = dict(compile_graph(project.graph).named_parameters())
    assert all(not torch.equal(fresh[name], value) for name, value in trained.named_parameters())


def test_measuring_and_asking_feed_every_input(whole: Path, tmp_path: Path) -> None:
    run = Run.open(whole)
    report = evaluate_run(run)
    best = min(epoch["validation_loss"] for epoch in run.epochs)
    assert report.evaluation.loss == pytest.approx(best, rel=1e-5)
    Image.new("L", (20, 30), 90).save(tmp_path / "picture.png")
    assert sum(share for _, share in predict_pictures(run, [tmp_path / "picture.png"])[0]) <= 1


@pytest.mark.parametrize("to", ["python", "onnx", "torchscript", "safetensors"])
def test_an_export_takes_one_picture_as_the_training_did(to: str, whole: Path, tmp_path: Path) -> None:
    suffix = {"python": "py", "onnx": "onnx", "torchscript": "pt", "safetensors": "safetensors"}[to]
    assert export_run(Run.open(whole), to, tmp_path / f"net.{suffix}").images == 8
    if to == "python":
        assert export_project(several((1, 5, 3)), to, tmp_path / "fresh.py").parity.images == 2


def test_the_runs_own_source_is_the_network_that_was_trained(whole: Path) -> None:
    specification = importlib.util.spec_from_file_location("several", whole / layout.SOURCE)
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    run = Run.open(whole)
    made, ours = module.Several().eval(), run.network()
    made.load_state_dict(ours.state_dict())
    batch = next(evaluation_batches(load(run.project.data, (1, 8, 8)), "validation", 4))
    with torch.no_grad():
        assert torch.equal(made(batch.images), ours(batch.images))


def test_preflight_examines_it(project: Project) -> None:
    report = examine(project.graph, load(project.data, project.graph.shape), project.recipe)
    assert report.memory.needed > 0
    assert len(report.range.losses) > 0


def test_an_input_that_takes_no_picture_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    builder = Builder((1, 8, 8))
    builder.inputs.append(Input("age", (10,)))
    builder.add("flat", "Flatten")
    builder.add("fc", "Linear", out_features=10)
    builder.add("sum", "Add", "fc", "age")
    with pytest.raises(GraphError, match="input 'age' takes 10 values"):
        next(iter(start(Project(builder.build("features")), tmp_path / "run")))
    assert not (tmp_path / "run").exists()
