"""What every page is made of: its style, its tables, and texts that are shown and never understood."""

from __future__ import annotations

import html
from collections.abc import Iterable, Sequence
from dataclasses import fields

from workbench.compiler import analyse
from workbench.graph import Graph, as_typed
from workbench.layers import words
from workbench.project import DataChoice, Project, Recipe

_STYLE = """
body { font: 15px/1.5 system-ui, sans-serif; color: #1c2230; background: #fff; max-width: 960px; margin: 32px auto; padding: 0 20px }
h1 { font-size: 26px; line-height: 1.25 } h2 { font-size: 18px; margin: 32px 0 8px } h3 { font-size: 14px; margin: 0 0 4px; font-weight: 600 }
p.state { font-weight: 600 } .question { font-size: 17px; font-weight: 600 }
table { border-collapse: collapse; font-size: 13px } th, td { padding: 3px 12px 3px 0; text-align: left } th { color: #5d6780; font-weight: 500 }
td.n, th.n { text-align: right; font-variant-numeric: tabular-nums } details { margin: 6px 0 } summary { cursor: pointer }
.wide { overflow-x: auto } .pair { display: grid; gap: 24px; grid-template-columns: repeat(auto-fill, minmax(min(380px, 100%), 1fr)) } .pair > * { min-width: 0 }
.row { display: flex; gap: 24px; flex-wrap: wrap; align-items: flex-start; margin: 12px 0 }
figure { margin: 0 } figcaption { color: #5d6780; font-size: 13px; margin-top: 4px }
svg { width: 100%; max-width: 640px; overflow: hidden; font-size: 15px; fill: #5d6780 } svg .over { paint-order: stroke; stroke: #fff; stroke-width: 5px } svg .grid { stroke: #e4e7ee } svg .bars { fill: #2f6fde; fill-opacity: 0.6 } svg .ink { fill: #1c2230 } svg .mark { stroke: #8a93a5; stroke-dasharray: 4 4 }
img { image-rendering: pixelated; max-width: 100%; vertical-align: top } td.c { text-align: center; padding: 3px 8px } .muted { color: #5d6780 }
.legend { margin: 0 0 8px; font-size: 13px } .legend span { margin-right: 14px; white-space: nowrap } .legend b { display: inline-block; width: 14px; height: 3px; margin-right: 6px; vertical-align: 4px }
table.cells td { width: 40px; height: 28px; padding: 0; text-align: center; border: 1px solid #d5d9e2 } table.cells td.on { outline: 2px solid #d9622b; outline-offset: -2px }
table.film td, table.film th { vertical-align: top; padding: 6px 14px 6px 0 } table.film td { min-width: 110px } .share { display: flex; justify-content: space-between; gap: 8px; padding: 0 4px; margin-bottom: 2px }
ul.answers { list-style: none; padding: 0 } ul.answers li { margin: 6px 0; padding: 6px 12px; border: 1px solid #d5d9e2; border-radius: 6px } ul.answers li.holds { border-color: #1d8a4e }
.tag { font-size: 12px; font-weight: 600; margin-left: 10px; color: #5d6780 } .holds .tag.holds { color: #1d8a4e }
@media (prefers-color-scheme: dark) { body { color: #e8eaf0; background: #16181d } th, .muted, figcaption, .tag { color: #9aa3b6 }
svg { fill: #9aa3b6 } svg .over { stroke: #16181d } svg .grid { stroke: #393f4b } svg .bars { fill: #5b95ff } svg .ink { fill: #e8eaf0 } table.cells td, ul.answers li { border-color: #393f4b } ul.answers li.holds { border-color: #4fc787 } .holds .tag.holds { color: #4fc787 } }
@media (max-width: 640px) { .wide table { width: max-content; max-width: 800px } .wide td:first-child { white-space: nowrap } }
@media print { body { margin: 0; max-width: none } h2 { break-after: avoid } figure, svg, table.cells { break-inside: avoid } }
"""  # noqa: E501


class Html(str):
    """Text that is markup already, made here and nowhere else; every other text is escaped."""


def whole(title: str, parts: Iterable[str]) -> str:
    """A page of these parts, which are markup. It loads nothing and runs nothing."""
    head = (
        '<meta charset="utf-8"/><meta name="viewport" content="width=device-width"/>'
        f"<title>{safe(title)}</title><style>{_STYLE}</style>"
    )
    return f'<!doctype html><html lang="en"><head>{head}</head><body>{"".join(parts)}</body></html>\n'


def safe(value: object) -> str:
    """As it is read, not as a browser would understand it."""
    return value if isinstance(value, Html) else html.escape(str(value))


def paragraph(text: object, kind: str = "") -> Html:
    return Html(f'<p class="{kind}">{safe(text)}</p>')


def table(head: Sequence[str], rows: Iterable[Sequence[object]], right: int) -> Html:
    """Columns from number ``right`` on are numbers."""

    def row(cells: Sequence[object], tag: str) -> str:
        kind = [' class="n"' if column >= right else "" for column in range(len(cells))]
        return "<tr>" + "".join(f"<{tag}{k}>{safe(c)}</{tag}>" for k, c in zip(kind, cells, strict=True)) + "</tr>"

    inside = row(head, "th") + "".join(row(cells, "td") for cells in rows)
    return Html(f'<div class="wide"><table>{inside}</table></div>')


def folded(title: str, inside: str) -> Html:
    """What is seen when its title is clicked."""
    return Html(f"<details><summary>{safe(title)}</summary>{inside}</details>")


def figure(title: str, inside: str) -> Html:
    """A drawing with its title below."""
    return Html(f"<figure>{inside}<figcaption>{safe(title)}</figcaption></figure>")


def layers(graph: Graph) -> Html:
    """A network as a table of its layers."""
    nodes = {node.name: node for node in graph.nodes}
    rows = []
    for report in analyse(graph).layers:
        arguments = ", ".join(f"{name}={value}" for name, value in nodes[report.name].arguments.items())
        shape = words(report.output) if report.output is not None else "cannot run"
        rows.append((report.name, report.kind, arguments, shape, f"{report.parameters:,}", f"{report.macs:,}"))
    return table(("layer", "kind", "arguments", "output", "parameters", "multiply-adds"), rows, 4)


def settings(project: Project) -> list[tuple[str, str, str]]:
    """Every setting of data and recipe: its name, its value as ``--set`` takes it, and its default if not that."""
    rows: list[tuple[str, str, str]] = []
    for part, value, plain in (("data", project.data, DataChoice()), ("recipe", project.recipe, Recipe())):
        for field in fields(value):
            own, usual = (as_typed(getattr(settings, field.name)) for settings in (value, plain))
            rows.append((f"{part}.{field.name}", own, "" if own == usual else f"else {usual}"))
    return rows
