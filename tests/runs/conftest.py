"""Projects and undisturbed runs that several tests compare with."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.data.pictures import class_folder
from tests.runs.trainings import RECIPES, finish, small_project, streamed_project
from workbench.project import Project
from workbench.runs import start


@pytest.fixture(scope="session")
def project() -> Project:
    return small_project()


@pytest.fixture(scope="session")
def streamed(tmp_path_factory: pytest.TempPathFactory) -> Project:
    return streamed_project(class_folder(tmp_path_factory.mktemp("images"), {"a": 60, "b": 60}))


@pytest.fixture(scope="session")
def undisturbed(streamed: Project, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A run of the streamed project for each recipe that nothing disturbed and no worker helped."""
    runs = {name: tmp_path_factory.mktemp("undisturbed") / name for name in RECIPES}
    for name, directory in runs.items():
        finish(start(replace(streamed, data=streamed.data.changed(workers=0), recipe=RECIPES[name]), directory))
    return runs
