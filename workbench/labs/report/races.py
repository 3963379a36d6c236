"""What came out of the labs that train networks side by side."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Any

import numpy as np

from workbench.compiler import analyse
from workbench.graph import Graph
from workbench.labs.race import COLOURS, METRICS, Variant
from workbench.labs.report.lesson import Section
from workbench.runs.page.chart import Line, lines
from workbench.runs.page.frame import Html, figure, folded, layers, paragraph, settings, table
from workbench.training import Epoch

Laps = Mapping[str, Sequence[Epoch]]

_WIDE = 1_000
_ALWAYS = ("Training loss", "Validation loss", "Validation accuracy")


def race(variants: Sequence[Variant], laps: Laps, shown: str, log: bool = False) -> list[Section]:
    """Curves, figures and settings of who raced; ``shown`` is the metric that the lab drew, perhaps on a ``log``
    scale."""
    return [*outcome(variants, laps, shown, log), *about(variants)]


def outcome(variants: Sequence[Variant], laps: Laps, shown: str, log: bool = False) -> list[Section]:
    """What came out, without the settings."""
    if not any(laps.values()):
        return [("What came out", paragraph("Nothing was trained: press Start in the lab first.", "muted"))]
    drawn = [_curves(variants, laps, metric, log) for metric in dict.fromkeys((shown, *_ALWAYS))]
    return [
        ("Curves", Html(f'<div class="pair">{"".join(drawn)}</div>')),
        ("What came of each", _table(variants, laps)),
    ]


def depth(
    variants: Sequence[Variant], laps: Laps, shown: str, log: bool, gradients: Mapping[str, Any]
) -> list[Section]:
    """A race with the gradient of one weight in each convolution, from the picture to the output."""
    drawn = [
        Line(variant.name, colour, values.tolist(), np.linspace(0, 1, len(values)).tolist())
        for variant, colour in _coloured(variants)
        if len(values := gradients.get(variant.name, ()))
    ]
    words = "gradient of one weight, by layer"
    curves = lines(words, drawn, "from picture to output", log_y=True)
    sections = outcome(variants, laps, shown, log)
    if curves:
        sections.insert(1, ("Gradients layer by layer", figure(f"{words}, on a log scale", curves)))
    return [*sections, *about(variants)]


def ladder(
    variants: Sequence[Variant], laps: Laps, shown: str, log: bool, noise: Sequence[float] = ()
) -> list[Section]:
    """A race of one setting in steps: the losses at its end over the steps, and the gradient's noise where known."""
    names = [variant.name for variant in variants]
    ends = {step: laps[name][-1] for step, name in enumerate(names) if laps.get(name)}
    steps = [float(step) for step in ends]
    losses = (
        Line("training loss at the end", "#2f6fde", [end.train_loss_eval for end in ends.values()], steps, True),
        Line("validation loss at the end", "#d9622b", [end.validation_loss for end in ends.values()], steps, True),
    )
    drawn = [figure("losses over the steps", lines("losses over the steps", losses, "", names=names))] if ends else []
    if len(noise):
        line = Line("gradient noise", "#8a93a5", noise, [float(step) for step in range(len(noise))], True)
        drawn.append(
            figure("gradient noise, |g − G|² / |G|², before training, on a log scale",
                   lines("gradient noise", (line,), "", log_y=True, names=names))
        )  # fmt: skip
    sections = outcome(variants, laps, shown, log)
    if drawn:
        sections.insert(0, ("Over the steps", Html(f'<div class="pair">{"".join(drawn)}</div>')))
    return [*sections, *about(variants)]


def about(variants: Sequence[Variant]) -> list[Section]:
    """The settings of each, and their networks layer by layer."""
    common = {name: value for name, value, _ in settings(variants[0].project)}
    rows = [(variant.name, variant.change, _changed(common, variant)) for variant in variants]
    all_of_first = folded(
        f"All settings of '{variants[0].name}'", table(("setting", "value", ""), settings(variants[0].project), 9)
    )
    return [
        ("Settings", Html(table(("network", "what is different", "settings that differ"), rows, 9) + all_of_first)),
        ("Networks", Html("".join(_network(graph, names) for graph, names in _graphs(variants)))),
    ]


