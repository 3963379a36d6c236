"""How each layer fares is measured while a training runs, and the training does not feel it."""

from __future__ import annotations

import math
from collections.abc import Mapping

import pytest
import torch

from tests.training.test_loop import QUICK, last, same
from workbench.compiler import Problem, compile_graph
from workbench.data import Dataset, load
from workbench.graph import Builder, Graph, Node, edits
from workbench.inspection import LayerHealth, relative_gradients, remarks
from workbench.presets import build
from workbench.project import DataChoice, Recipe
from workbench.training import Arithmetic, Checkpoint, Health, Step, Watch, probe, train
from workbench.training.health import MEMORY, HealthMeter

PLAIN = Arithmetic("cpu", "fp32", False)


def deep(shortcuts: bool, depth: int = 24) -> Graph:
    """Layers of four maps, each with its input added to what it gives or not."""
    builder = Builder((1, 8, 8))
    above = builder.add("conv0", "Conv2d", out_channels=4, kernel_size=3, padding=1)
    for number in range(1, depth):
        builder.add(f"conv{number}", "Conv2d", above, out_channels=4, kernel_size=3, padding=1)
        out = builder.add(f"relu{number}", "ReLU")
        above = builder.add(f"add{number}", "Add", above, out) if shortcuts else out
    builder.add("flatten", "Flatten")
    builder.add("fc", "Linear", out_features=10)
    return builder.build("deep")


def of_one(*measured: Mapping[str, LayerHealth]) -> dict[str, list[float]]:
    """The gradients of one weight of every layer in some measurements."""
    return {name: [layers[name].gradient_of_one for layers in measured] for name in measured[0]}


def told(graph: Graph, layers: Mapping[str, LayerHealth], images: int) -> list[Problem]:
    return remarks(graph, layers, images, relative_gradients(graph, of_one(layers)))


def first_health(graph: Graph, recipe: Recipe = QUICK) -> Health:
    dataset = load(DataChoice(subset=100), graph.shape)
    events = train(graph, dataset, recipe, probe=Watch(health=1.0))
    return next(event for event in events if isinstance(event, Health))


def test_units_that_never_fire_are_counted_and_named(small: Graph) -> None:
    network = compile_graph(small)
    network.get_submodule("conv").bias.data[:6] = -100.0
    meter = HealthMeter(network, small)
    layers = meter.look(torch.randn(64, 1, 8, 8), PLAIN)
    assert layers["relu"].dead == 0.75
    assert math.isnan(layers["conv"].dead)
    assert layers["relu"].mean > 0
    (remark,) = told(small, layers, meter.images)
    assert (remark.node, remark.message, remark.severity) == ("relu", "75 % of units never fire", "warning")
    assert not told(small, layers, images=8)


def test_a_unit_is_dead_only_while_no_measurement_has_seen_it_fire(small: Graph) -> None:
    network = compile_graph(small)
    bias, meter = network.get_submodule("conv").bias.data, HealthMeter(network, small)
    images = torch.randn(8, 1, 8, 8)
    bias[:2] = -100.0
    assert meter.look(images, PLAIN)["relu"].dead == 0.25
    bias[2:4] = -100.0
    for _ in range(MEMORY - 1):
        assert meter.look(images, PLAIN)["relu"].dead == 0.25
    assert meter.look(images, PLAIN)["relu"].dead == 0.5
    assert meter.images == 8 * MEMORY
    bias[:] = 0.0
    assert meter.look(images, PLAIN)["relu"].dead == 0.0


def test_a_smooth_activation_is_dead_where_it_gives_the_same_whatever_comes() -> None:
    builder = Builder((1, 8, 8))
    builder.add("conv", "Conv2d", out_channels=4, kernel_size=3)
    builder.add("tanh", "Tanh")
    graph = builder.build()
    network = compile_graph(graph)
    network.get_submodule("conv").bias.data[0] = 100.0
    layers = HealthMeter(network, graph).look(torch.randn(64, 1, 8, 8), PLAIN)
    assert layers["tanh"].dead == 0.25
    assert layers["tanh"].mean == pytest.approx(0.25, abs=0.2)


