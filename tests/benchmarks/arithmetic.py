"""How long a person who clicks a value waits for its explanation."""

from __future__ import annotations

import random
import time

import torch

from tests.benchmarks.measuring import Row, alone
from workbench import presets
from workbench.inspection import Rehearsal, Wishes
from workbench.inspection.arithmetic import Place


def measure(runs: int = 60) -> list[Row]:
    return [
        _clicks(name, runs, goal) for name, goal in (("resnet50", "≤ 50 ms"), ("se-resnet50", ""), ("googlenet", ""))
    ]


def _clicks(name: str, runs: int, goal: str) -> Row:
    """Values of random layers, clicked one after the other, in a network that has run the picture already."""
    graph, choose = presets.build(name), random.Random(0)
    rehearsal, picture = Rehearsal(), torch.rand(1, *graph.shape)
    glimpses = tuple(node.name for node in graph.nodes)
    rehearsal.run(graph, picture, Wishes(glimpses=glimpses))
    taken = []
    for _ in range(runs):
        node = choose.choice(graph.nodes).name
        shape = rehearsal.run(graph, picture, Wishes((node,))).maps[node].shape
        place = Place(node, tuple(choose.randrange(size) for size in shape))
        began = time.perf_counter()
        seen = rehearsal.run(graph, picture, Wishes(value=place))
        taken.append(1000 * (time.perf_counter() - began))
        assert seen.explanation is not None, seen.unexplained
    return alone(f"a value of {name} at {graph.shape[1]} explained", taken, "ms", goal)
