"""Which layers are frozen and how fast others learn, as settings of the recipe."""

from __future__ import annotations

import pytest

from workbench import presets
from workbench.graph import FieldError, edits
from workbench.project import Project, ProjectError, Recipe, dumps, loads
from workbench.project.fine_tuning import (
    check_paths,
    factor_of,
    is_frozen,
    pruned,
    renamed,
    with_factor,
    with_frozen,
)

RESNET = presets.build("cifar-resnet20")


def test_a_block_holds_for_what_is_in_it_and_the_longest_path_counts() -> None:
    recipe = Recipe(frozen=("layer1", "conv1"), rate_factors=("layer2=0.1", "layer2.1=0.5", "layer2.1.bn1=1"))
    assert [is_frozen(recipe, name) for name in ("layer1.0.conv1", "conv1", "layer10", "layer2.0.conv1")] == [
        True, True, False, False,
    ]  # fmt: skip
    names = ("layer2.0.conv1", "layer2.1.conv1.weight", "layer2.1.bn1.weight", "fc")
    assert [factor_of(recipe, name) for name in names] == [0.1, 0.5, 1.0, 1.0]


def test_freezing_and_thawing() -> None:
    recipe = with_frozen(RESNET, Recipe(), ["layer1.0.conv1", "layer2"], True)
    assert recipe.frozen == ("layer1.0.conv1", "layer2")
    recipe = with_frozen(RESNET, recipe, ["layer1"], True)
    assert recipe.frozen == ("layer2", "layer1")
    assert with_frozen(RESNET, recipe, ["layer1.0.conv1"], True) == recipe
    thawed = with_frozen(RESNET, recipe, ["layer1.0"], False)
    assert not is_frozen(thawed, "layer1.0.conv1")
    assert is_frozen(thawed, "layer1.1.conv1")
    assert is_frozen(thawed, "layer2.0.conv1")
    assert with_frozen(RESNET, thawed, ["layer1", "layer2"], False).frozen == ()
    check_paths(RESNET, thawed)


def test_factors_are_set_and_taken_away() -> None:
    recipe = with_factor(Recipe(), ["layer1", "conv1"], 0.1)
    assert recipe.rate_factors == ("conv1=0.1", "layer1=0.1")
    inner = with_factor(recipe, ["layer1.0"], 1.0)
    assert factor_of(inner, "layer1.0.conv1") == 1.0
    assert factor_of(inner, "layer1.1.conv1") == 0.1
    assert with_factor(recipe, ["layer1", "conv1"], 1.0) == Recipe()


def test_they_follow_a_new_name_and_leave_with_their_layer() -> None:
    recipe = Recipe(frozen=("layer1.0", "conv1"), rate_factors=("layer1=0.1",))
    moved = renamed(recipe, "layer1", "stem")
    assert moved.frozen == ("stem.0", "conv1")
    assert moved.rate_factors == ("stem=0.1",)
    without = edits.remove(RESNET, "conv1")
    assert pruned(recipe, without).frozen == ("layer1.0",)
    assert pruned(recipe, RESNET) is recipe


@pytest.mark.parametrize("text", ["", "conv1", "conv1=", "=0.1", "conv1=-1", "conv1=nan", "conv1=1e9", "conv1=x"])
def test_a_factor_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(FieldError, match="rate_factors"):
        Recipe(rate_factors=(text,))


def test_a_file_holds_them_and_names_what_is_wrong() -> None:
    recipe = Recipe(weights="/runs/7", weights_sha256="ab", frozen=("conv1",), rate_factors=("layer1=0.1",))
    project = Project(presets.build("lenet5"), recipe=recipe)
    assert loads(dumps(project)) == project
    with pytest.raises(ProjectError, match=r"line \d+ at recipe\.rate_factors: .*NAME=FACTOR"):
        loads(dumps(project).replace("layer1=0.1", "layer1"))
