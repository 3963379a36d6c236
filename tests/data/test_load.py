"""A data choice becomes images that are divided, fitted and measured."""

import pytest
import torch

from workbench.data import DataError, batch_count, divide, evaluation_batches, load, read, read_alike, training_batches
from workbench.project import DataChoice, Recipe


def test_digits_are_divided_and_fitted():
    dataset = load(DataChoice(), (1, 32, 32))
    assert (len(dataset.train), len(dataset.validation), dataset.test) == (1438, 359, None)
    assert dataset.classes == tuple("0123456789")
    assert sorted([*dataset.train.indices.tolist(), *dataset.validation.indices.tolist()]) == list(range(1797))
    taken = dataset.train.take(torch.tensor([3, 1]))
    assert taken.shape == (2, 1, 32, 32)
    assert taken.dtype == torch.uint8


def test_mean_and_deviation_are_those_of_the_training_part():
    dataset = load(DataChoice(), (3, 12, 10))
    images = torch.cat([batch.images for batch in evaluation_batches(dataset, "train", 500)])
    assert images.shape == (1438, 3, 12, 10)
    assert images.double().mean((0, 2, 3)).tolist() == pytest.approx([0] * 3, abs=1e-6)
    assert images.double().std((0, 2, 3), correction=0).tolist() == pytest.approx([1] * 3, abs=1e-6)


def test_every_training_image_comes_once_an_epoch():
    dataset = load(DataChoice(), (1, 8, 8))
    batches = list(training_batches(dataset, Recipe(batch_size=100), epoch=1))
    seen = torch.cat([batch.indices for batch in batches])
    assert [len(batch.labels) for batch in batches] == [100] * 14 + [38]
    assert torch.equal(seen.sort().values, dataset.train.indices)


@pytest.mark.parametrize(
    "change",
    [
        {"validation": 0.3},
        {"test": 0.1},
        {"split_seed": 5},
        {"subset": 100},
        {"label_noise": 0.2},
        {"excluded": (3, 9)},
    ],
    ids=str,
)
def test_images_once_read_are_divided_anew_as_if_they_had_been_read_anew(change):
    pool = read(DataChoice(), (1, 12, 12))
    choice = DataChoice().changed(**change)
    assert read_alike(DataChoice(), choice)
    one, other = divide(pool, choice), load(choice, (1, 12, 12))
    assert (one.mean, one.std, one.classes) == (other.mean, other.std, other.classes)
    for mine, fresh in ((one.train, other.train), (one.validation, other.validation), (one.test, other.test)):
        assert (mine is None) is (fresh is None)
        if mine is not None:
            assert torch.equal(mine.indices, fresh.indices)
            assert torch.equal(mine.labels, fresh.labels)
            assert torch.equal(mine.take(torch.arange(len(mine))), fresh.take(torch.arange(len(fresh))))


@pytest.mark.parametrize("change", [{"source": "mnist"}, {"fit": "pad"}, {"memory_budget": 1}, {"workers": 0}], ids=str)
def test_other_images_are_read_anew(change):
    assert not read_alike(DataChoice(), DataChoice().changed(**change))


def test_an_unknown_source_is_named():
    with pytest.raises(DataError, match="nonesuch: there is no such folder"):
        load(DataChoice(source="nonesuch"), (1, 8, 8))


@pytest.mark.parametrize("fit", ["resize", "pad"])
def test_images_too_large_for_memory_when_fitted_are_fitted_when_taken(fit):
    recipe = Recipe(batch_size=700, crop_padding=2)
    whole, lazy = (load(DataChoice(fit=fit, memory_budget=budget), (3, 48, 40)) for budget in (2000, 1))
    assert (lazy.mean, lazy.std) == (whole.mean, whole.std)
    for one, other in zip(training_batches(whole, recipe, 1), training_batches(lazy, recipe, 1), strict=True):
        assert torch.equal(one.images, other.images)


@pytest.mark.parametrize(("images", "size", "batches"), [(10, 64, 1), (65, 64, 1), (66, 64, 2), (1, 64, 1), (5, 1, 5)])
def test_a_single_image_over_is_left_to_the_next_order(images, size, batches):
    dataset = load(DataChoice(subset=images), (1, 8, 8))
    assert batch_count(images, size) == batches
    assert len(list(training_batches(dataset, Recipe(batch_size=size), 0))) == batches


def test_nothing_held_out_is_an_empty_part():
    dataset = load(DataChoice(validation=0), (1, 8, 8))
    assert (len(dataset.train), len(dataset.validation)) == (1797, 0)
    assert list(evaluation_batches(dataset, "validation", 64)) == []


def test_excluding_everything_is_an_error():
    with pytest.raises(DataError, match="no training images are left"):
        load(DataChoice(excluded=tuple(range(1797))), (1, 8, 8))


def test_excluding_an_image_that_never_was_there_is_an_error():
    with pytest.raises(DataError, match=r"image 1,797 cannot be excluded: its images for training are 0 to 1,796"):
        load(DataChoice(excluded=(3, 1797)), (1, 8, 8))


@pytest.mark.parametrize(("name", "low", "high"), [("symmetric", -1.0, 1.0), ("none", 0.0, 1.0)])
def test_images_are_normalized_as_the_choice_says(name: str, low: float, high: float):
    choice = DataChoice(normalization=name)
    pool = read(DataChoice(), (3, 8, 8))
    assert read_alike(DataChoice(), choice)
    dataset = divide(pool, choice)
    images = torch.cat([batch.images for batch in evaluation_batches(dataset, "train", 500)])
    assert float(images.min()) == pytest.approx(low, abs=1e-6)
    assert float(images.max()) == pytest.approx(high, abs=1e-6)


def test_a_grey_picture_takes_the_average_of_imagenets_three():
    grey = load(DataChoice(normalization="imagenet"), (1, 8, 8))
    assert grey.mean == pytest.approx((0.449,))
    assert load(DataChoice(normalization="imagenet"), (3, 8, 8)).std == (0.229, 0.224, 0.225)
