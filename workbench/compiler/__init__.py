"""From graph to shapes, figures and problems; to a torch module; to Python source and other formats."""

from workbench.compiler.analysis import Analysis, LayerReport, analyse
from workbench.compiler.comparison import Comparison, compare
from workbench.compiler.initialisation import initialise
from workbench.compiler.network import Network, compile_graph
from workbench.compiler.one_picture import fed_by_one_picture
from workbench.compiler.problems import Problem, smallest_input
from workbench.compiler.random_weights import weights_of_seed

__all__ = [
    "Analysis",
    "Comparison",
    "LayerReport",
    "Network",
    "Problem",
    "analyse",
    "compare",
    "compile_graph",
    "fed_by_one_picture",
    "initialise",
    "smallest_input",
    "weights_of_seed",
]
