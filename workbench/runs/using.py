"""What a finished run is good for: measuring it, asking it, handing its network on."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import torch
from torch import Tensor

from workbench.compiler import analyse, compile_graph, fed_by_one_picture, weights_of_seed
from workbench.compiler.export import Parity, Preprocessing, export, neutral
from workbench.data import Dataset, PictureError, evaluation_batches, fit_picture, load
from workbench.data.batches import Normalise
from workbench.data.collection import Progress, silent
from workbench.data.normalization import fixed
from workbench.inspection.attribution import (
    Attribution,
    AttributionError,
    Question,
    attribute,
    last_convolution,
    likeliest,
)
from workbench.project import DataChoice, Project
from workbench.runs.layout import RunError
from workbench.runs.preparing import preprocessing_of
from workbench.runs.run import Run
from workbench.runs.starting import Start, start_of
from workbench.training import Arithmetic, Evaluation, evaluate
from workbench.training.fine_tuning import begin_with
from workbench.weights import ANEW

_PLAIN = Arithmetic("cpu", "fp32", False)
_BATCH = 256
_SAMPLES = 8


@dataclass(frozen=True, slots=True)
class EvaluationReport:
    """A run's best weights measured on images."""

    source: str
    part: str
    classes: tuple[str, ...]
    evaluation: Evaluation

    def record(self) -> dict[str, Any]:
        """As JSON values."""
        measured = self.evaluation
        return {
            "source": self.source,
            "part": self.part,
            "images": measured.images,
            "loss": measured.loss,
            "accuracy": measured.accuracy,
            "top5": measured.top5,
            "classes": list(self.classes),
            "class_accuracy": list(measured.class_accuracy),
            "confusion": [list(row) for row in measured.confusion],
        }


def evaluate_run(run: Run, source: str | None = None, progress: Progress = silent) -> EvaluationReport:
    """Measure the best weights on the run's test images, its validation images where there are none, or a source's.

    Of another source all images are measured, or those that it holds out itself; they are normalized as the training's
    were. ``progress`` is told while they are read. Raises `RunError` where classes differ or nothing was held out.
    """
    known = preprocessing_of(run)
    own = source is None or _is_same(source, run.project.data.source)
    choice = run.project.data if own else _whole(run.project.data, str(source))
    dataset = load(choice, run.project.graph.shape, progress)
    if dataset.classes != known.classes:
        raise RunError(
            f"{choice.source} has the classes {', '.join(dataset.classes[:8])}, but the run was trained on "
            f"{', '.join(known.classes[:8])}"
        )
    part: Literal["train", "validation", "test"]
    if dataset.test is not None and len(dataset.test):
        part = "test"
    elif len(dataset.validation):
        part = "validation"
    elif own:
        raise RunError(f"{run.directory} held no images out to be measured; give others with --data")
    else:
        part = "train"
    as_trained = Dataset(
        dataset.source, dataset.classes, dataset.train, dataset.validation, dataset.test, known.mean, known.std
    )
    batches = evaluation_batches(as_trained, part, _BATCH)
    measured = evaluate(run.network(), batches, len(known.classes), _PLAIN, loss=run.project.recipe.loss)
    return EvaluationReport(choice.source, "all" if part == "train" else part, dataset.classes, measured)


def _is_same(source: str, own: str) -> bool:
    """Whether two names mean one source: what a run was trained on must not be measured as if it were new to it."""
    if source == own:
        return True
    paths = Path(source).expanduser(), Path(own).expanduser()
    return all(path.exists() for path in paths) and paths[0].samefile(paths[1])


def _whole(choice: DataChoice, source: str) -> DataChoice:
    """Another source, fitted as the training's was, and nothing of it divided, left out or falsified."""
    return choice.changed(source=source, subset=0, excluded=(), validation=0.0, test=0.0, label_noise=0.0)


