"""Which layers of a network learn, and how fast: the settings ``frozen`` and ``rate_factors`` of a recipe.

Both name layers or blocks by their paths; a block's setting holds for all that is in it, and of several the one with
the longest path.
"""

from __future__ import annotations

from collections.abc import Iterable

from workbench.graph import Graph, GraphError
from workbench.project.recipe import Recipe, rate_factor


def covers(path: str, name: str) -> bool:
    """Whether a path is that of a layer or parameter, or of a block that holds it."""
    return name == path or name.startswith(f"{path}.")


def is_frozen(recipe: Recipe, name: str) -> bool:
    """Whether a layer does not learn."""
    return any(covers(path, name) for path in recipe.frozen)


def factor_of(recipe: Recipe, name: str) -> float:
    """What the learning rate is multiplied by for a layer or one of its parameters."""
    found = [pair for pair in map(rate_factor, recipe.rate_factors) if covers(pair[0], name)]
    return max(found, key=lambda pair: len(pair[0]))[1] if found else 1.0


def check_paths(graph: Graph, recipe: Recipe) -> None:
    """Raise `GraphError` where a setting names what the network does not have."""
    for setting, paths in (
        ("frozen", recipe.frozen),
        ("rate_factors", [rate_factor(t)[0] for t in recipe.rate_factors]),
    ):
        for path in paths:
            if path not in graph and not graph.members(path):
                raise GraphError(
                    f"the recipe's {setting} names '{path[:60]}', which is no layer or block of this network"
                )


def with_frozen(graph: Graph, recipe: Recipe, names: Iterable[str], on: bool) -> Recipe:
    """The recipe with these layers or blocks frozen or learning, and all others as they are."""
    chosen = tuple(names)
    if on:
        kept = [path for path in recipe.frozen if not any(covers(name, path) for name in chosen)]
        new = [name for name in chosen if not any(covers(path, name) for path in kept)]
        return recipe.changed(frozen=tuple(kept + new))
    frozen: list[str] = []
    for path in recipe.frozen:
        if any(covers(name, path) for name in chosen):
            continue
        if any(covers(path, name) for name in chosen):
            # What is left of a frozen block, layer by layer.
            inner = (node.name for node in graph.members(path))
            frozen += [node for node in inner if not any(covers(name, node) for name in chosen)]
        else:
            frozen.append(path)
    return recipe.changed(frozen=tuple(frozen))


def with_factor(recipe: Recipe, names: Iterable[str], factor: float) -> Recipe:
    """The recipe with another factor for these layers or blocks; 1 is that of their block, or none."""
    chosen = set(names)
    kept = tuple(text for text in recipe.rate_factors if rate_factor(text)[0] not in chosen)
    whole = recipe.changed(rate_factors=kept)
    new = tuple(f"{name}={factor:g}" for name in sorted(chosen) if factor_of(whole, name) != factor)
    return recipe.changed(rate_factors=kept + new)


def renamed(recipe: Recipe, old: str, new: str) -> Recipe:
    """The recipe after a layer or block got another name."""

    def name(path: str) -> str:
        return new + path[len(old) :] if covers(old, path) else path

    pairs = map(rate_factor, recipe.rate_factors)
    return recipe.changed(
        frozen=tuple(map(name, recipe.frozen)), rate_factors=tuple(f"{name(p)}={factor:g}" for p, factor in pairs)
    )


def pruned(recipe: Recipe, graph: Graph) -> Recipe:
    """The recipe without settings of layers and blocks that the network does not have (any more)."""

    def exists(path: str) -> bool:
        return path in graph or bool(graph.members(path))

    frozen = tuple(filter(exists, recipe.frozen))
    factors = tuple(text for text in recipe.rate_factors if exists(rate_factor(text)[0]))
    if (frozen, factors) == (recipe.frozen, recipe.rate_factors):
        return recipe
    return recipe.changed(frozen=frozen, rate_factors=factors)
