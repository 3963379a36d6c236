"""The sum equals the value in the map at random places of every family of presets; steps back lead to the picture."""

from __future__ import annotations

import random

import numpy as np
import pytest
import torch

from tests.inspection.arithmetic.moments import moment_of, up_to
from workbench.compiler import compile_graph
from workbench.graph import Graph, GraphError, edits, inference_graph
from workbench.inspection import Rehearsal, Wishes
from workbench.inspection.arithmetic import Moment, Place, explain, figure, needed
from workbench.presets import build

FAMILIES: dict[str, tuple[int, int, int]] = {
    "lenet5": (1, 28, 28),
    "lenet5-paper": (1, 32, 32),
    "alexnet": (3, 80, 80),
    "alexnet-paper": (3, 227, 227),
    "nin-cifar10": (3, 32, 32),
    "vgg11-bn": (3, 40, 40),
    "googlenet": (3, 64, 64),
    "googlenet-transform": (3, 64, 64),
    "resnet18": (3, 48, 48),
    "resnet50-paper": (3, 40, 40),
    "plain18": (3, 40, 40),
    "cifar-resnet20": (3, 32, 32),
    "se-resnet50": (3, 40, 40),
    "se-resnext50": (3, 40, 40),
    "senet154": (3, 32, 32),
}
LAST = {"alexnet": "avgpool", "alexnet-paper": "features.14", "vgg11-bn": "avgpool", "senet154": "layer2.1.relu2"}
"""Where larger ones are cut off."""

_PER_KIND = 4


def family(name: str) -> Graph:
    graph = inference_graph(build(name, 10, FAMILIES[name]))
    return up_to(graph, LAST[name]) if name in LAST else graph


@pytest.mark.parametrize("name", FAMILIES)
def test_the_sum_is_the_value_in_the_map(name: str) -> None:
    graph = family(name)
    moment = moment_of(graph)
    choose = random.Random(0)
    by_kind: dict[str, list[str]] = {}
    for node in graph.nodes:
        by_kind.setdefault(node.kind, []).append(node.name)
    for names in by_kind.values():
        for node in choose.sample(names, min(_PER_KIND, len(names))):
            place = Place(node, tuple(choose.randrange(size) for size in moment.outputs[node].shape[1:]))
            told = explain(moment, place)
            value = float(moment.outputs[node][(0, *place.index)])
            assert told.made.total == pytest.approx(value, rel=1e-9, abs=1e-9), place
            for step in told.then:
                assert step.value == float(moment.outputs[step.place.node][(0, *step.place.index)])


@pytest.mark.parametrize("name", ["lenet5", "googlenet", "cifar-resnet20", "se-resnet50"])
def test_step_by_step_back_to_a_pixel(name: str) -> None:
    graph = inference_graph(build(name, 10, FAMILIES[name]))
    moment = moment_of(graph)
    place: Place | None = Place(graph.nodes[-1].name, (3,))
    kinds = []
    while place is not None and place.node in graph:
        told = explain(moment, place)
        kinds.append(told.kind)
        before, place = place, told.made.nearest
        if place is not None and place.node in graph:
            assert graph.position[place.node] < graph.position[before.node]
    assert place is not None
    assert place.node == graph.inputs[0].name
    told = explain(moment, place)
    assert (told.kind, told.field.frame) == ("Input", (*place.index[1:], *(n + 1 for n in place.index[1:])))  # type: ignore[union-attr]
    assert "Conv2d" in kinds


