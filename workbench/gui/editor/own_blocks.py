"""Blocks that a person has saved: template files in a folder of their own."""

from __future__ import annotations

import re
from pathlib import Path

from workbench.graph import Graph
from workbench.gui import places
from workbench.project import ProjectError, make_folders, read_template, write_template


def saved() -> dict[str, Path]:
    """The saved blocks by name."""
    return {path.stem: path for path in sorted(places.templates().glob("*.json"), key=lambda p: p.stem.casefold())}


def save(fragment: Graph, name: str) -> Path:
    """Keep a part of a network under a name; one of the same name is replaced. Raises `WriteError`."""
    word = re.sub(r"[^\w -]", "-", name).strip()[:60] or "block"
    make_folders(places.templates())
    path = places.templates() / f"{word}.json"
    write_template(fragment, path)
    return path


def load(name: str) -> Graph:
    """The block of that name. Raises `ProjectError` where it is gone or damaged."""
    path = saved().get(name)
    if path is None:
        raise ProjectError(f"there is no saved block '{name}' any more")
    return read_template(path)