def _coloured(variants: Sequence[Variant]) -> list[tuple[Variant, str]]:
    return [(variant, COLOURS[number % len(COLOURS)]) for number, variant in enumerate(variants)]


def _curves(variants: Sequence[Variant], laps: Laps, metric: str, log: bool) -> Html:
    value, drawn = METRICS[metric], []
    for variant, colour in _coloured(variants):
        epochs = laps.get(variant.name, ())
        if not epochs:
            continue
        best = min(range(len(epochs)), key=lambda n: epochs[n].validation_loss)
        xs = [float(epoch.epoch) for epoch in epochs]
        starred = (best,) if metric == "Validation loss" else ()
        drawn.append(Line(variant.name, colour, [value(epoch) for epoch in epochs], xs, starred=starred))
    positive = [y for line in drawn for y in line.ys if y is not None and 0 < y < math.inf]
    if positive and max(positive) > _WIDE * min(positive):
        log = True  # one that diverged would press all others to the floor
    scale = ", on a log scale" if log else ""
    best_told = "; a star marks the best epoch" if metric == "Validation loss" else ""
    return figure(f"{metric.lower()}{scale}{best_told}", lines(metric, drawn, log_y=log))


def _table(variants: Sequence[Variant], laps: Laps) -> Html:
    raced = [variant for variant in variants if laps.get(variant.name)]
    gaps = [laps[v.name][-1].validation_loss - laps[v.name][-1].train_loss_eval for v in raced]
    most = max((abs(gap) for gap in gaps if math.isfinite(gap)), default=0.0) or 1.0
    rows = []
    for variant, gap in zip(raced, gaps, strict=True):
        epochs = laps[variant.name]
        last, best = epochs[-1], min(epoch.validation_loss for epoch in epochs)
        rows.append(
            (variant.name, variant.change, f"{analyse(variant.project.graph).parameters:,}", last.epoch,
             f"{last.train_loss_eval:.3f}", f"{best:.3f}", _bar(gap, most), f"{last.validation_accuracy:.1%}")
        )  # fmt: skip
    head = ("network", "what is different", "weights", "epochs", "training", "best validation", "gap", "accuracy")
    words = "Losses at the end; the gap is validation loss minus training loss; accuracy is of the validation images."
    return Html(table(head, rows, 2) + paragraph(words, "muted"))


def _bar(gap: float, most: float) -> Html:
    share = 100 * max(0.0, gap) / most if math.isfinite(gap) else 0.0
    shade = f"linear-gradient(to left, rgba(47,111,222,.3) {share:.0f}%, transparent {share:.0f}%)"
    told = f"{gap:+.3f}".replace("-", "−")
    return Html(f'<span style="display: block; min-width: 90px; background: {shade}">{told}</span>')


def _changed(common: Mapping[str, object], variant: Variant) -> str:
    told = [
        f"{part}.{field.name} = {own}"
        for part, value in (("data", variant.project.data), ("recipe", variant.project.recipe))
        for field in fields(value)
        if (own := getattr(value, field.name)) != common[f"{part}.{field.name}"]
    ]
    if variant.raw:
        told.append("images as they were scanned, 0 to 255")
    return ", ".join(told) or "none"


def _graphs(variants: Sequence[Variant]) -> list[tuple[Graph, list[str]]]:
    """Each network once, with the names of those who have it."""
    found: list[tuple[Graph, list[str]]] = []
    for variant in variants:
        names = next((names for graph, names in found if graph == variant.project.graph), None)
        if names is None:
            found.append((variant.project.graph, [variant.name]))
        else:
            names.append(variant.name)
    return found


def _network(graph: Graph, names: Sequence[str]) -> Html:
    parameters = analyse(graph).parameters
    return folded(f"{', '.join(names)}: {len(graph.nodes)} layers, {parameters:,} parameters", layers(graph))
