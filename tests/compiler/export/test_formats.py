"""Every exported file gives what the workbench gives, carries its pre-processing, and exists only if it is right."""

from __future__ import annotations

import ast
import importlib.util
import json
import sys
from pathlib import Path
from types import ModuleType

import onnx
import onnxruntime
import pytest
import torch
from safetensors import safe_open
from torch import Tensor

from tests.compiler.export.alone import fill
from workbench import presets
from workbench.compiler import compile_graph
from workbench.compiler.export import ExportError, Preprocessing, export, formats, neutral, to_python
from workbench.compiler.network import Network
from workbench.data.fit import fit_images
from workbench.graph import Builder, Graph, Input
from workbench.project import loads

FORMATS = {"python": "py", "onnx": "onnx", "torchscript": "pt", "safetensors": "safetensors"}
DIGITS = Preprocessing(1, (28, 28), (0.25,), (0.5,), "pad", ('"naught"', "one\n", "zwei é \u202e"))


def filled(name: str, shape: tuple[int, int, int], classes: int = 3) -> tuple[Graph, Network]:
    graph = presets.build(name, input=shape, classes=classes)
    network = compile_graph(graph)
    fill(network)
    return graph, network.eval()


def pictures(count: int, *shape: int) -> Tensor:
    return torch.rand(count, *shape, generator=torch.Generator().manual_seed(0))


@pytest.fixture
def lenet() -> tuple[Graph, Network]:
    return filled("lenet5", (1, 28, 28))


@pytest.mark.parametrize("to", ["onnx", "torchscript"])
def test_one_image_is_enough_to_write_for_any_number(lenet: tuple[Graph, Network], to: str, tmp_path: Path) -> None:
    parity = export(*lenet, DIGITS, to, tmp_path / "net", pictures(1, 1, 28, 28))
    assert "on 1 sample image (" in parity.sentence
    images = pictures(7, 1, 28, 28)
    if to == "onnx":
        session = onnxruntime.InferenceSession(tmp_path / "net", providers=["CPUExecutionProvider"])
        found = torch.from_numpy(session.run(None, {"images": images.numpy()})[0])
    else:
        found = torch.jit.load(tmp_path / "net")(images)
    assert torch.allclose(found, lenet[1](images), atol=1e-5)


@pytest.mark.slow
@pytest.mark.parametrize("to", FORMATS)
@pytest.mark.parametrize(("name", "size"), [("resnet18", 40), ("googlenet", 64), ("se-resnet18", 40)])
def test_larger_networks_too(name: str, size: int, to: str, tmp_path: Path) -> None:
    shape = (3, size, size)
    graph, network = filled(name, shape)
    parity = export(graph, network, neutral(shape), to, tmp_path / f"net.{FORMATS[to]}", pictures(3, *shape))
    assert parity.difference <= formats.TOLERANCE


def test_every_format_gives_the_workbenchs_outputs_and_carries_its_preprocessing(
    lenet: tuple[Graph, Network], tmp_path: Path
) -> None:
    graph, network = lenet
    paths = {to: tmp_path / f"{to}.{ending}" for to, ending in FORMATS.items()}
    for to, path in paths.items():
        parity = export(graph, network, DIGITS, to, path, pictures(5, 1, 28, 28))
        assert parity.images == 5
        assert parity.difference <= formats.TOLERANCE
    assert {path.name for path in tmp_path.iterdir()} == {path.name for path in paths.values()} | {"python.safetensors"}
    record = json.loads(json.dumps(DIGITS.record()))
    assert record["classes"] == list(DIGITS.classes)
    assert record["size"] == [28, 28]

    found = {entry.key: json.loads(entry.value) for entry in onnx.load(paths["onnx"]).metadata_props}
    assert {key: found[key] for key in record} == record
    extra = {"preprocessing.json": ""}
    torch.jit.load(paths["torchscript"], _extra_files=extra)
    assert json.loads(extra["preprocessing.json"]) == record
    for path in (paths["safetensors"], paths["python"].with_suffix(".safetensors")):
        with safe_open(path, "pt") as file:
            assert json.loads(file.metadata()["preprocessing"]) == record
            assert loads(file.metadata()["project"]).graph == graph
    written = {
        node.targets[0].id: ast.literal_eval(node.value)
        for node in ast.parse(paths["python"].read_text()).body
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
    }
    names = {"CHANNELS": "channels", "INPUT_SIZE": "size", "MEAN": "mean", "STD": "std", "FIT": "fit",
             "CLASSES": "classes"}  # fmt: skip
    assert {names[key]: list(v) if isinstance(v, tuple) else v for key, v in written.items()} == record


@pytest.fixture
def imported(tmp_path: Path):
    """Imports a source, with the bytecode kept out of the way."""

    def load(source: str) -> ModuleType:
        path = tmp_path / "exported.py"
        path.write_text(source)
        spec = importlib.util.spec_from_file_location("exported", path)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module

    return load


