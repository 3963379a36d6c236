"""The loop trains, says what happens, stops when asked, and goes on where it was."""

from __future__ import annotations

import math
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from typing import Any

import pytest
import torch

from workbench import presets
from workbench.data import Dataset, load
from workbench.graph import Builder, Graph
from workbench.project import DataChoice, Recipe
from workbench.training import (
    Checkpoint,
    Control,
    DeviceError,
    Epoch,
    Event,
    Finished,
    Started,
    State,
    Step,
    Warning,
    saving,
    train,
)

QUICK = Recipe(epochs=3, batch_size=32, checkpoint_seconds=0.0)
MEASURED = {"seconds", "images_per_second", "memory_bytes"}


def last(events: Iterable[Event], kind: type) -> Any:
    return [event for event in events if isinstance(event, kind)][-1]


def comparable(event: Event) -> dict[str, Any]:
    """What must be equal to the last bit: all but how long it took and what memory was in use."""
    return {name: value for name, value in asdict(event).items() if name not in MEASURED}


def same(a: State, b: State) -> bool:
    if set(a.tensors) != set(b.tensors):
        return False
    ignored = {"seconds"}
    values = [{k: v for k, v in s.values["progress"]["sums"].items() if k not in ignored} for s in (a, b)]
    return values[0] == values[1] and all(
        torch.equal(a.tensors[name].nan_to_num(), b.tensors[name].nan_to_num()) for name in a.tensors
    )


def test_lenet_reads_the_digits() -> None:
    graph = presets.build("lenet5")
    recipe = presets.PRESETS["lenet5"].starter.changed(epochs=12)
    epoch = last(train(graph, load(DataChoice(), graph.shape), recipe), Epoch)
    assert epoch.validation_accuracy >= 0.97
    assert sum(map(sum, epoch.confusion)) == 359
    assert epoch.validation_top5 >= epoch.validation_accuracy


def test_events_come_in_order_and_tell_everything(small: Graph, digits: Dataset) -> None:
    events = list(train(small, digits, QUICK))
    assert isinstance(events[0], Started)
    assert isinstance(events[-1], Finished)
    assert events[-1].reason == "completed"
    steps = [event for event in events if isinstance(event, Step)]
    assert [step.step for step in steps] == list(range(1, 22))
    assert len([event for event in events if isinstance(event, Epoch)]) == 3
    assert events[0].steps_per_epoch == 7
    losses = events[-1].details["losses"]
    assert len(losses) == len(digits.train)
    assert None not in losses


RECIPES = {
    "sgd": QUICK,
    "nesterov": QUICK.changed(nesterov=True, weight_decay=1e-3, decay_norms_and_biases=False),
    "adamw": QUICK.changed(optimizer="adamw", learning_rate=0.01, weight_decay=0.01),
    "rmsprop": QUICK.changed(optimizer="rmsprop", learning_rate=1e-3),
    "augmented": QUICK.changed(crop_padding=1, flip=True, input_noise=0.1, rotation=5.0),
    "mixed": QUICK.changed(mixup=0.4, cutmix=1.0, label_smoothing=0.1),
    "averaged": QUICK.changed(ema=0.9, accumulate=2),
    "plateau": QUICK.changed(schedule="plateau", plateau_patience=0, factor=0.5),
    "penalties": QUICK.changed(l1=1e-4, l2=1e-4, discard_outliers=0.2, clip_norm=1.0),
    "early": QUICK.changed(early_stopping=1, min_delta=10.0, schedule="onecycle", warmup_epochs=0.5),
}


