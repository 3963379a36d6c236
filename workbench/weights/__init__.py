"""Weights that others have learnt: read from files, matched with a network, brought from PyTorch's collection."""

from workbench.weights.errors import WeightsError
from workbench.weights.matching import ANEW, Match, Row, State, match
from workbench.weights.reading import WeightsFile, read_weights

__all__ = ["ANEW", "Match", "Row", "State", "WeightsError", "WeightsFile", "match", "read_weights"]
