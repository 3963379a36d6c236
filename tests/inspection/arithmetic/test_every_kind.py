"""For every kind of layer: the sum that is told is the value in the map, and the places are those that move it."""

from __future__ import annotations

import math
from typing import Any

import pytest
import torch
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from torch import nn

from tests.inspection.arithmetic.moments import moment_of, shake
from tests.layers.test_catalogue import SHAPES, SPECIAL, value_for
from workbench.compiler import analyse
from workbench.graph import Builder, Graph
from workbench.inspection.arithmetic import KINDS, PADDING, Explanation, Moment, Place, explain, figure
from workbench.layers import CATALOGUE

pytestmark = pytest.mark.filterwarnings("ignore:Using padding='same'")

STATISTICS = {"BatchNorm2d", "BatchNorm1d", "InstanceNorm2d", "GroupNorm", "LayerNorm"}
"""Layers whose values hang on a mean and a variance, which do not count as seen."""


def test_every_kind_of_the_catalogue_is_explained() -> None:
    assert set(KINDS) == set(CATALOGUE)


def drawn(kind: str, draw: Any) -> Graph:
    """One layer of a kind with any arguments, `Split` with a `Select` below it, and inputs of its own."""
    entry = CATALOGUE[kind]
    arguments = (SPECIAL | {"Squeeze": {"dim": 2}}).get(kind)
    if arguments is None:
        arguments = {field.name: value_for(field, draw) for field in entry.fields}
    builder = Builder((SHAPES | {"Squeeze": (4, 1, 6)}).get(kind, (4, 7, 6)))
    count = max(entry.arity[0], 1) + (kind == "Concatenate")
    copies = [builder.add(f"copy{index}", "Identity", "input") for index in range(count)]
    if kind == "Select":
        builder.add("parts", "Split", sizes=(1, 3))
        arguments = {"index": draw(st.integers(0, 1))}
        copies = ["parts"]
    builder.add("layer", kind, *copies, **arguments)
    if kind == "Split":
        builder.add("below", "Select", index=1)
    graph = builder.build()
    assume(analyse(graph).runs)
    return graph


def any_place(moment: Moment, name: str, draw: Any) -> Place:
    output = moment.outputs[name]
    part = draw(st.integers(0, len(output) - 1)) if isinstance(output, tuple) else 0
    shape = (output[part] if isinstance(output, tuple) else output).shape[1:]
    return Place(name, tuple(draw(st.integers(0, size - 1)) for size in shape), part)


def run(graph: Graph, seed: int, positive: bool = False) -> Moment:
    torch.manual_seed(seed)
    picture = 2 * torch.randn(1, *graph.shape, dtype=torch.float64)
    try:
        return moment_of(graph, seed, picture=picture.abs() if positive else picture)
    except ValueError as error:
        # Batch statistics of one example with one value a channel: torch refuses.
        assert "more than 1" in str(error)  # noqa: PT017
        assume(False)
        raise


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.filter_too_much])
@pytest.mark.parametrize("kind", sorted(CATALOGUE))
@given(data=st.data())
def test_what_is_told_comes_to_the_value_in_the_map(kind: str, data: Any) -> None:
    graph = drawn(kind, data.draw)
    moment = run(graph, data.draw(st.integers(0, 99)), data.draw(st.booleans()))
    place = any_place(moment, "layer", data.draw)
    told = explain(moment, place)
    value = float(moment.output("layer", place.part)[place.index])
    assert told.value == value or math.isnan(value)
    assert told.made.total == pytest.approx(value, rel=1e-9, abs=1e-9, nan_ok=True)
    assert told.made.sentence.endswith(f"= {figure(told.made.total)}")
    check_operands(moment, told)


def check_operands(moment: Moment, told: Explanation) -> None:
    """Every number that went in stands where it is said to come from."""
    for operand in told.made.operands:
        assert float(moment.output(operand.place.node, operand.place.part)[operand.place.index]) == operand.value
    patch = told.made.patch
    if patch is None:
        return
    assert len(patch.channels) == len(patch.values)
    for channel, row, column in torch.ones(patch.places.shape).nonzero().tolist():
        source = patch.place(channel, row, column)
        if source is None:
            assert patch.places[channel, row, column] == PADDING
            assert patch.values[channel, row, column] == 0
        else:
            found = float(moment.output(source.node, source.part)[source.index])
            assert found == patch.values[channel, row, column]
            if patch.shape[0] > 1 and len(source.index) == 3 and len(patch.channels) == patch.values.shape[0] > 1:
                assert patch.channels[channel] in source.index


@settings(max_examples=3, deadline=None, suppress_health_check=[HealthCheck.filter_too_much])
@pytest.mark.parametrize("kind", sorted(CATALOGUE))
@given(data=st.data())
def test_the_values_seen_are_those_that_move_the_value(kind: str, data: Any) -> None:
    """Against gradients: the union of many pictures' is all that can move it."""
    graph = drawn(kind, data.draw)
    moment = run(graph, 0, positive=True)
    place = any_place(moment, "layer", data.draw)
    placed = moment.placed("layer")
    sets = empty_sets(moment, "layer")
    sets[place.part][place.index] = True
    seen = KINDS[kind].reach(placed, tuple(one.numpy() for one in sets))
    moved = moved_by(graph, moment, place)
    for told, really in zip(seen, moved, strict=True):
        for one, other in zip(told if isinstance(told, tuple) else (told,), really, strict=True):
            if kind in STATISTICS:
                assert not (torch.from_numpy(one.copy()) & ~other).any()
            else:
                assert torch.equal(torch.from_numpy(one.copy()), other), (one, other)


def empty_sets(moment: Moment, name: str) -> list[torch.Tensor]:
    output = moment.outputs[name]
    parts = output if isinstance(output, tuple) else (output,)
    return [torch.zeros(part.shape[1:], dtype=torch.bool) for part in parts]


def moved_by(graph: Graph, moment: Moment, place: Place) -> list[list[torch.Tensor]]:
    """For each input of the layer, and each of its parts, the values with a gradient in any of many pictures."""
    module: nn.Module = moment.modules["layer"]
    sources = graph.sources(graph.node("layer"))
    union = [[part.clone() for part in empty_sets(moment, source)] for source in sources]
    spiked = "Max" in graph.node("layer").kind  # of a maximum only the winner moves the value: each has to win once
    for seed in range(union[0][0].numel() if spiked else 12):
        torch.manual_seed(seed)
        shake(module)
        inputs: list[Any] = []
        for parts in union:
            values = [2 * torch.randn(1, *part.shape, dtype=torch.float64) for part in parts]
            if seed % 2:
                values = [value.abs() for value in values]
            if spiked:
                values[0].flatten()[seed] = 100.0
            inputs.append([value.requires_grad_() for value in values])
        taken = [tuple(parts) if isinstance(moment.outputs[s], tuple) else parts[0]
                 for s, parts in zip(sources, inputs, strict=True)]  # fmt: skip
        output = module(*taken)
        chosen = output[place.part] if isinstance(output, tuple) else output
        if not chosen.requires_grad:
            continue
        flat = [value for parts in inputs for value in parts]
        gradients = iter(torch.autograd.grad(chosen[(0, *place.index)], flat, allow_unused=True))
        for parts in union:
            for part in parts:
                gradient = next(gradients)
                if gradient is not None:
                    part |= gradient[0] != 0
    return union