@pytest.mark.parametrize("name", RECIPES)
def test_a_resumed_training_is_the_same_to_the_last_bit(name: str, small: Graph, digits: Dataset) -> None:
    recipe = RECIPES[name]
    whole = list(train(small, digits, recipe))
    checkpoints = [event for event in whole if isinstance(event, Checkpoint)]
    final = checkpoints[-1].state
    inside = [c for c in checkpoints if c.state.values["progress"]["batch"]]
    ends = [c for c in checkpoints if not c.state.values["progress"]["batch"]]
    for checkpoint in (inside[0], inside[-1], ends[0]):
        # What the caller draws in between must not matter.
        torch.manual_seed(12345)
        resumed = list(train(small, digits, recipe, resume=checkpoint.state))
        tail = [comparable(e) for e in resumed if isinstance(e, Step | Epoch)]
        expected = [comparable(e) for e in whole if isinstance(e, Step | Epoch)]
        assert tail == expected[len(expected) - len(tail) :]
        assert same(last(resumed, Checkpoint).state, final)


def test_it_goes_on_from_behind_an_epochs_last_step(
    small: Graph, digits: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The epoch is still to be judged then, and tells the rate of a step that was done before."""
    monkeypatch.setattr(saving, "_SHARE", math.inf)  # a checkpoint after every step, whatever it costs
    recipe = QUICK.changed(schedule="onecycle")
    whole = list(train(small, digits, recipe))
    behind = [e for e in whole if isinstance(e, Checkpoint) and e.state.values["progress"]["batch"] == 7]
    assert len(behind) == 3
    for checkpoint in behind:
        resumed = list(train(small, digits, recipe, resume=checkpoint.state))
        tail = [comparable(e) for e in resumed if isinstance(e, Step | Epoch)]
        assert tail == [comparable(e) for e in whole if isinstance(e, Step | Epoch)][-len(tail) :]


@pytest.mark.parametrize("optimizer", ["sgd", "adam", "adamw"])
def test_it_resumes_to_the_same_bits_with_channels_last(optimizer: str) -> None:
    """Fused optimizers walk through memory: what they read beside a weight must be laid out as it is."""
    builder = Builder((3, 8, 8))
    builder.add("conv1", "Conv2d", out_channels=5, kernel_size=3)
    builder.add("relu", "ReLU")
    builder.add("conv2", "Conv2d", out_channels=6, kernel_size=3)
    builder.add("flatten", "Flatten")
    builder.add("fc", "Linear", out_features=10)
    graph, recipe = builder.build("colour"), QUICK.changed(optimizer=optimizer, channels_last="on")
    dataset = load(DataChoice(subset=200), graph.shape)
    whole = list(train(graph, dataset, recipe))
    first = next(event for event in whole if isinstance(event, Checkpoint))
    assert same(
        last(train(graph, dataset, recipe, resume=first.state), Checkpoint).state, last(whole, Checkpoint).state
    )


def test_a_rate_changed_by_hand_holds_from_the_next_step_and_after_a_resume(small: Graph, digits: Dataset) -> None:
    recipe = Recipe(epochs=2, batch_size=64, learning_rate=0.02, device="cpu")

    def trained(resume: State | None = None) -> list[Event]:
        control, events = Control(), []
        for event in train(small, digits, recipe, control, resume):
            events.append(event)
            if resume is None and isinstance(event, Step) and event.step == 3:
                control.rate_factor = 0.5
        return events

    whole = trained()
    rates = {event.step: event.learning_rate for event in whole if isinstance(event, Step)}
    assert rates[3] == 0.02
    assert {rates[step] for step in rates if step > 3} == {0.01}
    first = next(event for event in whole if isinstance(event, Checkpoint))
    resumed = trained(first.state)
    assert same(last(whole, Checkpoint).state, last(resumed, Checkpoint).state)


def test_the_callers_chance_is_left_alone(small: Graph, digits: Dataset) -> None:
    torch.manual_seed(7)
    expected = torch.rand(3)
    torch.manual_seed(7)
    list(train(small, digits, QUICK))
    assert torch.equal(torch.rand(3), expected)


def test_stopping_ends_with_a_checkpoint_that_goes_on(small: Graph, digits: Dataset) -> None:
    control = Control()
    events = []
    for event in train(small, digits, QUICK.changed(checkpoint_seconds=1000.0), control):
        events.append(event)
        if isinstance(event, Step) and event.step == 10:
            control.stop()
    assert isinstance(events[-2], Checkpoint)
    assert last(events, Finished).reason == "stopped"
    assert events[-2].step == 10
    resumed = list(train(small, digits, QUICK, resume=events[-2].state))
    whole = list(train(small, digits, QUICK))
    assert same(last(resumed, Checkpoint).state, last(whole, Checkpoint).state)


def test_a_step_that_is_stopped_inside_has_not_happened(small: Graph, digits: Dataset) -> None:
    control = Control()
    running = train(small, digits, QUICK, control)
    assert isinstance(next(running), Started)
    control.stop()  # the first step is always interruptible: nobody knows yet how long it takes
    events = list(running)
    assert not [event for event in events if isinstance(event, Step)]
    state = last(events, Checkpoint).state
    assert torch.equal(state.tensors["model.bn.running_mean"], torch.zeros(8))
    assert int(state.tensors["model.bn.num_batches_tracked"]) == 0


def test_a_loss_that_is_not_finite_ends_it_and_is_never_kept(small: Graph, digits: Dataset) -> None:
    events = list(train(small, digits, QUICK.changed(learning_rate=1000.0, momentum=0.0, l2=10.0)))
    finished = last(events, Finished)
    assert finished.reason == "failed"
    assert "batch" in finished.sentence
    for checkpoint in (event for event in events if isinstance(event, Checkpoint)):
        for name, tensor in checkpoint.state.tensors.items():
            if name.startswith(("model.", "optimizer.")):
                assert torch.isfinite(tensor).all(), name


def test_the_first_bad_layer_is_named(small: Graph, digits: Dataset) -> None:
    good = last(train(small, digits, QUICK.changed(epochs=1)), Checkpoint).state
    tensors = dict(good.tensors)
    tensors["model.fc.weight"] = tensors["model.fc.weight"].clone().fill_(math.inf)
    events = list(train(small, digits, QUICK, resume=State(tensors, good.values)))
    assert last(events, Finished).reason == "failed"
    assert "layer fc" in last(events, Finished).sentence


def test_early_stopping_restores_the_best(small: Graph, digits: Dataset) -> None:
    recipe = QUICK.changed(epochs=30, early_stopping=2, learning_rate=0.5)
    events = list(train(small, digits, recipe))
    finished = last(events, Finished)
    assert finished.reason == "early_stopping"
    best = next(e.state for e in events if isinstance(e, Checkpoint) and e.best and e.epoch == finished.best_epoch + 1)
    final = last(events, Checkpoint).state
    assert torch.equal(final.tensors["model.fc.weight"], best.tensors["model.fc.weight"])


def test_a_device_that_is_not_there_is_named(small: Graph, digits: Dataset) -> None:
    with pytest.raises(DeviceError, match="there is no device 'cuda:77' here"):
        next(train(small, digits, QUICK.changed(device="cuda:77")))
    if not torch.cuda.is_available():
        with pytest.raises(DeviceError, match="use precision bf16"):
            next(train(small, digits, QUICK.changed(precision="fp16")))


def test_a_resume_with_other_threads_says_so(small: Graph, digits: Dataset) -> None:
    state = last(train(small, digits, QUICK.changed(epochs=1)), Checkpoint).state
    other = State(state.tensors, dict(state.values) | {"threads": 99})
    warnings = [e for e in train(small, digits, QUICK, resume=other) if isinstance(e, Warning)]
    assert "begun with 99 threads" in warnings[0].message


def test_trainings_in_several_threads_do_not_change_each_others_bits(small: Graph, digits: Dataset) -> None:
    alone = last(train(small, digits, QUICK), Checkpoint).state
    with ThreadPoolExecutor(3) as threads:
        together = list(
            threads.map(lambda seed: last(train(small, digits, QUICK.changed(seed=seed)), Checkpoint), (0, 1, 0))
        )
    assert same(alone, together[0].state)
    assert same(alone, together[2].state)
    assert not same(alone, together[1].state)
