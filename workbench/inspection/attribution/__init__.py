"""Which places of a picture speak for a class: a network and a picture in, a map of the picture's size out."""

from workbench.inspection.attribution.layers import last_convolution, layers_with_maps
from workbench.inspection.attribution.methods import METHODS, Attribution, Method, attribute, likeliest
from workbench.inspection.attribution.overlay import colours, overlay, reach_of
from workbench.inspection.attribution.question import Question
from workbench.inspection.attribution.scores import AttributionError

__all__ = [
    "METHODS",
    "Attribution",
    "AttributionError",
    "Method",
    "Question",
    "attribute",
    "last_convolution",
    "layers_with_maps",
    "likeliest",
    "colours",
    "overlay",
    "reach_of",
]
