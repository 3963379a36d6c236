"""Division of images: stratified, seeded, and independent of what is left out."""

import torch
from hypothesis import given
from hypothesis import strategies as st

from workbench.data import load, split
from workbench.project import DataChoice

labelled = st.lists(st.integers(0, 6), min_size=1, max_size=200).map(torch.tensor)
seeds = st.integers(0, 2**63 - 1)


@given(labelled, st.floats(0, 0.9), seeds)
def test_each_class_gives_its_share(labels, share, seed):
    kept, held = split.stratified(labels, torch.arange(len(labels)), share, seed)
    assert sorted([*kept.tolist(), *held.tolist()]) == list(range(len(labels)))
    counts, taken = torch.bincount(labels), torch.bincount(labels[held], minlength=int(labels.max()) + 1)
    for count, gone in zip(counts.tolist(), taken.tolist(), strict=True):
        assert abs(gone - count * share) <= 1
        assert gone < max(count, 1)
    if (counts[counts > 0] > 1).all() and share <= 0.5:
        assert abs(len(held) - len(labels) * share) <= 0.5 + 1e-9


@given(labelled, st.integers(1, 250), seeds)
def test_a_subset_is_as_even_as_the_classes_allow(labels, count, seed):
    chosen = split.evenly(labels, torch.arange(len(labels)), count, seed)
    assert len(set(chosen.tolist())) == len(chosen) == min(count, len(labels))
    counts, taken = torch.bincount(labels), torch.bincount(labels[chosen], minlength=int(labels.max()) + 1)
    unfilled = taken[taken < counts]
    if len(unfilled):
        assert int(taken.max()) <= int(unfilled.min()) + 1


@given(st.lists(st.integers(0, 6), min_size=1, max_size=200).map(torch.tensor), st.floats(0, 1), seeds)
def test_noise_replaces_its_share_by_other_classes(labels, share, seed):
    noisy = split.noisy(labels, torch.arange(len(labels)), share, 7, seed)
    assert int((noisy != labels).sum()) == round(share * len(labels))
    assert 0 <= int(noisy.min()) <= int(noisy.max()) < 7


def test_every_wrong_class_is_as_likely():
    noisy = split.noisy(torch.full((30_000,), 2), torch.arange(30_000), 1.0, 5, 0)
    counts = torch.bincount(noisy, minlength=5)
    assert counts[2] == 0
    assert (counts[[0, 1, 3, 4]] - 7500).abs().max() < 400


def test_leaving_images_out_changes_nothing_for_the_others():
    choice = DataChoice(subset=200, label_noise=0.3)
    whole = load(choice, (1, 8, 8))
    gone = whole.train.indices[::7]
    rest = load(choice.changed(excluded=tuple(gone.tolist())), (1, 8, 8))
    stays = ~torch.isin(whole.train.indices, gone)
    assert torch.equal(rest.train.indices, whole.train.indices[stays])
    assert torch.equal(rest.train.labels, whole.train.labels[stays])
    assert torch.equal(rest.train.clean_labels, whole.train.clean_labels[stays])
    assert torch.equal(rest.validation.indices, whole.validation.indices)


def test_another_seed_divides_otherwise_and_the_same_alike():
    one, again, other = (load(DataChoice(split_seed=seed), (1, 8, 8)).validation.indices for seed in (0, 0, 1))
    assert torch.equal(one, again)
    assert not torch.equal(one, other)


def test_test_and_validation_parts_can_both_be_held_out():
    dataset = load(DataChoice(validation=0.2, test=0.1), (1, 8, 8))
    assert [len(part) for part in (dataset.train, dataset.validation, dataset.test)] == [1294, 323, 180]
    seen = [index for part in (dataset.train, dataset.validation, dataset.test) for index in part.indices.tolist()]
    assert sorted(seen) == list(range(1797))
