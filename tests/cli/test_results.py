"""A finished run on the command line: listed, measured, asked, explained, exported, compared."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from PIL import Image

from tests.cli.processes import Workbench
from workbench import presets
from workbench.project import Project, Recipe, write_project


def test_a_run_can_be_listed_measured_and_asked(workbench: Workbench, run: Path, tmp_path: Path) -> None:
    listed = json.loads(workbench("runs", run.parent, "--json").stdout)
    assert listed[0]["status"] == "completed"
    assert listed[0]["parameters"] == 61_706
    measured = json.loads(workbench("evaluate", run, "--json").stdout)
    assert measured["images"] == 359
    assert measured["accuracy"] > 0.7
    mistakes = json.loads(workbench("evaluate", run, "--mistakes", "5", "--json").stdout)
    shares = [row["probability"] for row in mistakes]
    assert shares == sorted(shares, reverse=True)
    assert all(row["is"] != row["called"] for row in mistakes)
    assert len(mistakes) == 5
    hardest = json.loads(workbench("evaluate", run, "--hardest", "3", "--json").stdout)
    assert len(hardest) == 3
    assert hardest[0]["loss"] >= hardest[2]["loss"]
    Image.new("L", (8, 8), 128).save(tmp_path / "grey.png")
    asked = json.loads(workbench("predict", run, tmp_path / "grey.png", "--json").stdout)
    assert len(asked[0]["classes"]) == 5
    assert asked[0]["classes"][0]["name"] in "0123456789"


def test_a_run_says_why(workbench: Workbench, run: Path, tmp_path: Path) -> None:
    Image.linear_gradient("L").resize((20, 20)).save(tmp_path / "scan.png")
    why = tmp_path / "why.png"
    said = workbench("attribute", run, tmp_path / "scan.png", "--method", "saliency", "--class", "3", "-o", why).stdout
    assert "scan.png: 3 " in said
    assert f"Wrote {why}." in said
    with Image.open(why) as drawn:
        assert drawn.size == (280, 280)
        assert drawn.getcolors(2) is None  # more than one colour and its ground
    for words, sentence in (
        (("--class", "x"), "there is no class 'x'; there are 0, 1"),
        (("--layer", "fc1"), "fc1 gives no maps"),
        (("--method", "lime"), "there is no method 'lime'; there are grad-cam"),
    ):
        assert sentence in workbench("attribute", run, tmp_path / "scan.png", *words, "-o", why, status=2).stderr


def test_a_run_can_be_exported_and_used_alone(workbench: Workbench, run: Path, tmp_path: Path) -> None:
    assert "equal the workbench's" in workbench("export", run, "--to", "python", "-o", tmp_path / "net.py").stdout
    Image.new("L", (20, 30), 200).save(tmp_path / "grey.png")
    done = subprocess.run(
        [sys.executable, "net.py", "net.safetensors", "grey.png"],
        cwd=tmp_path, capture_output=True, text=True, check=True,
    )  # fmt: skip
    asked = json.loads(workbench("predict", run, tmp_path / "grey.png", "--json").stdout)
    assert done.stdout.split(": ")[1].split()[0] == asked[0]["classes"][0]["name"]


def test_what_differs_between_many_runs_can_be_read(workbench: Workbench, tmp_path: Path) -> None:
    """A row a value, with the runs that have it: one column a run was cut to nothing from a dozen on."""
    recipes = {3: Recipe(epochs=7), 4: Recipe(frozen=("conv1",))}
    for number in range(1, 15):
        (tmp_path / f"{number:04d}-lenet5").mkdir()
        project = Project(presets.build("lenet5"), recipe=recipes.get(number, Recipe()))
        write_project(project, tmp_path / f"{number:04d}-lenet5" / "project.json")
    told = workbench("runs", tmp_path).stdout
    *_, epochs, _, seven, none_frozen, _, frozen, _ = told.splitlines()
    assert epochs.split()[:4] == ["recipe.epochs", str(Recipe().epochs), "0001-lenet5,", "0002-lenet5,"]
    assert seven.split() == ["7", "0003-lenet5"]
    # As `--set` takes it.
    assert none_frozen.split()[:3] == ["recipe.frozen", "[]", "0001-lenet5,"]
    assert frozen.split() == ['["conv1"]', "0004-lenet5"]
