"""The verbs that open the window say in one sentence what is missing, and the others do without."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from workbench.cli import main

ROOT = Path(__file__).parents[2]
QT = ("PySide6", "pyqtgraph", "qtawesome")


@pytest.mark.parametrize(
    "arguments", [[], ["open"], ["open", "mine.json"], ["mine.json"], ["tour", "--out", "pictures"]]
)
def test_without_qt_it_says_how_to_get_it(
    arguments: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for module in QT:
        monkeypatch.setitem(sys.modules, module, None)
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    assert capsys.readouterr().err == (
        "workbench: the window needs Qt, and PySide6-Essentials, pyqtgraph, qtawesome are not installed: pip install "
        "PySide6-Essentials pyqtgraph qtawesome; `workbench --help` lists what works without it\n"
    )


def test_the_other_verbs_work_without_qt(tmp_path: Path) -> None:
    """Those that touch what the window keeps, too: the locks of open files, the page with its pictures."""
    code = """
import sys
for module in ("PySide6", "pyqtgraph", "qtawesome", "shiboken6"):
    sys.modules[module] = None
from workbench.cli import main
def workbench(*words, status=0):
    try:
        main(words)
    except SystemExit as ended:
        assert ended.code == status, (words, ended.code)
workbench("new", "lenet5", "-o", "mine.json")
workbench("insert", "mine.json", "ConvBlock", "--below", "relu1", "--set", "out_channels=6")
workbench("train", "mine.json", "--epochs", "1", "--set", "data.subset=60", "--run", "run")
workbench("report", "run")
"""
    own = {"PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1", "WORKBENCH_HOME": str(tmp_path / "home")}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env=os.environ | own, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stderr == ""
