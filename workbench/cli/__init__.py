"""The command line: one function a verb, no logic of its own."""

from workbench.cli.app import main

__all__ = ["main"]
