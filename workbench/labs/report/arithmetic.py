"""What came out of the labs that are computed by hand: a filter, a window, a mixture and its price."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from workbench.graph import Builder, Graph
from workbench.labs.bottleneck import Branch
from workbench.labs.convolution import Convolution, sum_in_words
from workbench.labs.pooling import Pooling
from workbench.labs.report.lesson import Section
from workbench.runs.page.drawing import grid
from workbench.runs.page.frame import Html, figure, layers, paragraph, table

_CHANNELS = ("red", "green", "blue")


def convolution(lab: Convolution, place: tuple[int, int], picture: str, kernel: str, channel: int) -> list[Section]:
    """A filter on a picture, at the place that was looked at, of the colour ``channel`` that was shown."""
    side = lab.kernel.shape[-1]
    chosen = (
        ("picture", f"{picture}, {_shape(lab.picture)}"), ("filter", f"{kernel}, {_shape(lab.kernel)}"),
        ("stride", lab.stride), ("padding", lab.padding), ("dilation", lab.dilation),
    )  # fmt: skip
    settings = ("Settings", table(("setting", "value"), chosen, 9))
    if not lab.fits:
        return [settings, ("What came out", paragraph("The filter is larger than the picture with its padding."))]
    window, names = lab.window(*place), _CHANNELS[: len(lab.kernel)]
    inside = [[n for n in places if 0 <= n < size]
              for places, size in zip((window.rows, window.columns), lab.picture.shape[1:], strict=True)]  # fmt: skip
    shown = lab.picture if len(lab.picture) == 3 else lab.picture[0]
    one = f", {_CHANNELS[channel]}" if len(lab.kernel) == 3 else ""
    drawn = (
        figure("picture, and where the filter lies", grid("picture", shown, rows=inside[0], columns=inside[1])),
        figure(f"filter{one}", grid("filter", lab.kernel[channel], "signed")),
        figure(f"products{one}", grid("products", window.products[channel], "signed")),
        figure("map", grid("map", lab.map(), rows=(place[0],), columns=(place[1],))),
    )
    told = (
        paragraph(f"Row {place[0]}, column {place[1]}: {sum_in_words(window, lab.kernel, names)}", "state"),
        paragraph(f"The map's height: {lab.size_in_words()}"),
        paragraph(
            f"The filter has {side}×{side}×{len(lab.kernel)} = {lab.weights} weights, wherever it lies. A dense layer "
            f"from this picture to this map would need {lab.dense_weights:,}."
        ),
    )
    graph = _one_layer(
        lab.picture.shape, "Conv2d", out_channels=1, kernel_size=side, stride=lab.stride, padding=lab.padding,
        dilation=lab.dilation, bias=False,
    )  # fmt: skip
    return [settings, ("What came out", _row(*drawn, *told)), ("The layer", layers(graph))]


def pooling(lab: Pooling, convolved: Convolution, place: tuple[int, int], picture: str) -> list[Section]:
    """Windows of a picture pooled by their largest value and their mean, and a convolution with the same stride."""
    chosen = (("picture", f"{picture}, {_shape(lab.picture)}"), ("window", lab.window), ("stride", lab.stride))
    settings = ("Settings", table(("setting", "value"), chosen, 9))
    if not lab.fits:
        return [settings, ("What came out", paragraph("The window is larger than the picture."))]
    largest, mean = replace(lab, kind="max"), replace(lab, kind="average")
    limits = float(lab.picture.min()), float(lab.picture.max())
    rows, columns = lab.cells(*place)
    here: dict[str, Any] = {"rows": (place[0],), "columns": (place[1],), "limits": limits}
    drawn = (
        figure("picture, and the window", grid("picture", lab.picture, limits=limits, rows=rows, columns=columns)),
        figure("largest of each window", grid("largest", largest.map(), **here)),
        figure("mean of each window", grid("mean", mean.map(), **here)),
        figure("convolution with a stride, Sobel", grid("convolution", convolved.map())),
    )
    height, count = lab.picture.shape[0], lab.size[0]
    told = (
        paragraph(f"{largest.in_words(*place)}; {mean.in_words(*place)}", "state"),
        paragraph(f"The map's height: ⌊({height} − {lab.window}) / {lab.stride}⌋ + 1 = {count}."),
    )
    shape = (1, *lab.picture.shape)
    kernel = convolved.kernel.shape[-1]
    builder = Builder(shape)
    for kind in ("MaxPool2d", "AvgPool2d"):
        builder.add(kind.lower(), kind, "input", kernel_size=lab.window, stride=lab.stride)
    stepping = {"kernel_size": kernel, "stride": convolved.stride, "bias": False}
    builder.add("conv2d", "Conv2d", "input", out_channels=1, **stepping)
    return [
        settings,
        ("What came out", _row(*drawn, *told)),
        ("The layers", layers(builder.build("three ways"))),
    ]


def mixing(lab: Convolution, place: tuple[int, int], picture: str) -> list[Section]:
    """A 1×1 filter over three maps."""
    window = lab.window(*place)
    weights = lab.kernel.ravel()
    chosen = (("picture", picture), *zip((f"weight of {name}" for name in _CHANNELS), weights, strict=False))
    here: dict[str, Any] = {"rows": (place[0],), "columns": (place[1],)}
    drawn = [
        figure(f"{name}, weight {weight:.2f}".replace("-", "−"), grid(name, values, limits=(0.0, 1.0), **here))
        for name, values, weight in zip(_CHANNELS, lab.picture, weights, strict=False)
    ]
    drawn.append(figure("mixed", grid("mixed", lab.map(), **here)))
    told = paragraph(f"Row {place[0]}, column {place[1]}: {sum_in_words(window, lab.kernel)}", "state")
    graph = _one_layer(lab.picture.shape, "Conv2d", out_channels=1, kernel_size=1, bias=False)
    return [
        ("Settings of the mixture", table(("setting", "value"), chosen, 9)),
        ("Mixed maps", _row(*drawn, told)),
        ("The layer", layers(graph)),
    ]


def price(branch: Branch) -> list[Section]:
    """A branch straight and past its bottleneck."""
    straight = replace(branch, narrow=None)
    ratio = straight.macs / branch.macs
    verdict = f"{ratio:.1f} times less" if ratio >= 1 else f"{1 / ratio:.1f} times more: too wide to save anything"
    told = paragraph(f"Past a bottleneck of {branch.narrow} maps: {verdict}.", "state")
    return [
        ("What a bottleneck saves", told),
        ("Straight", layers(_branch(straight))),
        ("Past a bottleneck", layers(_branch(branch))),
    ]


def _branch(branch: Branch) -> Graph:
    builder = Builder((branch.maps_in, branch.side, branch.side))
    if branch.narrow is not None:
        builder.add("reduce", "Conv2d", out_channels=branch.narrow, kernel_size=1, bias=False)
    builder.add(
        "conv", "Conv2d", out_channels=branch.maps_out, kernel_size=branch.kernel, padding="same", bias=False
    )  # fmt: skip
    return builder.build("branch")


def _one_layer(shape: tuple[int, ...], kind: str, **arguments: Any) -> Graph:
    builder = Builder(tuple(shape))
    builder.add(kind.lower(), kind, **arguments)
    return builder.build(kind)


def _shape(values: np.ndarray) -> str:
    return "×".join(map(str, values.shape))


def _row(*parts: Html) -> Html:
    """Figures beside each other, and the sentences below them."""
    figures = [part for part in parts if part.startswith("<figure")]
    rest = [part for part in parts if not part.startswith("<figure")]
    return Html(f'<div class="row">{"".join(figures)}</div>{"".join(rest)}')
