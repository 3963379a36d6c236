"""What a person reads when something went wrong: one sentence, never a traceback."""

from __future__ import annotations

import traceback
from datetime import UTC, datetime

from workbench.graph import printable


class CommandError(Exception):
    """A command that cannot do what it was asked; the message says why and what to do."""


def sentence(error: Exception) -> str:
    """The error in one sentence. One that nobody foresaw is also written whole to a log that is named."""
    if hasattr(error, "format_message"):  # a word or option on the command line that does not fit
        return printable(" ".join(error.format_message().split()))
    if isinstance(error, _expected()):
        return _words(error) or type(error).__name__
    return f"unexpected error: {type(error).__name__}: {_words(error)[:300]} ({_log(error)})"


def _words(error: Exception) -> str:
    """What it says, in one line. The system's errors tell their number first, which says nothing to a person."""
    said = str(error)
    if isinstance(error, OSError) and error.strerror and said.startswith("[Errno "):
        said = f"{error.filename}: {error.strerror}" if error.filename else error.strerror
    return printable(" ".join(said.split()))


def keep_off_the_screen() -> None:
    """Send to the log what Python would print by itself: errors of other threads, and of objects that go away."""
    import sys
    import threading

    threading.excepthook = lambda thrown: _logged(thrown.exc_value)
    sys.unraisablehook = lambda thrown: _logged(thrown.exc_value)


def _logged(error: BaseException | None) -> None:
    if error is not None:
        _log(error)


def _expected() -> tuple[type[Exception], ...]:
    from workbench.graph import FieldError, GraphError
    from workbench.project import ProjectError

    expected = [CommandError, GraphError, FieldError, ProjectError, OSError]
    for floor, name in (
        ("data", "DataError"),
        ("data", "PictureError"),
        ("runs", "RunError"),
        ("training", "DeviceError"),
        ("compiler.export", "ExportError"),
        ("inspection.attribution", "AttributionError"),
    ):
        module = _imported(f"workbench.{floor}")
        if module is not None:
            expected.append(getattr(module, name))
    return tuple(expected)


def _imported(name: str) -> object | None:
    """A floor that is already loaded: its errors cannot occur where it is not, and loading it costs seconds."""
    import sys

    return sys.modules.get(name)


def _log(error: BaseException) -> str:
    from platformdirs import user_log_path

    try:
        folder = user_log_path("cnn-workbench", ensure_exists=True)
        path = folder / "errors.log"
        with path.open("a", encoding="utf-8") as log:
            log.write(f"\n{datetime.now(UTC).isoformat()}\n{''.join(traceback.format_exception(error))}")
    except OSError:
        return "its details could not be written down"
    return f"details in {path}"
