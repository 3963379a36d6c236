"""Blocks that a person has saved: template files in a folder of their own."""

from __future__ import annotations

import re
from pathlib import Path

from workbench.graph import Graph
from workbench.gui import places
from workbench.gui.trash import move_to_trash
from workbench.project import ProjectError, make_folders, read_template, write_template


def saved() -> dict[str, Path]:
    """The saved blocks by name."""
    return {path.stem: path for path in sorted(places.templates().glob("*.json"), key=lambda p: p.stem.casefold())}


def save(fragment: Graph, name: str) -> Path:
    """Keep a part of a network under a name; one of the same name is replaced. Raises `WriteError`."""
    make_folders(places.templates())
    path = places.templates() / f"{_word(name)}.json"
    write_template(fragment, path)
    return path


def rename(old: str, new: str) -> None:
    """Keep a block under another name. Raises `ProjectError` where there is another of that name, or none of this."""
    block = load(old)
    if _word(new) in saved():
        raise ProjectError(f"there is a block '{_word(new)}' already; choose another name")
    save(block, new)
    discard(old)


def discard(name: str) -> None:
    """Move a block to the trash. Raises `ProjectError` where there is no trash."""
    path = saved().get(name)
    if path is not None and not move_to_trash(path):
        raise ProjectError(f"{path} could not be moved to the trash; delete the file by hand")


def load(name: str) -> Graph:
    """The block of that name. Raises `ProjectError` where it is gone or damaged."""
    path = saved().get(name)
    if path is None:
        raise ProjectError(f"there is no saved block '{name}' any more")
    return read_template(path)


def _word(name: str) -> str:
    """The name as a file can have it."""
    return re.sub(r"[^\w -]", "-", name).strip()[:60] or "block"
