"""A rehearsal gives what the compiled network gives, and does again only what an edit touched."""

from __future__ import annotations

import pytest
import torch

from workbench.compiler import compile_graph
from workbench.graph import Builder, edits
from workbench.inspection import Rehearsal, TooLarge, Wishes
from workbench.presets import build

PICTURE = torch.rand(1, 1, 28, 28, generator=torch.Generator().manual_seed(0))


def everything(graph) -> Wishes:  # type: ignore[no-untyped-def]
    return Wishes(tuple(node.name for node in graph.nodes), glimpses=tuple(node.name for node in graph.nodes))


def test_with_given_weights_it_says_what_the_network_says() -> None:
    graph = build("lenet5")
    network = compile_graph(graph).eval()
    picture = torch.rand(1, *graph.shape)
    rehearsal = Rehearsal()
    rehearsal.use_weights(network.state_dict())
    seen = rehearsal.run(graph, picture, everything(graph))
    with torch.no_grad():
        expected = network(picture)[0].softmax(0)
    torch.testing.assert_close(torch.tensor(seen.probabilities), expected)
    assert seen.maps["conv1"].shape[0] == 6


def test_a_layer_takes_all_of_its_weights_or_none() -> None:
    graph = build("lenet5")
    given = {name: torch.full_like(value, 0.25) for name, value in compile_graph(graph).state_dict().items()}
    rehearsal = Rehearsal()
    rehearsal.use_weights(given | {"conv2.weight": torch.zeros(9, 6, 5, 5), "gone.bias": torch.zeros(3)})
    picture = torch.rand(1, *graph.shape)
    rehearsal.run(graph, picture, everything(graph))
    state = rehearsal.network(graph).state_dict()
    alike = {name for name, value in state.items() if torch.equal(value, torch.full_like(value, 0.25))}
    assert alike == set(state) - {"conv2.weight", "conv2.bias"}
    assert rehearsal.has_weights
    rehearsal.use_weights({"conv2.bias": torch.zeros(16)})
    rehearsal.run(graph, picture, everything(graph))
    assert not rehearsal.has_weights


def test_an_edit_runs_again_only_what_lies_below_it() -> None:
    graph = build("lenet5")
    picture = torch.rand(1, *graph.shape)
    rehearsal = Rehearsal()
    before = rehearsal.run(graph, picture, everything(graph))
    ran: list[str] = []
    for name, made in rehearsal._modules.items():
        made.module.register_forward_hook(lambda module, inputs, output, name=name: ran.append(name))
    edited = edits.set_argument(graph, "conv2", "kernel_size", 3)
    rehearsal.run(edited, picture, everything(edited))
    above = {node.name for node in graph.nodes[: graph.nodes.index(graph.node("conv2"))]}
    assert not above & set(ran)
    after = rehearsal.run(edits.set_argument(graph, "fc2", "out_features", 50), picture, everything(graph))
    assert (before.maps["conv2"] == after.maps["conv2"]).all()
    assert after.maps["fc2"].shape == (50,)


def test_above_something_broken_everything_is_still_seen() -> None:
    graph = edits.set_argument(build("lenet5"), "conv2", "kernel_size", 99)
    seen = Rehearsal().run(graph, torch.rand(1, *graph.shape), everything(graph))
    assert "conv1" in seen.maps
    assert "conv2" not in seen.maps
    assert seen.probabilities == ()


def test_what_nobody_can_hold_is_refused_before_anything_is_made() -> None:
    builder = Builder((1, 28, 28))
    builder.add("flatten", "Flatten")
    builder.add("fc", "Linear", out_features=1_000_000)
    with pytest.raises(TooLarge, match="million"):
        Rehearsal().run(builder.build(), PICTURE, Wishes())


def test_a_large_network_keeps_only_what_is_asked_for() -> None:
    graph = build("vgg11")
    rehearsal = Rehearsal()
    asked = next(node.name for node in graph.nodes if node.kind == "Conv2d")
    seen = rehearsal.run(graph, torch.rand(1, 3, 224, 224), Wishes((asked,), glimpses=(asked,)))
    assert set(seen.maps) == set(seen.glimpses) == {asked}
    assert seen.glimpses[asked].shape[0] == 6


def test_the_same_layer_looks_the_same_after_an_edit_elsewhere() -> None:
    graph = build("lenet5")
    picture = torch.rand(1, *graph.shape)
    one = Rehearsal().run(graph, picture, everything(graph))
    other = Rehearsal().run(edits.set_argument(graph, "fc1", "out_features", 64), picture, everything(graph))
    assert (one.maps["conv2"] == other.maps["conv2"]).all()
