"""The command line as a person uses it: processes of their own, real files."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from PIL import Image

from tests.cli.processes import ROOT, Workbench
from workbench import presets
from workbench.project import DataChoice, Project, Recipe, write_project
from workbench.runs import Reel, Run


@pytest.fixture(scope="module")
def run(workbench: Workbench, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished run of LeNet-5 on the digits."""
    folder = tmp_path_factory.mktemp("runs") / "0001-lenet5"
    done = workbench("train", "lenet5", "--data", "digits", "--epochs", "3", "--run", folder)
    assert "accuracy" in done.stdout
    assert "Completed 3 epochs" in done.stdout
    assert "v validation loss" in done.stdout
    return folder


def test_help_needs_no_torch() -> None:
    code = (
        "import sys; from workbench.cli import main\n"
        "try: main(['--help'])\nexcept SystemExit: pass\n"
        "assert not {'torch', 'numpy', 'rich'} & set(sys.modules), 'heavy'"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    verbs = (
        "presets layers templates datasets summary new check compare insert save-template train preflight runs evaluate"
    )
    for verb in [*verbs.split(), "predict", "attribute", "report", "export"]:
        assert verb in done.stdout
    assert "..." not in done.stdout.partition("Commands:")[2]


def test_without_words_and_without_a_screen_it_says_what_works_without_one(
    workbench: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("PySide6")
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    if sys.platform.startswith("linux"):
        assert "there is no screen here; `workbench --help`" in workbench(status=2).stderr


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


def test_a_training_starts_from_a_runs_weights_and_tells_how_layers_fare(
    workbench: Workbench, run: Path, tmp_path: Path
) -> None:
    asked = [
        "train",
        "lenet5",
        "--epochs",
        "1",
        "--weights",
        run,
        "--all-but-head",
        "--health",
        "--run",
        tmp_path / "two",
    ]
    told = workbench(*asked).stdout
    assert "4 layers keep their weights; new: fc3." in told
    assert "never fire" in told
    assert "conv1" in told
    kept = json.loads((tmp_path / "two" / "environment.json").read_text())["weights"]
    assert kept["source"] == str(run.resolve())
    assert "--all-but-head needs --weights" in workbench("train", "lenet5", "--all-but-head", status=2).stderr


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


def test_a_project_file_can_be_written_checked_and_broken(workbench: Workbench, tmp_path: Path) -> None:
    file = tmp_path / "mine.json"
    workbench("new", "lenet5", "--classes", "7", "-o", file)
    assert "is sound" in workbench("check", file).stdout
    workbench("new", "lenet5", "-o", file, status=2)
    file.write_text(file.read_text().replace('"kernel_size": 5', '"kernel_size": 50'))
    broken = workbench("check", file, "--json", status=1)
    assert json.loads(broken.stdout)[0]["node"] == "conv1"
    file.write_text("{")
    assert "line 1" in workbench("check", file, status=2).stderr


def test_two_networks_are_compared_with_the_cost_of_each_difference(
    workbench: Workbench, tmp_path: Path, run: Path
) -> None:
    file = tmp_path / "mine.json"
    workbench("new", "lenet5", "-o", file)
    file.write_text(file.read_text().replace('"out_channels": 16', '"out_channels": 32'))
    shown = workbench("compare", "lenet5", file).stdout
    assert "out_channels 16 → 32" in shown
    assert "+2,416" in shown
    assert "in all +50,416 parameters, +288,000 multiply-adds, +16,000 activation bytes" in shown
    found = json.loads(workbench("compare", run, file, "--json").stdout)
    assert (found["before"]["parameters"], found["after"]["parameters"]) == (61_706, 112_122)
    assert found["differences"][0] == {
        "what": "changed", "before": "conv2", "after": "conv2", "kind": "Conv2d",
        "changes": [{"what": "out_channels", "before": 16, "after": 32}],
        "parameters": 2_416, "macs": 240_000, "activation_bytes": 6_400,
        "receptive_field": [[14, 14], [14, 14]],
    }  # fmt: skip
    assert [d["before"] for d in found["differences"] if d["what"] == "affected"] == [
        "relu2", "pool2", "flatten", "fc1",
    ]  # fmt: skip


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


@pytest.mark.skipif(os.name == "nt", reason="signals differ")
def test_an_interrupt_ends_after_a_checkpoint_and_says_how_to_go_on(workbench: Workbench, tmp_path: Path) -> None:
    folder = tmp_path / "run"
    environment = os.environ | {"PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}
    process = subprocess.Popen(
        [sys.executable, "-m", "workbench", "train", "lenet5", "--epochs", "200", "--run", str(folder)],
        env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    while not (folder / "checkpoints" / "last.safetensors").exists():
        assert process.poll() is None
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 130, err
    assert f"workbench train --resume {folder}" in out
    assert json.loads((folder / "report.json").read_text())["reason"] == "stopped"
    listed = json.loads(workbench("runs", folder, "--json").stdout)
    assert listed[0]["status"] == "stopped"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["summary", "resnet19"], "did you mean resnet1"),
        (["summary", "lenet5", "--input", "3"], "--input takes"),
        (["compare", "lenet5", "vgg17"], "did you mean vgg1"),
        (["train"], "--resume"),
        (["train", "lenet5", "--set", "epochs=3"], "--set takes"),
        (["train", "lenet5", "--set", "recipe.epoch=3"], "did you mean 'epochs'"),
        (["train", "lenet5", "--device", "cuda:99"], "no device"),
        (["train", "lenet5", "--data", "nowhere"], "no such folder"),
        (["train", "alexnet", "--input", "1,28,28"], "63×63"),
        (["train", "--resume", "nowhere"], "holds no run"),
        (["evaluate", "nowhere"], "holds no run"),
        (["export", "lenet5", "--to", "floppy", "-o", "x"], "there are python"),
        (["nonsense"], "nonsense"),
        (["layers", "Conv3d"], "did you mean 'Conv2d'"),
        (["summary", "resnet20"], "did you mean cifar-resnet20?"),
        (["presets", "ResNet-20"], "did you mean 'cifar-resnet20'?"),
        (["train", "lenet5", "--set", "recipe.lr=3"], "did you mean 'learning_rate'?"),
        (["train", "lenet5", "--set", "recipe.decay=3"], "did you mean 'weight_decay' or 'decay_norms_and_biases'?"),
        (["train", "lenet5", "--set", "data.source="], "source: it is empty"),
        (["train", "lenet5", "--set", "data.excluded=[5000]"], "image 5,000 cannot be excluded"),
    ],
)
def test_mistakes_get_one_sentence(workbench: Workbench, arguments: list[str], words: str, tmp_path: Path) -> None:
    done = workbench(*arguments, cwd=tmp_path, status=2)
    assert words in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_a_run_that_could_never_have_begun_leaves_no_folder(workbench: Workbench, tmp_path: Path) -> None:
    for project in (
        Project(presets.build("lenet5"), DataChoice(source=str(tmp_path / "nowhere"))),
        Project(presets.build("lenet5"), recipe=Recipe(weights=str(tmp_path / "nowhere.pt"))),
    ):
        write_project(project, tmp_path / "mine.json")
        done = workbench("train", tmp_path / "mine.json", "--run", tmp_path / "run", cwd=tmp_path, status=2)
        assert "there is no such" in done.stderr
        assert not (tmp_path / "run").exists()


def test_the_catalogues_are_stable_json(workbench: Workbench) -> None:
    presets = {row["name"]: row for row in json.loads(workbench("presets", "--json").stdout)}
    assert presets["vgg16"] == {
        "name": "vgg16", "title": "VGG-16", "year": 2014, "input": [3, 224, 224], "parameters": 138_357_544,
        "macs": 15_470_264_320,
    }  # fmt: skip
    assert json.loads(workbench("presets", "vgg16", "--json").stdout)["published"]["weight_decay"] == 5e-4
    layers = {row["kind"]: row for row in json.loads(workbench("layers", "--json").stdout)}
    assert layers["Conv2d"]["arguments"][0]["name"] == "out_channels"
    datasets = {row["name"] for row in json.loads(workbench("datasets", "--json").stdout)}
    assert {"digits", "mnist", "cifar10"} <= datasets
    summary = json.loads(workbench("summary", "googlenet", "--json").stdout)
    assert summary["parameters"] == 6_624_904
    assert summary["training_parameters"] == 13_004_888


@pytest.mark.skipif(os.name == "nt", reason="pipes differ")
@pytest.mark.parametrize("arguments", [[], ["--json"]], ids=str)
def test_a_training_that_nobody_reads_any_more_stops_after_a_checkpoint(arguments: list[str], tmp_path: Path) -> None:
    directory = tmp_path / "a run"
    process = subprocess.Popen(
        [
            sys.executable, "-m", "workbench", "train", "lenet5", "--data", "digits", "--epochs", "1000",
            "--run", directory, *arguments,
        ],
        env=os.environ | {"PYTHONPATH": str(ROOT)}, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.readline()
    process.stdout.close()
    told = process.stderr.read()
    assert process.wait() == 2
    assert told.startswith("workbench: nothing more can be printed (Broken pipe): Stopped in epoch ")
    assert told.endswith(f"go on with: workbench train --resume '{directory}'\n")
    assert Run.open(directory).status == "stopped"
    assert Run.open(directory).state(best=False).values["progress"]["epoch"] < 1000


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a disk that is always full")
def test_what_cannot_be_printed_is_one_sentence() -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "workbench", "layers"], env=os.environ | {"PYTHONPATH": str(ROOT)},
            stdout=full, stderr=subprocess.PIPE, text=True, check=False,
        )  # fmt: skip
    assert (done.returncode, done.stderr) == (2, "workbench: No space left on device\n")