def predict_pictures(run: Run, paths: list[Path]) -> list[list[tuple[str, float]]]:
    """For each picture the five likeliest classes with their probabilities. Raises `PictureError`, naming the file."""
    known = preprocessing_of(run)
    network = run.network()
    normalise = Normalise(known.mean, known.std, torch.device("cpu"))
    answers = []
    for path in paths:
        try:
            picture = fit_picture(path, (known.channels, *known.size), known.fit)
        except PictureError as error:
            raise PictureError(f"{path}: {error}") from None
        with torch.inference_mode():
            output = network(normalise(picture[None]))
        logits = next(iter(output.values())) if isinstance(output, dict) else output
        shares, places = logits.softmax(1)[0].topk(min(5, logits.shape[1]))
        answers.append([(known.classes[p], s) for s, p in zip(shares.tolist(), places.tolist(), strict=True)])
    return answers


def attribute_picture(
    run: Run, path: Path, method: str, name: str | None = None, layer: str | None = None
) -> tuple[Tensor, str, float, Attribution]:
    """Which places of a picture speak for a class of the run's best weights, the likeliest where none is named.

    The picture as the network sees it, uint8 ``(C, H, W)``, the class with its probability, and the answer. ``layer``
    is the last convolution where none is given. Raises `PictureError`, and `AttributionError` where there is no such
    class.
    """
    known = preprocessing_of(run)
    network = run.network()
    pixels = fit_picture(path, (known.channels, *known.size), known.fit)
    image = Normalise(known.mean, known.std, torch.device("cpu"))(pixels[None])
    if name is not None and name not in known.classes:
        raise AttributionError(f"there is no class '{name}'; there are {', '.join(known.classes[:20])}")
    target = likeliest(network, image) if name is None else known.classes.index(name)
    graph = fed_by_one_picture(run.project.graph)
    looked_at = layer or last_convolution(graph)
    report = analyse(graph).by_name.get(looked_at)
    question = Question(image, target, looked_at, report.receptive_field if report else None)
    found = attribute(network, method, question)
    return pixels, known.classes[target], found.probabilities[target], found


def export_run(run: Run, to: str, path: Path, progress: Progress = silent) -> Parity:
    """Export a run's best weights, checked on some of its validation images, or training images where it has none."""
    dataset = load(run.project.data, run.project.graph.shape, progress)
    batch = next(evaluation_batches(dataset, "validation" if len(dataset.validation) else "train", _SAMPLES))
    return export(fed_by_one_picture(run.project.graph), run.network(), preprocessing_of(run), to, path, batch.images)


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written: how far its outputs are from the workbench's own, and where its weights come from."""

    parity: Parity
    start: Start | None
    prepared: Preprocessing

    @property
    def sentence(self) -> str:
        weights = "with fresh weights" if self.start is None else f"with weights of {self.start.name}"
        kept = f" ({self.start.match.sentence})" if self.start is not None else ""
        return f"{weights}{kept}, {self.parity.sentence}"


def export_project(project: Project, to: str, path: Path) -> Exported:
    """Export a network that was not trained, checked on random images: with the weights that it starts from.

    Pictures are prepared as those weights expect, or else as the data choice says; where it would have them measured,
    values from 0 to 1 are taken as they are. Raises what `start_of` raises.
    """
    graph, begins = fed_by_one_picture(project.graph), start_of(project)
    with weights_of_seed(project.recipe.seed):
        network = compile_graph(graph)
    if begins is not None:
        begin_with(network, begins.match.tensors)
    prepared = _prepared(project, begins)
    generator = torch.Generator().manual_seed(0)
    samples = torch.rand((2, *graph.shape), generator=generator)
    return Exported(export(graph, network.eval(), prepared, to, path, samples), begins, prepared)


def _prepared(project: Project, begins: Start | None) -> Preprocessing:
    """The network's own size, and what is known of the weights' pictures that still holds for it."""
    channels, height, width = project.graph.shape
    known = fixed(project.data.normalization, channels)
    theirs = begins.prepared if begins is not None else None
    if known is None and theirs is not None and theirs.channels == channels:
        known = theirs.mean, theirs.std
    mean, std = known or (neutral(project.graph.shape).mean, neutral(project.graph.shape).std)
    named = theirs is not None and begins is not None and not begins.match.named(*ANEW)
    return Preprocessing(
        channels, (height, width), mean, std, project.data.fit, theirs.classes if named and theirs else ()
    )
