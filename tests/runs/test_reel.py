"""A run's epochs can be looked at again: after its end, after kill -9, after it went on, and whatever is torn."""

from __future__ import annotations

import errno
import json
import os
from pathlib import Path

import numpy as np
import pytest
import torch

from tests.runs.trainings import RECIPES, assert_same, finish
from workbench.inspection import ChosenPicture, FilterRows, LayerHealth, Wishes
from workbench.project import Project, files
from workbench.runs import Reel, Run, RunError, layout, resume, start
from workbench.runs.epoch_file import encode_record, read_record
from workbench.training import Checkpoint, Control, Health, Recorded, Step, Warning, Watch, probe

LOOK = Wishes(("conv", "fc"), (FilterRows("conv"),), spreads=True)


@pytest.fixture(scope="module")
def whole(project: Project, tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("reel") / "run"
    finish(start(project, directory))
    return directory


def same_epochs(one: Path, other: Path) -> bool:
    """Whether two runs kept the same bytes of the same epochs."""
    names = [f"{layout.EPOCHS}/{path.name}" for path in sorted((other / layout.EPOCHS).iterdir())]
    kept = [f"{layout.EPOCHS}/{path.name}" for path in sorted((one / layout.EPOCHS).iterdir())]
    return kept == names and all((one / name).read_bytes() == (other / name).read_bytes() for name in names)


def test_every_epoch_can_be_looked_at_again(whole: Path, project: Project) -> None:
    reel = Reel(whole)
    assert reel.epochs == [1, 2, 3]
    records = [reel.record(epoch) for epoch in reel.epochs]
    assert [(record.epoch, record.step) for record in records] == [(1, 8), (2, 16), (3, 24)]
    weights = [record.seen(LOOK).filters[FilterRows("conv")].weight for record in records]
    assert not np.array_equal(weights[0], weights[2])
    real = Run.open(whole).state(best=False).tensors["model.conv.weight"].numpy()
    assert np.abs(weights[2] - real).max() <= 0.51 * np.abs(real).max() / 127
    figures = [reel.figures(epoch) for epoch in reel.epochs]
    assert figures == Run.open(whole).epochs
    assert reel.figures(4) == {}
    picture = reel.picture(2)
    assert picture.pixels.shape == project.graph.shape
    assert picture.name == "validation image 0"
    assert picture.truth in "0123456789"


def test_the_prediction_is_that_of_the_epochs_weights(whole: Path, project: Project) -> None:
    reel, run = Reel(whole), Run.open(whole)
    known = run.environment["preprocessing"]
    pixels = torch.from_numpy(reel.picture(3).pixels).float()[None] / 255
    image = (pixels - torch.tensor(known["mean"])[:, None, None]) / torch.tensor(known["std"])[:, None, None]
    with torch.inference_mode():
        logits = run.network(best=False)(image)
    assert reel.record(3).probabilities == pytest.approx(logits.softmax(1)[0].numpy(), abs=1e-4)


@pytest.mark.parametrize("recipe", RECIPES)
def test_no_bit_of_the_training_depends_on_whether_it_is_recorded(
    recipe: str, project: Project, tmp_path: Path
) -> None:
    one = Project(project.graph, project.data, RECIPES[recipe].changed(epochs=2, crop_padding=1))
    finish(start(one, tmp_path / "with"))
    finish(start(one, tmp_path / "without", records=False))
    assert Reel(tmp_path / "with").epochs == [1, 2]
    assert Reel(tmp_path / "without").epochs == []
    assert_same(tmp_path / "with", tmp_path / "without")


def test_the_average_is_recorded_where_it_is_what_is_measured(project: Project, tmp_path: Path) -> None:
    finish(start(Project(project.graph, project.data, RECIPES["adamw"].changed(epochs=1)), tmp_path / "run"))
    tensors = Run.open(tmp_path / "run").state(best=False).tensors
    kept = Reel(tmp_path / "run").record(1).seen(LOOK).filters[FilterRows("conv")].weight
    average, trained = (tensors[f"{which}.conv.weight"].numpy() for which in ("model", "trained"))
    assert np.abs(kept - average).max() <= 0.51 * np.abs(average).max() / 127
    assert np.abs(kept - trained).max() > 3 * np.abs(kept - average).max()


def test_early_stopping_does_not_hide_its_last_epoch(project: Project, tmp_path: Path) -> None:
    """The best weights are given back at the end; the record is of the epoch's own."""
    recipe = project.recipe.changed(epochs=9, early_stopping=1, learning_rate=3.0, optimizer="sgd")
    finished = finish(start(Project(project.graph, project.data, recipe), tmp_path / "run"))
    assert finished.reason == "early_stopping"
    reel = Reel(tmp_path / "run")
    last = reel.epochs[-1]
    best = Run.open(tmp_path / "run").state().tensors["model.conv.weight"].numpy()
    kept = reel.record(last).seen(LOOK).filters[FilterRows("conv")].weight
    assert last == finished.epoch > finished.best_epoch
    assert np.abs(kept - best).max() > 0.05 * np.abs(best).max()


def test_a_stopped_run_goes_on_with_the_same_records(project: Project, whole: Path, tmp_path: Path) -> None:
    control = Control()
    for event in start(project, tmp_path / "run", control):
        if isinstance(event, Step) and event.step == 13:
            control.stop()
    assert Reel(tmp_path / "run").epochs == [1]
    finish(resume(tmp_path / "run"))
    assert same_epochs(tmp_path / "run", whole)


def test_what_lies_beyond_the_checkpoint_is_dropped(project: Project, whole: Path, tmp_path: Path) -> None:
    """Killed after the record of the second epoch, before the checkpoint that ends it."""
    checkpoints = 0
    for event in start(project, tmp_path / "run"):
        checkpoints += isinstance(event, Checkpoint)
        if isinstance(event, Recorded) and event.epoch == 2:
            break
    assert Reel(tmp_path / "run").epochs == [1, 2]
    saved = Run.open(tmp_path / "run").state(best=False).values["progress"]["epoch"]
    events = resume(tmp_path / "run")
    next(events)
    assert Reel(tmp_path / "run").epochs == list(range(1, saved))
    finish(events)
    assert same_epochs(tmp_path / "run", whole)


def test_a_full_disk_pauses_at_a_record_and_nothing_is_lost(
    project: Project, whole: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, refused = os.replace, []

    def replace(source: str, target: Path) -> None:
        if Path(target).name == "000002.safetensors" and not refused:
            refused.append(target)
            raise OSError(errno.ENOSPC, "No space left on device")
        real(source, target)

    monkeypatch.setattr(files.os, "replace", replace)
    events = list(start(project, tmp_path / "run"))
    assert len(refused) == 1
    assert [event.paused for event in events if isinstance(event, Warning)] == [True]
    assert same_epochs(tmp_path / "run", whole)
    assert_same(tmp_path / "run", whole)


def test_a_chosen_picture_is_recorded_and_another_from_then_on(project: Project, tmp_path: Path) -> None:
    watch = Watch()
    watch.chosen = ChosenPicture(np.zeros(project.graph.shape, np.uint8), "black")
    for event in start(project, tmp_path / "run", probe=watch):
        if isinstance(event, Recorded) and event.epoch == 1:
            watch.chosen = ChosenPicture(np.full(project.graph.shape, 255, np.uint8), "white", "3")
    reel = Reel(tmp_path / "run")
    assert [reel.picture(epoch).name for epoch in reel.epochs] == ["black", "white", "white"]
    assert reel.picture(3).truth == "3"
    assert len(list((tmp_path / "run" / layout.EPOCHS).glob("picture-*"))) == 2


def test_torn_and_hostile_records_are_refused_in_a_sentence(whole: Path, tmp_path: Path) -> None:
    folder = tmp_path / layout.EPOCHS
    folder.mkdir()
    good = (whole / layout.EPOCHS / "000001.safetensors").read_bytes()
    length = int.from_bytes(good[:8], "little")
    header = json.loads(good[8 : 8 + length])
    record = json.loads(header["__metadata__"]["record"])

    def with_record(**changed: object) -> bytes:
        header["__metadata__"] = {"record": json.dumps(record | changed)}
        text = json.dumps(header).encode()
        return len(text).to_bytes(8, "little") + text + good[8 + length :]

    torn = {
        1: good[: len(good) // 2],
        2: b"",
        3: b"\x80\x04\x95pickle",
        4: with_record(layers={"conv": [10**9, 10**9, 6, 1]}),
        5: with_record(layers="conv"),
        6: with_record(filters={"conv": [-1, 2]}),
        7: good,
    }
    for epoch, content in torn.items():
        (folder / f"{epoch:06d}.safetensors").write_bytes(content)
    (folder / "000008.safetensors.0123abcd.partial").write_bytes(good)
    (folder / "notes.txt").write_text("mine")
    reel = Reel(tmp_path)
    assert reel.epochs == list(range(1, 8))
    for epoch in range(1, 7):
        with pytest.raises(RunError, match=r"\.safetensors"):
            reel.record(epoch)
    assert reel.record(7).epoch == 1
    (folder / "000009.safetensors").write_bytes(with_record(picture="../../../etc/passwd"))
    with pytest.raises(RunError, match="outside"):
        reel.picture(9)


def test_a_run_of_before_has_no_records(tmp_path: Path) -> None:
    assert Reel(tmp_path).epochs == []
    with pytest.raises(RunError, match="no such record"):
        Reel(tmp_path).record(1)


def test_how_layers_fared_is_kept_with_the_epoch_in_which_it_was_measured(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(probe, "_SLOW_SECONDS", 0.0)
    directory = tmp_path / "run"
    measured = [event for event in start(project, directory, probe=Watch(health=1e6)) if isinstance(event, Health)]
    reel = Reel(directory)
    kept = reel.health()
    ends = [next(one for one in reversed(measured) if one.step <= reel.record(epoch).step) for epoch in (1, 2, 3)]
    assert [one.step for one in kept] == [one.step for one in ends]
    for one, event in zip(kept, ends, strict=True):
        assert list(one.layers) == list(event.layers)
        assert one.images == event.images
        for name, layer in event.layers.items():
            given = [getattr(layer, figure) for figure in LayerHealth.__slots__]
            assert [getattr(one.layers[name], figure) for figure in LayerHealth.__slots__] == pytest.approx(
                given, rel=1e-6, nan_ok=True
            )
    # Nobody asked, nothing is kept; and what is damaged is left out.
    plain = tmp_path / "plain"
    finish(start(project, plain))
    assert Reel(plain).health() == []
    path = directory / layout.EPOCHS / "000002.safetensors"
    record, picture = read_record(path)
    assert record.health is not None
    path.write_bytes(encode_record(record, picture).replace(b"images", b"imagez"))
    assert len(reel.health()) == 2
