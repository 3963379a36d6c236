"""Weights, multiplications and shapes worked by hand, each asked of the analysis: what the lecture counts."""

from __future__ import annotations

from typing import Any

import pytest

from workbench import presets
from workbench.compiler import analyse
from workbench.graph import Builder, Graph, Shape
from workbench.layers import add_block


def one_layer(shape: Shape, kind: str, **arguments: Any) -> Graph:
    builder = Builder(shape)
    builder.add("layer", kind, **arguments)
    return builder.build()


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
