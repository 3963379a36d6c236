"""Exporting from the window: trained weights where there are some, and the window lives meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import torch
from safetensors.torch import load_file

from workbench.gui.main_window import MainWindow
from workbench.runs import Run


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


def test_a_file_that_cannot_be_written_is_said(window: MainWindow, qtbot, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    window.exporting.export("python", tmp_path / "missing" / "network.py")
    qtbot.waitUntil(lambda: window.message.startswith("cannot write"), timeout=30_000)
