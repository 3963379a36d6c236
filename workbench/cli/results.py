"""``runs``, ``evaluate``, ``predict``, ``attribute``, ``report``, ``export``: what came of a training."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from workbench.cli import reading
from workbench.cli.catalogues import AsJson
from workbench.cli.starting import AllButHead, Weights, starting

if TYPE_CHECKING:
    from workbench.compiler.export import Parity
    from workbench.graph import Value
    from workbench.runs import Exported

_SMALLEST_SIDE = 280
"""Of a picture that is drawn; smaller ones are enlarged, pixel by pixel."""

RunDirectory = Annotated[Path, typer.Argument(metavar="RUN", help="A run's directory.")]


def runs(
    directories: Annotated[
        list[Path] | None, typer.Argument(metavar="[DIR]...", help="A folder of runs, or several runs to compare.")
    ] = None,
    json: AsJson = False,
) -> None:
    """List the runs in a folder and what differs between their settings; several directories are compared."""
    from workbench import runs as library
    from workbench.cli.errors import CommandError
    from workbench.cli.output import print_json, print_table

    chosen = directories or [Path("runs")]
    for directory in directories or ():
        if not directory.is_dir():
            raise CommandError(f"{directory}: there is no such folder")
    found = [run for directory in chosen for run in library.list_runs(directory)]
    if json:
        print_json([run.summary() for run in found])
        return
    if not found:
        print(f"no runs in {', '.join(map(str, chosen))}")
        return
    summaries = [run.summary() for run in found]
    print_table(
        ("run", "network", "data", "status", "epochs", "best epoch", "validation loss", "accuracy", "parameters"),
        [
            (
                str(s["run"]),
                str(s["network"]),
                str(s["data"]),
                library.state_in_words(s),
                str(s["epochs"]),
                _optional(s["best_epoch"], "{}"),
                _optional(s["validation_loss"], "{:.4f}"),
                _optional(s["validation_accuracy"], "{:.2%}"),
                _optional(s["parameters"], "{:,}"),
            )
            for s in summaries
        ],
        right=(4, 5, 6, 7, 8),
    )
    differences = library.compare(found)
    if len(found) > 1 and differences:
        print("settings that differ")
        print_table(("setting", "value", "runs"), _by_value([str(s["run"]) for s in summaries], differences))


def _by_value(runs: list[str], differences: Mapping[str, Sequence[Value]]) -> list[tuple[str, str, str]]:
    """A row for each value of each setting: unlike one column a run, it is readable for any number of runs."""
    from workbench.graph import as_typed

    rows = []
    for name, values in differences.items():
        having: dict[str, list[str]] = {}
        for run, value in zip(runs, values, strict=True):
            having.setdefault(as_typed(value), []).append(run)
        for value, those in having.items():
            rows.append((name if value == as_typed(values[0]) else "", value, ", ".join(those)))
    return rows


def _optional(value: object, form: str) -> str:
    return "" if value is None else form.format(value)


def evaluate(
    run: RunDirectory,
    data: Annotated[str | None, typer.Option("--data", metavar="NAME|FOLDER", help="Other images.")] = None,
    hardest: Annotated[
        int | None, typer.Option(min=1, metavar="N", help="List the training images with the highest loss.")
    ] = None,
    mistakes: Annotated[
        int | None,
        typer.Option(min=1, metavar="N", help="List the validation images that are wrong with the most confidence."),
    ] = None,
    json: AsJson = False,
) -> None:
    """Measure a run's best weights on its validation images, its test images, or others."""
    from workbench.cli.errors import CommandError

    if data is not None and (hardest or mistakes):
        raise CommandError("--hardest and --mistakes are about the run's own images; leave --data out")
    if hardest is not None:
        _list_hardest(run, hardest, json)
        return
    if mistakes is not None:
        _list_mistakes(run, mistakes, json)
        return
    from workbench.cli.output import count, print_json, print_table
    from workbench.machine import prepare_for_torch

    prepare_for_torch()
    from workbench.runs import Run, evaluate_run

    with reading.shown() as progress:
        report = evaluate_run(Run.open(run), data, progress)
    if json:
        print_json(report.record())
        return
    measured = report.evaluation
    print(
        f"{report.source}, {report.part}: {count(measured.images)} images, loss {measured.loss:.4f}, "
        f"accuracy {measured.accuracy:.2%}, top-5 {measured.top5:.2%}"
    )
    print_table(
        ("class", "images", "accuracy"),
        [
            (name, count(sum(row)), f"{accuracy:.2%}")
            for name, row, accuracy in zip(report.classes, measured.confusion, measured.class_accuracy, strict=True)
        ],
        right=(1, 2),
    )


def _list_hardest(directory: Path, count: int, json: bool) -> None:
    """Outliers and wrong labels are among them; they can be left out of a new run."""
    from workbench.cli.output import print_json, print_table
    from workbench.machine import prepare_for_torch

    prepare_for_torch()
    from workbench.runs import find_hardest

    with reading.shown() as progress:
        found = find_hardest(directory, count, progress)
    if json:
        names = ("index", "path", "label", "called", "loss")
        print_json([{name: getattr(one, name) for name in names} for one in found])
        return
    if not found:
        print(f"{directory} kept no losses of single images")
        return
    files = any(one.path for one in found)
    print_table(
        ("image", "label", "called", "loss", *(["file"] if files else [])),
        [(str(one.index), one.label, one.called, f"{one.loss:.3f}", *([one.path] if files else [])) for one in found],
        right=(0, 3),
    )
    indices = ",".join(str(one.index) for one in found)
    print(f"train again without them: --set 'data.excluded=[{indices}]'")


