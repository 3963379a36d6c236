"""The page itself. Every text that comes from a file is escaped: names are shown, never understood."""

from __future__ import annotations

import html
from collections.abc import Iterable, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

import torch

from workbench.compiler import analyse, fed_by_one_picture
from workbench.data import DataError, load
from workbench.inspection import FilterRows, Rehearsal, Wishes
from workbench.layers import words
from workbench.project import DataChoice, Recipe
from workbench.runs.layout import RunError
from workbench.runs.page.drawing import curves, mosaic, picture
from workbench.runs.preparing import preprocessing_of
from workbench.runs.run import Run

_RIGHT, _WRONG = "47,111,222", "198,47,61"

_STYLE = """
body { font: 15px/1.5 system-ui, sans-serif; color: #1c2230; background: #fff; max-width: 960px; margin: 32px auto; padding: 0 20px }
h1 { font-size: 26px } h2 { font-size: 18px; margin: 32px 0 8px } p.state { font-weight: 600 }
table { border-collapse: collapse; font-size: 13px } th, td { padding: 3px 12px 3px 0; text-align: left } th { color: #5d6780; font-weight: 500 }
td.n, th.n { text-align: right } .pair { display: flex; gap: 24px; flex-wrap: wrap } .pair > * { flex: 1 1 380px }
svg { width: 100%; font-size: 12px; fill: #5d6780 } svg .grid { stroke: #e4e7ee } svg .mark { stroke: #8a93a5; stroke-dasharray: 4 4 }
img { image-rendering: pixelated; max-width: 100% } td.c { text-align: center; padding: 3px 8px } .muted { color: #5d6780 }
@media (prefers-color-scheme: dark) { body { color: #e8eaf0; background: #16181d } th, .muted { color: #9aa3b6 }
svg { fill: #9aa3b6 } svg .grid { stroke: #393f4b } }
"""  # noqa: E501


def page(run: Run) -> str:
    """The whole page. What cannot be had any more, such as images that were deleted, is named in its place."""
    summary = run.summary()
    title = f"{summary['run']}: {run.project.graph.name or 'network'} on {Path(str(summary['data'])).name}"
    parts = [
        f"<h1>{_safe(title)}</h1>",
        _outcome(run, summary),
        "<h2>Curves</h2>",
        _curves(run.epochs, summary["best_epoch"]),
        "<h2>Network</h2>",
        _network(run),
        "<h2>Settings</h2>",
        _settings(run),
        "<h2>Confusion</h2>",
        _confusion(run),
        "<h2>Filters and maps</h2>",
        _maps(run),
    ]
    head = f'<meta charset="utf-8"/><title>{_safe(title)}</title><style>{_STYLE}</style>'
    return f'<!doctype html><html lang="en"><head>{head}</head><body>{"".join(parts)}</body></html>\n'


def _safe(value: object) -> str:
    return html.escape(str(value))


def _table(head: Sequence[str], rows: Iterable[Sequence[object]], right: int) -> str:
    """Columns from number ``right`` on are numbers."""

    def row(cells: Sequence[object], tag: str) -> str:
        kind = [' class="n"' if column >= right else "" for column in range(len(cells))]
        return "<tr>" + "".join(f"<{tag}{k}>{_safe(c)}</{tag}>" for k, c in zip(kind, cells, strict=True)) + "</tr>"

    return "<table>" + row(head, "th") + "".join(row(cells, "td") for cells in rows) + "</table>"


def _outcome(run: Run, summary: dict[str, Any]) -> str:
    epochs = run.epochs
    diagnosis = epochs[-1].get("diagnosis", {}) if epochs else {}
    sentence = diagnosis.get("sentence", "") if isinstance(diagnosis, dict) else ""
    figures = []
    if summary["validation_loss"] is not None:
        figures.append(
            f"Best validation loss {summary['validation_loss']:.4f} and accuracy {summary['validation_accuracy']:.2%}, "
            f"after epoch {summary['best_epoch']} of {summary['epochs']}."
        )
    figures.append(f"{summary['parameters']:,} parameters. State: {summary['status']}.")
    warnings = "".join(f"<li>{_safe(warning)}</li>" for warning in run.warnings)
    return f'<p class="state">{_safe(sentence)}</p><p>{_safe(" ".join(figures))}</p>' + (
        f"<ul>{warnings}</ul>" if warnings else ""
    )


def _curves(epochs: list[dict[str, Any]], best: int | None) -> str:
    if not epochs:
        return "<p class='muted'>No epoch was finished.</p>"

    def column(name: str) -> list[float | None]:
        return [epoch.get(name) for epoch in epochs]

    losses = (("training", column("train_loss_eval")), ("validation", column("validation_loss")),
              ("training, while it trains", column("train_loss")))  # fmt: skip
    accuracies = (("training", column("train_accuracy_eval")), ("validation", column("validation_accuracy")))
    drawn = (curves("loss by epoch", losses, best), curves("accuracy by epoch", accuracies, best))
    titled = zip(("loss", "accuracy"), drawn, strict=True)
    return '<div class="pair">' + "".join(f"<div>{title}{drawing}</div>" for title, drawing in titled) + "</div>"


