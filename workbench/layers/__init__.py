"""The catalogue of layers and block templates. Declarations only: torch is imported when one is built."""

from workbench.layers.catalogue import CATALOGUE, layer
from workbench.layers.layer import POINTWISE, WHOLE_MAP, Layer, Looks, Number, TensorShape, Values, Window, pair, words
from workbench.layers.templates import TEMPLATES, Template, add_block, template

__all__ = [
    "CATALOGUE",
    "POINTWISE",
    "TEMPLATES",
    "WHOLE_MAP",
    "Layer",
    "Looks",
    "Number",
    "Template",
    "TensorShape",
    "Values",
    "Window",
    "add_block",
    "layer",
    "pair",
    "template",
    "words",
]
