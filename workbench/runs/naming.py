"""The names of runs: a number that orders them, and a word of the person's."""

from __future__ import annotations

import json
from pathlib import Path

from workbench.runs import layout
from workbench.runs.layout import RunError
from workbench.runs.lock import is_locked


def number_of(directory: Path) -> int:
    """The run's own number, or the next one in its folder where it has none yet."""
    return _number_in(directory / layout.ENVIRONMENT) or next_number(directory.parent)


def next_number(root: Path) -> int:
    """One more than the highest number of a run in a folder: runs are ordered by it, never by the clock."""
    return 1 + max((_number_in(path) for path in root.glob(f"*/{layout.ENVIRONMENT}")), default=0)


def _number_in(environment: Path) -> int:
    """0 where it cannot be read."""
    try:
        return int(json.loads(environment.read_bytes())["number"])
    except (OSError, ValueError, KeyError, TypeError, RecursionError, OverflowError):
        return 0


def new_directory(root: Path, name: str) -> Path:
    """A directory for a new run: ``runs/0007-lenet5``."""
    number = next_number(root)
    while any(root.glob(f"{number:04d}-*")):
        number += 1
    return root / f"{number:04d}-{_word(Path(name).stem) or 'run'}"


def rename(directory: Path, name: str) -> Path:
    """Call a run otherwise, a number before its name staying: where it is then.

    Raises `RunError` where it trains, where nothing is left of the name, or where another run is called so.
    """
    before, _, _ = directory.name.partition("-")
    number = f"{before}-" if before.isdigit() else ""
    word = _word(name.removeprefix(number))
    if not word:
        raise RunError("a run's name has letters or digits; type some")
    wanted = directory.with_name(number + word)
    if wanted == directory:
        return directory
    if is_locked(directory):
        raise RunError(f"{directory.name} trains now; stop it first, then rename it")
    if wanted.exists():
        raise RunError(f"there is a {wanted.name} already; choose another name")
    try:
        directory.rename(wanted)
    except OSError as error:
        raise RunError(f"{directory.name} cannot be renamed: {error.strerror or error}") from None
    return wanted


def _word(name: str) -> str:
    """What is left of a name in the name of a folder."""
    word = "".join(letter if letter.isalnum() or letter in "-_" else "-" for letter in name)[:40]
    return word if any(letter.isalnum() for letter in word) else ""