def _network(run: Run) -> str:
    graph = run.project.graph
    analysis = analyse(graph)
    nodes = {node.name: node for node in graph.nodes}
    rows = []
    for report in analysis.layers:
        arguments = ", ".join(f"{name}={value}" for name, value in nodes[report.name].arguments.items())
        shape = words(report.output) if report.output is not None else "cannot run"
        rows.append((report.name, report.kind, arguments, shape, f"{report.parameters:,}", f"{report.macs:,}"))
    return _table(("layer", "kind", "arguments", "output", "parameters", "multiply-adds"), rows, 4)


def _settings(run: Run) -> str:
    rows = []
    for part, value, plain in (("data", run.project.data, DataChoice()), ("recipe", run.project.recipe, Recipe())):
        for field in fields(value):
            own, usual = getattr(value, field.name), getattr(plain, field.name)
            rows.append((f"{part}.{field.name}", own, "" if own == usual else f"else {usual}"))
    rows += [(name, value, "") for name, value in run.environment.items() if isinstance(value, str | int | float)]
    table = _table(("setting", "value", ""), rows, 9)
    return f"<details><summary>All settings, and where it ran</summary>{table}</details>"


def _confusion(run: Run) -> str:
    found = next((epoch["confusion"] for epoch in reversed(run.epochs) if epoch.get("confusion")), None)
    if not found or len(found) > 40:
        return "<p class='muted'>There is none, or of too many classes to be read.</p>"
    preprocessing = run.environment.get("preprocessing", {})
    names = [str(name) for name in preprocessing.get("classes", range(len(found)))]
    rows = []
    for name, row in zip(names, found, strict=True):
        total = max(1, sum(row))
        shades = "".join(
            _shaded(count, count / total, _RIGHT if own == name else _WRONG)
            for own, count in zip(names, row, strict=True)
        )
        rows.append(f"<tr><th>{_safe(name)}</th>{shades}</tr>")
    head = "<tr><th></th>" + "".join(f"<th class='n'>{_safe(name)}</th>" for name in names) + "</tr>"
    return f"<p class='muted'>A row is what it is, a column what it was called.</p><table>{head}{''.join(rows)}</table>"


def _shaded(count: int, share: float, colour: str) -> str:
    return f'<td class="c" style="background: rgba({colour},{share:.3f})">{count or ""}</td>'


def _maps(run: Run) -> str:
    """The first convolution's filters, and what the first and last convolution make of the first validation image."""
    graph = run.project.graph
    convolutions = [node.name for node in graph.nodes if node.kind == "Conv2d"]
    if not convolutions:
        return "<p class='muted'>The network has no convolution.</p>"
    try:
        dataset = load(run.project.data, graph.shape)
        preprocessing = preprocessing_of(run)
        tensors = run.state().tensors
    except (DataError, RunError, OSError) as error:
        return f"<p class='muted'>Not to be had any more: {_safe(error)}</p>"
    if not len(dataset.validation):
        return "<p class='muted'>There is no validation image.</p>"
    image = dataset.validation.take(torch.tensor([0]))[0]
    rehearsal = Rehearsal()
    rehearsal.use_weights({n.removeprefix("model."): v for n, v in tensors.items() if n.startswith("model.")})
    mean, std = (torch.tensor(figures)[:, None, None] for figures in (preprocessing.mean, preprocessing.std))
    normalised = ((image / 255 - mean) / std)[None]
    shown = tuple(dict.fromkeys((convolutions[0], convolutions[-1])))
    rows = FilterRows(convolutions[0])
    seen = rehearsal.run(fed_by_one_picture(graph), normalised, Wishes(shown, (rows,)))
    pixels = image.numpy().transpose(1, 2, 0)
    shown_pixels = pixels[..., 0] if pixels.shape[2] == 1 else pixels[..., :3]
    parts = [f"<p>The image</p>{picture(shown_pixels, max(1, 128 // len(pixels)))}"]
    if rows in seen.filters:
        weight = seen.filters[rows].weight.mean(1)
        parts.append(f"<p>Filters of {_safe(convolutions[0])}</p>{mosaic(weight, 12, signed=True)}")
    for name in shown:
        if name in seen.maps:
            maps = seen.maps[name]
            parts.append(f"<p>Maps of {_safe(name)}, {maps.shape[0]} of {maps.shape[1]}×{maps.shape[2]}</p>")
            parts.append(mosaic(maps, max(1, 64 // maps.shape[1])))
    return "".join(parts)