def _list_mistakes(directory: Path, count: int, json: bool) -> None:
    from workbench.cli.output import print_json, print_table
    from workbench.machine import prepare_for_torch

    prepare_for_torch()
    from workbench.runs import Run, review

    asked = review(Run.open(directory))
    said, names = asked.verdicts, asked.dataset.classes
    indices = asked.dataset.validation.indices.tolist()
    rows = [
        {
            "index": indices[place],
            "is": names[said.labels[place]],
            "called": names[said.called[place]],
            "probability": float(said.confidence[place]),
        }
        for place in said.mistakes()[:count].tolist()
    ]
    if json:
        print_json(rows)
        return
    print_table(
        ("image", "is", "called", "probability"),
        [(str(row["index"]), str(row["is"]), str(row["called"]), f"{row['probability']:.1%}") for row in rows],
        right=(0, 3),
    )


def predict(
    run: RunDirectory,
    images: Annotated[list[Path], typer.Argument(metavar="IMAGE...", help="Image files.")],
    json: AsJson = False,
) -> None:
    """Name the five likeliest classes of pictures."""
    from workbench.cli.output import print_json, say
    from workbench.machine import prepare_for_torch

    prepare_for_torch()
    from workbench.runs import Run, predict_pictures

    predictions = predict_pictures(Run.open(run), images)
    if json:
        print_json(
            [
                {"image": str(path), "classes": [{"name": name, "probability": p} for name, p in ranked]}
                for path, ranked in zip(images, predictions, strict=True)
            ]
        )
        return
    for path, ranked in zip(images, predictions, strict=True):
        say(f"{path}: " + ", ".join(f"{name} {probability:.1%}" for name, probability in ranked))


def attribute(
    run: RunDirectory,
    image: Annotated[Path, typer.Argument(metavar="IMAGE", help="An image file.")],
    output: Annotated[Path, typer.Option("-o", "--output", metavar="FILE", help="The picture to write, a PNG.")],
    method: Annotated[
        str,
        typer.Option(help="grad-cam, grad-cam++, saliency, integrated-gradients or occlusion."),
    ] = "grad-cam",
    name: Annotated[str | None, typer.Option("--class", help="The class; the likeliest where none is given.")] = None,
    layer: Annotated[str | None, typer.Option(help="Whose maps Grad-CAM looks at; the last convolution.")] = None,
    opacity: Annotated[float, typer.Option(min=0, max=1, help="How much the strongest places are covered.")] = 0.75,
) -> None:
    """Draw which places of a picture speak for a class."""
    import io

    from PIL import Image

    from workbench.cli.output import say
    from workbench.machine import prepare_for_torch

    prepare_for_torch()
    from workbench.inspection.attribution import colours, overlay
    from workbench.project import write_atomically
    from workbench.runs import Run, attribute_picture

    pixels, called, share, found = attribute_picture(Run.open(run), image, method, name, layer)
    drawn = Image.fromarray(overlay(pixels.numpy(), found.heat, opacity, colours(found.signed), found.signed))
    factor = max(1, _SMALLEST_SIDE // min(drawn.size))
    content = io.BytesIO()
    drawn.resize((drawn.width * factor, drawn.height * factor), Image.Resampling.NEAREST).save(content, "PNG")
    write_atomically(output, content.getvalue())
    say(f"{image}: {called} {share:.1%}. {f'{found.note} ' if found.note else ''}Wrote {output}.")


def report(
    run: RunDirectory,
    output: Annotated[Path | None, typer.Option("-o", "--output", metavar="FILE", help="Where to write it.")] = None,
) -> None:
    """Write a run as one HTML page: network, settings, curves, confusion, filters and maps."""
    from workbench.machine import prepare_for_torch

    prepare_for_torch()
    from workbench.project import write_atomically
    from workbench.runs import Run
    from workbench.runs.page import page

    found = Run.open(run)
    path = output or Path(f"{run.resolve().name}.html")
    write_atomically(path, page(found).encode())
    print(f"Wrote {path}.")


def export(
    target: Annotated[str, typer.Argument(metavar="NAME|FILE|RUN", help="A preset, a project file or a run.")],
    to: Annotated[str, typer.Option("--to", metavar="FORMAT", help="python, onnx, torchscript or safetensors.")],
    output: Annotated[Path, typer.Option("--output", "-o", metavar="FILE", help="The file to write.")],
    weights: Weights = None,
    all_but_head: AllButHead = False,
) -> None:
    """Write a network for use elsewhere, and check that it predicts the same there."""
    from workbench.cli.errors import CommandError
    from workbench.cli.targets import project_of
    from workbench.runs import Run, export_project, export_run

    report: Parity | Exported
    path = Path(target)
    if path.is_dir() and (path / "project.json").is_file():
        if weights or all_but_head:
            raise CommandError(f"{path} is a run, which is exported with its own weights; leave --weights out")
        with reading.shown() as progress:
            report = export_run(Run.open(path), to, output, progress)
    else:
        report = export_project(starting(project_of(target), weights, all_but_head), to, output)
    print(f"wrote {output}; {report.sentence}")
