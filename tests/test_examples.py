"""What examples/ holds works."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from workbench.compiler import analyse
from workbench.project import read_project

ROOT = Path(__file__).parents[1]
EXAMPLES = ROOT / "examples"


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.json")), ids=lambda path: path.stem)
def test_project_files_open_and_run(path: Path) -> None:
    assert analyse(read_project(path).graph).runs


@pytest.mark.parametrize("name", ["stack_a_network", "train_from_python"])
def test_scripts_run(name: str) -> None:
    environment = os.environ | {"PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}
    subprocess.run([sys.executable, EXAMPLES / f"{name}.py"], check=True, env=environment, capture_output=True)
