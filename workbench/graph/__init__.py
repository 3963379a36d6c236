"""A network as a value: nodes in a stack, what feeds them, what they give. Knows neither torch nor Qt."""

from workbench.graph.arguments import Arguments, Value
from workbench.graph.builder import Builder
from workbench.graph.field import REQUIRED, Field, FieldError, as_typed, parse_value, printable
from workbench.graph.fragment import fragment
from workbench.graph.free_names import free_name
from workbench.graph.graph import Block, Graph, GraphError, Input, Node, Output, Shape
from workbench.graph.inference import inference_graph
from workbench.graph.matching import Matching, match
from workbench.graph.names import blocks_above

__all__ = [
    "REQUIRED",
    "Arguments",
    "Block",
    "Builder",
    "Field",
    "FieldError",
    "Graph",
    "GraphError",
    "Input",
    "Matching",
    "Node",
    "Output",
    "Shape",
    "Value",
    "as_typed",
    "blocks_above",
    "fragment",
    "free_name",
    "inference_graph",
    "match",
    "parse_value",
    "printable",
]
