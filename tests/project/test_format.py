"""A project file is a project, or one sentence that says where it is not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.project.mutations import read_damaged
from workbench import presets
from workbench.graph import Arguments, FieldError
from workbench.project import (
    DataChoice,
    Project,
    ProjectError,
    Recipe,
    dumps,
    loads,
    read_project,
    read_template,
    write_project,
    write_template,
)

FIXTURES = Path(__file__).parent / "fixtures"


@pytest.fixture
def project() -> Project:
    return Project(presets.build("lenet5"), DataChoice(subset=100), Recipe(milestones=(3, 6), learning_rate=0.125))


@pytest.mark.parametrize("name", presets.PRESETS)
def test_saving_and_loading_is_identity(name: str) -> None:
    project = Project(presets.build(name), recipe=presets.PRESETS[name].published)
    assert loads(dumps(project)) == project


def test_one_changed_argument_is_one_changed_line(project: Project) -> None:
    from workbench.graph import edits

    changed = Project(edits.set_argument(project.graph, "conv2", "stride", 2), project.data, project.recipe)
    before, after = dumps(project).splitlines(), dumps(changed).splitlines()
    assert len(before) == len(after)
    assert sum(a != b for a, b in zip(before, after, strict=True)) == 1


def test_files_are_written_and_read(project: Project, tmp_path: Path) -> None:
    write_project(project, tmp_path / "p.json")
    assert read_project(tmp_path / "p.json") == project
    write_template(project.graph, tmp_path / "t.json")
    assert read_template(tmp_path / "t.json") == project.graph
    with pytest.raises(ProjectError, match="no template file"):
        read_template(tmp_path / "p.json")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            '"kernel_size": 5',
            '"kernel_size": -5',
            r"line 10 at graph\.nodes\[0\]\.arguments\.kernel_size: .*received -5",
        ),
        ('"Conv2d"', '"Conv3d"', r"graph\.nodes\[0\]\.kind: 'Conv3d' is no kind of layer; did you mean 'Conv2d'"),
        ('"relu1"', '"conv1"', r"line 11 at graph\.nodes\[1\]: .*names must differ"),
        ('"kind": "ReLU"', '"kind": "ReLU", "inputs": ["relu1"]', "cycle"),
        ('"kind": "ReLU"', '"kind": "ReLU", "inputs": ["gone"]', "does not exist"),
        ('"version": 1', '"version": 2', "newer version of CNN Workbench"),
        ('"version": 1', '"version": "1"', "whole number"),
        ('"epochs": 10', '"epochs": NaN', "NaN is no number"),
        ('"epochs": 10', '"epochs": 1e999', "too large"),
        ('"epochs": 10', '"epochs": 0', r"recipe\.epochs.*received 0"),
        ('"momentum"', '"momentun"', "did you mean 'momentum'"),
        ('"graph"', '"grahp"', '"graph" is missing'),
        ('"outputs": []', '"outputs": [], "outputs": []', "stands twice"),
        ('"shape": [1, 28, 28]', '"shape": [1, 28, 0]', r"graph\.inputs\[0\]\.shape"),
        ('"name": "conv1"', "\"name\": \"__import__('os').system('x')\"", "no word"),
    ],
)
def test_each_mistake_gets_its_sentence(project: Project, old: str, new: str, message: str) -> None:
    text = dumps(project)
    assert old in text
    with pytest.raises(ProjectError, match=message) as caught:
        loads(text.replace(old, new, 1))
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("bad", ["C\\nv2d", "C\\u001b[2Jv2d", "C\\u202ev2d"])
@pytest.mark.parametrize("place", ['"Conv2d"', '"conv1"', '"recipe"'])
def test_no_mistake_breaks_the_line_or_steers_the_terminal(project: Project, place: str, bad: str) -> None:
    with pytest.raises(ProjectError) as caught:
        loads(dumps(project).replace(place, f'"{bad}"', 1))
    assert str(caught.value).isprintable()


@pytest.mark.parametrize(
    "content",
    [b"", b"[" * 60_000, b'{"a":' * 30_000, b"\xff\xfe", b"x" * 10_000_000, b'"\\ud800"', b"null", b"{}", b"1" * 5000],
    ids=["empty", "brackets", "braces", "bytes", "10 MB", "surrogate", "null", "object", "digits"],
)
def test_hostile_content_is_refused(content: bytes) -> None:
    with pytest.raises(ProjectError):
        loads(content)


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "gone.json"):
        with pytest.raises(ProjectError, match=str(path)):
            read_project(path)


@pytest.mark.parametrize("count", [10_000, pytest.param(100_000, marks=pytest.mark.promise)])
def test_mutated_files_give_a_project_or_one_error(count: int) -> None:
    """S1: whatever is done to a file, nothing else is raised and nothing is executed, imported, opened or started."""
    reading = read_damaged(count, seed=1)
    assert count > reading.refused > count / 2
    assert reading.grown < 200e6


@pytest.mark.parametrize("path", sorted(FIXTURES.glob("*.json")), ids=lambda path: path.name)
def test_files_of_earlier_versions_open(path: Path) -> None:
    """R19: what was once written opens in every later version."""
    project = read_project(path)
    assert loads(dumps(project)) == project


def test_there_are_files_of_every_version() -> None:
    versions = {json.loads(path.read_text())["version"] for path in FIXTURES.glob("*.json")}
    assert versions == {1}


def test_settings_refuse_what_they_do_not_know() -> None:
    with pytest.raises(FieldError, match="did you mean 'learning_rate'"):
        Recipe().changed(learning_rat=1)
    with pytest.raises(FieldError, match="from 1 to"):
        Recipe(epochs=0)
    assert Arguments(Recipe().values())["epochs"] == 10
