"""What a word on the command line names: a preset, a project file, or a run."""

from __future__ import annotations

from pathlib import Path

from workbench.cli.errors import CommandError
from workbench.graph import Shape
from workbench.project import Project


def parse_shape(text: str | None) -> Shape | None:
    """``3,224,224`` as ``(3, 224, 224)``; also ``3x224x224``."""
    if text is None:
        return None
    try:
        shape = tuple(int(part) for part in text.lower().replace("x", ",").split(","))
    except ValueError:
        shape = ()
    if len(shape) != 3 or min(shape) < 1:
        raise CommandError(f"--input takes channels,height,width such as 3,224,224, not '{text}'")
    return shape


def write_file(project: Project, path: Path) -> None:
    """Write a project down, unless a window has the file open: it would not know of it."""
    from workbench.gui.holding import hold_file, holder_of
    from workbench.project import write_project

    held = hold_file(path)
    if held is None:
        raise CommandError(f"{path} is open in a window ({holder_of(path)}); close it there, or choose another name")
    try:
        write_project(project, path)
    finally:
        held.release()


def new_file(path: Path, force: bool) -> Path:
    """The path, if nothing is there or it may be replaced."""
    if path.exists() and not force:
        raise CommandError(f"{path} exists; choose another name or give --force")
    return path


def project_of(target: str, classes: int | None = None, shape: Shape | None = None) -> Project:
    """The project that a preset's name or a file's path means."""
    from workbench import presets
    from workbench.project import read_project

    if target in presets.PRESETS:
        preset = presets.PRESETS[target]
        return Project(presets.build(target, classes, shape), recipe=preset.starter)
    path = Path(target)
    if path.is_dir() and (path / "project.json").is_file():
        path = path / "project.json"
    if path.is_dir():
        raise CommandError(f"{target} is a folder and no run; give a preset, a project file or a run")
    if not path.exists():
        near = presets.nearest(target)
        hint = f"; did you mean {near}?" if near else "; `workbench presets` lists the presets"
        raise CommandError(f"'{target}' is neither a preset nor a file{hint}")
    project = read_project(path)
    if classes is not None or shape is not None:
        raise CommandError("--classes and --input are for presets; a project file holds its own")
    return project
