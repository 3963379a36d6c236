"""The verbs of the command ``workbench``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from workbench import __version__
from workbench.cli import catalogues, comparison, networks, results, templates, training, window

app = typer.Typer(
    help="Build, train and understand convolutional networks.",
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for verb in (
    training.train,
    training.preflight,
    results.runs,
    results.evaluate,
    results.predict,
    results.attribute,
    results.report,
    results.export,
    networks.summary,
    networks.new,
    networks.check,
    comparison.compare,
    templates.insert,
    templates.save_template,
    catalogues.presets,
    catalogues.layers,
    catalogues.templates,
    catalogues.datasets,
    window.open_window,
    window.tour,
):
    # In the list of verbs typer itself would cut each line short.
    name = "open" if verb is window.open_window else None
    app.command(name, short_help=(verb.__doc__ or "").partition("\n")[0])(verb)


@app.callback(invoke_without_command=True)
def _options(version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False) -> None:
    if version:
        print(__version__)
        raise typer.Exit


def is_project(word: str) -> bool:
    """Whether a file stands where a verb is expected, as a file manager or a hasty person gives it."""
    is_named_so = Path(word).suffix == ".json" or Path(word).is_file()
    return is_named_so and word not in typer.main.get_group(app).commands
