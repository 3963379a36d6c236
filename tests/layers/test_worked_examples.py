"""Figures worked by hand, each asked of the catalogue's own layers: what the lecture claims is what runs here."""

from __future__ import annotations

import math
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from workbench.compiler import analyse, compile_graph
from workbench.graph import Builder, Graph, Shape
from workbench.layers import layer
from workbench.project import Recipe
from workbench.training.objective import Objective, Targets
from workbench.training.optimizers import make_optimizer


def ran(kind: str, *inputs: Any, **arguments: Any) -> Any:
    """What a layer of the catalogue makes of one example (given without the batch), in float64."""
    tensors = [torch.tensor(value, dtype=torch.float64) for value in inputs]
    module = layer(kind).module(arguments, tuple(tuple(t.shape) for t in tensors)).double().eval()
    with torch.no_grad():
        return module(*(t[None] for t in tensors))[0]


def one_layer(shape: Shape, kind: str, **arguments: Any) -> Graph:
    builder = Builder(shape)
    builder.add("layer", kind, **arguments)
    return builder.build()


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


def test_a_filter_of_five_by_five_by_three_has_75_weights() -> None:
    assert analyse(one_layer((3, 32, 32), "Conv2d", out_channels=1, kernel_size=5, bias=False)).parameters == 75
    assert analyse(one_layer((3, 32, 32), "Conv2d", out_channels=1, kernel_size=5)).parameters == 76
    assert analyse(one_layer((3, 32, 32), "Conv2d", out_channels=10, kernel_size=5)).parameters == 760


def test_a_dense_layer_on_65536_pixels_has_two_thousand_million_weights() -> None:
    bare = analyse(one_layer((65_536,), "Linear", out_features=32_000, bias=False))
    assert bare.parameters == 2_097_152_000 > 2e9
    assert analyse(one_layer((65_536,), "Linear", out_features=32_000)).parameters == 2_097_184_000
    assert bare.parameters * 4 / 2**30 == 7.8125


@pytest.mark.parametrize(
    ("n", "k", "s", "p", "extra", "out"),
    [(28, 2, 2, 0, 0, 56), (16, 4, 2, 1, 0, 32), (14, 3, 2, 1, 1, 28), (7, 3, 1, 1, 0, 7)],
)
def test_transposed_convolutions_enlarge(n: int, k: int, s: int, p: int, extra: int, out: int) -> None:
    graph = one_layer(
        (1, n, n), "ConvTranspose2d", out_channels=1, kernel_size=k, stride=s, padding=p, output_padding=extra
    )
    assert analyse(graph).layers[0].output == (1, out, out)


def test_a_window_larger_than_its_map_is_a_problem_and_no_size() -> None:
    analysis = analyse(one_layer((1, 3, 3), "Conv2d", out_channels=1, kernel_size=5))
    assert analysis.layers[0].output is None
    assert not analysis.runs


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


def _weights(*layers: tuple[str, dict[str, Any]], shape: Shape) -> tuple[int, int]:
    builder = Builder(shape)
    for number, (kind, arguments) in enumerate(layers):
        builder.add(f"l{number}", kind, bias=False, **arguments)
    analysis = analyse(builder.build())
    return analysis.parameters, analysis.macs


def test_what_a_bottleneck_saves_in_inception_3a() -> None:
    conv = "Conv2d"
    wide = (conv, {"out_channels": 32, "kernel_size": 5, "padding": 2})
    assert _weights(wide, shape=(192, 28, 28)) == (153_600, 120_422_400)
    narrow = _weights((conv, {"out_channels": 16, "kernel_size": 1}), wide, shape=(192, 28, 28))
    assert narrow == (15_872, 12_443_648)
    assert 120_422_400 / narrow[1] == pytest.approx(9.6774, abs=1e-4)
    three = (conv, {"out_channels": 128, "kernel_size": 3, "padding": 1})
    assert _weights(three, shape=(192, 28, 28))[0] == 221_184
    assert _weights((conv, {"out_channels": 96, "kernel_size": 1}), three, shape=(192, 28, 28))[0] == 129_024