def test_layers_that_share_a_module_are_told_apart() -> None:
    builder = Builder((1, 8, 8))
    builder.add("relu", "ReLU")
    builder.add("conv", "Conv2d", out_channels=4, kernel_size=3)
    graph = edits.insert(builder.build(), Node("again", "ReLU", shares="relu"), "conv")
    network = compile_graph(graph)
    network.get_submodule("conv").bias.data[:] = -100.0
    layers = HealthMeter(network, graph).look(torch.randn(32, 1, 8, 8), PLAIN)
    assert (layers["relu"].dead, layers["again"].dead) == (0.0, 1.0)
    assert layers["conv"].mean < -90


def test_gradient_and_update_are_those_of_the_step(small: Graph, digits: Dataset) -> None:
    recipe = QUICK.changed(epochs=1, momentum=0.0, learning_rate=0.1, batch_size=64)
    found: list[Health] = []
    states = []
    for event in train(small, digits, recipe, probe=Watch(health=1.0)):
        if isinstance(event, Checkpoint):
            states.append(event.state.tensors)
        if isinstance(event, Health):
            found.append(event)
        if isinstance(event, Step) and event.step == 1:
            norm = event.gradient_norm
    layers = found[0].layers
    assert found[0].step == 1
    whole = math.sqrt(sum(layer.gradient**2 for layer in layers.values() if layer.weights))
    assert whole == pytest.approx(norm, rel=1e-6)
    # Without momentum a step is the rate times the gradient.
    after = states[0]
    for name in ("conv", "fc"):
        gone = 0.1 * layers[name].gradient
        length = math.sqrt(sum(float(after[f"model.{name}.{part}"].square().sum()) for part in ("weight", "bias")))
        assert layers[name].update == pytest.approx(gone / length, rel=0.05)
    assert math.isnan(layers["relu"].update)


def test_of_large_layers_a_sample_is_followed() -> None:
    builder = Builder((1, 20, 20))
    builder.add("flatten", "Flatten")
    builder.add("fc", "Linear", out_features=400)
    graph = builder.build()
    network = compile_graph(graph)
    meter, parameters = HealthMeter(network, graph), list(network.parameters())
    before = torch.cat([p.detach().flatten() for p in parameters])
    with meter.of_step(parameters, [1.0, 1.0]), torch.no_grad():
        for parameter in parameters:
            parameter.add_(0.01 * torch.randn_like(parameter))
    moved = torch.cat([p.detach().flatten() for p in parameters]) - before
    layers = meter.look(torch.randn(4, 1, 20, 20), PLAIN)
    assert layers["fc"].update == pytest.approx(float(moved.norm() / before.norm()), rel=0.03)
    assert layers["fc"].gradient == pytest.approx(math.sqrt(2))


def test_gradients_vanish_in_a_deep_plain_network_and_not_in_its_residual_twin() -> None:
    plain, residual = (first_health(deep(shortcuts)) for shortcuts in (False, True))
    falls = [relative_gradients(deep(s), of_one(h.layers)) for s, h in ((False, plain), (True, residual))]
    assert abs(falls[0]["conv21"]) < 0.5 > abs(falls[1]["conv21"])  # in the middle of the five before the head
    assert falls[0]["conv1"] < -3
    assert abs(falls[1]["conv1"]) < 2
    (remark,) = [r for r in told(deep(False), plain.layers, plain.images) if "vanished" in r.message]
    assert remark.node == "conv0"
    assert "more layers" in remark.message
    assert not [r for r in told(deep(True), residual.layers, residual.images) if "vanished" in r.message]


