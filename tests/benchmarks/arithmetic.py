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
    rows = _clicks("resnet50", runs, "≤ 50 ms")
    return [*rows, *_clicks("se-resnet50", runs), *_clicks("googlenet", runs)]


def _clicks(name: str, runs: int, goal: str = "") -> list[Row]:
    """Values of random layers, clicked one after the other, in a network that has run the picture already.

    The thread's own time beside the wall's: on a busy machine the rest is waiting for a core.
    """
    graph, choose = presets.build(name), random.Random(0)
    rehearsal, picture = Rehearsal(), torch.rand(1, *graph.shape)
    glimpses = tuple(node.name for node in graph.nodes)
    rehearsal.run(graph, picture, Wishes(glimpses=glimpses))
    waited, worked = [], []
    for _ in range(runs):
        node = choose.choice(graph.nodes).name
        shape = rehearsal.run(graph, picture, Wishes((node,))).maps[node].shape
        place = Place(node, tuple(choose.randrange(size) for size in shape))
        began, begun = time.perf_counter(), time.thread_time()
        seen = rehearsal.run(graph, picture, Wishes(value=place))
        waited.append(1000 * (time.perf_counter() - began))
        worked.append(1000 * (time.thread_time() - begun))
        assert seen.explanation is not None, seen.unexplained
    what = f"a value of {name} at {graph.shape[1]} explained"
    return [alone(what, waited, "ms", goal), alone(f"{what}, the thread's own time", worked, "ms")]
