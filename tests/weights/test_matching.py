"""Weights are matched with a network by name and shape, whatever wraps them."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from workbench import presets
from workbench.compiler import compile_graph
from workbench.graph import Builder, Graph, edits
from workbench.weights import match


@pytest.fixture(scope="module")
def lenet() -> Graph:
    return presets.build("lenet5")


@pytest.fixture(scope="module")
def tensors(lenet: Graph) -> dict[str, Tensor]:
    return {name: value.detach() for name, value in compile_graph(lenet).state_dict().items()}


def test_its_own_weights_fit_whole(lenet: Graph, tensors: dict[str, Tensor]) -> None:
    found = match(lenet, tensors)
    assert {row.state for row in found.rows} == {"kept"}
    assert [row.name for row in found.rows] == list(tensors)
    assert (found.prefix, found.others) == ("", 0)
    assert found.sentence == "5 layers keep their weights"


@pytest.mark.parametrize("prefix", ["module.", "_orig_mod.", "model.", "state_dict.module.", "net.backbone."])
def test_wrappers_are_undone(prefix: str, lenet: Graph, tensors: dict[str, Tensor]) -> None:
    wrapped = {prefix + name: value for name, value in tensors.items()} | {"epoch": torch.tensor(3)}
    found = match(lenet, wrapped)
    assert found.prefix == prefix
    assert found.others == 1
    assert {row.state for row in found.rows} == {"kept"}
    assert set(found.tensors) == set(tensors)


def test_of_two_copies_the_averaged_one_is_left(lenet: Graph, tensors: dict[str, Tensor]) -> None:
    both = {f"ema.{name}": value for name, value in tensors.items()}
    both |= {f"state_dict.{name}": value for name, value in tensors.items()}
    assert match(lenet, both).prefix == "state_dict."


def test_missing_unexpected_and_other_shapes_are_told_apart(lenet: Graph, tensors: dict[str, Tensor]) -> None:
    graph = edits.set_argument(edits.remove(lenet, "fc2"), "conv2", "out_channels", 24)
    graph = edits.rename(graph, "conv1", "first")
    found = match(graph, tensors)
    states = {row.name: row.state for row in found.rows}
    assert states["first.weight"] == "new"
    assert states["conv2.weight"] == "shape"
    assert states["fc1.weight"] == "shape"  # more maps come
    assert states["conv1.weight"] == states["fc2.bias"] == "cut"
    assert states["fc3.weight"] == "shape"
    assert states["fc3.bias"] == "beside"  # a layer goes on whole or not at all
    assert next((row.wanted, row.found) for row in found.rows if row.name == "conv2.bias") == ((24,), (16,))
    assert found.named("kept") == []
    assert found.named("cut") == ["conv1", "fc2"]
    assert not found.tensors


def test_all_but_the_head(lenet: Graph, tensors: dict[str, Tensor]) -> None:
    found = match(lenet, tensors, all_but_head=True)
    assert found.layers == {"conv1": "kept", "conv2": "kept", "fc1": "kept", "fc2": "kept", "fc3": "head"}
    assert found.sentence == "4 layers keep their weights; new: fc3"
    googlenet = presets.build("googlenet", 7, (3, 64, 64))
    heads = match(googlenet, dict(compile_graph(googlenet, init=False).state_dict()), all_but_head=True)
    assert heads.named("head") == ["fc", "aux1.fc2", "aux2.fc2"]


def test_a_counter_of_batches_is_not_missed() -> None:
    builder = Builder((1, 8, 8))
    builder.add("bn", "BatchNorm2d")
    builder.add("flatten", "Flatten")
    builder.add("fc", "Linear", out_features=2)
    graph = builder.build()
    old = {name: value for name, value in compile_graph(graph).state_dict().items() if "num_batches" not in name}
    assert {row.state for row in match(graph, old).rows} == {"kept"}


def test_nothing_of_another_network_fits(lenet: Graph) -> None:
    found = match(lenet, {"a.b.weight": torch.zeros(3), "c": torch.zeros(2)})
    assert not found.tensors
    assert {row.state for row in found.rows} == {"new", "cut"}


def test_torchvisions_resnet18_fits_the_preset_strictly() -> None:
    models = pytest.importorskip("torchvision.models")
    with torch.device("meta"):
        tensors = models.resnet18(weights=None).state_dict()
    found = match(presets.build("resnet18"), tensors)
    assert {row.state for row in found.rows} == {"kept"}
    assert len(found.rows) == len(tensors)
    ten = match(presets.build("resnet18", 10), tensors)
    assert {row.name for row in ten.rows if row.state != "kept"} == {"fc.weight", "fc.bias"}
    assert ten.sentence.endswith("; new: fc")
