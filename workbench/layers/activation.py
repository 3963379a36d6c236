"""Activations: what a unit makes of its sum, value by value."""

from __future__ import annotations

from workbench.layers.layer import Layer

LAYERS = (Layer("ReLU", "Activation", "Negative values become zero.", formula="y = max(0, x)"),)
