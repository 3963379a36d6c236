"""From graph to shapes, figures and problems; to a torch module; to Python source and other formats."""

from workbench.compiler.analysis import Analysis, LayerReport, Problem, analyse
from workbench.compiler.network import Network, compile_graph

__all__ = ["Analysis", "LayerReport", "Network", "Problem", "analyse", "compile_graph"]
