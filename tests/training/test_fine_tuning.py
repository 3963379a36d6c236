"""A training starts from weights, leaves some as they are, and lets others learn slowly."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from tests.training.test_loop import QUICK, last, same
from workbench.compiler import compile_graph
from workbench.data import Dataset
from workbench.graph import Graph, GraphError
from workbench.training import Checkpoint, Epoch, Step, train


@pytest.fixture(scope="module")
def learnt(small: Graph) -> dict[str, Tensor]:
    torch.manual_seed(3)
    tensors = {name: value.detach().clone() for name, value in compile_graph(small).state_dict().items()}
    tensors["bn.running_mean"] += 0.5
    return tensors


@pytest.mark.parametrize("optimizer", ["sgd", "adamw"])
def test_frozen_layers_keep_every_bit_and_resume_too(
    optimizer: str, small: Graph, digits: Dataset, learnt: dict[str, Tensor]
) -> None:
    recipe = QUICK.changed(
        optimizer=optimizer, learning_rate=0.01, frozen=("conv", "bn"), weight_decay=0.1, l2=0.01, ema=0.9
    )
    events = list(train(small, digits, recipe, weights=learnt))
    final = last(events, Checkpoint).state
    for prefix in ("model.", "trained."):
        for name, value in learnt.items():
            is_frozen = name.startswith(("conv.", "bn."))
            assert torch.equal(final.tensors[prefix + name], value) is is_frozen, name
    inside = next(e for e in events if isinstance(e, Checkpoint) and e.state.values["progress"]["batch"])
    # What it started from is not needed any more.
    assert same(last(train(small, digits, recipe, resume=inside.state), Checkpoint).state, final)


def test_without_freezing_everything_moves_from_where_it_started(
    small: Graph, digits: Dataset, learnt: dict[str, Tensor]
) -> None:
    still = QUICK.changed(epochs=1, learning_rate=0.0)
    final = last(train(small, digits, still, weights=learnt), Checkpoint).state
    for name in ("conv.weight", "fc.bias"):
        assert torch.equal(final.tensors[f"model.{name}"], learnt[name])
    assert not torch.equal(final.tensors["model.bn.running_mean"], learnt["bn.running_mean"])
    moved = last(train(small, digits, QUICK.changed(epochs=1), weights=learnt), Checkpoint).state
    assert not torch.equal(moved.tensors["model.conv.weight"], learnt["conv.weight"])


def test_a_factor_multiplies_the_rate_of_its_layer_alone(small: Graph, digits: Dataset) -> None:
    recipe = QUICK.changed(epochs=1, batch_size=200, momentum=0.0, learning_rate=0.1)
    slow = recipe.changed(rate_factors=("conv=0.25", "fc=0"))
    begun, plain, slowed = (
        last(train(small, digits, r), Checkpoint).state.tensors
        for r in (recipe.changed(learning_rate=0.0), recipe, slow)
    )
    went, held = (tensors["model.conv.weight"] - begun["model.conv.weight"] for tensors in (plain, slowed))
    assert torch.allclose(held, 0.25 * went, atol=1e-6)
    assert torch.equal(slowed["model.fc.weight"], begun["model.fc.weight"])
    assert torch.equal(slowed["model.bn.weight"], plain["model.bn.weight"])
    events = list(train(small, digits, slow))
    assert {event.learning_rate for event in events if isinstance(event, Step | Epoch)} == {0.1}


def test_factors_resume_to_the_same_bits(small: Graph, digits: Dataset) -> None:
    recipe = QUICK.changed(
        optimizer="adamw", learning_rate=0.01, rate_factors=("conv=0.1", "fc=2"), weight_decay=0.1,
        decay_norms_and_biases=False, schedule="cosine",
    )  # fmt: skip
    whole = list(train(small, digits, recipe))
    inside = next(e for e in whole if isinstance(e, Checkpoint) and e.state.values["progress"]["batch"])
    resumed = train(small, digits, recipe, resume=inside.state)
    assert same(last(resumed, Checkpoint).state, last(whole, Checkpoint).state)


def test_frozen_layers_stay_in_evaluation_mode(small: Graph) -> None:
    network = compile_graph(small)
    network.freeze(["bn", "drop"])
    assert network.training
    assert not network.get_submodule("bn").training
    assert not network.get_submodule("drop").training
    network.eval()
    network.train()
    assert network.get_submodule("conv").training
    assert not network.get_submodule("bn").training
    assert not network.get_submodule("bn").weight.requires_grad


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"frozen": ("gone",)}, "frozen names 'gone'"),
        ({"rate_factors": ("layer9=0.1",)}, "rate_factors names 'layer9'"),
        ({"frozen": ("conv", "bn", "fc")}, "every layer that has weights is frozen"),
    ],
)
def test_what_cannot_be_is_said_before_the_first_step(
    settings: dict[str, tuple[str, ...]], message: str, small: Graph, digits: Dataset
) -> None:
    with pytest.raises(GraphError, match=message):
        next(train(small, digits, QUICK.changed(**settings)))
