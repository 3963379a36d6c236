"""Projects and templates as text: one strict JSON document, stable in order, one node or setting a line.

A project file holds ``format``, ``version``, ``graph``, ``data`` and ``recipe``. Every setting is written, also where
it is the default, so that the file means the same when defaults change.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from workbench.graph import Block, Graph, Node
from workbench.project.project import Project
from workbench.project.settings import Settings

PROJECT_FORMAT = "cnn-workbench project"
TEMPLATE_FORMAT = "cnn-workbench template"
VERSION = 1


def dumps(project: Project) -> str:
    """The project as text; `workbench.project.loads` reads it back to an equal value."""
    parts = [*_graph_lines(project.graph), ("data", _settings(project.data)), ("recipe", _settings(project.recipe))]
    return _document(PROJECT_FORMAT, parts)


def dumps_template(graph: Graph) -> str:
    """A graph as the text of a template file."""
    return _document(TEMPLATE_FORMAT, _graph_lines(graph))


def _document(form: str, parts: Iterable[tuple[str, str]]) -> str:
    lines = [f'  "format": {_text(form)}', f'  "version": {VERSION}']
    lines += [f"  {_text(name)}: {text}" for name, text in parts]
    return "{\n" + ",\n".join(lines) + "\n}\n"


def _graph_lines(graph: Graph) -> list[tuple[str, str]]:
    entries = [("name", _text(graph.name))]
    entries.append(("inputs", _rows({"name": i.name, "shape": i.shape} for i in graph.inputs)))
    entries.append(("nodes", _rows(map(_node, graph.nodes))))
    outputs = (
        {"name": o.name, "node": o.node, "weight": o.weight, "training_only": o.training_only} for o in graph.outputs
    )
    entries.append(("outputs", _rows(outputs)))
    entries.append(("blocks", _rows(map(_block, graph.blocks))))
    return [("graph", "{\n" + ",\n".join(f"    {_text(name)}: {text}" for name, text in entries) + "\n  }")]


def _node(node: Node) -> dict[str, Any]:
    row: dict[str, Any] = {"name": node.name, "kind": node.kind}
    if node.arguments:
        row["arguments"] = dict(node.arguments)
    if node.inputs:
        row["inputs"] = node.inputs
    if node.shares is not None:
        row["shares"] = node.shares
    return row


def _block(block: Block) -> dict[str, Any]:
    row: dict[str, Any] = {"name": block.name}
    if block.template:
        row["template"] = block.template
    if block.arguments:
        row["arguments"] = dict(block.arguments)
    return row


def _rows(rows: Iterable[dict[str, Any]]) -> str:
    lines = [f"      {_text(row)}" for row in rows]
    return "[\n" + ",\n".join(lines) + "\n    ]" if lines else "[]"


def _settings(settings: Settings) -> str:
    lines = [f"    {_text(name)}: {_text(value)}" for name, value in settings.values().items()]
    return "{\n" + ",\n".join(lines) + "\n  }"


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)
