"""A network written for use elsewhere: Python source, ONNX, TorchScript, safetensors."""

from workbench.compiler.export.formats import ExportError, Parity, export
from workbench.compiler.export.preprocessing import Preprocessing, neutral
from workbench.compiler.export.source import to_python

__all__ = ["ExportError", "Parity", "Preprocessing", "export", "neutral", "to_python"]
