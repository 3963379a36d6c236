"""A data choice becomes images that are divided, fitted and measured."""

import pytest
import torch

from workbench.data import DataError, evaluation_batches, load, training_batches
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


def test_an_unknown_source_is_named():
    with pytest.raises(DataError, match="nonesuch: there is no such folder"):
        load(DataChoice(source="nonesuch"), (1, 8, 8))
