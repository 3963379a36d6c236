"""A network of one's own, or a block of it, kept as a template file and put into others, from the command line."""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.processes import Workbench
from workbench import presets
from workbench.cli import main
from workbench.compiler import analyse
from workbench.graph import Builder, fragment
from workbench.project import Project, read_project, read_template, write_project

Said = Callable[..., str]


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Said:
    """The command line in this process: what it prints, on which stream its exit status says."""
    for module, hook in ((threading, "excepthook"), (sys, "unraisablehook")):
        monkeypatch.setattr(module, hook, getattr(module, hook))  # put back afterwards

    def run(*arguments: str | Path, status: int = 0) -> str:
        with pytest.raises(SystemExit) as ended:
            main([str(argument) for argument in arguments])
        out, err = capsys.readouterr()
        assert ended.value.code == status, out + err
        return err if status else out

    return run


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    builder = Builder((3, 16, 16))
    builder.add("stem", "Conv2d", out_channels=64, kernel_size=3, padding=1)
    builder.add("pool", "AdaptiveAvgPool2d", output_size=1)
    builder.add("flatten", "Flatten")
    builder.add("fc", "Linear", out_features=10)
    write_project(Project(builder.build("mine")), tmp_path / "mine.json")
    return tmp_path / "mine.json"


def test_a_block_is_saved_inserted_and_replaced(mine: Path, tmp_path: Path, said: Said, workbench: Workbench) -> None:
    said("save-template", "resnet18", "--block", "layer2.0", "-o", tmp_path / "block.json")
    graph = presets.build("resnet18")
    assert read_template(tmp_path / "block.json") == fragment(graph, ["layer2.0"], (64, 56, 56))
    told = workbench("insert", mine, tmp_path / "block.json", "--below", "stem", "--as", "stage").stdout
    assert "stage has 9 layers, the network 13" in told
    inserted = read_project(mine).graph
    assert inserted.sources(inserted.node("stage.conv1")) == ("stem",)
    assert inserted.sources(inserted.node("pool")) == ("stage.relu_out",)
    assert analyse(inserted).by_name["pool"].inputs == ((128, 8, 8),)

    said("insert", mine, "BasicBlock", "--replace", "stage", "--set", "channels=64", "--set", "stride=1")
    remade = read_project(mine).graph
    block = remade.block_of("stage")
    assert block is not None
    assert (block.template, dict(block.arguments)) == ("BasicBlock", {"channels": 64, "stride": 1})
    assert remade.sources(remade.node("pool")) == ("stage.relu_out",)

    said("insert", mine, tmp_path / "block.json", "--replace", "stage", "-o", tmp_path / "again.json")
    assert read_project(mine).graph == remade, "only what -o names is written"
    assert read_project(tmp_path / "again.json").graph == inserted
    assert "is sound" in said("check", tmp_path / "again.json")


def test_a_whole_network_is_a_template_too(mine: Path, tmp_path: Path, said: Said) -> None:
    said("save-template", mine, "-o", tmp_path / "net.json")
    assert read_template(tmp_path / "net.json") == read_project(mine).graph
    told = said("insert", mine, tmp_path / "net.json", "--below", "input")
    assert "error: stem: " in told, "what does not run yet is written, and said"
    graph = read_project(mine).graph
    assert [node.name for node in graph.nodes[:4]] == ["block.stem", "block.pool", "block.flatten", "block.fc"]


def test_templates_are_listed_and_described(said: Said) -> None:
    listed = json.loads(said("templates", "--json"))
    assert {"BasicBlock", "Inception", "SqueezeExcite"} <= {row["name"] for row in listed}
    assert json.loads(said("templates", "BasicBlock", "--json")) in listed
    assert "maps that come out" in said("templates", "BasicBlock")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["insert", "mine.json", "BasicBlock"], "say where"),
        (["insert", "mine.json", "BasicBlock", "--below", "stem"], "channels: BasicBlock needs it"),
        (["insert", "mine.json", "BasicBlok", "--below", "stem"], "did you mean 'BasicBlock'"),
        (["insert", "mine.json", "ReadMe.txt", "--below", "stem"], "no block template"),
        (["insert", "mine.json", "mine.json", "--below", "stem"], "no template file"),
        (["insert", "mine.json", "ConvBlock", "--below", "gone", "--set", "out_channels=4"], "no node 'gone'"),
        (["insert", "mine.json", "ConvBlock", "--replace", "stem", "--set", "out_channels=4"], "no block 'stem'"),
        (["insert", "mine.json", "ConvBlock", "--below", "stem", "--set", "out_channels"], "--set takes"),
        (["insert", "mine.json", "ConvBlock", "--below", "stem", "--as", "fc", "--set", "out_channels=4"], "'fc'"),
        (["insert", "mine.json", "ConvBlock", "--below", "stem", "--as", "a b", "--set", "out_channels=4"], "no word"),
        (["insert", "lenet5", "ConvBlock", "--below", "conv1", "--set", "out_channels=4"], "give -o FILE"),
        (["save-template", "lenet5", "-o", "mine.json"], "mine.json exists"),
        (["save-template", "googlenet", "-o", "t.json"], "--block"),
        (["save-template", "lenet5", "--block", "conv", "-o", "t.json"], "no block 'conv'"),
    ],
)
def test_mistakes_get_one_sentence_and_change_nothing(
    arguments: list[str], words: str, mine: Path, said: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(mine.parent)
    before = mine.read_bytes()
    told = said(*arguments, status=2)
    assert words in told
    assert len(told.strip().splitlines()) == 1
    assert mine.read_bytes() == before
    assert [path.name for path in mine.parent.iterdir()] == ["mine.json"]
