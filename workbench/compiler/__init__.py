"""From graph to shapes, figures and problems; to a torch module; to Python source and other formats."""

from workbench.compiler.analysis import Analysis, LayerReport, Problem, analyse, smallest_input
from workbench.compiler.initialisation import initialise
from workbench.compiler.network import Network, compile_graph

__all__ = ["Analysis", "LayerReport", "Network", "Problem", "analyse", "compile_graph", "initialise", "smallest_input"]
