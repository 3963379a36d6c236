"""The page itself. Every text that comes from a file is escaped: names are shown, never understood."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch

from workbench.compiler import fed_by_one_picture
from workbench.data import DataError, load
from workbench.inspection import FilterRows, Rehearsal, Wishes
from workbench.runs.layout import RunError
from workbench.runs.page.chart import Line, lines
from workbench.runs.page.drawing import mosaic, picture
from workbench.runs.page.film import filmstrip
from workbench.runs.page.frame import folded, layers, safe, settings, table, whole
from workbench.runs.preparing import preprocessing_of
from workbench.runs.run import Run

_RIGHT, _WRONG = "47,111,222", "198,47,61"
_DARK = 0.6
"""A share from which on a cell is so dark that its count stands in white."""
_TRAINING, _VALIDATION, _BESIDE = "#2f6fde", "#d9622b", "#8a93a5"


def page(run: Run) -> str:
    """The whole page. What cannot be had any more, such as images that were deleted, is named in its place."""
    summary = run.summary()
    title = f"{summary['run']}: {run.project.graph.name or 'network'} on {Path(str(summary['data'])).name}"
    parts = [
        f"<h1>{safe(title)}</h1>",
        _outcome(run, summary),
        "<h2>Curves</h2>",
        _curves(run.epochs, summary["best_epoch"]),
        "<h2>Network</h2>",
        layers(run.project.graph),
        "<h2>Settings</h2>",
        _settings(run),
        "<h2>Confusion</h2>",
        _confusion(run),
        "<h2>Through the training</h2>",
        filmstrip(run),
        "<h2>Filters and maps</h2>",
        _maps(run),
    ]
    return whole(title, parts)


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
    warnings = "".join(f"<li>{safe(warning)}</li>" for warning in run.warnings)
    return f'<p class="state">{safe(sentence)}</p><p>{safe(" ".join(figures))}</p>' + (
        f"<ul>{warnings}</ul>" if warnings else ""
    )


def _curves(epochs: list[dict[str, Any]], best: int | None) -> str:
    if not epochs:
        return "<p class='muted'>No epoch was finished.</p>"

    def column(name: str) -> list[float | None]:
        return [epoch.get(name) for epoch in epochs]

    losses = (
        Line("training", _TRAINING, column("train_loss_eval")),
        Line("validation", _VALIDATION, column("validation_loss")),
        Line("training, while it trains", _BESIDE, column("train_loss")),
    )
    accuracies = (
        Line("training", _TRAINING, column("train_accuracy_eval")),
        Line("validation", _VALIDATION, column("validation_accuracy")),
    )
    drawn = (lines("loss by epoch", losses, marked=best), lines("accuracy by epoch", accuracies, marked=best))
    titled = zip(("loss", "accuracy"), drawn, strict=True)
    return '<div class="pair">' + "".join(f"<div>{title}{drawing}</div>" for title, drawing in titled) + "</div>"


def _settings(run: Run) -> str:
    rows = settings(run.project)
    rows += [(name, str(value), "") for name, value in run.environment.items() if isinstance(value, str | int | float)]
    return folded("All settings, and where it ran", table(("setting", "value", ""), rows, 9))


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
        rows.append(f"<tr><th>{safe(name)}</th>{shades}</tr>")
    head = "<tr><th></th>" + "".join(f"<th class='n'>{safe(name)}</th>" for name in names) + "</tr>"
    return f"<p class='muted'>A row is what it is, a column what it was called.</p><table>{head}{''.join(rows)}</table>"


def _shaded(count: int, share: float, colour: str) -> str:
    ink = "; color: #fff" if share > _DARK else ""
    return f'<td class="c" style="background: rgba({colour},{share:.3f}){ink}">{count or ""}</td>'


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
        return f"<p class='muted'>Not to be had any more: {safe(error)}</p>"
    if not len(dataset.validation):
        return "<p class='muted'>There is no validation image.</p>"
    image = dataset.validation.take(torch.tensor([0]))[0]
    rehearsal = Rehearsal()
    rehearsal.use_weights({n.removeprefix("model."): v for n, v in tensors.items() if n.startswith("model.")})
    mean, std = (torch.tensor(figures)[:, None, None] for figures in (preprocessing.mean, preprocessing.std))
    normalized = ((image / 255 - mean) / std)[None]
    shown = tuple(dict.fromkeys((convolutions[0], convolutions[-1])))
    rows = FilterRows(convolutions[0])
    seen = rehearsal.run(fed_by_one_picture(graph), normalized, Wishes(shown, (rows,)))
    pixels = image.numpy().transpose(1, 2, 0)
    shown_pixels = pixels[..., 0] if pixels.shape[2] == 1 else pixels[..., :3]
    parts = [f"<p>The image</p>{picture(shown_pixels, max(1, 128 // len(pixels)))}"]
    if rows in seen.filters:
        weight = seen.filters[rows].weight.mean(1)
        parts.append(f"<p>Filters of {safe(convolutions[0])}</p>{mosaic(weight, 12, signed=True)}")
    for name in shown:
        if name in seen.maps:
            maps = seen.maps[name]
            parts.append(f"<p>Maps of {safe(name)}, {maps.shape[0]} of {maps.shape[1]}×{maps.shape[2]}</p>")
            parts.append(mosaic(maps, max(1, 64 // maps.shape[1])))
    return "".join(parts)
