"""The command ``workbench``: what it is asked, and how an error reaches a person."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import NoReturn

from workbench.cli.errors import keep_off_the_screen, sentence
from workbench.cli.interrupts import INTERRUPTED


def run(arguments: Sequence[str] | None) -> NoReturn:
    """Find the verb and run it; raises `SystemExit` with its exit status, or `KeyboardInterrupt`."""
    keep_off_the_screen()
    try:
        given = sys.argv[1:] if arguments is None else list(arguments)
        status = _do(given) if given else _open()
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


def _do(words: list[str]) -> int | None:
    from workbench.cli.verbs import app, is_project

    status: int | None = app(args=["open", *words] if is_project(words[0]) else words, standalone_mode=False)
    return status


def _open() -> int:
    """The window alone begins without the verbs: with what reads them they take a tenth of the time to its picture."""
    from workbench.cli.opening import open_window

    return open_window()


def _end_unread() -> NoReturn:
    """The reader (`| head`) has seen enough. What is left goes nowhere, or Python would complain as it ends."""
    from workbench.cli.output import print_no_more

    print_no_more()
    sys.exit(0)
