"""Exported Python stands alone, does what the graph does, and reads like something written by hand."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.compiler.export.comparing import Comparison
from tests.compiler.export.hostile import check, export_hostile
from workbench import presets
from workbench.compiler.export import neutral, to_python
from workbench.graph import Builder, Graph, GraphError, Input

SIZE = {"alexnet": (3, 64, 64), "alexnet-paper": (3, 67, 67), "nin-imagenet": (3, 64, 64),
        "googlenet-paper": (3, 96, 96)}  # fmt: skip
"""The smallest pictures that these take; the others take 32 × 32 or, lenet5, their own 28 × 28."""

FAMILIES = (
    "lenet5 lenet5-paper alexnet-paper nin-cifar10 nin-imagenet googlenet googlenet-paper resnet18 resnet50 "
    "resnet18-paper cifar-resnet20 cifar-plain20 plain18 se-resnet18 se-resnext50"
).split()


def small(name: str) -> Graph:
    own = name.startswith(("lenet5", "cifar", "nin-cifar"))
    return presets.build(name, input=None if own else SIZE.get(name, (3, 32, 32)))


@pytest.fixture(scope="module")
def sources() -> dict[str, str]:
    return {name: to_python(small(name)) for name in FAMILIES}


def test_presets_run_alone_as_they_do_here(sources: dict[str, str], tmp_path: Path) -> None:
    comparison = Comparison(tmp_path)
    for name, source in sources.items():
        comparison.add(name, small(name), source)
    assert comparison.differences() == {}


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(set(presets.PRESETS) - set(FAMILIES)))
def test_every_other_preset_runs_alone_as_it_does_here(name: str, tmp_path: Path) -> None:
    comparison = Comparison(tmp_path)
    comparison.add(name, small(name))
    assert comparison.differences() == {}


def odd_graphs() -> dict[str, Graph]:
    """What no preset has: weights used twice, several inputs and outputs, names that are no identifiers."""
    graphs = {}

    shared = Builder((4, 8, 8))
    shared.add("conv", "Conv2d", out_channels=4, kernel_size=3, padding=1)
    shared.add("relu", "ReLU")
    shared.add("again", "Conv2d", shares="conv")
    shared.add("sum", "Add", "again", "conv")
    graphs["shared"] = shared.build("shared weights")

    across = Builder((4, 8, 8))
    across.add("a.conv", "Conv2d", out_channels=4, kernel_size=1)
    across.add("a.act", "ReLU")
    across.add("b.conv", "Conv2d", shares="a.conv")
    across.add("b.act", "ReLU")
    graphs["shared_between_blocks"] = across.build("shared between blocks")

    two = Builder((1, 8, 8), input="left")
    two.inputs.append(Input("right", (1, 8, 8)))
    two.add("conv_left", "Conv2d", "left", out_channels=2, kernel_size=3)
    two.add("conv_right", "Conv2d", "right", out_channels=2, kernel_size=3)
    two.add("both", "Concatenate", "conv_left", "conv_right")
    two.add("flat", "Flatten")
    two.add("digit", "Linear", "flat", out_features=3)
    two.add("parity", "Linear", "flat", out_features=2)
    two.output("digit", "digit")
    two.output("parity", "parity")
    graphs["inputs_and_outputs"] = two.build("two in, two out")

    helped = Builder((1, 8, 8))
    helped.add("conv", "Conv2d", out_channels=2, kernel_size=3)
    helped.add("drop", "Dropout")
    with helped.block("helper"):
        helped.add("flat", "Flatten", "conv")
        helped.add("fc", "Linear", out_features=2)
    helped.add("flat", "Flatten", "drop")
    helped.add("fc", "Linear", out_features=3)
    helped.output("main", "fc")
    helped.output("helper", "helper.fc", 0.3, training_only=True)
    graphs["training_only"] = helped.build("a helper in training")

    crossed = Builder((2, 4, 4))  # neither block can be called at once
    crossed.add("a.0", "ReLU")
    crossed.add("b.0", "Conv2d", "a.0", out_channels=2, kernel_size=1)
    crossed.add("a.1", "Conv2d", "b.0", out_channels=2, kernel_size=1)
    crossed.add("b.1", "Add", "a.1", "b.0")
    graphs["crossed"] = crossed.build("blocks that wait for each other")

    names = Builder((2, 4, 4), input="getattr")
    for name in ("0", "1.0", "1.1.nn", "F.x", "out", "x", "Tensor", "list", "super", "Conv2d"):
        names.add(name, "Conv2d", out_channels=2, kernel_size=1)
    names.add("network", "Add", "Conv2d", "x", "out")
    graphs["names"] = names.build("class")

    plain = Builder((2, 4, 4))
    for name in "012":
        plain.add(name, "Conv2d", out_channels=2, kernel_size=1)
    graphs["sequential"] = plain.build("")
    return graphs


def test_odd_graphs_run_alone_as_they_do_here(tmp_path: Path) -> None:
    comparison = Comparison(tmp_path)
    for name, graph in odd_graphs().items():
        comparison.add(name, graph)
    assert comparison.differences() == {}


def test_formatter_and_linter_find_nothing_to_change(sources: dict[str, str], tmp_path: Path) -> None:
    pytest.importorskip("ruff")
    texts = {**sources, **{name: to_python(graph) for name, graph in odd_graphs().items()}}
    for name, text in texts.items():
        (tmp_path / f"{name}.py").write_text(text)
    for command in (["check"], ["format", "--check"]):
        done = subprocess.run(
            [sys.executable, "-m", "ruff", *command, "--isolated", "--no-cache", str(tmp_path)],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout[:2000]


def classes(source: str) -> list[str]:
    return [node.name for node in ast.parse(source).body if isinstance(node, ast.ClassDef)]


def test_blocks_of_one_structure_share_a_class(sources: dict[str, str]) -> None:
    *blocks, network = classes(sources["resnet50"])
    assert blocks[0] == "Add"  # a layer of our own
    assert 1 <= len(blocks[1:]) <= 3
    assert classes(to_python(presets.build("resnet152"))) == [*blocks, network.replace("50", "152")]
    assert [name for name in classes(sources["googlenet"]) if name.startswith("Inception")] == ["Inception"]


def test_names_in_the_source_are_the_networks_own(sources: dict[str, str]) -> None:
    assert classes(sources["lenet5"]) == ["LeNet5"]
    assert "self.conv1 = nn.Conv2d(1, 6, kernel_size=5" in sources["lenet5"]


def test_needs_nothing_of_this_project(sources: dict[str, str]) -> None:
    for source in sources.values():
        imported = set(re.findall(r"^\s*(?:from|import) (\w+)", source, re.MULTILINE))
        assert imported <= {"sys", "torch", "torchvision", "safetensors"}


def test_refuses_a_graph_that_cannot_run() -> None:
    builder = Builder((1, 4, 4))
    builder.add("conv", "Conv2d", out_channels=2, kernel_size=9)
    with pytest.raises(GraphError, match=r"conv: .*9×9.*4×4"):
        to_python(builder.build())


@pytest.mark.parametrize(("networks", "names"), [(300, 3_000), pytest.param(1_800, 20_000, marks=pytest.mark.promise)])
def test_hostile_names_stay_names(networks: int, names: int, tmp_path: Path) -> None:
    """S3: each source is read against an allow-list; one of eighteen also runs, and does what its graph does."""
    comparison = Comparison(tmp_path)
    assert export_hostile(networks, 1, comparison, each=18) >= names
    assert comparison.differences() == {}


@pytest.mark.parametrize(
    "line",
    ["import os", "import torch as nn", "eval('1')", "nn.functional.relu(1)", "torch.load('x')", "().__class__",
     "nn.Conv2d.os()", "x = lambda: 0", "EXTRA = 1", "@load\ndef f(): pass", "# \u202e"],
)  # fmt: skip
def test_the_allow_list_refuses_other_code(sources: dict[str, str], line: str) -> None:
    preprocessing = neutral((1, 28, 28))
    check(sources["lenet5"], preprocessing)
    with pytest.raises((AssertionError, UnicodeEncodeError)):
        check(sources["lenet5"].replace("\n\n\nclass", f"\n\n\n{line}\n\n\nclass", 1), preprocessing)
