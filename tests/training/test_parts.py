"""Schedules, objective, mixing, optimizers, diagnosis: each against its reference."""

from __future__ import annotations

import math
from collections.abc import Callable

import pytest
import torch
from torch import nn
from torch.nn import functional as F

from workbench.compiler import compile_graph, initialise
from workbench.compiler.initialisation import SCHEMES
from workbench.data import Batch
from workbench.graph import Graph
from workbench.project import Recipe
from workbench.training.average import Average
from workbench.training.diagnosis import Point, diagnose
from workbench.training.mixing import mixed
from workbench.training.objective import Objective, Targets
from workbench.training.optimizers import make_optimizer
from workbench.training.schedules import learning_rate


@pytest.mark.parametrize(
    ("recipe", "scheduler"),
    [
        (Recipe(schedule="step", step_epochs=2), lambda o: torch.optim.lr_scheduler.StepLR(o, 10)),
        (
            Recipe(schedule="multistep", milestones=(2, 5)),
            lambda o: torch.optim.lr_scheduler.MultiStepLR(o, [10, 25]),
        ),
        (Recipe(schedule="cosine"), lambda o: torch.optim.lr_scheduler.CosineAnnealingLR(o, 50)),
        (
            Recipe(schedule="onecycle"),
            lambda o: torch.optim.lr_scheduler.OneCycleLR(o, 0.05, total_steps=50, cycle_momentum=False),
        ),
        (Recipe(), lambda o: torch.optim.lr_scheduler.ConstantLR(o, 1.0)),
    ],
    ids=lambda value: value.schedule if isinstance(value, Recipe) else "",
)
def test_schedules_are_torchs(recipe: Recipe, scheduler) -> None:  # type: ignore[no-untyped-def]
    optimizer = torch.optim.SGD([nn.Parameter(torch.zeros(1))], lr=0.05)
    reference = scheduler(optimizer)
    for step in range(50):
        assert learning_rate(recipe, step, 5) == pytest.approx(optimizer.param_groups[0]["lr"], rel=1e-6), step
        optimizer.step()
        reference.step()


def test_warmup_rises_linearly() -> None:
    recipe = Recipe(warmup_epochs=2.0)
    assert [round(learning_rate(recipe, step, 5) / 0.05, 3) for step in range(12)] == [
        *(round((step + 1) / 10, 3) for step in range(10)), 1.0, 1.0,
    ]  # fmt: skip


class Weights(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.tensor([[0.5, -2.0, 0.0, 3.0]]))
        self.bias = nn.Parameter(torch.ones(3))


def objective(recipe: Recipe, small: Graph) -> tuple[Objective, Weights]:
    network = Weights()
    return Objective(small, network, recipe), network


def test_penalties_are_those_of_the_lecture(small: Graph) -> None:
    """w = [0.5, −2, 0, 3], λ = 0.1: L1 0.55 with gradient λ·sign(w), L2 1.325 with gradient 2λw."""
    logits, labels = torch.zeros(1, 10), torch.zeros(1, dtype=torch.long)
    for recipe, value, gradient in (
        (Recipe(l1=0.1), 0.55, [0.1, -0.1, 0.0, 0.1]),
        (Recipe(l2=0.1), 1.325, [0.1, -0.4, 0.0, 0.6]),
    ):
        measure, network = objective(recipe, small)
        parts = measure(logits, Targets(labels))
        (penalty,) = [term for term in (parts.l1, parts.l2) if term is not None]
        assert penalty.item() == pytest.approx(value)
        assert parts.total.item() == pytest.approx(value + math.log(10))
        parts.total.backward()
        assert network.weight.grad is not None
        assert network.weight.grad[0].tolist() == pytest.approx(gradient)
        assert network.bias.grad is None


def test_loss_is_torchs_with_smoothing_and_shares(small: Graph) -> None:
    generator = torch.Generator().manual_seed(0)
    logits = torch.randn(6, 10, generator=generator)
    labels = torch.arange(6)
    measure, _ = objective(Recipe(label_smoothing=0.1), small)
    assert measure(logits, Targets(labels)).data.item() == pytest.approx(
        F.cross_entropy(logits, labels, label_smoothing=0.1).item()
    )
    measure, _ = objective(Recipe(), small)
    parts = measure(logits, Targets(labels, labels.flip(0), torch.full((6,), 0.3)))
    expected = 0.3 * F.cross_entropy(logits, labels) + 0.7 * F.cross_entropy(logits, labels.flip(0))
    assert parts.data.item() == pytest.approx(expected.item())
    measure, _ = objective(Recipe(loss="mse"), small)
    expected = F.mse_loss(logits, F.one_hot(labels, 10).float())
    assert measure(logits, Targets(labels)).data.item() == pytest.approx(expected.item())


def test_the_highest_losses_are_discarded(small: Graph) -> None:
    logits = torch.zeros(4, 10)
    logits[0, 0] = -50.0  # its label is 0: an outlier
    labels = torch.tensor([0, 1, 2, 3])
    kept, _ = objective(Recipe(discard_outliers=0.25), small)
    everything, _ = objective(Recipe(), small)
    assert kept(logits, Targets(labels)).data.item() == pytest.approx(math.log(10), rel=1e-3)
    assert everything(logits, Targets(labels)).data.item() > 10


def batch() -> Batch:
    images = torch.arange(8.0).view(8, 1, 1, 1).expand(8, 1, 6, 6).contiguous()
    return Batch(images, torch.arange(8), torch.arange(8))


