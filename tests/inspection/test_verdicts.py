"""What a network gets wrong, what its last layer goes by, and images as points in a plane."""

from __future__ import annotations

import sys

import numpy as np
import pytest
import torch
from sklearn.datasets import load_digits

from workbench import presets
from workbench.compiler import compile_graph, initialise
from workbench.data import evaluation_batches, load
from workbench.inspection.embedding import embed, spread_out
from workbench.inspection.verdicts import Verdicts, classifier_of, verdicts
from workbench.project import DataChoice

SAID = Verdicts(
    np.array([0, 0, 1, 1, 2, 2]),
    np.array([0, 1, 1, 0, 0, 0]),
    np.array([0.9, 0.6, 0.8, 0.7, 0.95, 0.5], np.float32),
    np.zeros((6, 3), np.float32),
)


def test_mistakes_come_surest_first_and_pairs_most_frequent_first() -> None:
    assert SAID.mistakes().tolist() == [4, 3, 1, 5]
    assert SAID.pairs() == [(2, 0, 2), (0, 1, 1), (1, 0, 1)]
    assert SAID.told(2, 0).tolist() == [4, 5]
    assert SAID.told(1, 1).tolist() == [2]
    assert SAID.accuracy == pytest.approx(2 / 6)


@pytest.mark.parametrize(
    ("name", "classifier"),
    [("lenet5", "fc3"), ("resnet18", "fc"), ("nin", "features.cccp8"), ("googlenet", "fc"), ("squeezenet", None)],
)
def test_the_classifier_is_the_last_layer_with_weights(name: str, classifier: str | None) -> None:
    if name not in presets.PRESETS:
        pytest.skip(f"there is no preset {name}")
    graph = presets.build(name)
    found = classifier_of(graph, compile_graph(graph, init=False))
    weights = [node.name for node in graph.nodes if node.kind in ("Linear", "Conv2d")]
    assert found in weights
    if classifier:
        assert found == classifier


def test_what_is_said_is_what_the_network_says() -> None:
    graph = presets.build("lenet5")
    network = compile_graph(graph)
    initialise(network, "he", 0)
    network.eval()
    dataset = load(DataChoice(subset=200), graph.shape)
    classifier = classifier_of(graph, network)
    said = verdicts(network, classifier, evaluation_batches(dataset, "validation", 16))
    batch = next(evaluation_batches(dataset, "validation", 1000))
    with torch.inference_mode():
        shares = network(batch.images).softmax(1)
        layer = network.get_submodule(classifier)
        logits = layer(torch.from_numpy(said.features))
    assert said.labels.tolist() == dataset.validation.labels.tolist()
    assert said.called.tolist() == shares.argmax(1).tolist()
    assert said.confidence == pytest.approx(shares.max(1).values.numpy(), abs=1e-5)
    assert torch.allclose(logits.softmax(1), shares, atol=1e-5)
    assert not network.get_submodule(classifier)._forward_pre_hooks


def test_it_ends_when_nobody_wants_it() -> None:
    graph = presets.build("lenet5")
    dataset = load(DataChoice(subset=50), graph.shape)

    def unwanted() -> None:
        raise InterruptedError

    with pytest.raises(InterruptedError):
        verdicts(compile_graph(graph).eval(), "", evaluation_batches(dataset, "validation", 8), unwanted)


def test_principal_components_are_numpys() -> None:
    values = load_digits().data[:200].astype(np.float32)
    found = embed(values, "PCA")
    centred = values - values.mean(0)
    _, strengths, directions = np.linalg.svd(centred.astype(np.float64), full_matrices=False)
    expected = centred @ directions[:2].T
    assert np.abs(np.abs(found.points) - np.abs(expected)).max() < 1e-2
    assert found.shares == pytest.approx((strengths**2 / (strengths**2).sum())[:2], rel=1e-3)


def test_tsne_puts_equal_digits_together_and_is_the_same_each_time() -> None:
    digits = load_digits()
    values, labels = digits.data[:150].astype(np.float32), digits.target[:150]
    one, other = embed(values, "t-SNE"), embed(values, "t-SNE")
    assert np.array_equal(one.points, other.points)
    distances = np.linalg.norm(one.points[:, None] - one.points[None], axis=2) + np.eye(len(labels)) * 1e9
    assert (labels[distances.argmin(1)] == labels).mean() > 0.85


def test_tsne_is_given_up_in_its_midst() -> None:
    values = load_digits().data[:150].astype(np.float32)
    asked = 0

    def count() -> None:
        nonlocal asked
        asked += 1

    whole = embed(values, "t-SNE", count)
    assert np.array_equal(whole.points, embed(values, "t-SNE").points), "being asked changes nothing"
    half, asked = asked // 2, 0

    def give_up() -> None:
        count()
        if asked == half:
            raise InterruptedError

    before = sys.getprofile()
    with pytest.raises(InterruptedError):
        embed(values, "t-SNE", give_up)
    assert half > 1_000
    assert asked == half, "nothing went on after it"
    assert sys.getprofile() is before


@pytest.mark.parametrize("count", [0, 1, 2, 3, 5])
@pytest.mark.parametrize("method", ["PCA", "t-SNE"])
def test_few_images_are_laid_out_too(count: int, method: str) -> None:
    features = np.random.default_rng(0).normal(size=(count, 4)).astype(np.float32)
    assert embed(features, method).points.shape == (count, 2)
    assert np.isfinite(embed(np.full((count, 4), np.nan, np.float32), method).points).all()


def test_points_are_spread_over_all_images() -> None:
    assert spread_out(5).tolist() == [0, 1, 2, 3, 4]
    chosen = spread_out(10_000)
    assert len(chosen) == 1_000
    assert (chosen[0], chosen[-1]) == (0, 9_999)
    assert np.diff(chosen).max() <= 11
