"""`workbench train` as a person uses it: where it starts, what it tells, what it keeps."""

from __future__ import annotations

import json
from pathlib import Path

from PIL import Image

from tests.cli.processes import Workbench
from workbench.runs import Reel


def test_a_training_starts_from_a_runs_weights_and_tells_how_layers_fare(
    workbench: Workbench, run: Path, tmp_path: Path
) -> None:
    asked = "train lenet5 --epochs 1 --all-but-head --health".split()
    told = workbench(*asked, "--weights", run, "--run", tmp_path / "two").stdout
    assert "4 layers keep their weights; new: fc3." in told
    assert "never fire" in told
    assert "conv1" in told
    kept = json.loads((tmp_path / "two" / "environment.json").read_text())["weights"]
    assert kept["source"] == str(run.resolve())
    assert "--all-but-head needs --weights" in workbench("train", "lenet5", "--all-but-head", status=2).stderr


def test_every_epoch_is_recorded_of_a_picture_of_ones_own_or_not_at_all(
    workbench: Workbench, tmp_path: Path, run: Path
) -> None:
    assert Reel(run).epochs == [1, 2, 3]
    Image.new("L", (40, 30), 200).save(tmp_path / "grey.png")
    own = ("--picture", tmp_path / "grey.png")
    workbench("train", "lenet5", "--epochs", "1", "--run", tmp_path / "own", *own)
    picture = Reel(tmp_path / "own").picture(1)
    assert (picture.name, picture.truth, set(picture.pixels.flatten().tolist())) == ("grey.png", "", {200})
    workbench("train", "lenet5", "--epochs", "1", "--run", tmp_path / "none", "--no-record")
    assert Reel(tmp_path / "none").epochs == []
    (tmp_path / "words.txt").write_text("no picture")
    refused = workbench("train", "lenet5", "--run", tmp_path / "r", "--picture", tmp_path / "words.txt", status=2)
    assert "words.txt" in refused.stderr
    assert not (tmp_path / "r").exists()


def test_events_are_one_json_object_a_line(workbench: Workbench, tmp_path: Path) -> None:
    done = workbench("train", "lenet5", "--epochs", "1", "--run", tmp_path / "run", "--json")
    events = [json.loads(line) for line in done.stdout.splitlines()]
    assert events[0]["event"] == "started"
    assert events[-1] | {"sentence": ""} == {
        "event": "finished", "reason": "completed", "epoch": 1, "step": 23, "best_epoch": 1, "sentence": "",
    }  # fmt: skip
    assert [event["step"] for event in events if event["event"] == "step"] == list(range(1, 24))
