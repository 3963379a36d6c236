"""Exporting from the window: trained weights where there are some, and the window lives meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import torch
from safetensors.torch import load_file

from workbench.compiler import compile_graph
from workbench.compiler.export import Preprocessing, export
from workbench.gui.main_window import MainWindow
from workbench.runs import Run, read_source, starting_from


def exported(window: MainWindow, qtbot, path: Path) -> str:  # type: ignore[no-untyped-def]
    window.exporting.export("safetensors", path)
    qtbot.waitUntil(lambda: window.message.startswith("Exported"), timeout=30_000)
    return window.message


def test_a_trained_network_takes_its_weights_along(trained: Callable[..., MainWindow], qtbot, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    window = trained(epochs=1)
    directory = window.session.directory
    assert directory is not None
    assert directory.name in exported(window, qtbot, tmp_path / "trained.safetensors")
    weights = load_file(tmp_path / "trained.safetensors")
    network = Run.open(directory).network()
    assert all(torch.equal(weights[name], value) for name, value in network.state_dict().items())
    window.document.select(["conv2"])
    window.editor.delete()
    window.document.undo()
    window.document.select(["relu1"])
    window.editor.insert("layer:BatchNorm2d")
    assert "fresh weights" in exported(window, qtbot, tmp_path / "edited.safetensors")


def test_a_network_that_starts_from_weights_is_exported_with_them(window: MainWindow, qtbot, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    graph = window.document.graph
    prepared = Preprocessing(1, (28, 28), (0.449,), (0.226,))
    network = compile_graph(graph).eval()
    export(graph, network, prepared, "safetensors", tmp_path / "given.safetensors", torch.rand(2, *graph.shape))
    project = starting_from(window.document.project, read_source(tmp_path / "given.safetensors"), False)
    window.document.apply(project, "Start from weights")
    assert "with weights of given.safetensors (5 layers" in exported(window, qtbot, tmp_path / "again.safetensors")
    weights = load_file(tmp_path / "again.safetensors")
    assert all(torch.equal(weights[name], value) for name, value in network.state_dict().items())


def test_a_file_that_cannot_be_written_is_said(window: MainWindow, qtbot, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    window.exporting.export("python", tmp_path / "missing" / "network.py")
    qtbot.waitUntil(lambda: window.message.startswith("cannot write"), timeout=30_000)
