"""Where the window keeps what is its own: settings, runs, drafts, templates."""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs

_NAME = "cnn-workbench"


def home() -> Path:
    """The folder of everything below; the environment variable WORKBENCH_HOME moves it."""
    given = os.environ.get("WORKBENCH_HOME")
    return Path(given) if given else Path(platformdirs.user_data_dir(_NAME, appauthor=False))


def runs() -> Path:
    return home() / "runs"


def drafts() -> Path:
    """Unsaved work, kept against a crash."""
    return home() / "drafts"


def templates() -> Path:
    """Blocks that the user has saved."""
    return home() / "templates"


def settings_file() -> Path:
    return home() / "settings.json"


def locks() -> Path:
    """Which project files are open in a window."""
    return home() / "locks"


def error_log() -> Path:
    """Errors that nobody foresaw; it stays on this machine."""
    return home() / "errors.log"
