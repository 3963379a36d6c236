"""A run's page holds what the run holds, and nothing that a browser would run or fetch."""

from __future__ import annotations

import base64
import io
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.reading_pages import Reader, assert_it_needs_nothing_else
from workbench.graph import Builder
from workbench.presets import build
from workbench.project import DataChoice, Project, Recipe
from workbench.runs import Reel, Run, start
from workbench.runs.page import page


def decoded(source: str) -> np.ndarray:
    """The pixels of an image that is written into the page."""
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(source.removeprefix("data:image/png;base64,")))))


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    project = Project(build("lenet5"), DataChoice(subset=120), Recipe(epochs=3, batch_size=32))
    directory = tmp_path_factory.mktemp("runs") / "0001-lenet5"
    for _ in start(project, directory):
        pass
    return Run.open(directory)


def test_it_shows_curves_network_confusion_filters_and_maps(run: Run) -> None:
    read = Reader(page(run))
    assert f"{run.summary()['validation_accuracy']:.2%}" in read.text
    assert "61,706 parameters" in read.text
    for node in run.project.graph.nodes:
        assert node.name in read.text
    assert sum(tag == "svg" for tag, _ in read.tags) == 2
    assert sum(tag == "polyline" for tag, _ in read.tags) == 5
    images = [attributes["src"] for tag, attributes in read.tags if tag == "img"]
    assert len(images) == 4 + 1 + 3 * 3  # the filmstrip: its picture, and of each epoch filters and two layers' maps
    assert "Maps of conv2, 16 of 10×10" in read.text
    confusion = run.epochs[-1]["confusion"]
    assert str(confusion[0][0]) in read.text


def test_the_filmstrip_shows_the_recorded_epochs(run: Run) -> None:
    content = page(run)
    assert len(content.encode()) < 1_000_000
    film = Reader(content.split('<table class="film">')[1].split("</table>")[0])
    reel = Reel(run.directory)
    for epoch in run.epochs:
        record = reel.record(epoch["epoch"])
        assert f"epoch {epoch['epoch']}{epoch['validation_accuracy']:.1%} right" in film.text
        assert f"{max(record.probabilities):.0%}" in film.text
    pixels = [decoded(attributes["src"] or "") for tag, attributes in film.tags if tag == "img"]
    assert len(pixels) == 9
    levels = [reel.record(n).maps["conv1"].values() for n in (1, 2, 3)]
    low, high = min(map(np.min, levels)), max(map(np.max, levels))
    for drawn, maps in zip(pixels[3:6], levels, strict=True):  # the first map of each, on one scale
        assert np.abs(drawn[:28, :28, 0] / 255 - (maps[0] - low) / (high - low)).max() < 0.01


def test_of_many_epochs_some_are_shown_and_a_broken_one_is_named(tmp_path: Path) -> None:
    builder = Builder((3, 8, 8))
    builder.add("conv", "Conv2d", out_channels=4, kernel_size=3)
    builder.add("flatten", "Flatten")
    builder.add("fc", "Linear", out_features=10)
    project = Project(builder.build("colour"), DataChoice(subset=40), Recipe(epochs=11, batch_size=40))
    for _ in start(project, tmp_path / "run"):
        pass
    (tmp_path / "run" / "epochs" / "000011.safetensors").write_bytes(b"no record")
    content = page(Run.open(tmp_path / "run"))
    film = Reader(content.split('<table class="film">')[1].split("</table>")[0])
    assert re.findall(r"<b>epoch (\d+)</b>", content) == ["1", "3", "5", "7", "9"]
    assert "The record of epoch 11 cannot be read any more." in content
    filters = next(attributes["src"] for tag, attributes in film.tags if tag == "img")
    drawn = decoded(filters or "")
    assert drawn.shape[2:] == (4,)  # filters on a colour picture are shown in its colours
    assert set(np.unique(drawn[..., 3])) == {0, 255}, "and between them the page is seen, which may be dark"


def test_it_needs_nothing_else(run: Run) -> None:
    assert_it_needs_nothing_else(page(run))


def test_names_are_shown_and_never_understood(tmp_path: Path) -> None:
    builder = Builder((1, 28, 28))
    builder.add("conv", "Conv2d", out_channels=2, kernel_size=3)
    builder.add("flatten", "Flatten")
    builder.add("fc", "Linear", out_features=10)
    graph = replace(builder.build(), name="<script>alert('x')</script>")
    for _ in start(Project(graph, DataChoice(subset=40), Recipe(epochs=1, batch_size=20)), tmp_path / "run"):
        pass
    content = page(Run.open(tmp_path / "run"))
    assert "<script" not in content
    assert "&lt;script&gt;" in content


def test_a_run_without_an_epoch_or_images_says_what_is_missing(tmp_path: Path) -> None:
    project = Project(build("lenet5"), DataChoice(subset=60), Recipe(epochs=1, batch_size=30))
    events = start(project, tmp_path / "run")
    next(events)
    events.close()  # type: ignore[attr-defined]
    read = Reader(page(Run.open(tmp_path / "run")))
    assert "No epoch was finished." in read.text
    assert "Not to be had any more" in read.text
