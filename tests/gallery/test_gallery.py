"""S2: whatever a file tries, no reader runs it: each file of the gallery is given to each of them."""

from __future__ import annotations

import encodings.cp437  # noqa: F401  the archives' own, which zipfile loads with the first file's name
import os
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.data.pictures import encoded
from tests.gallery.exploits import Payload, gallery
from tests.gallery.watching import watched
from workbench.data import DataError, PictureError, fit_picture, load, read_picture
from workbench.data.archive import ArchiveError, unpack
from workbench.data.table import read_table
from workbench.project import DataChoice, ProjectError, append_lines, open_for_appending, read_project, read_template
from workbench.runs import Run, RunError, layout, list_runs, read_state, resume

REFUSALS = (ProjectError, RunError, DataError, PictureError, ArchiveError)
MARK = Path(tempfile.gettempdir()) / f"workbench-gallery-{os.getpid()}"
FILES = gallery(Payload(MARK))


def _in_a_run(name: str, look: Callable[[Path], object]) -> Callable[[Path, Path], object]:
    """The file as one of a run's, and something that looks at the run."""

    def read(file: Path, run: Path) -> object:
        (run / name).parent.mkdir(parents=True, exist_ok=True)
        kept = (run / name).read_bytes() if (run / name).exists() else None
        (run / name).write_bytes(file.read_bytes())
        try:
            return look(run)
        finally:
            (run / name).unlink()
            if kept is not None:
                (run / name).write_bytes(kept)

    return read


def _summary(run: Path) -> object:
    found = Run.open(run)
    return found.summary(), found.warnings, found.samples, found.hardest(3), found.status


def _folder(file: Path, run: Path) -> object:
    """The file as one picture among others of a class."""
    for number in range(2):
        for name in "ab":
            path = run.parent / "set" / name / f"{number}.png"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(encoded(number))
    (run.parent / "set" / "a" / "it.png").write_bytes(file.read_bytes())
    return load(DataChoice(source=str(run.parent / "set"), workers=0), (3, 8, 8)).skipped


READERS: dict[str, Callable[[Path, Path], object]] = {
    "project": lambda file, run: read_project(file),
    "template": lambda file, run: read_template(file),
    "checkpoint": lambda file, run: read_state(file),
    "a project's data": lambda file, run: load(read_project(file).data, (1, 8, 8)),
    "picture": lambda file, run: fit_picture(file, (3, 8, 8)),
    "photograph": lambda file, run: read_picture(file),
    "pasted": lambda file, run: read_picture(file.read_bytes()),
    "table": lambda file, run: read_table(file),
    "archive": lambda file, run: unpack(file, run.parent / "into", 1_000_000),
    "folder": _folder,
    "a run's project": _in_a_run(layout.PROJECT, lambda run: (list_runs(run.parent), Run.open(run))),
    "a run's metrics": _in_a_run(layout.METRICS, _summary),
    "a run's environment": _in_a_run(layout.ENVIRONMENT, lambda run: (Run.open(run).environment, Run.open(run).number)),
    "a run's report": _in_a_run(layout.REPORT, lambda run: (Run.open(run).report, Run.open(run).status)),
    "a run's samples": _in_a_run(layout.SAMPLES, lambda run: Run.open(run).hardest(3)),
    "a run's last checkpoint": _in_a_run(layout.LAST, lambda run: next(resume(run))),
    "a run's best checkpoint": _in_a_run(layout.BEST, lambda run: Run.open(run).state()),
    "appended to": lambda file, run: append_lines(open_for_appending(file), [b"{}"]),
}


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run of the lenet5 preset that has not begun."""
    from workbench import presets
    from workbench.project import Project, write_project

    directory = tmp_path_factory.mktemp("runs") / "run"
    directory.mkdir()
    write_project(Project(presets.build("lenet5"), DataChoice(subset=20)), directory / layout.PROJECT)
    for codec in ("utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"):  # what the json module takes bytes for
        "".encode(codec)
    for read in READERS.values():  # what is imported late is imported now
        sound = directory.parent / "sound"
        sound.write_bytes(encoded(1))
        _refused_or_read(read, sound, directory)
        sound.write_bytes((directory / layout.PROJECT).read_bytes())
        _refused_or_read(read, sound, directory)
    return directory


def test_the_gallery_has_forty_files() -> None:
    assert len(FILES) >= 40


@pytest.mark.parametrize("name", FILES)
def test_no_reader_runs_what_a_file_holds(name: str, run: Path, tmp_path: Path) -> None:
    for reader, read in READERS.items():
        file = tmp_path / "file"
        file.write_bytes(FILES[name])
        with watched() as seen:
            _refused_or_read(read, file, run)
        assert seen == [], (reader, seen)
    assert not MARK.exists()


def _refused_or_read(read: Callable[[Path, Path], object], file: Path, run: Path) -> None:
    """Anything but one of the program's own errors, in one line, fails."""
    try:
        read(file, run)
        said = ""
    except REFUSALS as error:
        said = str(error)
    assert "\n" not in said
