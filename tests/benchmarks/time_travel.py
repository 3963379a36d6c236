"""How large the record of a training is, and what it costs to keep it."""

from __future__ import annotations

import statistics
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import torch

from tests.benchmarks import networks
from tests.benchmarks.measuring import Row, alone, compared, interleaved
from workbench import presets
from workbench.compiler import compile_graph, initialise
from workbench.data import fit_picture, load
from workbench.data.batches import Normalise
from workbench.gui.inspection.photos import PHOTOS, content
from workbench.inspection import ChosenPicture, KeptHealth
from workbench.project import DataChoice, Project, Recipe
from workbench.runs import start
from workbench.runs.reel import Reel, keep_epoch
from workbench.training import Epoch, Recorded
from workbench.training.health import HealthMeter
from workbench.training.keeping import Keeper
from workbench.training.precision import Arithmetic

_PLAIN = Arithmetic("cpu", "fp32", False)
_LARGE = ("resnet18", "resnet152", "vgg16")


def measure(runs: int = 5) -> list[Row]:
    return [*_sizes(), *_large(runs), *_epochs("lenet", 40, runs), *_epochs("resnet20", 2, runs)]


def _photo(graph_shape: tuple[int, ...]) -> torch.Tensor:
    with tempfile.NamedTemporaryFile(suffix=".jpg") as file:
        file.write(content(PHOTOS[0]))
        file.flush()
        return fit_picture(file.name, graph_shape)  # type: ignore[arg-type]


def _recorded(name: str, directory: Path) -> tuple[float, float, float]:
    """Seconds of one forward pass of the photo, of taking its record and of writing it with the layers' health, the
    record's second time."""
    graph = presets.build(name)
    network = compile_graph(graph)
    initialise(network, "he", 0)
    pixels = _photo(graph.shape)
    image = Normalise((0.5,) * 3, (0.25,) * 3, torch.device("cpu"))(pixels[None])
    keeper = Keeper(graph, network, 1000)
    chosen = ChosenPicture(pixels.numpy(), "photo")
    seconds = []
    for epoch in (1, 2):
        began = time.perf_counter()
        with torch.inference_mode():
            network.eval()(image)
        passed = time.perf_counter()
        record = keeper.take(network, image, _PLAIN, epoch, epoch)
        taken = time.perf_counter()
        layers = HealthMeter(network, graph).look(image, _PLAIN)
        record = replace(record, health=KeptHealth(epoch, layers, 1))
        measured = time.perf_counter()
        keep_epoch(Recorded(epoch, epoch, chosen, record), directory)
        seconds.append((passed - began, taken - passed, time.perf_counter() - measured))
    return seconds[-1]


def _sizes() -> list[Row]:
    rows = []
    for name in _LARGE:
        with tempfile.TemporaryDirectory() as folder:
            _recorded(name, Path(folder))
            files = sum(path.stat().st_size for path in Path(folder).rglob("0*.safetensors")) / 2
            picture = sum(path.stat().st_size for path in Path(folder).rglob("picture-*"))
        goal = "≤ 20 MB" if name == "resnet18" else ""
        rows.append(
            alone(f"record of 100 epochs with health, {name} at 224", [(100 * files + picture) / 1e6], "MB", goal)
        )
    return rows


def _large(runs: int) -> list[Row]:
    with tempfile.TemporaryDirectory() as folder:
        seconds = [_recorded("resnet18", Path(folder)) for _ in range(runs)]
    passes, taken, written = ([1000 * value for value in column] for column in zip(*seconds, strict=True))
    return [
        compared("one forward pass with its record / without, resnet18 at 224", taken, passes, "ms"),
        alone("writing that record", written, "ms"),
    ]


def _epochs(name: str, epochs: int, runs: int) -> list[Row]:
    """Seconds of an epoch with the record of each kept, beside those of the same training without."""
    graph = getattr(networks, name)()
    recipe = Recipe(epochs=epochs, batch_size=128, precision="fp32", channels_last="off")
    project = Project(graph, DataChoice(), recipe)
    images = load(project.data, graph.shape)
    kept: list[int] = []

    def seconds(records: bool) -> float:
        with tempfile.TemporaryDirectory() as folder:
            directory = Path(folder) / "run"
            ends = [
                time.perf_counter()
                for event in start(project, directory, images=lambda *_: images, records=records)
                if isinstance(event, Epoch)
            ]
            kept.append(sum(path.stat().st_size for path in (directory / "epochs").glob("0*")) // epochs)
            assert len(Reel(directory).epochs) == (epochs if records else 0)
        return 1000 * (ends[-1] - ends[0]) / (len(ends) - 1)

    ours, other = interleaved(lambda: seconds(True), lambda: seconds(False), runs)
    size = statistics.median(value for value in kept if value)
    return [compared(f"an epoch of {name} with its record ({size / 1000:.0f} kB) / without", ours, other, "ms")]
