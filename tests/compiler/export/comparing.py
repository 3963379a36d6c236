"""Graphs exported to Python into one folder, run by one process of their own, and held against the compiled ones."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor

from tests.compiler.export import alone
from workbench.compiler import compile_graph
from workbench.compiler.export import to_python
from workbench.graph import Graph


class Comparison:
    """Collects graphs under names that can stand for files, then runs their sources all at once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._expected: dict[str, tuple[list[str], dict[str, Tensor]]] = {}

    def add(self, name: str, graph: Graph, source: str | None = None) -> None:
        torch.manual_seed(len(self._expected))
        inputs = [torch.randn(2, *entry.shape) for entry in graph.inputs]
        network = alone.without_chance(alone.fill(compile_graph(graph)))
        self._expected[name] = (list(network.state_dict()), alone.outputs(network, inputs))
        (self._folder / f"{name}.py").write_text(source or to_python(graph), encoding="utf-8")
        save_file({f"{index:02}": value for index, value in enumerate(inputs)}, self._folder / f"{name}.in.safetensors")

    def differences(self) -> dict[str, str]:
        """What is wrong, by name; empty where every source does what its graph does."""
        command = [sys.executable, "-I", alone.__file__, str(self._folder)]
        subprocess.run(command, check=True)
        found = json.loads((self._folder / "found.json").read_text())
        wrong = {name: self._difference(name, found[name]) for name in self._expected}
        return {name: what for name, what in wrong.items() if what}

    def _difference(self, name: str, found: list[str] | str) -> str:
        keys, expected = self._expected[name]
        if found != keys:
            return f"{found} instead of {keys}" if isinstance(found, list) else found
        values = load_file(self._folder / f"{name}.out.safetensors")
        if values.keys() != expected.keys():
            return f"outputs {sorted(values)} instead of {sorted(expected)}"
        for output, value in expected.items():
            if value.shape != values[output].shape or not torch.allclose(value, values[output], 1e-4, 1e-5):
                return f"{output}: other values"
        return ""