@pytest.mark.skipif(os.name == "nt", reason="pipes differ")
@pytest.mark.parametrize("arguments", [["presets", "lenet5"], ["layers"], ["layers", "--json"]], ids=" ".join)
def test_a_reader_that_has_seen_enough_is_no_error(arguments: list[str]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [sys.executable, "-m", "workbench", *arguments],
        env=os.environ | {"PYTHONPATH": str(ROOT)}, stdout=writing, stderr=subprocess.PIPE, text=True, check=False,
    )  # fmt: skip
    os.close(writing)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_folder_that_is_no_run_is_said_to_be_none(workbench: Workbench, tmp_path: Path) -> None:
    assert "is a folder and no run" in workbench("train", tmp_path, status=2).stderr
    assert "there is no such folder" in workbench("runs", tmp_path / "nowhere", status=2).stderr
    assert "leave --data out" in workbench("evaluate", tmp_path, "--hardest", "3", "--data", "digits", status=2).stderr


def test_what_differs_between_many_runs_can_be_read(workbench: Workbench, tmp_path: Path) -> None:
    """A row a value, with the runs that have it: one column a run was cut to nothing from a dozen on."""
    for number in range(1, 15):
        (tmp_path / f"{number:04d}-lenet5").mkdir()
        project = Project(presets.build("lenet5"), recipe=Recipe(epochs=7 if number == 3 else 5))
        write_project(project, tmp_path / f"{number:04d}-lenet5" / "project.json")
    *_, first, _, second, _ = workbench("runs", tmp_path).stdout.splitlines()
    assert first.split()[:4] == ["recipe.epochs", "5", "0001-lenet5,", "0002-lenet5,"]
    assert second.split() == ["7", "0003-lenet5"]