@pytest.mark.parametrize("fit", ["resize", "crop", "pad"])
@pytest.mark.parametrize("channels", [1, 3])
def test_prepares_pictures_as_the_data_floor_does(fit: str, channels: int, imported) -> None:
    mean, std = (0.2, 0.4, 0.6)[:channels], (0.5, 0.25, 0.75)[:channels]
    graph = presets.build("lenet5", input=(channels, 28, 30))
    module = imported(to_python(graph, Preprocessing(channels, (28, 30), mean, std, fit)))
    chance = torch.Generator().manual_seed(0)
    for of in (1, 3):
        for size in ((28, 30), (61, 40), (40, 61), (9, 13), (13, 90), (27, 31), (1, 1)):
            images = torch.randint(0, 256, (2, of, *size), dtype=torch.uint8, generator=chance)
            fitted = fit_images(images, (channels, 28, 30), fit).float() / 255
            expected = (fitted - torch.tensor(mean)[:, None, None]) / torch.tensor(std)[:, None, None]
            assert torch.allclose(module.prepare(images), expected, atol=1e-6), (of, size)


def test_a_checkpoint_of_a_run_loads_too(lenet: tuple[Graph, Network], imported, tmp_path: Path) -> None:
    from safetensors.torch import save_file

    graph, network = lenet
    weights = {f"model.{name}": value for name, value in network.state_dict().items()}
    save_file({**weights, "optimizer.0": torch.zeros(1)}, tmp_path / "last.safetensors")
    exported = imported(to_python(graph)).load(str(tmp_path / "last.safetensors"))
    images = pictures(3, 1, 28, 28)
    assert not exported.training
    assert torch.equal(exported(images), network(images))


@pytest.mark.parametrize("to", ["python", "safetensors"])
def test_a_network_that_came_out_different_leaves_no_file(
    lenet: tuple[Graph, Network], to: str, tmp_path: Path
) -> None:
    graph, network = lenet
    network.get_submodule("conv1").register_forward_hook(lambda *call: call[-1] + 1)  # neither format carries hooks
    before = tmp_path / f"net.{FORMATS[to]}"
    before.write_bytes(b"an older export")
    with pytest.raises(ExportError, match=r"differs from the workbench's own by .*nothing was written"):
        export(graph, network, DIGITS, to, before, pictures(2, 1, 28, 28))
    assert [entry.name for entry in tmp_path.iterdir()] == [before.name]
    assert before.read_bytes() == b"an older export"


@pytest.mark.parametrize("to", ["onnx", "torchscript"])
def test_traced_formats_are_compared_too(
    lenet: tuple[Graph, Network], to: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(formats, "TOLERANCE", -1.0)  # so that even equal outputs are too far apart
    with pytest.raises(ExportError, match="nothing was written"):
        export(*lenet, DIGITS, to, tmp_path / "net", pictures(2, 1, 28, 28))
    assert not list(tmp_path.iterdir())


def test_two_inputs_are_refused_in_one_sentence(tmp_path: Path) -> None:
    builder = Builder((1, 4, 4))
    builder.inputs.append(Input("other", (1, 4, 4)))
    builder.add("sum", "Add", "input", "other")
    builder.add("flat", "Flatten")
    graph = builder.build()
    with pytest.raises(ExportError, match="2 pictures at once"):
        export(graph, compile_graph(graph), neutral((1, 4, 4)), "python", tmp_path / "x.py", pictures(1, 1, 4, 4))


def test_outputs_that_are_no_numbers_are_no_parity(lenet: tuple[Graph, Network], tmp_path: Path) -> None:
    graph, network = lenet
    network.get_submodule("fc2").bias.data.fill_(float("nan"))
    with pytest.raises(ExportError):
        export(graph, network, DIGITS, "safetensors", tmp_path / "net.safetensors", pictures(2, 1, 28, 28))
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("package", ["onnxruntime", "onnxscript"])
def test_onnx_without_its_packages_is_one_sentence(
    lenet: tuple[Graph, Network], package: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, package, None)  # what importing finds where it is not installed
    with pytest.raises(ExportError, match=r"pip install 'cnn-workbench\[onnx\]'") as caught:
        export(*lenet, DIGITS, "onnx", tmp_path / "net.onnx", pictures(2, 1, 28, 28))
    assert "\n" not in str(caught.value)
    assert not list(tmp_path.iterdir())


def test_an_unknown_format_names_those_there_are(lenet: tuple[Graph, Network], tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="'floppy'; there are python, onnx, torchscript, safetensors"):
        export(*lenet, DIGITS, "floppy", tmp_path / "x", pictures(1, 1, 28, 28))
