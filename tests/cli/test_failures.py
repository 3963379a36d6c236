"""R11: whatever is raised, and wherever, the run is 'failed', its traceback kept, and a person reads one sentence."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from tests.cli.failures import KINDS, PLACES, failing_project, fails_well
from tests.cli.processes import Workbench
from workbench.runs import Run, layout, resume
from workbench.training import Finished

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return failing_project(tmp_path_factory.mktemp("project") / "small.json")


@pytest.mark.parametrize("kind", range(len(KINDS)), ids=lambda kind: type(KINDS[kind]()).__name__)
def test_every_error_ends_in_one_sentence(kind: int, project: Path, tmp_path: Path) -> None:
    """Sixty kinds, three at each of the twenty places."""
    place = list(PLACES)[kind % len(PLACES)]
    fails_well(place, kind, project, tmp_path / "run", *(["--json"] if kind % 2 else []))


def test_a_failed_run_can_be_resumed(project: Path, tmp_path: Path) -> None:
    directory = tmp_path / "run"
    fails_well("optimizer", 0, project, directory)
    assert Run.open(directory).report["step"] == 2
    *_, last = resume(directory)
    assert isinstance(last, Finished)
    assert last.reason == "completed"
    assert Run.open(directory).status == "completed"
    assert not (directory / layout.ERROR).exists()


def test_what_other_threads_and_vanishing_objects_raise_is_logged_and_not_shown(tmp_path: Path) -> None:
    code = """
import threading
from workbench.cli import main, verbs
class Vanishing:
    def __del__(self): raise ValueError("of an object")
def verb():
    thread = threading.Thread(target=lambda: {}["of a thread"])
    thread.start()
    thread.join()
    Vanishing()
verbs.app.command()(verb)
main(["verb"])
"""
    environment = os.environ | {"PYTHONPATH": str(ROOT), "XDG_STATE_HOME": str(tmp_path), "HOME": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout + done.stderr == ""
    (log,) = tmp_path.rglob("errors.log")
    assert "of an object" in log.read_text()
    assert "KeyError: 'of a thread'" in log.read_text()


def test_names_of_others_do_not_steer_the_terminal(workbench: Workbench, tmp_path: Path) -> None:
    file, folder = tmp_path / "named.json", tmp_path / "pictures"
    workbench("new", "lenet5", "-o", file)
    file.write_text(file.read_text().replace('"name": "LeNet-5"', '"name": "a\\u001b[2Jb\\nc"'))
    assert r"a\x1b[2Jb\nc: input 1×28×28" in workbench("summary", file).stdout
    for name in ("a\x1b[2J", "b"):
        (folder / name).mkdir(parents=True)
        for number in range(6):
            Image.new("L", (28, 28), 40 * number).save(folder / name / f"{number}.png")
    (folder / "a\x1b[2J" / "bad\x1b[2J.png").write_bytes(b"")
    told = workbench("train", "lenet5", "--data", folder, "--epochs", "1", "--run", tmp_path / "run").stdout
    told += workbench("evaluate", tmp_path / "run").stdout
    told += workbench("predict", tmp_path / "run", folder / "b" / "0.png").stdout
    assert r"a\x1b[2J" in told
    assert "\x1b" not in told
    assert "\x1b" not in workbench("summary", "a\x1b[2Jb", status=2).stderr
