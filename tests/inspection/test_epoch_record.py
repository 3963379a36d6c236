"""What is kept of an epoch: true to the network within its levels, and small for every network."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from workbench import presets
from workbench.compiler import analyse, compile_graph, initialise
from workbench.graph import Builder, Graph
from workbench.inspection import EpochRecord, FilterRows, Seen, Wishes
from workbench.inspection.record_plan import LARGEST_RECORD, Layer, plan_record
from workbench.layers import layer
from workbench.runs.epoch_file import encode_record, read_record
from workbench.training import Arithmetic
from workbench.training.keeping import Keeper, is_kept
from workbench.training.probe import look

_PLAIN = Arithmetic("cpu", "fp32", False)


def record_and_truth(graph: Graph, classes: int = 10) -> tuple[EpochRecord, Seen]:
    """A record of a random picture, and what is really to be seen."""
    network = compile_graph(graph)
    initialise(network, "he", 0)
    image = torch.randn((1, *graph.shape), generator=torch.Generator().manual_seed(1))
    names = tuple(node.name for node in graph.nodes)
    wishes = Wishes(names, tuple(FilterRows(name) for name in names), names, spreads=True)
    record = Keeper(graph, network, classes).take(network, image, _PLAIN, epoch=3, step=40)
    assert network.training
    return record, look(network, image, wishes, _PLAIN)


def test_a_small_networks_record_is_whole_and_true_to_its_levels() -> None:
    graph = presets.build("lenet5")
    record, truth = record_and_truth(graph)
    names = tuple(node.name for node in graph.nodes)
    seen = record.seen(Wishes(names, tuple(FilterRows(name) for name in ("conv1", "conv2")), names, spreads=True))
    assert set(seen.maps) == set(truth.maps) == set(names)
    assert seen.counts == {}
    assert seen.strides == {}
    for name, maps in truth.maps.items():
        axes = tuple(range(1, maps.ndim)) if maps.ndim == 3 else 0
        step = np.ptp(maps, axes, keepdims=maps.ndim == 3) / 255
        assert (np.abs(seen.maps[name] - maps) <= 0.51 * step + 1e-6).all(), name
    for name in ("conv1", "conv2"):
        kept, real = seen.filters[FilterRows(name)], truth.filters[FilterRows(name)]
        assert kept.weight.shape == real.weight.shape
        assert np.abs(kept.weight - real.weight).max() <= 0.51 * np.abs(real.weight).max() / 127
        assert np.array_equal(kept.bias, real.bias)
        assert np.array_equal(seen.spreads[name].counts, truth.spreads[name].counts)
    assert seen.probabilities == pytest.approx(truth.probabilities)
    assert set(seen.glimpses) == set(truth.glimpses)


def test_what_is_zero_or_the_same_everywhere_stays_so() -> None:
    record, truth = record_and_truth(presets.build("cifar-resnet20", input=(3, 32, 32)))
    name = next(name for name in truth.maps if "relu" in name)
    seen = record.seen(Wishes((name,)))
    stride = seen.strides.get(name, 1)
    real = truth.maps[name][: len(seen.maps[name]), ::stride, ::stride]
    assert (seen.maps[name][real == 0] == 0).all()


def test_rows_of_filters_are_taken_out_of_what_was_kept() -> None:
    record, truth = record_and_truth(presets.build("lenet5"))
    one = record.seen(Wishes(filters=(FilterRows("conv2", 3, 1), FilterRows("conv2", 99, 1))))
    whole = truth.filters[FilterRows("conv2")]
    assert list(one.filters) == [FilterRows("conv2", 3, 1)]
    found = one.filters[FilterRows("conv2", 3, 1)]
    assert (found.first, found.count) == (3, whole.count)
    assert np.abs(found.weight[0] - whole.weight[3]).max() < 0.01 * np.abs(whole.weight).max()


@pytest.mark.parametrize("name", ["lenet5", "vgg16", "googlenet", "resnet152"])
def test_the_plan_stays_within_its_bytes(name: str) -> None:
    """Of every network; counted from shapes, as a record's file holds them."""
    graph = presets.build(name)
    reports = analyse(graph).layers
    layers = [Layer(r.name, layer(r.kind).category, r.output) for r in reports if r.output]
    convolutions = {r.name: (r.output[0], r.inputs[0][0], 3, 3) for r in reports if r.kind == "Conv2d"}
    plan = plan_record(layers, convolutions, len(convolutions), 1000)
    shapes = {one.name: one.shape for one in layers}
    total = 4000 + 104 * len(convolutions)
    for node, share in plan.maps.items():
        sides = [-(-side // share.stride) for side in shapes[node][1:]]
        area = int(np.prod(sides))
        total += (share.maps * (area + 8) if area > 1 else share.maps + 8) + len(node) + 40
    for node, kept in plan.filters.items():
        total += kept.filters * (kept.channels * 9 + 8) + len(node) + 40
    assert total < LARGEST_RECORD
    first = next(iter(convolutions))
    assert plan.maps[first].maps * (shapes[first][1] // plan.maps[first].stride) ** 2 >= min(4_000, total // 20)
    assert len(plan.maps) >= 0.9 * len(layers)
    assert len(plan.filters) == len(convolutions)


def test_a_resnet_18_at_224_takes_no_more_than_two_hundred_kilobytes() -> None:
    record, _ = record_and_truth(presets.build("resnet18"), 1000)
    assert len(encode_record(record, "picture-0123456789abcdef.safetensors")) <= LARGEST_RECORD
    first = record.seen(Wishes(("conv1",), (FilterRows("conv1"),)))
    assert first.maps["conv1"].shape[0] >= 16
    assert first.filters[FilterRows("conv1")].weight.shape == (64, 3, 7, 7)


def test_weights_that_are_not_finite_are_recorded_as_far_as_they_can_be() -> None:
    graph = presets.build("lenet5")
    network = compile_graph(graph)
    with torch.no_grad():
        network.get_parameter("conv1.weight")[0] = torch.nan
    record = Keeper(graph, network, 10).take(network, torch.ones((1, *graph.shape)), _PLAIN, 1, 1)
    seen = record.seen(Wishes(("conv1",), (FilterRows("conv1"),)))
    assert np.isfinite(seen.maps["conv1"]).all()
    assert np.isfinite(seen.filters[FilterRows("conv1")].weight).all()
    encode_record(record, "")


def test_of_a_layer_that_gives_several_tensors_all_maps_are_kept_and_told_apart(tmp_path: Path) -> None:
    builder = Builder((1, 9, 8))
    builder.add("conv", "Conv2d", out_channels=12, kernel_size=3)
    builder.add("parts", "Split", sizes=(3, 4, 5))
    builder.add("two", "Select", "parts", index=1)
    builder.add("flatten", "Flatten")
    builder.add("fc", "Linear", out_features=10)
    record, truth = record_and_truth(builder.build())
    (tmp_path / "record").write_bytes(encode_record(record, "picture"))
    for kept in (record, read_record(tmp_path / "record")[0]):
        seen = kept.seen(Wishes(("conv", "parts", "two"), glimpses=("parts",)))
        assert seen.parts == {"parts": (3, 4, 5)} == truth.parts
        assert np.array_equal(seen.maps["parts"], seen.maps["conv"])
        assert np.array_equal(seen.maps["parts"][3:7], seen.maps["two"])
        assert seen.glimpses["parts"].shape == truth.glimpses["parts"].shape == (6, 7, 6)
        reach = np.ptp(truth.maps["parts"], (1, 2), keepdims=True)
        assert (np.abs(seen.maps["parts"] - truth.maps["parts"]) <= 0.51 * reach / 255 + 1e-6).all()


def test_each_epoch_is_kept_and_of_very_many_five_hundred() -> None:
    assert all(is_kept(epoch, 500) for epoch in range(1, 501))
    kept = [epoch for epoch in range(1, 10_001) if is_kept(epoch, 10_000)]
    assert kept[:50] == list(range(1, 51))
    assert kept[-1] == 10_000
    assert len(kept) <= 550
