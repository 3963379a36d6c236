"""The images that excite a map most are those, their crops hold what the map saw, and ascent makes it see more."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn

from tests.inspection.conftest import Learned
from workbench.compiler import analyse, compile_graph
from workbench.compiler.receptive_field import Axis, ReceptiveField
from workbench.data import evaluation_batches
from workbench.graph import Builder
from workbench.inspection.excitation import (
    Ascent,
    ExcitationError,
    Made,
    ascend,
    bounds_of,
    patch_of,
    strongest,
)


def outputs(network: nn.Module, layer: str, images: Tensor) -> Tensor:
    kept: list[Tensor] = []
    handle = network.get_submodule(layer).register_forward_hook(lambda module, given, output: kept.append(output))
    with torch.no_grad():
        network(images)
    handle.remove()
    return kept[0]


def images_of(learned: Learned) -> list[Tensor]:
    return [batch.images for batch in evaluation_batches(learned.dataset, "validation", 50)]


@pytest.mark.parametrize("layer", ["conv1", "conv2", "pool2", "fc2"])
def test_one_pass_finds_what_looking_at_everything_finds(learned: Learned, layer: str) -> None:
    batches = images_of(learned)
    found = strongest(learned.network, layer, batches)
    everything = outputs(learned.network, layer, torch.cat(batches))
    everything = everything if everything.ndim == 4 else everything[:, :, None, None]
    assert found.values.shape == (9, everything.shape[1])
    for number in range(found.maps):
        best = everything[:, number].flatten(1).amax(1).sort(descending=True)
        nine = found.of(number)
        torch.testing.assert_close(torch.tensor([one.value for one in nine]), best.values[:9])
        for one in nine:
            there = everything[one.place, number, one.row, one.column]
            assert float(there) == pytest.approx(one.value, rel=1e-5, abs=1e-6)
        assert len({one.place for one in nine}) == 9


@pytest.mark.parametrize("layer", ["conv1", "relu1", "pool1", "conv2", "pool2"])
def test_the_crop_holds_all_that_made_the_highest_value(learned: Learned, layer: str) -> None:
    """Whatever stands outside the crop changes nothing; every border of the crop does change something."""
    report = analyse(learned.graph).by_name[layer]
    images = torch.cat(images_of(learned))
    found = strongest(learned.network, layer, [images])
    random = torch.Generator().manual_seed(0)
    size = (28, 28)
    for number in range(min(4, found.maps)):
        one = found.of(number)[0]
        top, left, bottom, right = patch_of(report.receptive_field, one.row, one.column, size)
        assert 0 <= top < bottom <= 28
        assert 0 <= left < right <= 28
        noisy = torch.randn(8, 1, *size, generator=random)
        noisy[:, :, top:bottom, left:right] = images[one.place, :, top:bottom, left:right]
        values = outputs(learned.network, layer, noisy)[:, number, one.row, one.column]
        torch.testing.assert_close(values, torch.full((8,), one.value), rtol=1e-4, atol=1e-5)
        if layer == "conv1":
            for row, column in ((top, left), (top, right - 1), (bottom - 1, left), (bottom - 1, right - 1)):
                changed = images[one.place : one.place + 1].clone()
                changed[0, 0, row, column] += 10
                there = outputs(learned.network, layer, changed)[0, number, one.row, one.column]
                assert abs(float(there) - one.value) > 1e-4


def test_patches_are_clipped_at_the_borders() -> None:
    field = ReceptiveField(Axis(5, 2, -2), Axis(3, 1, 0))
    assert patch_of(field, 0, 0, (10, 10)) == (0, 0, 3, 3)
    assert patch_of(field, 4, 9, (10, 10)) == (6, 9, 10, 10)
    assert patch_of(None, 3, 3, (10, 12)) == (0, 0, 10, 12)
    # What has seen nothing but padding is shown beside the nearest pixel.
    assert patch_of(ReceptiveField(Axis(1, 1, -4), Axis(1, 1, 12)), 0, 0, (10, 10)) == (0, 9, 1, 10)


def test_the_first_of_equal_images_comes_first() -> None:
    builder = Builder((1, 2, 2))
    builder.add("same", "Identity")
    builder.add("flatten", "Flatten")
    images = torch.zeros(6, 1, 2, 2)
    images[[1, 4], 0, 1, 0] = 1
    found = strongest(compile_graph(builder.build()), "same", images.split(2), count=4).of(0)
    assert [(one.place, one.value) for one in found] == [(1, 1.0), (4, 1.0), (0, 0.0), (2, 0.0)]
    assert (found[0].row, found[0].column) == (1, 0)


def test_fewer_images_than_asked_for_and_none(learned: Learned) -> None:
    images = images_of(learned)[0][:3]
    assert len(strongest(learned.network, "conv1", [images]).of(0)) == 3
    assert strongest(learned.network, "conv1", []).maps == 0


def test_looking_can_be_stopped_and_leaves_no_hook(learned: Learned) -> None:
    class Enough(Exception):
        pass

    def stop(done: int) -> None:
        if done >= 100:
            raise Enough

    network = compile_graph(learned.graph).train()
    with pytest.raises(Enough):
        strongest(network, "conv1", images_of(learned), check=stop)
    assert network.training
    assert not any(module._forward_hooks for module in network.modules())


def test_what_is_no_layer_is_refused(learned: Learned) -> None:
    with pytest.raises(ExcitationError, match="no layer 'conv7'"):
        strongest(learned.network, "conv7", images_of(learned))


# made pictures


def bounds(learned: Learned) -> tuple[Tensor, Tensor]:
    return bounds_of(learned.dataset.mean, learned.dataset.std)


def test_ascent_raises_a_value_above_that_of_every_image(learned: Learned) -> None:
    """With pixels that a picture can have."""
    low, high = bounds(learned)
    images = torch.cat(images_of(learned))
    free = Ascent(steps=60, jitter=0, blur=0, variation=0, decay=0)
    for number in (3, 5):
        made = ascend(learned.network, "conv2", number, (1, 28, 28), (low, high), free)
        assert made.middle == (5, 5)
        assert made.activations[-1] > float(outputs(learned.network, "conv2", images)[:, number].max())
        assert made.activations[-1] > made.activations[0]
        there = outputs(learned.network, "conv2", made.image)[0, number, 5, 5]
        assert float(there) == pytest.approx(made.activations[-1], rel=1e-5)
        assert bool((made.image >= low).all())
        assert bool((made.image <= high).all())


def test_ascent_raises_a_whole_map(learned: Learned) -> None:
    images = images_of(learned)
    number = int(strongest(learned.network, "conv2", images).values[0].argmax())
    settings = Ascent(whole_map=True, steps=60)
    made = ascend(learned.network, "conv2", number, (1, 28, 28), bounds(learned), settings)
    assert made.middle is None
    assert made.activations[-1] > max(0, made.activations[0])


def test_a_picture_for_a_class_is_of_that_class(learned: Learned) -> None:
    made = ascend(learned.network, "fc3", 4, (1, 28, 28), bounds(learned), Ascent(steps=60))
    with torch.no_grad():
        assert int(learned.network(made.image).argmax()) == 4


def test_the_same_seed_makes_the_same_picture(learned: Learned) -> None:
    def make(seed: int) -> Tensor:
        settings = Ascent(steps=10, seed=seed)
        return ascend(learned.network, "conv2", 1, (1, 28, 28), bounds(learned), settings).image

    before = torch.get_rng_state()
    assert torch.equal(make(3), make(3))
    assert not torch.equal(make(3), make(4))
    assert torch.equal(torch.get_rng_state(), before)


@pytest.mark.parametrize("name", ["variation", "decay", "blur"])
def test_regularizers_make_pictures_smoother(learned: Learned, name: str) -> None:
    """Each of them alone lowers the differences between neighbours."""

    def roughness(**settings: float) -> float:
        none = {"variation": 0.0, "decay": 0.0, "blur": 0.0, "jitter": 0}
        chosen = Ascent(steps=40, **(none | settings))  # type: ignore[arg-type]
        image = ascend(learned.network, "conv2", 2, (1, 28, 28), bounds(learned), chosen).image
        return float(image.diff(dim=2).abs().mean() + image.diff(dim=3).abs().mean())

    strong = {"variation": 20.0, "decay": 0.1, "blur": 1.5}
    assert roughness(**{name: strong[name]}) < 0.9 * roughness()


def test_pictures_on_the_way_are_shown_and_it_can_be_stopped(learned: Learned) -> None:
    class Enough(Exception):
        pass

    shown: list[Made] = []

    def show(made: Made) -> None:
        shown.append(made)
        if made.step >= 20:
            raise Enough

    with pytest.raises(Enough):
        ascend(learned.network, "conv2", 0, (1, 28, 28), bounds(learned), Ascent(steps=100), show=show)
    assert [made.step for made in shown] == [0, 5, 10, 15, 20]
    assert [len(made.activations) for made in shown] == [1, 6, 11, 16, 21]
    assert not torch.equal(shown[0].image, shown[-1].image)
    assert not any(module._forward_hooks for module in learned.network.modules())


def test_a_dead_map_stays_silent(learned: Learned) -> None:
    network = compile_graph(learned.graph)
    with torch.no_grad():
        network.conv1.bias[3] = -1e6
    made = ascend(network, "relu1", 3, (1, 28, 28), bounds(learned), Ascent(steps=5))
    assert made.is_silent
    assert set(made.activations) == {0.0}
    with pytest.raises(ExcitationError, match="no map 6"):
        ascend(network, "relu1", 6, (1, 28, 28), bounds(learned))
