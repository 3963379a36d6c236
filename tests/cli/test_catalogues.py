"""What there is can be listed, without torch, without a screen, and for other programs."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from tests.cli.processes import ROOT, Workbench


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