def test_one_step_does_not_hide_what_most_steps_tell(small: Graph) -> None:
    def measured(gradient: float) -> dict[str, LayerHealth]:
        return {"conv": LayerHealth(gradient=gradient, weights=80), "fc": LayerHealth(gradient=1.0, weights=80)}

    gradients = of_one(measured(1e-6), measured(1e-4), measured(2.0), measured(1e-5), measured(math.nan))
    assert relative_gradients(small, gradients) == {"conv": pytest.approx(-4.5), "fc": 0.0}
    assert relative_gradients(small, of_one(measured(0.0), measured(0.0), measured(1.0)))["conv"] == -math.inf
    # Where nothing comes to the last layer either, there is nothing to compare with.
    assert relative_gradients(small, {"conv": [0.0], "fc": [0.0]}) == {"conv": -math.inf, "fc": -math.inf}
    assert relative_gradients(small, {"conv": [math.nan], "fc": [1.0]}) == {"fc": 0.0}
    assert relative_gradients(small, {}) == {}


def test_auxiliary_outputs_are_not_what_gradients_are_compared_with() -> None:
    graph = build("googlenet", 10, (3, 64, 64))
    gradients = {n.name: [2.0 if n.name.startswith("inception5b") else 1.0] for n in graph.nodes}
    relative = relative_gradients(graph, gradients)
    assert relative["inception5b.branch4.1.conv"] == 0
    assert relative["aux1.fc2"] == relative["conv1.conv"] == relative["fc"] == pytest.approx(-math.log10(2))


def test_gradients_that_grow_on_their_way_back_are_told_from_those_that_vanish(small: Graph) -> None:
    layers = {"conv": LayerHealth(gradient=50.0, weights=80), "fc": LayerHealth(gradient=0.01, weights=80)}
    (remark,) = told(small, layers, 64)
    assert remark.node == "conv"
    assert remark.message == "the gradient has grown 5,000-fold on its way here from below"
    turned = {"conv": layers["fc"], "fc": layers["conv"]}
    (remark,) = told(small, turned, 64)
    assert (remark.node, remark.message) == ("conv", "the gradient has vanished: down to 1/5,000 of that of fc")
    (remark,) = told(small, turned | {"conv": LayerHealth(gradient=0.0, weights=80)}, 64)
    assert remark.message == "no gradient arrives"


def test_steps_that_throw_the_weights_about_are_remarked(small: Graph) -> None:
    updates = {"conv": 0.3, "fc": 0.01}
    layers = {name: LayerHealth(gradient=1.0, update=update, weights=80) for name, update in updates.items()}
    (remark,) = told(small, layers, 64)
    assert remark.node == "conv"
    assert remark.message == "a step moves its weights by 30 % of their length"


@pytest.mark.parametrize("optimizer", ["sgd", "adamw"])
def test_a_training_that_is_measured_comes_to_the_same_bits(
    optimizer: str, small: Graph, digits: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(probe, "_SLOW_SECONDS", 0.0)
    recipe = QUICK.changed(optimizer=optimizer, learning_rate=0.01, ema=0.9, mixup=0.2, clip_norm=1.0)
    measured = list(train(small, digits, recipe, probe=Watch(health=1e9)))
    alone = list(train(small, digits, recipe))
    assert sum(isinstance(event, Health) for event in measured) == 21
    assert not any(isinstance(event, Health) for event in alone)
    assert same(last(measured, Checkpoint).state, last(alone, Checkpoint).state)


def test_it_is_measured_once_a_second_at_most_and_in_a_share_of_the_time(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [0.0]
    monkeypatch.setattr(probe.time, "monotonic", lambda: clock[0])
    watch = Watch(health=0.02)
    assert watch.wants_health()
    for seconds, rest in ((0.001, 1.0), (0.1, 5.0)):
        watch.had_health(seconds)
        clock[0] += rest - 0.01
        assert not watch.wants_health()
        clock[0] += 0.02
        assert watch.wants_health()
    watch.health = 0.0
    assert not watch.wants_health()
