"""What the window remembers between two starts. A damaged file means starting afresh, never an error."""

from __future__ import annotations

import json
from typing import Any

from workbench.gui import places
from workbench.project import WriteError, make_folders, write_atomically

_RECENT = 12


class Settings:
    """Plain JSON values by name, written whole each time one changes."""

    def __init__(self) -> None:
        self._values = _read()

    def get(self, name: str, default: Any = None) -> Any:
        """The value, or the default where there is none of the default's type."""
        value = self._values.get(name, default)
        return value if default is None or isinstance(value, type(default)) else default

    def set(self, name: str, value: Any) -> None:
        """Remember a value. A disk that is full costs the memory of it, and nothing else."""
        if self._values.get(name) == value:
            return
        # What another window has remembered since stays.
        self._values = _read() | {name: value}
        try:
            make_folders(places.home())
            write_atomically(places.settings_file(), (json.dumps(self._values, indent=1) + "\n").encode())
        except WriteError:
            pass

    @property
    def recent(self) -> list[str]:
        """Project files, the latest first."""
        return [path for path in self.get("recent", []) if isinstance(path, str)]

    def add_recent(self, path: str) -> None:
        self.set("recent", [path, *(p for p in self.recent if p != path)][:_RECENT])


def _read() -> dict[str, Any]:
    try:
        value = json.loads(places.settings_file().read_bytes())
    except (OSError, ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}
