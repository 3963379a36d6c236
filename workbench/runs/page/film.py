"""The training as a filmstrip: what some of its epochs made of the chosen picture, beside one another."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from workbench.inspection import EpochRecord, FilterRows
from workbench.runs.layout import RunError
from workbench.runs.page.drawing import mosaic, picture
from workbench.runs.page.frame import Html, paragraph, safe
from workbench.runs.reel import Reel
from workbench.runs.run import Run

_FRAMES = 6
_WIDTH = 144
"""Pixels of a frame, about."""
_MAPS = 16
_CLASSES = 3

Array = np.ndarray[Any, Any]


def filmstrip(run: Run) -> Html:
    """The first recorded epoch, the last, and some between: prediction, the first filters, maps of two layers."""
    reel, records, missing = Reel(run.directory), [], []
    for epoch in _chosen(reel.epochs):
        try:
            records.append(reel.record(epoch))
        except RunError:
            missing.append(paragraph(f"The record of epoch {epoch} cannot be read any more.", "muted"))
    if not records:
        return Html("".join((paragraph("No epoch was recorded.", "muted"), *missing)))
    convolutions = [node.name for node in run.project.graph.nodes if node.kind == "Conv2d"]
    rows = [_row("", [_heading(record, run) for record in records]), _predictions(run, records)]
    if convolutions:
        rows.append(_filters(convolutions[0], records))
        rows += [_maps(name, records) for name in dict.fromkeys((convolutions[0], convolutions[-1]))]
    shown = f'<div class="wide"><table class="film">{"".join(rows)}</table></div>'
    scale = "Each row is on one scale: what is brighter in a later epoch is stronger."
    return Html("".join((_picture(reel, records[-1]), shown, paragraph(scale, "muted"), *missing)))


def _chosen(epochs: Sequence[int]) -> list[int]:
    """The first, the last, and some between, evenly."""
    if not epochs:
        return []
    places = np.unique(np.linspace(0, len(epochs) - 1, min(_FRAMES, len(epochs))).round().astype(int))
    return [epochs[place] for place in places]


def _row(title: str, cells: Sequence[str]) -> str:
    inside = "".join(f"<td>{cell}</td>" for cell in cells)
    return f"<tr><th>{safe(title)}</th>{inside}</tr>"


def _heading(record: EpochRecord, run: Run) -> str:
    found: dict[str, Any] = next((epoch for epoch in reversed(run.epochs) if epoch.get("epoch") == record.epoch), {})
    accuracy = found.get("validation_accuracy")
    told = f"<br/><span class='muted'>{accuracy:.1%} right</span>" if isinstance(accuracy, float) else ""
    return f"<b>epoch {record.epoch}</b>{told}"


def _picture(reel: Reel, record: EpochRecord) -> Html:
    try:
        chosen = reel.picture(record.epoch)
    except RunError as error:
        return paragraph(error, "muted")
    pixels = chosen.pixels.transpose(1, 2, 0)
    shown = pixels[..., 0] if pixels.shape[2] == 1 else np.ascontiguousarray(pixels[..., :3])
    truth = f", in truth '{chosen.truth}'" if chosen.truth else ""
    told = paragraph(f"What the epochs made of {chosen.name or 'the chosen picture'}{truth}.")
    return Html(told + picture(shown, max(1, 96 // len(pixels)), "the chosen picture"))


def _predictions(run: Run, records: Sequence[EpochRecord]) -> str:
    preprocessing = run.environment.get("preprocessing")
    classes = [str(name) for name in preprocessing.get("classes", ())] if isinstance(preprocessing, dict) else []
    cells = []
    for record in records:
        shares = np.nan_to_num(np.asarray(record.probabilities, np.float32))
        best = np.argsort(-shares, kind="stable")[:_CLASSES]
        cells.append("".join(_share(classes[n] if n < len(classes) else str(n), float(shares[n])) for n in best))
    return _row("prediction", cells)


def _share(name: str, share: float) -> str:
    bar = f"background: linear-gradient(to right, rgba(47,111,222,.3) {share:.0%}, transparent {share:.0%})"
    return f'<div class="share" style="{bar}"><span>{safe(name)}</span><span>{share:.0%}</span></div>'


def _filters(layer: str, records: Sequence[EpochRecord]) -> str:
    kept: list[Array | None] = []
    for record in records:
        found = record.filters[layer].filters(FilterRows(layer)) if layer in record.filters else None
        # Filters on a colour picture are shown in colours, others by the mean of their channels.
        colour = found is not None and found.weight.shape[1] == 3
        kept.append(None if found is None else found.weight.transpose(0, 2, 3, 1) if colour else found.weight.mean(1))
    return _drawn(f"filters of {layer}", kept, signed=True)


def _maps(layer: str, records: Sequence[EpochRecord]) -> str:
    kept = [record.maps[layer].values() if layer in record.maps else None for record in records]
    return _drawn(f"maps of {layer}", [maps if maps is not None and maps.ndim == 3 else None for maps in kept])


def _drawn(
    title: str,
    kept: Sequence[Array | None],
    signed: bool = False,
) -> str:
    """A row of mosaics on one scale, as many maps in each as there is room for."""
    there = [np.nan_to_num(maps) for maps in kept if maps is not None]
    if not there:
        return ""
    side = there[0].shape[2] + 1
    most = next((n for n in (_MAPS, 12, 9, 6, 4) if np.ceil(np.sqrt(1.6 * n)) * side <= 2 * _WIDTH), 1)
    some = [maps[:most] for maps in there]
    low, high = min(float(maps.min()) for maps in some), max(float(maps.max()) for maps in some)
    across = int(np.ceil(np.sqrt(1.6 * len(some[0])))) * side
    scale = max(1, _WIDTH // across)
    cells = ["" if maps is None else mosaic(maps, scale, signed, most, (low, high), title) for maps in kept]
    return _row(title, cells)
