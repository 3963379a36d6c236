"""The time line as bars and tables."""

from __future__ import annotations

from collections.abc import Sequence

from workbench.labs.report.lesson import Section
from workbench.labs.timeline import HUMAN_ERROR, Milestone
from workbench.presets import build
from workbench.runs.page.chart import bars
from workbench.runs.page.frame import Html, figure, folded, layers, table

_ACCENT = "#2f6fde"


def timeline(milestones: Sequence[Milestone]) -> list[Section]:
    """What the networks cost and what error was published, as far as they have been measured."""
    names = [found.title for found in milestones]
    errors = [found.published.error for found in milestones]
    error_words = ["–" if error is None else f"{error:g} %" for error in errors]
    drawn = [
        figure("top-5 error on ImageNet",
               bars("top-5 error", list(zip(names, errors, error_words, strict=True)), _ACCENT,
                    (HUMAN_ERROR, f"a person, about {HUMAN_ERROR:g} %"))),
        *(
            figure(title, bars(title, [(m.title, value(m), words(value(m))) for m in milestones], _ACCENT))
            for title, value, words in _FIGURES
        ),
    ]  # fmt: skip
    rows = [
        (found.title, found.year, error, found.published.how, f"{found.parameters:,}", f"{found.macs:,}", found.depth)
        for found, error in zip(milestones, error_words, strict=True)
    ]
    head = ("network", "year", "top-5 error", "how it was measured", "parameters", "multiply-adds", "layers")
    return [
        ("On one scale each", Html(f'<div class="pair">{"".join(drawn)}</div>')),
        ("Figures", table(head, rows, 4)),
        ("Networks", Html("".join(folded(found.title, layers(build(found.preset))) for found in milestones))),
    ]


def _millions(value: float) -> str:
    if value < 1e6:
        return f"{value / 1e3:,.3g} k"
    return f"{value / 1e6:,.3g} M" if value < 1e9 else f"{value / 1e9:,.3g} G"


_FIGURES = (
    ("parameters", lambda found: float(found.parameters), _millions),
    ("multiply-adds a picture", lambda found: float(found.macs), _millions),
    ("layers with weights", lambda found: float(found.depth), lambda value: f"{value:.0f}"),
)
