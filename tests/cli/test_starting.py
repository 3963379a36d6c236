"""``--weights torchvision``: downloaded where a person asks for it, and said where there is no network."""

from __future__ import annotations

import hashlib
import threading
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from tests.cli.processes import Workbench
from workbench import presets
from workbench.cli.starting import starting
from workbench.compiler import compile_graph
from workbench.graph import Graph
from workbench.project import Project
from workbench.runs import start_of
from workbench.weights import pretrained
from workbench.weights.pretrained import Pretrained


@pytest.fixture
def served(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):  # type: ignore[no-untyped-def]
    """A collection of one file, weights of LeNet-5, on a server of this machine."""
    folder = tmp_path / "server"
    folder.mkdir()
    torch.save(compile_graph(presets.build("lenet5")).state_dict(), folder / "weights.pth")
    begins = hashlib.sha256((folder / "weights.pth").read_bytes()).hexdigest()[:8]
    (folder / "weights.pth").rename(folder / f"lenet-{begins}.pth")
    asked: list[str] = []

    class Handler(SimpleHTTPRequestHandler):
        def __init__(self, *arguments: object) -> None:
            super().__init__(*arguments, directory=str(folder))  # type: ignore[arg-type]

        def log_message(self, *_: object) -> None:
            asked.append(self.path)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    one = Pretrained("LeNet-5", "V1", f"http://127.0.0.1:{server.server_port}/lenet-{begins}.pth", 99.0, 61_706)
    monkeypatch.setattr(torch.hub, "get_dir", lambda: str(tmp_path / "hub"))
    monkeypatch.setattr(pretrained, "pretrained_for", lambda graph: [one] if graph.name == "LeNet-5" else [])
    yield asked
    server.shutdown()
    thread.join()
    server.server_close()


def test_pytorchs_weights_are_downloaded_once(served: list[str], tmp_path: Path) -> None:
    graph: Graph = presets.build("lenet5")
    project = starting(Project(graph), "torchvision", False)
    begun = start_of(project)
    assert begun is not None
    assert len(begun.match.named("kept")) == 5
    assert Path(project.recipe.weights).parent == tmp_path / "hub" / "checkpoints"
    assert len(served) == 1
    starting(Project(graph), "torchvision:V1", False)
    assert len(served) == 1


def test_without_a_network_it_is_said_what_to_do(
    workbench: Workbench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("https_proxy", "HTTPS_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")  # where nobody listens
    monkeypatch.setenv("TORCH_HOME", str(tmp_path))
    said = workbench("train", "resnet18", "--weights", "torchvision", "--run", tmp_path / "run", status=2).stderr
    assert "ResNet-18, IMAGENET1K_V1" in said
    assert "connect to the network, or put resnet18-f37072fd.pth from https://" in said
    assert not (tmp_path / "run").exists()
    assert (
        "no weights for a network called 'LeNet-5'"
        in workbench("train", "lenet5", "--weights", "torchvision", status=2).stderr
    )


def test_an_export_and_a_preflight_take_weights_along(workbench: Workbench, tmp_path: Path) -> None:
    file = tmp_path / "weights.safetensors"
    tensors = dict(compile_graph(presets.build("lenet5")).state_dict())
    save_file(tensors, file)
    out = tmp_path / "net.safetensors"
    told = workbench("export", "lenet5", "--weights", file, "--to", "safetensors", "-o", out).stdout
    assert "with weights of weights.safetensors (5 layers keep their weights)" in told
    assert all(torch.equal(load_file(out)[name], value) for name, value in tensors.items())
    done = workbench("preflight", "lenet5", "--weights", file, "--set", "data.subset=200")
    assert "learnt by heart" in done.stdout
