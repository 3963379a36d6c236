"""The catalogue of layers and block templates. Declarations only: torch is imported when one is built."""

from workbench.layers.catalogue import CATALOGUE, layer
from workbench.layers.layer import WHOLE_MAP, Layer, TensorShape, Values, Window, pair

__all__ = ["CATALOGUE", "WHOLE_MAP", "Layer", "TensorShape", "Values", "Window", "layer", "pair"]
