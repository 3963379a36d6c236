"""Files that other programs read, each loaded back and compared before it is kept."""

from __future__ import annotations

import contextlib
import io
import json
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, nn

from workbench.compiler.export.preprocessing import Preprocessing
from workbench.compiler.export.source import to_python
from workbench.compiler.network import Network, compile_graph
from workbench.graph import Graph
from workbench.project import Project, dumps, write_atomically

TOLERANCE = 1e-4
"""The most that outputs may differ, relative to the largest: other programs sum in another order."""


WEIGHTS = ".safetensors"


class ExportError(Exception):
    """A network that could not be exported, or came out different; the message says which and what to do."""


@dataclass(frozen=True, slots=True)
class Parity:
    """How far the exported network's outputs are from the workbench's own on sample images."""

    images: int
    difference: float

    @property
    def sentence(self) -> str:
        images = "1 sample image" if self.images == 1 else f"{self.images} sample images"
        return f"its outputs equal the workbench's on {images} (largest difference {self.difference:.1e})"


def export(
    graph: Graph, network: Network, preprocessing: Preprocessing, to: str, path: Path, samples: Tensor
) -> Parity:
    """Write a trained network to ``path`` and check it on ``samples``, float32 ``(N, C, H, W)`` as the network takes.

    ``to`` is python (with the weights beside it as .safetensors), onnx, torchscript or safetensors. Raises
    `ExportError`, and then leaves no file.
    """
    if to not in _WRITERS:
        raise ExportError(f"there is no export to '{to[:40]}'; there are {', '.join(_WRITERS)}")
    if len(graph.inputs) > 1:
        raise ExportError(
            f"the network takes {len(graph.inputs)} pictures at once, and an export is checked on one at a time; "
            "remove the other inputs"
        )
    if to == "python" and path.suffix == WEIGHTS:
        raise ExportError(
            f"the weights of {path.stem} stand in {path.name} beside the source; call that one {path.stem}.py"
        )
    network.eval()
    with torch.inference_mode():
        expected = _main(network(samples))
    files, found = _WRITERS[to](graph, network, preprocessing, path, samples)
    difference = float((expected - found).abs().max() / expected.abs().max().clamp(min=1))
    if expected.shape != found.shape or not difference <= TOLERANCE:
        raise ExportError(
            f"the exported network differs from the workbench's own by {difference:.1e}; nothing was written"
        )
    for name, content in files.items():
        write_atomically(name, content)
    return Parity(len(samples), difference)


Files = dict[Path, bytes]


def _safetensors(
    graph: Graph, network: Network, preprocessing: Preprocessing, path: Path, samples: Tensor
) -> tuple[Files, Tensor]:
    from safetensors.torch import load

    content = _weights(graph, network, preprocessing)
    other = compile_graph(graph, init=False)
    other.load_state_dict(load(content))
    with torch.inference_mode():
        return {path: content}, _main(other.eval()(samples))


def _python(
    graph: Graph, network: Network, preprocessing: Preprocessing, path: Path, samples: Tensor
) -> tuple[Files, Tensor]:
    from safetensors.torch import load_file, save_file

    source = to_python(graph, preprocessing).encode()
    weights = _weights(graph, network, preprocessing)
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        (place / "exported.py").write_bytes(source)  # not kept: only for the check
        (place / "weights.safetensors").write_bytes(weights)
        save_file({"samples": samples.contiguous()}, place / "samples.safetensors")
        check = (
            "import torch, exported\nfrom safetensors.torch import load_file, save_file\n"
            "network = exported.load('weights.safetensors')\n"
            "with torch.inference_mode():\n"
            "    save_file({'found': network(load_file('samples.safetensors')['samples'])}, 'found.safetensors')\n"
        )
        # A process of its own: the source is run as a user would, and never inside this one.
        done = subprocess.run([sys.executable, "-c", check], cwd=place, capture_output=True, text=True, check=False)
        if done.returncode:
            raise ExportError(f"the exported Python does not run: {done.stderr.strip().splitlines()[-1][:300]}")
        found = load_file(place / "found.safetensors")["found"]
    # The weights first: a source without its weights would be of no use.
    return {path.with_suffix(WEIGHTS): weights, path: source}, found


def _torchscript(
    graph: Graph, network: Network, preprocessing: Preprocessing, path: Path, samples: Tensor
) -> tuple[Files, Tensor]:
    file = io.BytesIO()
    with torch.inference_mode(), warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)  # torch will drop TorchScript; who asks for it still needs it
        traced = torch.jit.trace(network, samples[:1], check_trace=False)
        torch.jit.save(traced, file, _extra_files={"preprocessing.json": json.dumps(preprocessing.record())})
        content = file.getvalue()
        return {path: content}, _main(torch.jit.load(io.BytesIO(content))(samples))


def _onnx(
    graph: Graph, network: Network, preprocessing: Preprocessing, path: Path, samples: Tensor
) -> tuple[Files, Tensor]:
    try:
        import onnxruntime
        import onnxscript  # noqa: F401 - torch's exporter needs it
    except ImportError:
        raise ExportError("ONNX needs more packages; install them with: pip install 'cnn-workbench[onnx]'") from None
    try:
        with contextlib.redirect_stdout(io.StringIO()), torch.no_grad():
            program = torch.onnx.export(
                network, (samples[:2],), dynamo=True, external_data=False, verbose=False,
                input_names=["images"], output_names=["output"], dynamic_shapes=({0: torch.export.Dim("batch")},),
            )  # fmt: skip
    except torch.onnx.OnnxExporterError as error:
        reason = str(error.__cause__ or error).strip().splitlines()[0][:200]
        raise ExportError(f"PyTorch cannot write this network as ONNX ({reason}); export it to python") from error
    model = program.model_proto  # type: ignore[union-attr]
    for key, value in preprocessing.record().items():
        model.metadata_props.add(key=key, value=json.dumps(value))
    content = model.SerializeToString()
    session = onnxruntime.InferenceSession(content, providers=["CPUExecutionProvider"])
    found = session.run(None, {session.get_inputs()[0].name: samples.numpy()})[0]
    return {path: content}, torch.from_numpy(found)


_WRITERS: dict[str, Callable[[Graph, Network, Preprocessing, Path, Tensor], tuple[Files, Tensor]]] = {
    "python": _python,
    "onnx": _onnx,
    "torchscript": _torchscript,
    "safetensors": _safetensors,
}


def _weights(graph: Graph, network: nn.Module, preprocessing: Preprocessing) -> bytes:
    from safetensors.torch import save

    tensors = {name: value.detach().cpu().contiguous() for name, value in network.state_dict().items()}
    record = {"preprocessing": json.dumps(preprocessing.record()), "project": dumps(Project(graph))}
    return save(tensors, record)


def _main(output: Tensor | dict[str, Tensor]) -> Tensor:
    return next(iter(output.values())) if isinstance(output, dict) else output
