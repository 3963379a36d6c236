"""Values and gradients worked by hand, each asked of the catalogue's own layers: what the lecture claims runs here."""

from __future__ import annotations

import math
from typing import Any

import pytest
import torch
from torch import nn

from workbench.compiler import compile_graph
from workbench.graph import Builder, Graph
from workbench.layers import layer


def ran(kind: str, *inputs: Any, **arguments: Any) -> Any:
    """What a layer of the catalogue makes of one example (given without the batch), in float64."""
    tensors = [torch.tensor(value, dtype=torch.float64) for value in inputs]
    module = layer(kind).module(arguments, tuple(tuple(t.shape) for t in tensors)).double().eval()
    with torch.no_grad():
        return module(*(t[None] for t in tensors))[0]


def convolution(kernel: Any, bias: float = 0.0, **arguments: Any) -> nn.Module:
    weight = torch.tensor(kernel, dtype=torch.float64)
    arguments = {"out_channels": weight.shape[0], "kernel_size": tuple(weight.shape[2:]), **arguments}
    module = layer("Conv2d").module(arguments, ((weight.shape[1], 9, 9),)).double()
    with torch.no_grad():
        module.weight.copy_(weight)  # type: ignore[operator, union-attr]
        module.bias.fill_(bias)  # type: ignore[operator, union-attr]
    return module


def test_the_first_dot_product_is_25() -> None:
    picture = torch.tensor([[[[1.0, 10.0], [2.0, 20.0]]]], dtype=torch.float64)
    assert convolution([[[[1.0, 2.0], [2.0, 0.0]]]])(picture).item() == 25
    assert convolution([[[[0.0, 2.0], [2.0, 1.0]]]])(picture).item() == 44, "a true convolution would flip the filter"


MAP = [[[1.0, 3.0, 2.0, 4.0], [5.0, 6.0, 1.0, 2.0], [7.0, 2.0, 9.0, 0.0], [4.0, 8.0, 3.0, 5.0]]]


def test_pooling_takes_the_largest_or_the_mean() -> None:
    assert ran("MaxPool2d", MAP, kernel_size=2).tolist() == [[[6, 4], [8, 9]]]
    assert ran("AvgPool2d", MAP, kernel_size=2).tolist() == [[[3.75, 2.25], [5.25, 4.25]]]
    assert ran("MaxPool2d", MAP, kernel_size=3, stride=1).tolist() == [[[9, 9], [9, 9]]]
    assert ran("AdaptiveAvgPool2d", MAP, output_size=1).item() == 3.875
    assert ran("AdaptiveMaxPool2d", MAP, output_size=1).item() == 9


def test_the_gradient_of_pooling_goes_to_the_winner_or_to_all() -> None:
    for kind, wanted in (
        ("MaxPool2d", [[0, 0, 0, 1], [0, 1, 0, 0], [0, 0, 1, 0], [0, 1, 0, 0]]),
        ("AvgPool2d", [[0.25] * 4] * 4),
    ):
        picture = torch.tensor([MAP], requires_grad=True)
        layer(kind).module({"kernel_size": 2}, ((1, 4, 4),))(picture).sum().backward()
        assert picture.grad is not None
        assert picture.grad[0, 0].tolist() == wanted


def test_the_border_counts_in_a_mean_unless_it_is_left_out_and_never_in_a_maximum() -> None:
    small = [[[1.0, -2.0, 3.0], [4.0, 5.0, -6.0], [-7.0, 8.0, 9.0]]]
    counted = ran("AvgPool2d", small, kernel_size=3, stride=2, padding=1)
    assert counted[0].tolist() == [[pytest.approx(8 / 9), 0], [pytest.approx(10 / 9), pytest.approx(16 / 9)]]
    excluded = ran("AvgPool2d", small, kernel_size=3, stride=2, padding=1, count_include_pad=False)
    assert excluded[0].tolist() == [[2, 0], [2.5, 4]]
    below = ran("MaxPool2d", [[[-1.0] * 4] * 4], kernel_size=3, stride=2, padding=1)
    assert below.unique().tolist() == [-1]


def squeeze_excite(form: str = "conv") -> nn.Module:
    from workbench.layers import template

    graph = template("SqueezeExcite").make({"channels": 2, "reduction": 2, "form": form})
    graph = Graph((type(graph.inputs[0])("input", (2, 2, 2)),), graph.nodes, graph.outputs, graph.blocks)
    return compile_graph(graph).double().eval()


@pytest.mark.parametrize("form", ["conv", "linear"])
def test_squeeze_and_excitation_by_hand(form: str) -> None:
    network = squeeze_excite(form)
    weights = [torch.tensor([[1.0, -1.0]]), torch.tensor([[0.5], [-0.5]])]
    with torch.no_grad():
        for name, parameter in network.named_parameters():
            if name.endswith("bias"):
                parameter.zero_()
            else:
                parameter.copy_(weights.pop(0).view(parameter.shape))
    picture = torch.tensor([[[1.0, 3.0], [5.0, 7.0]], [[2.0, 2.0], [0.0, 0.0]]], dtype=torch.float64)
    gates = [1 / (1 + math.exp(-1.5)), 1 / (1 + math.exp(1.5))]
    with torch.no_grad():
        output = network(picture[None])[0]
    assert output[0].tolist() == [[pytest.approx(gates[0] * v) for v in row] for row in picture[0].tolist()]
    assert output[1].tolist() == [[pytest.approx(gates[1] * v) for v in row] for row in picture[1].tolist()]
    assert output[0, 0, 0].item() == pytest.approx(0.817574476194)


