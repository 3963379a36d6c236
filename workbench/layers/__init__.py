"""The catalogue of layers and block templates. Declarations only: torch is imported when one is built."""

from workbench.layers.catalogue import CATALOGUE, layer
from workbench.layers.layer import WHOLE_MAP, Layer, TensorShape, Values, Window, pair
from workbench.layers.templates import TEMPLATES, Template, add_block, of_graph, template

__all__ = [
    "CATALOGUE",
    "TEMPLATES",
    "WHOLE_MAP",
    "Layer",
    "Template",
    "TensorShape",
    "Values",
    "Window",
    "add_block",
    "layer",
    "of_graph",
    "pair",
    "template",
]
