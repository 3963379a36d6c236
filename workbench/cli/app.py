"""The command ``workbench`` and its verbs."""

from __future__ import annotations

import typer

app = typer.Typer(help="Build, train and understand convolutional networks.", no_args_is_help=True)


@app.callback()
def callback() -> None:
    """Build, train and understand convolutional networks."""


def main() -> None:
    """Run the command line."""
    app()