def test_a_gate_without_input_is_half_open() -> None:
    network = squeeze_excite()
    with torch.no_grad():
        for parameter in network.parameters():
            parameter.zero_()
    assert network(torch.ones(1, 2, 2, 2, dtype=torch.float64)).unique().tolist() == [0.5]


def test_the_residual_sum_comes_before_its_relu() -> None:
    x, f = [1.0, -2.0, 3.0], [-2.0, 1.0, 0.5]
    assert ran("ReLU", ran("Add", f, x).tolist()).tolist() == [0, 0, 3.5]
    assert ran("Add", ran("ReLU", f).tolist(), x).tolist() == [1, -1, 3.5]
    assert ran("ReLU", x).tolist() == [1, 0, 3]


def test_the_gradient_of_a_residual_sum_keeps_the_identity() -> None:
    x = torch.zeros(3, dtype=torch.float64, requires_grad=True)
    weight = torch.tensor([[0.0, 1.0, 0.0], [0.0, 0.0, 0.0], [0.0, 0.0, 2.0]], dtype=torch.float64)
    add = layer("Add").module({}, ((3,), (3,)))
    add(x, weight @ x).sum().backward()
    assert x.grad is not None
    assert x.grad.tolist() == [1, 2, 3]


def test_ten_residual_layers_keep_a_gradient_that_ten_plain_ones_lose() -> None:
    def through(residual: bool) -> float:
        builder = Builder((1, 1, 1))
        for index in range(10):
            above = builder.last
            builder.add(f"conv{index}", "Conv2d", out_channels=1, kernel_size=1, bias=False)
            if residual:
                builder.add(f"add{index}", "Add", f"conv{index}", above)
        network = compile_graph(builder.build()).double()
        with torch.no_grad():
            for parameter in network.parameters():
                parameter.fill_(0.1)
        pixel = torch.ones(1, 1, 1, 1, dtype=torch.float64, requires_grad=True)
        network(pixel).backward()
        assert pixel.grad is not None
        return pixel.grad.item()

    assert through(residual=False) == pytest.approx(1e-10)
    assert through(residual=True) == pytest.approx(2.5937424601)


def test_option_a_takes_every_second_pixel_and_empty_channels() -> None:
    picture = [[[1.0, 2, 3, 4], [5, 6, 7, 8], [9, 10, 11, 12], [13, 14, 15, 16]]]
    output = ran("Subsample", picture, stride=2, extra_channels=1)
    assert output.tolist() == [[[1, 3], [9, 11]], [[0, 0], [0, 0]]]


@pytest.mark.parametrize("p", [0.5, 0.2])
def test_dropout_keeps_the_mean_and_is_the_identity_afterwards(p: float) -> None:
    x = torch.tensor([2.0, 4.0, 6.0, 8.0])
    module = layer("Dropout").module({"p": p}, ((4,),)).train()
    torch.manual_seed(0)
    draws = torch.stack([module(x) for _ in range(20_000)])
    survivors = draws[0][draws[0] > 0]
    assert all(value in (x / (1 - p)).tolist() for value in survivors.tolist())
    spread = (x**2 * p / (1 - p)).sqrt() / 20_000**0.5
    assert ((draws.mean(0) - x).abs() < 4.5 * spread).all()
    assert draws.var(0).tolist() == pytest.approx((x**2 * p / (1 - p)).tolist(), rel=0.05)
    assert module.eval()(x).tolist() == x.tolist()


def test_softmax_makes_shares_of_scores() -> None:
    shares = ran("Softmax", [2.0, 1.0, 0.1])
    assert shares.tolist() == pytest.approx([0.6590011389, 0.2424329707, 0.0985658904])


def test_batch_normalization_of_four_values() -> None:
    module = layer("BatchNorm1d").module({}, ((1,),)).double().train()
    y = module(torch.tensor([[1.0], [2.0], [3.0], [4.0]], dtype=torch.float64))
    assert y.flatten().tolist() == pytest.approx([-1.34163542, -0.44721181, 0.44721181, 1.34163542])
    assert module.running_mean.item() == pytest.approx(0.25)  # type: ignore[operator, union-attr]
    assert module.running_var.item() == pytest.approx(1.0666666667)  # type: ignore[operator, union-attr]


def test_local_response_normalization_divides_its_alpha_by_the_window() -> None:
    channels = [[[float(c)]] for c in range(1, 6)]
    torchs = ran("LocalResponseNorm", channels, size=5, alpha=5e-4, beta=0.75, k=2.0)
    assert torchs.flatten().tolist() == pytest.approx([0.59429157, 1.18787098, 1.78014028, 2.3736093, 2.96745563])
    caffes = ran("LocalResponseNorm", channels, size=5, alpha=1e-4, beta=0.75, k=1.0)
    assert caffes.flatten().tolist() == pytest.approx([0.99979001, 1.99910057, 2.9975276, 3.99676299, 4.99625301])
    # The paper's own form with alpha = 1e-4 does not divide: b = a / (k + alpha * sum of squares)^beta.
    squares = [sum(c**2 for c in range(max(1, i - 2), min(5, i + 2) + 1)) for i in range(1, 6)]
    papers = [i / (2 + 1e-4 * total) ** 0.75 for i, total in enumerate(squares, 1)]
    assert torchs.flatten().tolist() == pytest.approx(papers)