@pytest.mark.parametrize("name", ["se-resnet18", "se-resnet50"])
def test_a_gate_is_told_with_squeeze_and_bottleneck(name: str) -> None:
    graph = build(name, 10, (3, 40, 40))
    moment = moment_of(graph)
    product = [node for node in graph.nodes if node.kind == "Multiply"][2]
    told = explain(moment, Place(product.name, (5, 1, 2)))
    assert told.gates is not None
    maps, _ = graph.sources(product)
    np.testing.assert_allclose(told.gates.squeezed, moment.outputs[maps][0].mean((1, 2)).numpy())
    assert len(told.gates.hidden) == len(told.gates.gates) // 16
    assert [operand.value for operand in told.made.operands][1] == told.gates.gates[5]
    reductions = [graph.node(layer).kind for layer in told.gates.layers]
    assert reductions == ["AdaptiveAvgPool2d", "ReLU", "Sigmoid"]
    weights = moment.modules[product.name.replace("scale", "fc2")]
    again = torch.sigmoid(weights(torch.from_numpy(told.gates.hidden)[None, :, None, None])).flatten()
    torch.testing.assert_close(torch.from_numpy(told.gates.gates), again.detach())


def test_what_normalization_and_activation_made_of_a_sum() -> None:
    graph = build("resnet18", 10, (3, 48, 48))
    moment = moment_of(graph)
    told = explain(moment, Place("layer2.0.conv1", (3, 2, 2)))
    assert [step.kind for step in told.then] == ["BatchNorm2d", "ReLU"]
    normalized, activated = told.then
    assert graph.sources(graph.node(normalized.place.node)) == (told.place.node,)
    assert activated.sentence == f"max(0, {figure(normalized.value)}) = {figure(activated.value)}"
    assert needed(graph, told.place) == {"layer2.0.conv1", *graph.sources(graph.node("layer2.0.conv1"))} | {
        step.place.node for step in told.then
    }


def test_with_what_is_needed_alone_the_same_is_told() -> None:
    graph = inference_graph(build("se-resnet50", 10, (3, 40, 40)))
    whole = moment_of(graph)
    for node in graph.nodes[5:60:3]:
        place = Place(node.name, tuple(size // 2 for size in whole.outputs[node.name].shape[1:]))
        few = Moment(graph, whole.modules, {name: whole.outputs[name] for name in needed(graph, place)}, whole.reports)
        one, other = explain(whole, place), explain(few, place)
        assert (one.made.sentence, one.then, one.gates is None) == (
            other.made.sentence,
            other.then,
            other.gates is None,
        )


def test_a_place_that_is_not_there_is_an_error_that_says_so() -> None:
    moment = moment_of(build("lenet5"))
    with pytest.raises(GraphError, match="none at"):
        explain(moment, Place("conv1", (99, 0, 0)))
    with pytest.raises(GraphError, match="given no value"):
        explain(moment, Place("nowhere", (0,)))


def test_a_rehearsal_explains_what_is_wished_for_also_of_a_network_too_large_to_keep() -> None:
    graph = build("lenet5")
    network = compile_graph(graph).eval()
    rehearsal = Rehearsal()
    rehearsal.use_weights(network.state_dict())
    picture = torch.rand(1, *graph.shape)
    seen = rehearsal.run(graph, picture, Wishes(("conv2",), value=Place("conv2", (4, 3, 3))))
    assert seen.explanation is not None
    assert seen.explanation.value == pytest.approx(float(seen.maps["conv2"][4, 3, 3]))
    assert seen.explanation.made.total == pytest.approx(seen.explanation.value, rel=1e-4, abs=1e-5)
    # An edit that takes the value away is told in words.
    smaller = edits.set_argument(graph, "conv2", "out_channels", 3)
    seen = rehearsal.run(smaller, picture, Wishes(("conv2",), value=Place("conv2", (4, 3, 3))))
    assert seen.explanation is None
    assert "none at" in seen.unexplained
    large = build("vgg11", 10)
    place = Place("features.8", (7, 20, 20))
    seen = Rehearsal().run(large, torch.rand(1, 3, 224, 224), Wishes(value=place))
    assert seen.explanation is not None
    assert seen.explanation.made.total == pytest.approx(seen.explanation.value, rel=1e-3, abs=1e-4)
