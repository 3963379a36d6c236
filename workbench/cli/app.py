"""The command ``workbench``: its verbs, and how an error reaches a person."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from workbench import __version__
from workbench.cli import catalogues, comparison, networks, results, templates, training, window
from workbench.cli.errors import keep_off_the_screen, sentence
from workbench.cli.interrupts import INTERRUPTED

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


def run(arguments: Sequence[str] | None) -> NoReturn:
    """Find the verb and run it; raises `SystemExit` with its exit status, or `KeyboardInterrupt`."""
    keep_off_the_screen()
    try:
        given = sys.argv[1:] if arguments is None else list(arguments)
        status = app(args=["open", *given] if not given or _is_project(given[0]) else given, standalone_mode=False)
        if sys.stdout is not None:  # as where it was closed: workbench … >&-
            sys.stdout.flush()
    except BrokenPipeError:
        _end_unread()
    except SystemExit as ended:
        # What typer makes of a broken pipe: status 1, which is that of `check`.
        if isinstance(ended.__context__, BrokenPipeError):
            _end_unread()
        raise
    except Exception as error:
        print(f"workbench: {sentence(error)}", file=sys.stderr)
        sys.exit(2)
    if status == INTERRUPTED:  # what typer makes of Ctrl-C
        raise KeyboardInterrupt
    sys.exit(status or 0)


def _is_project(word: str) -> bool:
    """Whether a file stands where a verb is expected, as a file manager or a hasty person gives it."""
    is_named_so = Path(word).suffix == ".json" or Path(word).is_file()
    return is_named_so and word not in typer.main.get_group(app).commands


def _end_unread() -> NoReturn:
    """The reader (`| head`) has seen enough. What is left goes nowhere, or Python would complain as it ends."""
    from workbench.cli.output import print_no_more

    print_no_more()
    sys.exit(0)
