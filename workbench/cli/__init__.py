"""The command line: one function a verb, no logic of its own."""

from __future__ import annotations

from collections.abc import Sequence

from workbench.cli import interrupts

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and leave with its exit status: 0, 1 (`check` found problems), 2 (an error) or 130 (Ctrl-C).

    Without arguments those of the process are meant, and Ctrl-C is its own from then on.
    """
    is_own = arguments is None
    if is_own:
        interrupts.take_over()
    try:
        from workbench.cli.app import run

        run(arguments)
    except KeyboardInterrupt:
        if is_own:
            interrupts.end_at_once()
        raise
    finally:
        if is_own:
            interrupts.is_over()
