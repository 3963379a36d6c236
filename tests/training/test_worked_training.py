"""Losses, penalties and descents worked by hand, each asked of the training's own parts: what the lecture claims."""

from __future__ import annotations

import math

import pytest
import torch
from torch import Tensor, nn

from workbench.graph import Builder, Graph
from workbench.layers import layer
from workbench.project import Recipe
from workbench.training.objective import Objective, Targets, guessing_loss
from workbench.training.optimizers import make_optimizer


def dense(inputs: int, outputs: int) -> Graph:
    builder = Builder((inputs,))
    builder.add("layer", "Linear", out_features=outputs)
    return builder.build()


def test_the_cross_entropy_and_that_of_guessing() -> None:
    logits = torch.tensor([[2.0, 1.0, 0.1]], requires_grad=True)
    loss = Objective(dense(3, 3), nn.Module(), Recipe())
    total = loss(logits, Targets(torch.tensor([0]))).total
    total.backward()
    assert total.item() == pytest.approx(0.4170300163)
    assert logits.grad is not None
    assert logits.grad[0].tolist() == pytest.approx([-0.3409988611, 0.2424329707, 0.0985658904])
    assert guessing_loss("cross_entropy", 1000) == pytest.approx(6.907755279)


def _objective(weights: list[float], **settings: float) -> Tensor:
    network = nn.Module()
    network.weight = nn.Parameter(torch.tensor([weights]))  # two axes: a penalty leaves biases out
    objective = Objective(dense(4, 1), network, Recipe(**settings))  # type: ignore[arg-type]
    logits = torch.zeros(1, 2)
    total = objective(logits, Targets(torch.tensor([0]))).total - math.log(2)
    total.backward()
    assert network.weight.grad is not None
    return torch.cat([total.detach()[None], network.weight.grad[0]])


def test_the_penalties_and_their_gradients() -> None:
    w = [0.5, -2.0, 0.0, 3.0]
    assert _objective(w, l1=0.1).tolist() == pytest.approx([0.55, 0.1, -0.1, 0.0, 0.1], abs=1e-6)
    assert _objective(w, l2=0.1).tolist() == pytest.approx([1.325, 0.1, -0.4, 0.0, 0.6], abs=1e-6)


def test_weight_decay_is_a_pull_of_each_weight() -> None:
    weight = nn.Parameter(torch.tensor([0.5, -2.0, 0.0, 3.0]))
    weight.grad = torch.zeros(4)
    torch.optim.SGD([weight], lr=0.5, weight_decay=0.1).step()
    assert weight.tolist() == pytest.approx([0.475, -1.9, 0.0, 2.85])


def test_half_the_square_is_what_weight_decay_pulls_with() -> None:
    half = _objective([0.5, -2.0, 0.0, 3.0], l2=0.05)
    assert half.tolist() == pytest.approx([0.6625, 0.05, -0.2, 0.0, 0.3], abs=1e-6)


NEVER = 3_000


def descent(rows: list[list[float]], wanted: list[float], start: list[float], rate: float, momentum: float = 0) -> int:
    """Steps of gradient descent on half the mean squared error until the distance is a millionth; negative: diverged.

    ``NEVER`` where neither has happened by then.
    """
    inputs = torch.tensor(rows, dtype=torch.float64)
    goal = torch.tensor(wanted, dtype=torch.float64)
    network = layer("Linear").module({"out_features": 1, "bias": False}, ((2,),)).double()
    weight = network.get_parameter("weight")
    with torch.no_grad():
        weight.copy_(torch.tensor([start]))
    optimizer = make_optimizer(
        network, Recipe(optimizer="sgd", learning_rate=rate, momentum=momentum, nesterov=False, weight_decay=0.0)
    )
    first = (weight.detach()[0] - goal).norm()
    for step in range(1, NEVER):
        loss = (network(inputs)[:, 0] - inputs @ goal).square().mean() / 2
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        distance = (weight.detach()[0] - goal).norm()
        if distance > 1e12:
            return -step
        if distance <= 1e-6 * first:
            return step
    return NEVER


STRETCHED = [[10.0, 1.0], [10.0, -1.0], [-10.0, 1.0], [-10.0, -1.0]]
"""Its error has the curvatures 100 and 1: the condition number is 100."""

EVEN = [[1.0, 1.0], [1.0, -1.0], [-1.0, 1.0], [-1.0, -1.0]]


@pytest.mark.parametrize(
    ("rows", "rate", "steps"),
    [
        (STRETCHED, 0.005, 2688), (STRETCHED, 0.01, 1341), (STRETCHED, 2 / 101, 691), (STRETCHED, 0.0199, 1341),
        (STRETCHED, 0.02, NEVER), (STRETCHED, 0.021, -290),
        (EVEN, 0.1, 132), (EVEN, 0.5, 20), (EVEN, 1.0, 1), (EVEN, 1.9, 132), (EVEN, 2.0, NEVER), (EVEN, 2.1, -287),
    ],
)  # fmt: skip
def test_scaled_inputs_are_learnt_in_one_step_instead_of_hundreds(
    rows: list[list[float]], rate: float, steps: int
) -> None:
    """Stable below 2 over the largest curvature; best at 2 over the sum of both: each step leaves 99/101."""
    assert descent(rows, [0.0, 0.0], [1.0, 1.0], rate) == steps


def test_measurements_of_different_size_are_learnt_faster_when_scaled() -> None:
    raw = [[1.0, 10.0], [1.0, -10.0], [-1.0, 10.0], [-1.0, -10.0]]
    assert [descent(raw, [3.0, 0.2], [0.0, 0.0], rate) for rate in (0.0198, 0.01, 0.021)] == [691, 1375, -307]
    spread = torch.tensor(raw).std(0, correction=0)
    scaled = (torch.tensor(raw) / spread).tolist()
    goal = (torch.tensor([3.0, 0.2]) * spread).tolist()
    assert [descent(scaled, goal, [0.0, 0.0], rate) for rate in (1.0, 0.1, 0.5)] == [1, 132, 20]


def test_momentum_makes_up_for_some_of_the_stretch() -> None:
    assert descent(STRETCHED, [0.0, 0.0], [1.0, 1.0], 4 / 121, (9 / 11) ** 2) == 93
