"""Weights begin as the papers say, the same on every run."""

from __future__ import annotations

from math import sqrt

import pytest
import torch
from torch import nn

from workbench import presets
from workbench.compiler import compile_graph, initialise
from workbench.compiler.initialisation import SCHEMES
from workbench.graph import Builder, FieldError
from workbench.layers.modules import SparseConv2d
from workbench.project import Recipe


def filled(module: nn.Module, scheme: str, seed: int = 1) -> nn.Module:
    initialise(module, scheme, seed)
    return module


def spread(module: nn.Module) -> float:
    """The root of the mean square of its weights."""
    return float(module.get_parameter("weight").detach().square().mean().sqrt())


def test_every_scheme_of_a_recipe_exists() -> None:
    choices = next(field.choices for field in Recipe.fields() if field.name == "init")
    assert set(choices) == {"pytorch", *SCHEMES}
    with pytest.raises(FieldError, match="no scheme 'magic'; there are pytorch, lecun"):
        initialise(nn.Linear(1, 1), "magic", 0)


@pytest.mark.parametrize(
    ("scheme", "dense", "convolution"),
    [
        # fan in 300 and 16·9, fan out 200 and 64·9
        ("he", sqrt(2 / 300), sqrt(2 / 144)),
        ("xavier", sqrt(2 / 500), sqrt(2 / (144 + 576))),
        ("lecun", 2.4 / 300 / sqrt(3), 2.4 / 144 / sqrt(3)),
        ("gaussian_0.01", 0.01, 0.01),
        ("nin", 0.05, 0.05),
    ],
)
def test_weights_are_as_wide_as_the_paper_says(scheme: str, dense: float, convolution: float) -> None:
    assert spread(filled(nn.Linear(300, 200), scheme)) == pytest.approx(dense, rel=0.02)
    layer = filled(nn.Conv2d(16, 64, 3), scheme)
    assert spread(layer) == pytest.approx(convolution, rel=0.03)
    assert not layer.get_parameter("bias").any()


@pytest.mark.parametrize(
    "layer",
    [
        nn.Conv2d(512, 512, 3, groups=512, padding=1, bias=False),
        nn.Conv2d(64, 128, 3, groups=4, padding=1),
        nn.ConvTranspose2d(64, 32, 4, stride=2),
        nn.Conv2d(64, 64, (1, 7), padding=(0, 3)),
    ],
    ids=str,
)
def test_he_keeps_the_spread_of_what_passes_rectifiers(layer: nn.Module) -> None:
    """Half of the values of x are zero, so weights of variance 2 / fan in give outputs of the variance of x's input."""
    channels: int = layer.in_channels  # type: ignore[assignment]
    picture = torch.randn(4, channels, 24, 24, generator=torch.Generator().manual_seed(0)).relu()
    with torch.no_grad():
        output = filled(layer, "he")(picture)[:, :, 4:-4, 4:-4]
    assert float(output.square().mean()) == pytest.approx(1.0, rel=0.1)


def test_a_seed_gives_the_same_bits_and_leaves_the_global_generator_alone() -> None:
    graph = presets.build("lenet5-paper")
    before = torch.get_rng_state()
    first, second, other = compile_graph(graph), compile_graph(graph), compile_graph(graph)
    torch.set_rng_state(before)
    initialise(first, "xavier", 7)
    assert torch.equal(torch.get_rng_state(), before)
    initialise(second, "xavier", 7)
    initialise(other, "xavier", 8)
    names = [name for name, _ in first.named_parameters() if "weight" in name and not name.startswith("s")]
    assert any(name.startswith("c3.weight") for name in names)
    for name in names:
        assert torch.equal(first.get_parameter(name), second.get_parameter(name))
        assert not torch.equal(first.get_parameter(name), other.get_parameter(name))


def test_sparse_filters_count_the_maps_they_see() -> None:
    layer = SparseConv2d(6, 5, "0 1 2; " * 40 + "0 1 2 3 4 5")
    initialise(layer, "lecun", 0)
    few, all_six = layer.weight
    assert float(few.detach().abs().max()) == pytest.approx(2.4 / 75, rel=0.05)
    assert float(all_six.detach().abs().max()) <= 2.4 / 150


def test_pytorch_leaves_all_as_it_was() -> None:
    layer = nn.Linear(3, 4)
    before = layer.weight.clone()
    initialise(layer, "pytorch", 0)
    assert torch.equal(layer.weight, before)


def test_alexnets_biases_open_the_rectifiers_of_some_layers() -> None:
    graph = presets.build("alexnet-paper", classes=3, input=(3, 67, 67))
    network = compile_graph(graph, init=False)
    initialise(network, "alexnet", 0)
    layers = [module for module in network.modules() if isinstance(module, nn.Conv2d | nn.Linear)]
    biases = [float(layer.bias.detach().mean()) for layer in layers if layer.bias is not None]
    assert biases == [0, 1, 0, 1, 1, 1, 1, 0]
    assert all(spread(layer) == pytest.approx(0.01, rel=0.05) for layer in layers)


def test_norms_keep_their_beginning() -> None:
    builder = Builder((3, 4, 4))
    builder.add("norm", "BatchNorm2d")
    network = compile_graph(builder.build())
    initialise(network, "gaussian_0.01", 0)
    assert network.get_parameter("norm.weight").eq(1).all()
