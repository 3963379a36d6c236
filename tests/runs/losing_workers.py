"""A whole training whose workers are killed or stopped while it runs."""

from __future__ import annotations

import multiprocessing
import os
import random
import time
from collections.abc import Mapping
from pathlib import Path

from workbench.project import Project
from workbench.runs import start
from workbench.training import Finished, Step


def lose_workers(project: Project, directory: Path, plan: Mapping[int, int], chance: random.Random) -> float:
    """Train, and after each step in the plan send a worker its signal; gives the longest wait for an event, in seconds.

    Where every worker is lost already, as after two steps in a row, it is sent once there is a new one.
    All of them must be gone at the end: a stopped one because it was taken for one that hangs, and ended.
    """
    lost: list[int] = []
    due: list[int] = []
    longest = 0.0
    asked = time.monotonic()
    for event in start(project, directory):
        longest = max(longest, time.monotonic() - asked)
        if isinstance(event, Step):
            due += [plan[event.step]] if event.step in plan else []
            left = [number for number in workers() if number not in lost]
            if due and left:
                lost.append(chance.choice(left))
                os.kill(lost[-1], due.pop(0))
        asked = time.monotonic()
    assert isinstance(event, Finished)
    assert event.reason == "completed", event.sentence
    assert len(lost) == len(plan)
    assert not set(lost) & set(workers())
    return longest


def workers() -> list[int]:
    """The numbers of this process's workers."""
    children = multiprocessing.active_children()
    return [child.pid for child in children if child.name == "decoder" and child.pid is not None]
