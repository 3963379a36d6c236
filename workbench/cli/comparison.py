"""``compare``: two networks beside each other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from workbench.cli.catalogues import AsJson

if TYPE_CHECKING:
    from workbench.compiler.comparison import Totals
    from workbench.compiler.differences import Change, Difference
    from workbench.graph import Graph

_NETWORK = "A preset, a project file or a run."


def compare(
    before: Annotated[str, typer.Argument(metavar="BEFORE", help=_NETWORK)],
    after: Annotated[str, typer.Argument(metavar="AFTER", help=_NETWORK)],
    json: AsJson = False,
) -> None:
    """Show what was added, removed and changed between two networks, and what each of it costs."""
    from workbench.cli.output import print_json, print_table
    from workbench.cli.targets import project_of
    from workbench.compiler import compare as compared
    from workbench.compiler.differences import SIGNS, Cost

    found = compared(project_of(before).graph, project_of(after).graph)
    graphs = found.before.graph, found.after.graph
    if json:
        sides = [_side_record(graph, totals) for graph, totals in zip(graphs, found.totals, strict=True)]
        differences = [_difference_record(difference) for difference in found.differences]
        print_json({"before": sides[0], "after": sides[1], "differences": differences})
        return
    print_table(
        ("network", "input", "parameters", "multiply-adds", "activation bytes", "receptive field", "layers"),
        [
            _side_row(name, graph, totals)
            for name, graph, totals in zip((before, after), graphs, found.totals, strict=True)
        ],
        right=(2, 3, 4, 5, 6),
    )
    if found.same:
        print("no difference")
        return
    print_table(
        ("", "layer", "difference", "parameters", "multiply-adds", "activation bytes", "receptive field"),
        [
            (SIGNS[group.what], group.name, group.words, *_cost_cells(group.cost), _fields(group.differences))
            for group in found.groups
        ],
        right=(3, 4, 5, 6),
    )
    total = sum((difference.cost for difference in found.differences), Cost())
    cells = [cell or "no" for cell in _cost_cells(total)]
    used = all(totals.parameters == totals.training_parameters for totals in found.totals)
    note = "" if used else ", with what only training uses"
    print(f"in all {cells[0]} parameters, {cells[1]} multiply-adds, {cells[2]} activation bytes{note}")


def _side_row(name: str, graph: Graph, totals: Totals) -> tuple[str, ...]:
    from workbench.cli.networks import field_text
    from workbench.cli.output import count, shape

    inputs = ", ".join(shape(entry.shape) for entry in graph.inputs)
    figures = (totals.parameters, totals.macs, totals.activation_bytes)
    return (name, inputs, *map(count, figures), field_text(totals.receptive_field), str(totals.layers))


def _cost_cells(cost: Any) -> tuple[str, ...]:
    """``+1,024``, ``−64``; nothing where it is 0."""
    numbers = (cost.parameters, cost.macs, cost.activation_bytes)
    return tuple(f"{number:+,}".replace("-", "−") if number else "" for number in numbers)


def _fields(differences: tuple[Difference, ...]) -> str:
    """How a single layer's receptive field changes, where it is the same layer on both sides."""
    from workbench.cli.networks import field_text

    if len(differences) > 1:
        return ""
    texts = [field_text(field) for field in differences[0].fields if field is not None]
    return " → ".join(dict.fromkeys(texts))


def _side_record(graph: Graph, totals: Totals) -> dict[str, Any]:
    from workbench.cli.networks import field_sizes

    return {
        "name": graph.name,
        "input": list(graph.shape),
        "parameters": totals.parameters,
        "training_parameters": totals.training_parameters,
        "macs": totals.macs,
        "activation_bytes": totals.activation_bytes,
        "receptive_field": field_sizes(totals.receptive_field),
        "layers": totals.layers,
    }


def _difference_record(difference: Difference) -> dict[str, Any]:
    from workbench.cli.networks import field_sizes

    cost = difference.cost
    return {
        "what": difference.what,
        "before": difference.before,
        "after": difference.after,
        "kind": difference.kind,
        "changes": [_change_record(change) for change in difference.changes],
        "parameters": cost.parameters,
        "macs": cost.macs,
        "activation_bytes": cost.activation_bytes,
        "receptive_field": [field_sizes(field) for field in difference.fields],
    }


def _change_record(change: Change) -> dict[str, Any]:
    return {"what": change.what, "before": change.before, "after": change.after}
