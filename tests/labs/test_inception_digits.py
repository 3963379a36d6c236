"""The inception block on digits: it learns, and its branches' maps are those of what it has learnt."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from workbench.compiler import compile_graph
from workbench.data import evaluation_batches, load
from workbench.labs.inception import Inception
from workbench.labs.inception_digits import learn, maps_of_digit, network
from workbench.project import DataChoice

FEW = Inception(("1×1", "pooling"))


def test_it_learns_and_its_maps_are_those_of_its_weights() -> None:
    told: list[str] = []
    made = learn(FEW, epochs=2, tell=told.append)
    assert len(made.epochs) == len(told) == 2
    assert told[1] == f"Epoch 2 of 2: {made.epochs[-1].validation_accuracy:.1%} right"
    assert made.epochs[-1].validation_accuracy > 0.4
    graph = network(FEW)
    trained = compile_graph(graph).eval()
    trained.load_state_dict(made.weights)
    batch = next(evaluation_batches(load(DataChoice(), graph.shape), "validation", 1000))
    with torch.inference_mode():
        right = (trained(batch.images).argmax(1) == batch.labels).double().mean()
    assert float(right) == pytest.approx(made.epochs[-1].validation_accuracy, abs=0.01)
    three = batch.images[batch.labels == 3][:1]
    seen: dict[str, torch.Tensor] = {}
    for name in FEW.ends.values():
        trained.get_submodule(name).register_forward_hook(lambda _, __, out, name=name: seen.update({name: out[0]}))
    with torch.inference_mode():
        trained(three)
    maps, untrained = maps_of_digit(FEW, 3, made), maps_of_digit(FEW, 3)
    assert {branch: values.shape for branch, values in maps.items()} == {"1×1": (64, 14, 14), "pooling": (32, 14, 14)}
    for branch, name in FEW.ends.items():
        np.testing.assert_allclose(maps[branch], seen[name].numpy(), rtol=1e-4, atol=1e-5)
        assert not np.allclose(maps[branch], untrained[branch])


def test_what_has_learnt_fits_fewer_branches_and_no_others() -> None:
    made = learn(Inception(("1×1",)), epochs=1)
    assert made.fits(Inception(("1×1",)))
    assert not made.fits(FEW)
    assert not made.fits(Inception(("1×1",), bottlenecks=False))


def test_it_can_be_stopped_within_an_epoch() -> None:
    class Stopped(Exception):
        pass

    asked: list[int] = []

    def check() -> None:
        asked.append(1)
        if len(asked) == 5:
            raise Stopped

    with pytest.raises(Stopped):
        learn(FEW, epochs=1, check=check)
