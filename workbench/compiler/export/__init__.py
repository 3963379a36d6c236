"""A network written for use elsewhere: Python source, ONNX, TorchScript, safetensors."""

from workbench.compiler.export.formats import ExportError, Parity, export
from workbench.compiler.export.preprocessing import Preprocessing, neutral, preprocessing_from
from workbench.compiler.export.source import to_python

__all__ = ["ExportError", "Parity", "Preprocessing", "export", "neutral", "preprocessing_from", "to_python"]