def test_mixup_mixes_two_images_by_their_share() -> None:
    images, targets = mixed(batch(), Recipe(mixup=1.0), 1, 0)
    assert targets.other is not None
    assert targets.share is not None
    expected = targets.share * targets.labels + (1 - targets.share) * targets.other
    assert torch.allclose(images[:, 0, 0, 0], expected)
    again, _ = mixed(batch(), Recipe(mixup=1.0), 1, 0)
    assert torch.equal(images, again)
    other, _ = mixed(batch(), Recipe(mixup=1.0), 1, 1)
    assert not torch.equal(images, other)


def test_cutmix_pastes_a_rectangle_whose_area_is_the_share() -> None:
    images, targets = mixed(batch(), Recipe(cutmix=1.0), 1, 3)
    assert targets.other is not None
    assert targets.share is not None
    for index in range(8):
        own = (images[index] == targets.labels[index]).float().mean()
        if targets.other[index] != index:
            assert own.item() == pytest.approx(targets.share[index].item())


@pytest.mark.parametrize("name", ["SGD", "Adam", "AdamW", "RMSprop"])
@pytest.mark.parametrize("layout", [torch.contiguous_format, torch.channels_last])
def test_optimizers_step_as_torchs_own_loops_do(name: str, layout: torch.memory_format) -> None:
    def stepped(make: Callable[[nn.Module], torch.optim.Optimizer]) -> list[torch.Tensor]:
        torch.manual_seed(0)
        network = nn.Sequential(nn.Conv2d(3, 5, 3), nn.Conv2d(5, 4, 3)).to(memory_format=layout)
        optimizer = make(network)
        for _ in range(4):
            network(torch.randn(2, 3, 9, 9)).square().sum().backward()
            optimizer.step()
            optimizer.zero_grad()
        return [parameter.detach() for parameter in network.parameters()]

    recipe = Recipe(optimizer=name.lower(), learning_rate=0.01, momentum=0.9, nesterov=True, weight_decay=0.1)
    own: dict[str, object] = {
        "SGD": {"momentum": 0.9, "nesterov": True}, "RMSprop": {"alpha": recipe.beta2, "momentum": 0.9}
    }.get(name, {"betas": (0.9, recipe.beta2)})  # fmt: skip
    kind = getattr(torch.optim, name)
    expected = stepped(lambda network: kind(network.parameters(), 0.01, weight_decay=0.1, foreach=False, **own))
    for one, other in zip(stepped(lambda network: make_optimizer(network, recipe)), expected, strict=True):
        assert torch.allclose(one, other, rtol=1e-5, atol=1e-6)


def test_weight_decay_may_spare_vectors(small: Graph) -> None:
    network = compile_graph(small)
    groups = make_optimizer(network, Recipe(weight_decay=0.1, decay_norms_and_biases=False)).param_groups
    assert [group["weight_decay"] for group in groups] == [0.1, 0.0]
    assert all(p.dim() > 1 for p in groups[0]["params"])
    assert all(p.dim() == 1 for p in groups[1]["params"])


def test_the_average_follows_its_formula() -> None:
    network = nn.Linear(2, 1, bias=False)
    with torch.no_grad():
        network.weight.fill_(0.0)
    average = Average(network, 0.9)
    with torch.no_grad():
        network.weight.fill_(1.0)
    average.update(1000)
    average.update(1001)
    assert average.tensors["weight"][0, 0].item() == pytest.approx(1 - 0.9**2)
    with average.in_place():
        assert network.weight[0, 0].item() == pytest.approx(0.19)
    assert network.weight[0, 0].item() == 1.0


def falling(count: int, start: float = 2.0, rate: float = 0.7) -> list[float]:
    return [start * rate**index for index in range(count)]


def test_diagnoses_follow_their_rules() -> None:
    healthy = [Point(loss, loss + 0.02) for loss in falling(8)]
    assert diagnose(healthy, math.log(10)).state == "healthy"
    rising = [0.9, 0.6, 0.5, 0.55, 0.6, 0.7, 0.81]
    overfit = [Point(t, v) for t, v in zip(falling(7, 0.9), rising, strict=True)]
    found = diagnose(overfit, math.log(10))
    assert (found.state, found.since_epoch) == ("overfitting", 3)
    assert "risen 0.31 above its best" in found.sentence
    assert found.remedies
    flat = [Point(2.2, 2.25)] * 6
    assert diagnose(flat, math.log(10)).state == "underfitting"
    jumping = diagnose([Point(1.0, 1.0), Point(0.3, 0.4), Point(0.9, 1.2)], math.log(10))
    assert jumping.state == "unstable"
    assert "from 0.30 to 0.90" in jumping.sentence
    assert diagnose([Point(1.0, 1.0), Point(0.3, 0.4), Point(0.4, 0.5)], math.log(10)).state == "healthy"
    assert diagnose([Point(math.nan, 1.0)], math.log(10)).state == "diverged"
    assert diagnose([Point(50.0, 60.0)], math.log(10)).state == "diverged"
    assert diagnose(healthy[:1], math.log(10)).state == "starting"
    unseen = [Point(loss, loss) for loss in (1.0, 0.6, 0.4)]
    assert "without validation images" in diagnose(unseen, math.log(10), validated=False).sentence


@pytest.mark.parametrize("scheme", ["pytorch", *SCHEMES])
def test_initialisation_is_a_function_of_its_seed(scheme: str, small: Graph) -> None:
    torch.manual_seed(0)
    first, second = compile_graph(small), compile_graph(small)
    second.load_state_dict(first.state_dict())
    initialise(first, scheme, 3)
    initialise(second, scheme, 3)
    assert torch.equal(first.get_parameter("conv.weight"), second.get_parameter("conv.weight"))