def test_what_inception_3a_costs_and_what_it_would_without_bottlenecks() -> None:
    from workbench.layers import add_block

    builder = Builder((192, 28, 28))
    widths = {"ch1x1": 64, "ch3x3_reduce": 96, "ch3x3": 128, "ch5x5_reduce": 16, "ch5x5": 32, "pool_proj": 32}
    add_block(builder, "inception3a", "Inception", None, **widths, batch_norm=False)
    module = analyse(builder.build())
    biases = sum(widths.values())
    assert (module.parameters - biases, module.layers[-1].output) == (163_328, (256, 28, 28))
    naive = Builder((192, 28, 28))
    ends = [
        naive.add(f"conv{k}", "Conv2d", "input", out_channels=out, kernel_size=k, padding=k // 2, bias=False)
        for k, out in ((1, 64), (3, 128), (5, 32))
    ]
    naive.add("pool", "MaxPool2d", "input", kernel_size=3, stride=1, padding=1)
    naive.add("concat", "Concatenate", *ends, "pool")
    without = analyse(naive.build())
    assert (without.parameters, without.layers[-1].output) == (387_072, (416, 28, 28))


def test_what_squeeze_and_excitation_adds_to_a_resnet50() -> None:
    from workbench import presets

    whole = analyse(presets.build("se-resnet50"))
    gates = [r for r in whole.layers if ".se_module.fc" in r.name]
    biases = sum(report.output[0] for report in gates if report.output)
    added = sum(report.parameters for report in gates)
    assert (added, added - biases, whole.parameters) == (2_530_992, 2_514_944, 28_088_024)


def test_small_filters_in_a_stack_see_as_far_as_a_large_one_for_less() -> None:
    def stack(*kernels: int) -> tuple[int, Any]:
        builder = Builder((16, 32, 32))
        for index, kernel in enumerate(kernels):
            builder.add(f"conv{index}", "Conv2d", out_channels=16, kernel_size=kernel, bias=False)
        analysis = analyse(builder.build())
        field = analysis.layers[-1].receptive_field
        assert field is not None
        return analysis.parameters, field.height.size

    assert stack(3, 3)[1] == stack(5)[1] == 5
    assert stack(3, 3, 3) == (27 * 16**2, 7)
    assert stack(7) == (49 * 16**2, 7)


def test_what_other_cheap_forms_cost() -> None:
    def c(out: int, kernel: int, **more: Any) -> tuple[str, dict[str, Any]]:
        return "Conv2d", {"out_channels": out, "kernel_size": kernel, **more}

    assert _weights(c(64, 1), c(64, 3), c(256, 1), shape=(256, 9, 9))[0] == 69_632
    assert _weights(c(64, 3), c(64, 3), shape=(64, 9, 9))[0] == 73_728
    assert _weights(c(256, 3), c(256, 3), shape=(256, 9, 9))[0] == 1_179_648
    assert _weights(c(64, 3), shape=(32, 9, 9))[0] == 18_432
    assert _weights(c(32, 3, groups=32), c(64, 1), shape=(32, 9, 9))[0] == 2_336


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


def _objective(weights: list[float], **settings: float) -> Tensor:
    network = nn.Module()
    network.weight = nn.Parameter(torch.tensor([weights]))  # two axes: a penalty leaves biases out
    objective = Objective(one_layer((4,), "Linear", out_features=1), network, Recipe(**settings))  # type: ignore[arg-type]
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


def test_softmax_and_the_cross_entropy_of_guessing() -> None:
    from workbench.training.objective import guessing_loss

    shares = ran("Softmax", [2.0, 1.0, 0.1])
    assert shares.tolist() == pytest.approx([0.6590011389, 0.2424329707, 0.0985658904])
    logits = torch.tensor([[2.0, 1.0, 0.1]], requires_grad=True)
    loss = Objective(one_layer((3,), "Linear", out_features=3), nn.Module(), Recipe())
    total = loss(logits, Targets(torch.tensor([0]))).total
    total.backward()
    assert total.item() == pytest.approx(0.4170300163)
    assert logits.grad is not None
    assert logits.grad[0].tolist() == pytest.approx([-0.3409988611, 0.2424329707, 0.0985658904])
    assert guessing_loss("cross_entropy", 1000) == pytest.approx(6.907755279)


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
