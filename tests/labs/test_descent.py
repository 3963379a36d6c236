"""Gradient descent takes the steps that theory says, and those of torch's optimizer."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from workbench.labs.descent import Bowl, descend


@pytest.mark.parametrize(
    ("steep", "rate", "steps"),
    [(100, 0.005, 2688), (100, 0.01, 1341), (100, 2 / 101, 691), (100, 0.0199, 1341), (1, 0.1, 132), (1, 0.5, 20),
     (1, 1.0, 1), (1, 1.9, 132)],
)  # fmt: skip
def test_it_arrives_after_the_worked_number_of_steps(steep: float, rate: float, steps: int) -> None:
    path = descend(Bowl(steep), rate)
    assert path.arrived
    assert path.steps == steps
    assert path.in_words() == f"arrived after {steps:,} {'step' if steps == 1 else 'steps'}"


def test_beyond_the_largest_rate_it_diverges_and_at_it_it_never_arrives() -> None:
    bowl = Bowl(100)
    assert bowl.largest_rate == pytest.approx(0.02)
    assert descend(bowl, 0.021).diverged
    still = descend(bowl, 0.02)
    assert not still.arrived
    assert not still.diverged


def test_momentum_crosses_the_valley_in_a_seventh_of_the_steps() -> None:
    assert descend(Bowl(100), 4 / 121, (9 / 11) ** 2).steps == 93


def test_the_steps_are_those_of_torchs_sgd() -> None:
    path = descend(Bowl(25), 0.03, 0.8, most=50)
    w = torch.tensor([1.0, 1.0], dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.SGD([w], lr=0.03, momentum=0.8)
    for point in path.points[1:]:
        optimizer.zero_grad()
        (0.5 * (25 * w[0] ** 2 + w[1] ** 2)).backward()
        optimizer.step()
        np.testing.assert_allclose(w.detach().numpy(), point, atol=1e-12)
