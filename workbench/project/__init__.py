"""What a project file holds: graph, data choice and recipe. Knows neither torch nor Qt."""

from workbench.project.data_choice import DataChoice
from workbench.project.files import (
    WriteError,
    append_lines,
    make_folders,
    open_for_appending,
    sweep,
    sync,
    write_atomically,
)
from workbench.project.format import dumps, dumps_template
from workbench.project.holding import Hold, hold, holder
from workbench.project.project import Project
from workbench.project.reading import (
    ProjectError,
    loads,
    loads_template,
    read_project,
    read_template,
    write_project,
    write_template,
)
from workbench.project.recipe import Recipe

__all__ = [
    "DataChoice",
    "Hold",
    "Project",
    "ProjectError",
    "Recipe",
    "WriteError",
    "append_lines",
    "dumps",
    "dumps_template",
    "hold",
    "holder",
    "loads",
    "loads_template",
    "make_folders",
    "open_for_appending",
    "read_project",
    "read_template",
    "sweep",
    "sync",
    "write_atomically",
    "write_project",
    "write_template",
]
